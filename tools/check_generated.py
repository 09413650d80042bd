"""Refuses generated files that are older than what they are made from."""

import difflib
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WEB = ROOT / "web"
DOCUMENT = WEB / "openapi.json"
CLIENT = WEB / "src" / "api" / "generated" / "schema.ts"
SHOWN_LINES = 20
TIMEOUT_SECONDS = 120


def main() -> int:
    """Make each file anew and compare; the exit status says whether one was stale."""
    stale = _differs(DOCUMENT, _document(), "viva openapi > web/openapi.json")
    stale |= _differs(CLIENT, _client(), "npm --prefix web run generate")
    return stale


def _document() -> str:
    return _output([Path(sys.executable).parent / "viva", "openapi"])


def _client() -> str:
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / CLIENT.name
        program = WEB / "node_modules" / ".bin" / "openapi-typescript"
        _output([program, DOCUMENT, "--output", made])
        return made.read_text()


def _output(command: list[str | Path]) -> str:
    done = subprocess.run(
        command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True, timeout=TIMEOUT_SECONDS
    )
    return done.stdout


def _differs(file: Path, expected: str, remedy: str) -> bool:
    lines = difflib.unified_diff(
        file.read_text().splitlines(), expected.splitlines(), "committed", "made", lineterm=""
    )
    difference = list(lines)
    name = file.relative_to(ROOT)
    if difference:
        shown = "\n".join(difference[:SHOWN_LINES])
        sys.stdout.write(f"{shown}\ncheck_generated: {name} is stale: {remedy}\n")
    else:
        sys.stdout.write(f"check_generated: {name} is fresh\n")
    return bool(difference)


if __name__ == "__main__":
    sys.exit(main())
