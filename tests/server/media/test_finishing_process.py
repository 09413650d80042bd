"""The process that finishes recordings lives no longer than its server."""

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

END_SECONDS = 30
SERVER = """
import asyncio, sys, time
from contextlib import suppress
from pathlib import Path

import psutil

from server.media.finish import FinishPool, NothingRecorded, SegmentFile

async def main():
    folder = Path(sys.argv[1])
    with suppress(NothingRecorded, OSError):
        await FinishPool().finish([SegmentFile(folder / "none.webm", 0)], folder / "out")
    print(*(child.pid for child in psutil.Process().children()), flush=True)
    time.sleep(60)

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children that their parent died")
def test_a_killed_server_leaves_no_process_behind(tmp_path: Path) -> None:
    command = [sys.executable, "-c", SERVER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        children = [psutil.Process(int(pid)) for pid in server.stdout.readline().split()]
        server.kill()
    assert children
    try:
        psutil.wait_procs(children, END_SECONDS)
        assert [child for child in children if child.is_running() and child.status() != "zombie"] == []
    finally:
        for child in children:
            with suppress(psutil.NoSuchProcess):
                child.kill()
