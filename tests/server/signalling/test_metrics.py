"""What an operator sees of a running house: rooms, recordings, media ports and proctoring workers."""

import asyncio
import re
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from aiohttp import ClientSession
from prometheus_client.parser import text_string_to_metric_families

from proctoring.worker import process
from server.media import dtls, recorder
from server.metrics.routes import REGISTRY
from server.signalling.socket import HUB
from server.sittings import proctor
from tests.server.media.peers import Publisher, Viewer
from tests.server.signalling.client import Participant
from tests.server.signalling.conftest import House
from tests.server.signalling.test_sessions import start_answer
from tests.server.signalling.test_worker_killed import worker

TOKEN = "sixteen-letters-or-more"
SEEN = [{"metrics_token": TOKEN, "warm_seat_seconds": 0.5}]
LOOKED_AT = [{"metrics_token": TOKEN, "proctoring": True}]
Figures = dict[str, float]


async def page(house: House) -> str:
    """What Prometheus is sent."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with (
        ClientSession() as client,
        client.get(house.server.make_url("/metrics"), headers=headers) as said,
    ):
        assert said.status == 200
        return await said.text()


async def figures(house: House) -> Figures:
    """Every figure by its name without `viva_`, and the value of its label if it has one."""
    found = {}
    for family in text_string_to_metric_families(await page(house)):
        for sample in family.samples:
            found[" ".join([sample.name.removeprefix("viva_"), *sample.labels.values()])] = sample.value
    return found


async def figures_when(
    house: House, holds: Callable[[Figures], bool], timeout_seconds: float = 30
) -> Figures:
    """The figures once something holds of them."""
    async with asyncio.timeout(timeout_seconds):
        while not holds(now := await figures(house)):
            await asyncio.sleep(0.1)
    return now


async def leave_for_good(house: House, candidate: Participant, publisher: Publisher) -> None:
    """Nobody comes back: the room is put away."""
    await candidate.hang_up()
    await publisher.close()
    await figures_when(house, lambda now: now["rooms"] == 0)


@pytest.mark.parametrize("house_settings", LOOKED_AT, indirect=True)
async def test_a_live_session_is_counted_and_nobody_is_named(
    house: House, candidate: Participant, interviewer: Participant, live: dict[str, Any]
) -> None:
    session_id = live["id"]
    await candidate.consent(session_id)
    publisher, viewer = Publisher(), Viewer()
    empty = await figures(house)
    assert (
        empty["rooms"] == empty["viewers"] == empty["streams_published camera"] == empty["media_ports"] == 0
    )
    welcome = await interviewer.enter(session_id)
    own = await candidate.enter(session_id)
    await interviewer.say("admit", participant_id=own["participant_id"])
    await candidate.hear("entered")
    stream_id = await candidate.publish(publisher)
    await interviewer.hear("stream_added", timeout_seconds=20)
    await interviewer.subscribe(viewer, stream_id)
    now = await figures_when(
        house, lambda now: now["viewers"] == 1 and now["proctoring_observations_total 0"] > 2
    )
    assert (now["rooms"], now["participants_away"]) == (1, 0)
    roles = ("candidate", "interviewer", "observer")
    assert [now[f"participants {role}"] for role in roles] == [1, 1, 0]
    assert (now["streams_published camera"], now["streams_published screen"]) == (1, 0)
    assert (now["recordings recording"], now["recordings interrupted"]) == (1, 0)
    assert now["recorder_frames_dropped_total"] == now["media_flood_packets_dropped_total"] == 0
    assert now["media_ports"] >= 1
    assert now["media_connections"] >= 2
    assert (now["proctoring_worker_up 0"], now["proctoring_worker_streams 0"]) == (1, 1)
    assert now["proctoring_worker_resident_memory_bytes 0"] > 10_000_000
    assert "proctoring_gaps_total overload" in now

    text = await page(house)
    identities = [session_id, stream_id, welcome["participant_id"], own["participant_id"], "example", "Casey"]
    assert [identity for identity in identities if identity in text] == []

    await interviewer.hang_up()
    now = await figures_when(house, lambda now: now["participants_away"] == 1)
    assert now["participants interviewer"] == 0
    await interviewer.call("POST", f"/sessions/{session_id}/end")
    gone = await figures_when(house, lambda now: now["rooms"] == now["proctoring_worker_streams 0"] == 0)
    assert gone["recordings recording"] == gone["viewers"] == gone["participants candidate"] == 0
    assert gone["proctoring_observations_total 0"] >= now["proctoring_observations_total 0"]
    await publisher.close()
    await viewer.close()


@pytest.mark.parametrize("house_settings", LOOKED_AT, indirect=True)
async def test_a_worker_that_stands_still_and_dies_is_seen(
    house: House, candidate: Participant, one_way: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proctor, "DEGRADED_SECONDS", 2.0)
    monkeypatch.setattr(process, "_is_stopped", lambda pid: False)  # it stands for one that hangs
    publisher = Publisher()
    await start_answer(candidate, one_way, publisher)
    before = await figures_when(house, lambda now: now["proctoring_observations_total 0"] > 2)
    assert before["proctoring_worker_restarts_total 0"] == 0
    first = await worker()
    first.send_signal(signal.SIGSTOP)
    now = await figures_when(house, lambda now: now["proctoring_streams_degraded"] == 1)
    assert now["proctoring_worker_up 0"] == 1  # nobody knows yet that it will not come back
    first.kill()
    now = await figures_when(house, lambda now: now["proctoring_gaps_total worker_restarted"] == 1)
    assert now["proctoring_gap_seconds_total worker_restarted"] > 1
    assert now["proctoring_worker_restarts_total 0"] == 1
    await figures_when(house, lambda now: now["proctoring_streams_degraded"] == 0)
    assert psutil.pid_exists((await worker(other_than=first.pid)).pid)
    await publisher.close()


@pytest.mark.parametrize("house_settings", SEEN, indirect=True)
async def test_what_was_lost_is_counted_on_after_the_room_is_gone(
    house: House, candidate: Participant, one_way: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that is always too slow, and a peer that sends more than it may."""
    monkeypatch.setattr(recorder, "_MAX_WAITING_FRAMES", -1)
    monkeypatch.setattr(dtls, "MAX_PACKETS_PER_SECOND", 60)
    lost = ("recorder_frames_dropped_total", "media_flood_packets_dropped_total")
    publisher = Publisher()
    await start_answer(candidate, one_way, publisher)
    before = await figures_when(house, lambda now: all(now[name] > 0 for name in lost))
    await leave_for_good(house, candidate, publisher)
    after = await figures(house)
    assert [name for name in lost if after[name] < before[name]] == []
    await asyncio.sleep(0.5)  # put away for good: what it had counted is counted once
    assert {name: (await figures(house))[name] for name in lost} == {name: after[name] for name in lost}


@pytest.mark.parametrize("house_settings", SEEN, indirect=True)
async def test_an_interrupted_recording_and_a_knock_at_the_door(
    house: House, candidate: Participant, one_way: dict[str, Any]
) -> None:
    publisher = Publisher()
    await start_answer(candidate, one_way, publisher)
    before = (await figures(house))["media_datagrams_refused_total"]
    port = next(iter(house.app[HUB]._ice.ports))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.sendto(b"\x80knock", port.address)
    await figures_when(house, lambda now: now["media_datagrams_refused_total"] == before + 1)
    await publisher.close()
    now = await figures_when(house, lambda now: now["recordings interrupted"] == 1)
    assert (now["recordings recording"], now["streams_published camera"]) == (0, 0)


@pytest.mark.parametrize("house_settings", LOOKED_AT, indirect=True)
async def test_names_are_as_prometheus_wants_them_and_described(house: House) -> None:
    families = list(house.app[REGISTRY].collect())
    names = [family.name for family in families]
    assert len(names) == len(set(names)) > 20
    described = (Path(__file__).resolve().parents[3] / "docs" / "OPERATIONS.md").read_text()
    for family in families:
        assert family.documentation.endswith(".")
        if family.name.startswith("viva_"):
            total = "_total" if family.type == "counter" else ""
            assert re.search(rf"`{family.name}{total}[`{{]", described), family.name
        for sample in family.samples:
            assert sample.name.endswith("_total") == (family.type == "counter"), sample.name
            assert set(sample.labels) <= {"role", "source", "state", "worker", "reason"}
