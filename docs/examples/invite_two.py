"""Creates an interview and invites two people; needs Python 3.11 and nothing else.

    VIVA_URL=https://viva.example VIVA_TOKEN=viva_… python invite_two.py ada@example.com grace@example.com

The token is one that may change things (My account, API tokens). Run again with the same arguments on the
same day it changes nothing: every request carries a key, and the server answers as it did the first time.
"""

import hashlib
import json
import os
import sys
import time
from datetime import UTC, datetime
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

SERVER = os.environ.get("VIVA_URL", "http://localhost:8080")
TRIES = 4


class Refused(Exception):
    """The server said no: `code` is stable, the sentence is for people."""

    def __init__(self, status: int, code: str, detail: object) -> None:
        super().__init__(f"{status} {code}: {detail}")
        self.code = code


def post(path: str, body: dict[str, Any]) -> Any:
    """Send it once, however often it has to be tried."""
    sent = json.dumps(body).encode()
    word = f"{datetime.now(UTC):%Y-%m-%d} {path} {hashlib.sha256(sent).hexdigest()}"
    headers = {
        "Authorization": f"Bearer {os.environ['VIVA_TOKEN']}",
        "Content-Type": "application/json",
        "Idempotency-Key": hashlib.sha256(word.encode()).hexdigest(),
    }
    for attempt in range(TRIES):
        request = Request(f"{SERVER}/api/v1{path}", data=sent, headers=headers, method="POST")
        try:
            with urlopen(request, timeout=30) as response:
                return json.load(response)
        except HTTPError as error:
            if error.code not in (429, 502, 503) or attempt + 1 == TRIES:
                refusal = json.load(error)
                raise Refused(error.code, refusal["error"], refusal["detail"]) from error
            time.sleep(float(error.headers.get("Retry-After", 2**attempt)))
        except OSError:  # no answer: the key makes it safe to ask again
            if attempt + 1 == TRIES:
                raise
            time.sleep(2**attempt)
    raise AssertionError("unreachable")


def main(people: list[str]) -> None:
    """Create, invite, print the codes."""
    questions = [
        {"text": "Which of your projects taught you most?"},
        {"text": "Why here?", "answer_seconds": 60},
    ]
    interview = post("/interviews", {"title": "Engineer", "kind": "one_way", "questions": questions})
    print(f"interview {interview['id']}")
    for line in post(f"/interviews/{interview['id']}/invites", {"emails": people})["items"]:
        # Each line has its own result: one wrong address stops no other.
        print(f"{line['email']}: {line['error'] or 'code ' + line['code']}")


if __name__ == "__main__":
    main(sys.argv[1:] or ["ada@example.com", "grace@example.com"])
