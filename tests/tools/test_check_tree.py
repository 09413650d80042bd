"""What check_tree refuses in lock files."""

from tools.check_tree import FORBIDDEN, MOST_LINES, length_findings, lock_findings, npm_findings


def test_a_release_without_a_hash_is_found() -> None:
    text = "good==1.0 \\\n    --hash=sha256:00\nbad==2.0\n"
    assert list(lock_findings("some.lock", text)) == ["some.lock: not an exact release with hashes: bad==2.0"]


def test_an_index_option_is_found() -> None:
    assert list(lock_findings("some.lock", "--index-url https://example.org\n")) != []


def test_a_download_address_and_a_missing_checksum_are_found() -> None:
    packages: dict[str, dict[str, object]] = {
        "": {},
        "node_modules/a": {"resolved": "https://example.org/a.tgz"},
    }
    assert list(npm_findings("package-lock.json", packages)) == [
        "package-lock.json: node_modules/a has a download address",
        "package-lock.json: node_modules/a has no checksum",
    ]


def test_absolute_paths_are_found_and_parts_of_paths_are_not() -> None:
    assert FORBIDDEN.search("cd " + "/".join(("", "root", "viva")))
    assert not FORBIDDEN.search("see src/" + "root/" + "and https://example.org/" + "work/" + "x")


def test_a_file_that_is_too_long_is_found_unless_a_program_wrote_it() -> None:
    assert list(length_findings("web/src/ui/a.css", MOST_LINES + 1)) == [
        "web/src/ui/a.css: 301 lines, at most 300"
    ]
    assert list(length_findings("web/src/ui/a.css", MOST_LINES)) == []
    assert list(length_findings("web/src/api/generated/schema.ts", 9_000)) == []
    assert list(length_findings("docs/API.md", 9_000)) == []
