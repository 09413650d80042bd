"""The media bench runs and says what it promises to say."""

import asyncio
import json
import subprocess
import sys

import pytest

from bench.media.run import with_forward
from bench.media.table import Measured, Plan, summary

PROMISED = {
    "record_cpu_pct_per_peer",
    "record_cpu_ratio_vs_janus",
    "record_cpu_ratio_vs_mediarecorder",
    "forward_cpu_pct_per_viewer",
    "us_per_packet",
    "peers",
}


def measured(kind: str, cpu: float, forward: float | None = None) -> Measured:
    return Measured(
        kind=kind,  # type: ignore[arg-type]
        peers=6,
        cpu_pct_per_peer=cpu,
        us_per_packet=cpu * 50,
        packets_per_second_per_peer=200,
        client_cpu_pct=5,
        frames_per_second_per_peer=30,
        repaired=0,
        keyframes=0,
        rss_mb=90,
        forward_cpu_pct_per_viewer=forward,
    )


def test_medians_and_ratios() -> None:
    rounds = [measured("viva", cpu, forward=cpu / 4) for cpu in (1.0, 5.0, 1.2)]
    rounds += [measured("janus", cpu) for cpu in (0.9, 1.0, 1.6)]
    rounds.append(measured("mediarecorder", 120.0))
    result = summary(Plan(6, 10, 10, 3, 1, None), rounds)
    assert (result.record_cpu_pct_per_peer, result.forward_cpu_pct_per_viewer) == (1.2, 0.3)
    assert (result.record_cpu_ratio_vs_janus, result.record_cpu_ratio_vs_mediarecorder) == (1.2, 0.01)


def test_viewers_cost_what_they_add() -> None:
    before, viewed, after = (measured("viva", cpu) for cpu in (1.0, 2.0, 1.2))
    result = with_forward(before, viewed, after, viewers=10)
    assert result.cpu_pct_per_peer == pytest.approx(1.1)
    assert result.forward_cpu_pct_per_viewer == pytest.approx(0.9 * 6 / 10)


def test_without_janus_there_is_no_ratio() -> None:
    result = summary(Plan(6, 10, 10, 1, 1, None), [measured("viva", 1.0), measured("mediarecorder", 100.0)])
    assert result.record_cpu_ratio_vs_janus is None
    assert result.record_cpu_ratio_vs_mediarecorder == 0.01


@pytest.mark.slow
async def test_a_short_run_prints_its_figures_last() -> None:
    short = ["--peers", "2", "--viewers", "1", "--seconds", "1", "--rounds", "1", "--source-seconds", "1"]
    short += ["--only", "viva"]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.media", *short, stdout=subprocess.PIPE
    )
    output, _ = await asyncio.wait_for(process.communicate(), 100)
    figures = json.loads(output.decode().splitlines()[-1])
    assert process.returncode == 0
    assert figures.keys() >= PROMISED
    assert figures["peers"] == 2
    assert 0 < figures["record_cpu_pct_per_peer"] < 100
    assert figures["packets_per_second_per_peer"] > 100
