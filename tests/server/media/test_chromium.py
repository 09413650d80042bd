"""The media plane against a real Chromium: recorded as sent, in VP8 with layers and in H.264."""

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any

import av
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from server.media.finish import SegmentFile, finish_recording
from server.media.ice import IceOptions
from server.media.ports import EncodedFrame
from server.media.recorder import Recorder
from server.media.room import Room
from tests.chromium import chromium
from tests.server.media.peers import until
from tests.server.media.test_room import Listener

PUBLISH = """
async ([codec, mode]) => {
  const stream = await navigator.mediaDevices.getUserMedia({
    video: {width: 1280, height: 720, frameRate: 30}, audio: true});
  const pc = new RTCPeerConnection();
  window.pc = pc;
  const encoding = {maxBitrate: 1500000};
  if (mode) encoding.scalabilityMode = mode;
  const init = {direction: 'sendonly', sendEncodings: [encoding]};
  const video = pc.addTransceiver(stream.getVideoTracks()[0], init);
  pc.addTransceiver(stream.getAudioTracks()[0], {direction: 'sendonly'});
  const codecs = RTCRtpSender.getCapabilities('video').codecs;
  const first = codecs.filter(c => c.mimeType.toLowerCase() === codec);
  if (!first.length) return 'codec missing';
  video.setCodecPreferences([...first, ...codecs.filter(c => c.mimeType === 'video/rtx')]);
  pc.onicecandidate = e => window.trickle(e.candidate ? e.candidate.candidate : null);
  await pc.setLocalDescription();
  const answer = await window.publish(pc.localDescription.sdp);
  await pc.setRemoteDescription({type: 'answer', sdp: answer});
  return 'ok';
}
"""


class Layers:
    """Counts what arrives."""

    def __init__(self) -> None:
        self.layers: Counter[int | None] = Counter()
        self.audio = 0

    def on_frame(self, frame: EncodedFrame) -> None:
        if frame.kind == "video":
            self.layers[frame.temporal_layer] += 1
        else:
            self.audio += 1

    def on_source_closed(self) -> None:
        pass


async def _page(request: web.Request) -> web.Response:
    return web.Response(text="<!doctype html>", content_type="text/html")


@pytest.mark.slow
@pytest.mark.parametrize(("codec", "mode"), [("video/vp8", "L1T3"), ("video/h264", "")])
async def test_chromium_is_recorded_without_transcoding(
    chromium_path: Path, tmp_path: Path, codec: str, mode: str
) -> None:
    listener, layers = Listener(), Layers()
    room = Room(listener, ice=IceOptions(), max_bitrate_bps=2_000_000)
    application = web.Application()
    application.router.add_get("/", _page)
    async with TestServer(application) as server, chromium(chromium_path) as browser:
        page = await browser.new_page()
        await page.expose_function("publish", lambda offer: room.publish("ann", "camera-1", "camera", offer))
        await page.expose_function(
            "trickle", lambda line: room.add_candidate("ann", "camera-1", "publish", line, None, 0)
        )
        await page.goto(str(server.make_url("/")))
        outcome: Any = await page.evaluate(PUBLISH, [codec, mode])
        assert outcome == "ok"
        await until(lambda: listener.started)
        source = listener.started[0]
        source.attach(layers)
        path = tmp_path / "segment-000.mkv"
        recorder = Recorder(source, path, on_start=lambda _: None, on_error=pytest.fail)
        recorder.start()
        await until(lambda: recorder.duration_ms > 5000, 20)
        result = await recorder.finish()
        await room.close()
    finished = await asyncio.to_thread(finish_recording, [SegmentFile(path, 0)], tmp_path / "out")
    assert finished.duration_ms == pytest.approx(result.duration_ms, abs=150)
    assert finished.video_codec == codec.removeprefix("video/")
    with av.open(str(tmp_path / "out")) as container:
        assert sum(1 for _ in container.decode(video=0)) == result.video_frames > 60
    assert layers.audio > 200
    if mode:
        total = sum(layers.layers.values())
        assert layers.layers[0] == pytest.approx(total / 4, rel=0.2)
        assert set(layers.layers) == {0, 1, 2}
