"""What was measured, as a table and as medians."""

from dataclasses import dataclass
from statistics import median
from typing import Literal

from bench.media.canned import LOOP_SECONDS

Kind = Literal["viva", "janus", "mediarecorder"]
HEADING = (
    "server        peers CPU %/peer us/packet packets/s frames/s CPU %/viewer frames/s repairs  PLI client %"
    "    MB"
)
"""Packets and frames are per peer, the frames after `CPU %/viewer` per viewer. `client %` is the senders' own
CPU, to see that they kept up."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured, how often and how long."""

    peers: int
    viewers: int
    seconds: float
    rounds: int
    clients: int
    only: Kind | None
    source_seconds: int = LOOP_SECONDS


@dataclass(frozen=True, slots=True)
class Measured:
    """One server in one round; CPU in percent of one core."""

    kind: Kind
    peers: int
    cpu_pct_per_peer: float
    us_per_packet: float
    packets_per_second_per_peer: float
    client_cpu_pct: float
    frames_per_second_per_peer: float | None
    repaired: int
    keyframes: int
    rss_mb: float
    viewed_frames_per_second: float = 0.0
    forward_cpu_pct_per_viewer: float | None = None
    frames_per_second_per_viewer: float | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """Medians over the rounds; CPU in percent of one core of the server's process tree."""

    peers: int
    viewers: int
    seconds: float
    rounds: int
    record_cpu_pct_per_peer: float | None
    record_cpu_ratio_vs_janus: float | None
    record_cpu_ratio_vs_mediarecorder: float | None
    forward_cpu_pct_per_viewer: float | None
    us_per_packet: float | None
    janus_cpu_pct_per_peer: float | None
    mediarecorder_cpu_pct_per_peer: float | None
    mediarecorder_peers: int
    mediarecorder_frames_per_second: float | None
    packets_per_second_per_peer: float | None
    frames_per_second_per_viewer: float | None
    rss_mb: float | None


def line(measured: Measured) -> str:
    """One row of the table."""
    frames, forward = measured.frames_per_second_per_peer, measured.forward_cpu_pct_per_viewer
    shown = measured.frames_per_second_per_viewer
    return (
        f"{measured.kind:<13} {measured.peers:>5} {measured.cpu_pct_per_peer:>10.2f}"
        f" {measured.us_per_packet:>9.1f} {measured.packets_per_second_per_peer:>9.1f}"
        f" {'-' if frames is None else f'{frames:.1f}':>8} {'-' if forward is None else f'{forward:.2f}':>12}"
        f" {'-' if shown is None else f'{shown:.1f}':>8}"
        f" {measured.repaired:>7} {measured.keyframes:>4} {measured.client_cpu_pct:>8.1f}"
        f" {measured.rss_mb:>5.0f}"
    )


def middle(measured: list[Measured], kind: Kind, name: str, digits: int = 2) -> float | None:
    """Median of a figure over the rounds of one server."""
    values = [getattr(one, name) for one in measured if one.kind == kind]
    values = [value for value in values if value is not None]
    return round(median(values), digits) if values else None


def ratio(ours: float | None, theirs: float | None) -> float | None:
    """How much of theirs ours is."""
    return round(ours / theirs, 4) if ours and theirs else None


def summary(plan: Plan, measured: list[Measured]) -> Result:
    """Medians and their ratios."""
    viva = middle(measured, "viva", "cpu_pct_per_peer", 3)
    other = middle(measured, "janus", "cpu_pct_per_peer", 3)
    slow = middle(measured, "mediarecorder", "cpu_pct_per_peer")
    return Result(
        peers=plan.peers,
        viewers=plan.viewers,
        seconds=plan.seconds,
        rounds=plan.rounds,
        record_cpu_pct_per_peer=viva,
        record_cpu_ratio_vs_janus=ratio(viva, other),
        record_cpu_ratio_vs_mediarecorder=ratio(viva, slow),
        forward_cpu_pct_per_viewer=middle(measured, "viva", "forward_cpu_pct_per_viewer", 3),
        us_per_packet=middle(measured, "viva", "us_per_packet", 1),
        janus_cpu_pct_per_peer=other,
        mediarecorder_cpu_pct_per_peer=slow,
        mediarecorder_peers=1,
        mediarecorder_frames_per_second=middle(measured, "mediarecorder", "frames_per_second_per_peer", 1),
        packets_per_second_per_peer=middle(measured, "viva", "packets_per_second_per_peer", 1),
        frames_per_second_per_viewer=middle(measured, "viva", "frames_per_second_per_viewer", 1),
        rss_mb=middle(measured, "viva", "rss_mb", 1),
    )
