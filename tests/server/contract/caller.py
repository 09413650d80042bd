"""Schemathesis as one person: every operation of the document, every check on, what was answered counted."""

import json
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished
from schemathesis.hooks import HookContext

Values = dict[str, Any]
Document = Values
Ids = Mapping[str, UUID]
# What a request may be answered with although it keeps to the document: whether something is there, is
# mine, is of this version, has ended (410) or was asked for too often is nothing the document can say.
# 426: schemathesis speaks no WebSocket. (5xx is what the check not_a_server_error is for.)
MAY_REFUSE = ["2xx", "3xx", "401", "403", "404", "409", "410", "426", "429", "5xx"]
# How what does not keep to the document may be refused. 413: what is too long for a field may be too long
# for a request. (5xx is what the check not_a_server_error is for.)
REFUSES = ["400", "401", "403", "404", "405", "409", "413", "415", "422", "426", "429", "5xx"]
# These have rules over several fields at once, or about what other rows say, which JSON Schema cannot tell.
RULED = {
    "list_mails": "a cursor with a mark is one of failed_first",
    "activate_interview": "without questions or people it is not complete",
    "accept_colleague_invite": "who has no account yet gives a name and a password",
    "change_interview": "questions and people must exist, the deadline lie ahead",
    "create_bank": "questions must exist",
    "change_bank": "questions must exist",
    "create_interview": "a title or a template, questions where nobody asks, people who exist",
    "create_invites": "either addresses or a text",
    "create_question": "JSON Schema does not know that spaces around a text are no text",
    "change_question": "the same",
    "create_tag": "the same",
    "rename_tag": "the same",
    "create_template": "three percentages make 100; tags and banks must exist",
    "replace_template": "the same",
    "draw_questions": "banks must exist",
    "import_questions": "the first line of a CSV file names its columns",
    "give_consent": "spaces around a name are no name",
    "create_api_token": "the same",
    "sign_up": "the same; and an address that is one to the letter may be none",
    "sign_in": "an address that is one to the letter may be none",
    "request_verification": "the same",
    "request_password_reset": "the same",
    "invite_colleague": "the same",
    "request_erasure": "the address must be one's own",
    "set_proctoring_policy": "rules come with the preset custom, and only with it",
    "set_interview_proctoring_policy": "the same",
}


_addresses = count(1)
ENDS_SIGN_INS = ("/me/sign-ins/", "/auth/sign-out-everywhere")
_revivers: dict[str, Callable[[], None]] = {}


@schemathesis.hook
def after_call(_context: HookContext, case: Any, response: Any) -> None:
    """Who has just signed themselves out goes on signed in, or the rest of the run would prove nothing."""
    if response.status_code == HTTPStatus.NO_CONTENT and any(path in case.path for path in ENDS_SIGN_INS):
        _revivers[case.operation.base_url]()


@schemathesis.hook
def before_call(_context: HookContext, case: Any, _kwargs: dict[str, Any]) -> None:
    """Each request comes from an address of its own, so that the limits by address do not end the run."""
    number = next(_addresses)
    case.headers["X-Forwarded-For"] = f"2001:db8::{number >> 16:x}:{number & 0xFFFF:x}"


@dataclass(slots=True)
class Heard:
    """What one person was answered, and what was wrong with it."""

    statuses: defaultdict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    wrong: list[str] = field(default_factory=list)

    @property
    def requests(self) -> int:
        """How many requests were answered."""
        return sum(sum(counted.values()) for counted in self.statuses.values())

    def count(self, *statuses: int) -> int:
        """How many of them with one of these."""
        return sum(counted[status] for counted in self.statuses.values() for status in statuses)

    def answered(self, *statuses: int) -> set[str]:
        """The operations that were answered with one of these at least once."""
        return {name for name, counted in self.statuses.items() if any(counted[one] for one in statuses)}


@dataclass(frozen=True, slots=True)
class Depth:
    """How much of everything is tried: examples per operation, and the borders of every field or none."""

    examples: int
    borders: bool = False
    steps: int = 3  # of what follows from one another's answers


@dataclass(frozen=True, slots=True)
class Caller:
    """How one person calls: where, with which headers, and which things exist."""

    document: Document
    base_url: str
    headers: Mapping[str, str]
    ids: Ids
    depth: Depth
    sign_in_again: Callable[[], None]

    def run(self) -> Heard:
        """Play all phases; blocks until they are over, so it belongs in a thread."""
        heard = Heard()
        schema = schemathesis.openapi.from_dict(self.document, config=self._config())
        self._hook(schema)
        _revivers[self.base_url] = self.sign_in_again
        for event in from_schema(schema).execute():
            match event:
                case ScenarioFinished():
                    self._note(heard, event)
                case NonFatalError() | FatalError():
                    heard.wrong.append(f"schemathesis: {event}")
        return heard

    def _config(self) -> SchemathesisConfig:
        generation = {
            "max-examples": self.depth.examples,
            "no-shrink": True,
            "deterministic": True,
            "database": "none",
            # A made-up cookie beside a good token gets in, as it should: ignored_auth would call that a hole.
            "with-security-parameters": False,
        }
        return SchemathesisConfig.from_dict(
            {
                "seed": 5,
                "base-url": self.base_url,
                "headers": dict(self.headers),
                "generation": generation,
                "phases": {
                    "coverage": {"enabled": self.depth.borders},
                    "stateful": {"max-steps": self.depth.steps},
                },
                "continue-on-failure": True,
                "checks": {
                    "positive_data_acceptance": {"expected-statuses": MAY_REFUSE},
                    "negative_data_rejection": {"expected-statuses": REFUSES},
                },
                "operations": [
                    {
                        "include-operation-id": name,
                        "checks": {"positive_data_acceptance": {"expected-statuses": [*MAY_REFUSE, "422"]}},
                    }
                    for name in RULED
                ],
                "request-timeout": 30,
                "suppress-health-check": ["all"],
            }
        )

    def _hook(self, schema: Any) -> None:
        ids = self.ids

        def map_path_parameters(_context: HookContext, path_parameters: Values | None) -> Values | None:
            """Three of four generated ids become those of something that exists."""
            return path_parameters and {
                name: str(ids[name]) if name in ids and zlib.crc32(str(value).encode()) % 4 else value
                for name, value in path_parameters.items()
            }

        schema.hook(map_path_parameters)

    def _note(self, heard: Heard, event: ScenarioFinished) -> None:
        for case_id, interaction in event.recorder.interactions.items():
            if interaction.response is None:
                continue
            operation = event.recorder.cases[case_id].value.operation
            heard.statuses[operation.label][interaction.response.status_code] += 1
        for checks in event.recorder.checks.values():
            heard.wrong += [
                f"{event.recorder.label}: {check.name}: {check.failure_info.failure.title}: "
                f"{check.failure_info.failure.message} {check.failure_info.code_sample}"[:1500]
                for check in checks
                if check.failure_info is not None
            ]


def write_notes(place: Path, heard: Heard) -> None:
    """What was answered and what was wrong, for who mends it."""
    answered = {name: dict(counted) for name, counted in sorted(heard.statuses.items())}
    place.with_suffix(".json").write_text(json.dumps(answered, indent=1))
    place.with_suffix(".txt").write_text("\n\n".join(heard.wrong))
