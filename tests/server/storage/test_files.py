"""Files by key."""

import os
from pathlib import Path

import pytest

from server.errors import FileMissing
from server.storage.files import Files, open_files


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """A folder."""
    return open_files(None, tmp_path)


async def test_a_file_comes_back_whole_and_in_parts(files: Files, tmp_path: Path) -> None:
    content = os.urandom(6 * 1024 * 1024)
    (tmp_path / "draft").write_bytes(content)
    await files.put_file(tmp_path / "draft", "videos/a/b.webm")
    facts = await files.facts("videos/a/b.webm")
    assert facts.size == len(content)
    assert await files.get("videos/a/b.webm") == content
    part = [chunk async for chunk in files.read("videos/a/b.webm", 1000, 5_000_000)]
    assert b"".join(part) == content[1000:5_000_000]
    assert len(part) > 1
    assert (tmp_path / "files" / "videos" / "a" / "b.webm").read_bytes() == content


async def test_writing_again_replaces_and_changes_the_tag(files: Files) -> None:
    await files.put("a", b"one")
    before = await files.facts("a")
    await files.put("a", b"other")
    assert await files.get("a") == b"other"
    assert (await files.facts("a")).etag != before.etag


async def test_what_is_not_there_is_named(files: Files) -> None:
    with pytest.raises(FileMissing):
        await files.get("nothing")
    with pytest.raises(FileMissing):
        await files.facts("nothing")
    with pytest.raises(FileMissing):
        await anext(files.read("nothing", 0, 1))
    await files.delete("nothing")


async def test_deleting(files: Files) -> None:
    await files.put("a", b"one")
    await files.delete("a")
    with pytest.raises(FileMissing):
        await files.get("a")


async def test_a_store_can_be_named_by_url(tmp_path: Path) -> None:
    files = open_files(f"file://{tmp_path}", tmp_path / "unused")
    await files.put("a/b", b"x")
    assert (tmp_path / "a" / "b").read_bytes() == b"x"
    with pytest.raises(Exception, match=r"outside|parent|Path"):
        await files.put("../b", b"x")
