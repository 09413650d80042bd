"""Figures read from the living objects when somebody asks for them; nothing in them says who takes part."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import get_args

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from proctoring.worker.coverage import OVERLOAD, RESTARTED, UNDECODABLE
from proctoring.worker.feed import ProctorStats
from server.media.source import SourceKind
from server.media.udp import MediaPorts
from server.protocol.words import Role
from server.sittings.figures import Figures, RecordingFigure
from server.sittings.lifecycle import Running
from server.sittings.proctor import ProctorDesk

_GAP_REASONS = (RESTARTED, OVERLOAD, UNDECODABLE)
_WORKER_GAUGES: tuple[tuple[str, str, Callable[[ProctorStats], float]], ...] = (
    ("worker_up", "Whether the worker has loaded its models and looks at pictures.", lambda now: now.ready),
    ("worker_streams", "Recordings the worker looks at.", lambda now: now.streams),
    ("worker_queued_frames", "Frames that wait for the worker.", lambda now: now.queued_frames),
    ("worker_lag_seconds", "How long the oldest waiting frame has waited.", lambda now: now.lag_ms / 1000),
    ("worker_resident_memory_bytes", "Memory of the worker process.", lambda now: now.rss_bytes),
    (
        "worker_streams_shut_out",
        "Recordings whose frames were in hands at two deaths of the worker.",
        lambda now: now.shut_out,
    ),
)
_WORKER_COUNTERS: tuple[tuple[str, str, Callable[[ProctorStats], float]], ...] = (
    ("worker_restarts", "Worker processes that ended and were replaced.", lambda now: now.restarts),
    ("frames_dropped", "Frames that never reached a decoder.", lambda now: now.dropped_frames),
    (
        "looks_skipped",
        "Pictures decoded and not looked at, for want of time.",
        lambda now: now.skipped_detections,
    ),
    ("observations", "Pictures looked at.", lambda now: now.observations),
)


class RunningCollector(Collector):
    """Everything that runs sessions in this process; read on the event loop it belongs to."""

    def __init__(self, running: Running, ports: MediaPorts) -> None:
        self._running = running
        self._ports = ports

    def collect(self) -> Iterator[Metric]:
        """One family after the other."""
        figures = self._running.hub.figures()
        yield from _rooms(figures)
        yield from _recordings(figures)
        yield from _media(figures, self._ports)
        if self._running.desk is not None:
            yield from _workers(self._running.desk.stats)
            yield from _analysis(self._running.desk, figures)


def _rooms(figures: Figures) -> Iterator[Metric]:
    yield GaugeMetricFamily("viva_rooms", "Sessions with somebody in them.", figures.rooms)
    yield _labelled(
        GaugeMetricFamily("viva_participants", "Participants who are connected.", labels=["role"]),
        {role: figures.connected[role] for role in get_args(Role)},
    )
    yield GaugeMetricFamily(
        "viva_participants_away",
        "Participants whose connection dropped and whose place is kept.",
        figures.away,
    )
    yield _labelled(
        GaugeMetricFamily("viva_streams_published", "Cameras and screens that are sent.", labels=["source"]),
        {kind: figures.published[kind] for kind in get_args(SourceKind)},
    )
    yield GaugeMetricFamily(
        "viva_viewers", "Connections over which somebody watches a stream.", figures.viewers
    )


def _recordings(figures: Figures) -> Iterator[Metric]:
    yield _labelled(
        GaugeMetricFamily(
            "viva_recordings",
            "Recordings under way; those that are interrupted wait for their stream or for space.",
            labels=["state"],
        ),
        {state: figures.recordings[state] for state in get_args(RecordingFigure)},
    )
    yield CounterMetricFamily(
        "viva_recorder_frames_dropped", "Frames that could not be written in time.", figures.frames_dropped
    )


def _media(figures: Figures, ports: MediaPorts) -> Iterator[Metric]:
    bound = list(ports)
    yield GaugeMetricFamily("viva_media_ports", "UDP ports that are bound.", len(bound))
    yield GaugeMetricFamily(
        "viva_media_connections",
        "Connections on those ports, one for each of their addresses.",
        sum(port.connections for port in bound),
    )
    yield CounterMetricFamily(
        "viva_media_datagrams_refused",
        "Datagrams from addresses that no connection knows.",
        sum(port.refused for port in bound),
    )
    yield CounterMetricFamily(
        "viva_media_flood_packets_dropped",
        "Packets beyond what one connection may send in a second.",
        figures.flood_dropped,
    )


def _workers(stats: Sequence[ProctorStats]) -> Iterator[Metric]:
    for name, described, read in _WORKER_GAUGES:
        gauge = GaugeMetricFamily(f"viva_proctoring_{name}", described, labels=["worker"])
        yield _labelled(gauge, {str(number): read(now) for number, now in enumerate(stats)})
    for name, described, read in _WORKER_COUNTERS:
        counter = CounterMetricFamily(f"viva_proctoring_{name}", described, labels=["worker"])
        yield _labelled(counter, {str(number): read(now) for number, now in enumerate(stats)})


def _analysis(desk: ProctorDesk, figures: Figures) -> Iterator[Metric]:
    yield GaugeMetricFamily(
        "viva_proctoring_streams_degraded",
        "Recordings whose pictures come in and have not been looked at for five seconds.",
        figures.degraded,
    )
    yield _labelled(
        CounterMetricFamily(
            "viva_proctoring_gaps", "Spans of recordings that were not looked at.", labels=["reason"]
        ),
        {reason: desk.gaps[reason] for reason in _GAP_REASONS},
    )
    yield _labelled(
        CounterMetricFamily(
            "viva_proctoring_gap_seconds", "How long those spans were together.", labels=["reason"]
        ),
        {reason: desk.gap_ms[reason] / 1000 for reason in _GAP_REASONS},
    )
    yield GaugeMetricFamily(
        "viva_proctoring_incidents_unwritten", "Steps of incidents to be written.", desk.unwritten
    )


def _labelled(family: GaugeMetricFamily | CounterMetricFamily, values: Mapping[str, float]) -> Metric:
    for label, value in values.items():
        family.add_metric([label], value)
    return family
