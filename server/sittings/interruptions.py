"""Lost connections in the timeline: from the last packet to the first frame of the next segment."""

import asyncio
from dataclasses import dataclass, replace
from uuid import uuid4

import structlog

from proctoring.types import EventType, Incident, IncidentChange, Phase, Severity
from server.media.publication import StreamEnd
from server.media.source import Source
from server.sittings.proctor import Analysed, IncidentStore
from server.sittings.recording import Recording

logger = structlog.get_logger(__name__)

LONG_MS = 10_000
DETECTOR = "room"
_WRITE_TRIES = 4


@dataclass(frozen=True, slots=True)
class _Step:
    analysed: Analysed
    change: IncidentChange


class Interruptions:
    """Keeps at most one `connection_lost` open for each recording, and writes them in their order.

    Its work is done by whoever awaits `written`; nothing is kept once a recording is finished.
    """

    def __init__(self, session_id: str, store: IncidentStore) -> None:
        self._session_id = session_id
        self._store = store
        self._open: dict[str, Incident] = {}
        self._steps: asyncio.Queue[_Step] = asyncio.Queue()
        self._writing = asyncio.Lock()

    def opened(self, recording: Recording, source: Source, reason: StreamEnd) -> None:
        """The stream of a running recording is gone since its last packet."""
        if recording.state != "recording" or recording.video_id in self._open:
            return
        silent_ms = asyncio.get_running_loop().time() * 1000 - source.last_packet_ms
        started_ms = max(0, recording.length_ms - round(silent_ms))
        incident = Incident(
            incident_id=uuid4(),
            event_type=EventType.CONNECTION_LOST,
            severity=Severity.LOW,
            started_ms=started_ms,
            ended_ms=None,
            measured={"reason": reason},
            thresholds={"medium_ms": LONG_MS},
            detector=DETECTOR,
            model_version="",
        )
        self._open[recording.video_id] = incident
        self._note(recording, Phase.OPENED, incident)

    def closed(self, recording: Recording, at_ms: int) -> None:
        """The recording goes on or has ended at this recording time; nothing if it was not interrupted."""
        incident = self._open.pop(recording.video_id, None)
        if incident is None:
            return
        duration_ms = max(0, at_ms - incident.started_ms)
        incident = replace(
            incident,
            ended_ms=incident.started_ms + duration_ms,
            severity=Severity.MEDIUM if duration_ms >= LONG_MS else Severity.LOW,
            measured={**incident.measured, "duration_ms": duration_ms},
        )
        self._note(recording, Phase.CLOSED, incident)

    def _note(self, recording: Recording, phase: Phase, incident: Incident) -> None:
        analysed = Analysed(self._session_id, recording.video_id, recording.question_id)
        self._steps.put_nowait(_Step(analysed, IncidentChange(phase, incident)))

    async def written(self) -> None:
        """Write what is noted so far, in order."""
        async with self._writing:
            while not self._steps.empty():
                await self._write(self._steps.get_nowait())

    async def _write(self, step: _Step) -> None:
        for attempt in range(_WRITE_TRIES):
            try:
                await self._store.record(step.analysed, step.change)
            except Exception:
                logger.exception("interruption_not_written", video_id=step.analysed.video_id, attempt=attempt)
                await asyncio.sleep(0.2 * 2**attempt)
            else:
                return
