"""What a crash leaves in several pieces becomes one file at the next start."""

from datetime import timedelta
from pathlib import Path

import av
import pytest

from server.keys import FILES
from server.media.recorder import SegmentStart
from server.media.webm import WebmWriter
from server.sittings.finisher import Finisher
from server.sittings.recording import segment_path
from server.sittings.store import SittingStore
from tests.server.media.canned import blocks, merged, pictures, shown, sound
from tests.server.world import Sitting, VirtualClock, World


def write(path: Path, length_ms: int, *, cut: int = 0) -> None:
    """A segment of so many milliseconds, its last `cut` bytes missing as after a power loss."""
    frames = merged(pictures(160, 120, length_ms * 30 // 1000), sound(length_ms, loud=(0, length_ms)))
    writer = WebmWriter(path, video=shown(frames), with_audio=True)
    for start in range(0, len(frames), 40):
        writer.write(blocks(frames[start : start + 40]))
    writer.close()
    if cut:
        path.write_bytes(path.read_bytes()[:-cut])


async def crashed(world: World, sitting: Sitting, store: SittingStore, clock: VirtualClock) -> str:
    """A recording of three pieces: closed, cut off with its row open, and one the database never heard of."""
    video = await store.start_video(str(sitting.id), sitting.candidate.id, str(sitting.question()), "camera")
    video.folder.mkdir(parents=True)
    began = clock()
    for index, (offset_ms, length_ms, cut) in enumerate([(0, 2000, 0), (5000, 3000, 700), (0, 1000, 0)]):
        path = segment_path(video.folder, index)
        write(path, length_ms, cut=cut)
        if index < 2:
            started_at = began + timedelta(milliseconds=offset_ms)
            start = SegmentStart(path, started_at, offset_ms, "vp8", 160, 120)
            await store.open_segment(video.video_id, index, start)
    return video.video_id


async def test_several_segments_are_recovered_with_their_gaps(
    world: World, clock: VirtualClock, tmp_path: Path
) -> None:
    sitting = await world.sitting()
    store = SittingStore(world.database, world.app[FILES], tmp_path)
    video_id = await crashed(world, sitting, store, clock)
    finisher = Finisher(store)
    assert await finisher.recover() == 1
    assert await finisher.recover() == 0
    await finisher.close()

    review = (await sitting.team.recruiter.get(f"{sitting.path}/review")).json
    [video] = review["videos"]
    assert (video["id"], video["status"]) == (video_id, "recovered")
    assert [segment["end_reason"] for segment in video["segments"]] == ["crash", "crash"]
    cut_ms = video["segments"][1]["duration_ms"]
    assert 2000 <= cut_ms < 3000
    assert video["duration_ms"] == pytest.approx(5000 + cut_ms + 1000, abs=80)

    copy = tmp_path / "copy.webm"
    copy.write_bytes((await sitting.team.recruiter.get(f"/videos/{video_id}/file")).raw)
    with av.open(str(copy)) as container:
        times_ms = [round(frame.time * 1000) for frame in container.decode(video=0)]
    assert [at for at in times_ms if 2000 <= at < 4990] == []
    assert min(at for at in times_ms if at >= 4990) == pytest.approx(5000, abs=5)
    [waveform] = review["waveforms"]
    quiet = waveform["levels"][2200 // waveform["interval_ms"] : 4800 // waveform["interval_ms"]]
    assert max(quiet) == 0
    assert max(waveform["levels"]) > 50
    assert not any((tmp_path / "recordings").iterdir())
