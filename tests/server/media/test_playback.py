"""Finished recordings in a real Chromium: gaps keep their place, sizes may change, sound stays in step.

Playing takes as long as the recording is: all of them are played at once, before the first test.
"""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import BaseTestServer, TestServer
from playwright.async_api import Browser

from server.media.finish import FinishedFile, SegmentFile, finish_recording
from server.media.ports import EncodedFrame
from server.media.webm import WebmWriter
from tests.chromium import chromium
from tests.server.media.canned import blocks, merged, pictures, shown, sound

# Plays a file from `from` on; notes where in it the sound comes and goes, and the sizes of its pictures.
PLAY = """
async ([source, from]) => {
  const video = document.createElement('video');
  video.src = source;
  document.body.append(video);
  await new Promise((resolve, reject) => {
    video.onloadedmetadata = resolve;
    video.onerror = () => reject(video.error.message);
  });
  const said = {duration: video.duration, edges: [], sizes: [], seeked: null};
  if (from) {
    video.currentTime = from;
    await new Promise((resolve) => { video.onseeked = resolve; });
    said.seeked = video.currentTime;
  }
  const audio = new AudioContext();
  await audio.resume();
  const analyser = audio.createAnalyser();
  analyser.fftSize = 256;
  audio.createMediaElementSource(video).connect(analyser).connect(audio.destination);
  const samples = new Float32Array(256);
  let heard = false, ended = false;
  video.onended = () => { ended = true; };
  const look = () => {
    const size = `${video.videoWidth}x${video.videoHeight}`;
    if (said.sizes.at(-1) !== size) said.sizes.push(size);
    video.requestVideoFrameCallback(look);
  };
  video.requestVideoFrameCallback(look);
  await video.play();
  while (!ended) {
    analyser.getFloatTimeDomainData(samples);
    const sounds = samples.some((sample) => Math.abs(sample) > 0.02);
    if (sounds !== heard) said.edges.push(Math.round(video.currentTime * 1000));
    heard = sounds;
    await new Promise((resolve) => setTimeout(resolve, 4));
  }
  return said;
}
"""


def segment(path: Path, *streams: list[EncodedFrame]) -> Path:
    frames = merged(*streams)
    writer = WebmWriter(path, video=shown(frames), with_audio=True)
    writer.write(blocks(frames))
    writer.close()
    return path


async def play(browser: Browser, server: BaseTestServer, name: str, from_seconds: float) -> dict[str, Any]:
    """What a browser makes of a file."""
    page = await browser.new_page()
    await page.goto(str(server.make_url("/")))
    said: dict[str, Any] = await page.evaluate(PLAY, [f"/files/{name}", from_seconds])
    return said


async def play_all(chromium_path: Path, folder: Path, plays: dict[str, tuple[str, float]]) -> dict[str, Any]:
    """What a browser makes of files of a folder, all at once; each from a moment in seconds on."""

    async def page_of(_request: web.Request) -> web.Response:
        return web.Response(text="<!doctype html>", content_type="text/html")

    application = web.Application()
    application.router.add_get("/", page_of)
    application.router.add_static("/files", folder)
    async with TestServer(application) as server, chromium(chromium_path) as browser:
        played = await asyncio.gather(*(play(browser, server, *each) for each in plays.values()))
    return dict(zip(plays, played, strict=True))


def with_a_gap(folder: Path) -> FinishedFile:
    """Sound at 0 to 1 s and 7 to 7.5 s; nothing at all between 2 and 6 s."""
    first = segment(folder / "a.mkv", pictures(320, 240, 60), sound(2000, loud=(0, 1000)))
    second = segment(folder / "b.mkv", pictures(320, 240, 60), sound(2000, loud=(1000, 1500)))
    return finish_recording([SegmentFile(first, 0), SegmentFile(second, 6000)], folder / "gap.webm")


def with_lost_sound(folder: Path) -> FinishedFile:
    """A hole of 80 ms in every 300 ms of sound, which is loud from 3 to 3.5 s."""
    heard = [
        frame
        for frame in sound(4000, loud=(3000, 3500))
        if frame.timestamp_ms < 200 or frame.timestamp_ms % 300 > 80
    ]
    path = segment(folder / "lost.mkv", pictures(320, 240, 120), heard)
    return finish_recording([SegmentFile(path, 0)], folder / "lost.webm")


def with_late_sound(folder: Path) -> FinishedFile:
    """Sound from 5 s on, loud from 6 to 6.5 s."""
    late = sound(2000, start_ms=5000, loud=(1000, 1500))
    path = segment(folder / "late.mkv", pictures(320, 240, 210), late)
    return finish_recording([SegmentFile(path, 0)], folder / "late.webm")


def with_two_sizes(folder: Path) -> FinishedFile:
    """A larger picture from 1.5 s on."""
    sizes = pictures(320, 180, 45), pictures(640, 360, 45, start_ms=1500)
    path = segment(folder / "sizes.mkv", *sizes, sound(3000))
    return finish_recording([SegmentFile(path, 0)], folder / "sizes.webm")


@pytest.fixture(scope="module")
def played(chromium_path: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What a browser says of each recording."""
    folder = tmp_path_factory.mktemp("played")
    for make in (with_a_gap, with_lost_sound, with_late_sound, with_two_sizes):
        make(folder)
    plays = {
        "gap": ("gap.webm", 0.0),
        "seek": ("gap.webm", 4.0),
        "lost": ("lost.webm", 0.0),
        "late": ("late.webm", 0.0),
        "sizes": ("sizes.webm", 0.0),
    }
    return asyncio.run(play_all(chromium_path, folder, plays))


def test_a_gap_is_silent(tmp_path: Path) -> None:
    finished = with_a_gap(tmp_path)
    assert finished.duration_ms == pytest.approx(8000, abs=40)
    assert finished.waveform is not None
    levels = finished.waveform.levels
    assert finished.waveform.interval_ms == 100
    assert min(levels[:10]) > 50
    assert max(levels[11:69]) < 10
    assert min(levels[71:75]) > 50


def test_what_follows_a_gap_is_heard_in_its_place(played: dict[str, dict[str, Any]]) -> None:
    said = played["gap"]
    assert said["duration"] == pytest.approx(8, abs=0.05)
    _, stops, starts_again, stops_again = said["edges"]
    assert stops == pytest.approx(1000, abs=100)
    assert starts_again == pytest.approx(7000, abs=100)
    assert stops_again == pytest.approx(7500, abs=100)


def test_one_may_seek_into_a_gap(played: dict[str, dict[str, Any]]) -> None:
    said = played["seek"]
    assert said["seeked"] == pytest.approx(4.0)
    assert said["edges"][0] == pytest.approx(7000, abs=100)


def test_lost_sound_does_not_move_what_follows(played: dict[str, dict[str, Any]]) -> None:
    assert played["lost"]["edges"][0] == pytest.approx(3000, abs=120)


def test_sound_that_joins_late_is_heard_in_its_place(played: dict[str, dict[str, Any]]) -> None:
    assert played["late"]["edges"][0] == pytest.approx(6000, abs=100)


def test_another_size_is_played(played: dict[str, dict[str, Any]]) -> None:
    assert played["sizes"]["sizes"] == ["320x180", "640x360"]
