"""Refuses what must not be committed: addresses of indexes, paths of one machine, files too long to read."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# Put together from parts, so that this file is not its own finding.
INDEX_HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("files", "pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("registry", "yarnpkg", "com"),
        ("deb", "debian", "org"),
    )
]
HOMES = ["/".join(("", *parts, "")) for parts in (("root",), ("work",), ("opt", "wheels"), ("opt", "pypi"))]
FORBIDDEN = re.compile(
    "|".join([*map(re.escape, INDEX_HOSTS), *(rf"(?<![\w./-]){re.escape(path)}" for path in HOMES)])
)

MOST_LINES = 300
WRITTEN = frozenset({".py", ".ts", ".tsx", ".js", ".mjs", ".css", ".sh"})


def findings(file: str) -> Iterator[str]:
    """What is wrong in one tracked file."""
    try:
        text = (ROOT / file).read_text()
    except UnicodeDecodeError:
        return  # a picture or a font
    lines = text.splitlines()
    yield from length_findings(file, len(lines))
    for number, line in enumerate(lines, 1):
        match = FORBIDDEN.search(line)
        if match:
            yield f"{file}:{number}: {match[0]}"
    if file.endswith(".lock"):
        yield from lock_findings(file, text)
    if Path(file).name == "package-lock.json":
        yield from npm_findings(file, json.loads(text)["packages"])


def length_findings(file: str, lines: int) -> Iterator[str]:
    """What people write fits their heads; what a program writes may be as long as it likes."""
    path = Path(file)
    if lines > MOST_LINES and path.suffix in WRITTEN and "generated" not in path.parts:
        yield f"{file}: {lines} lines, at most {MOST_LINES}"


def lock_findings(file: str, text: str) -> Iterator[str]:
    """A locked release must be exact and have hashes; nothing else belongs into the file."""
    for entry in re.split(r"\n(?=\S)", text.strip()):
        first = entry.splitlines()[0]
        if "==" not in first or "--hash=sha256:" not in entry:
            yield f"{file}: not an exact release with hashes: {first}"


def npm_findings(file: str, packages: dict[str, dict[str, object]]) -> Iterator[str]:
    """A locked npm package has a checksum and no download address."""
    for name, package in packages.items():
        if "resolved" in package:
            yield f"{file}: {name} has a download address"
        if name and not package.get("link") and "integrity" not in package:
            yield f"{file}: {name} has no checksum"


def main() -> int:
    """Print the findings; the exit status says whether there are any."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    files = [file for file in listed.stdout.split("\0") if file and (ROOT / file).is_file()]
    found = [finding for file in files for finding in findings(file)]
    sys.stdout.write("\n".join([*found, f"check_tree: {len(files)} files, {len(found)} findings", ""]))
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
