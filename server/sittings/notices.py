"""What the candidate's browser noticed: checked, put on a timeline, told once."""

import asyncio
import math
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from proctoring.types import EventType, Json, Noticed
from server.protocol import from_client
from server.sittings.budget import Budget
from server.sittings.errors import TooManyNotices
from server.sittings.proctor import Analysed, ProctorDesk, Watch
from server.sittings.recording import Recording

BURST = 60
PER_SECOND = 2.0
_KNOWN_IDS = 2000


@dataclass(frozen=True, slots=True)
class _Lasting:
    """A state that began and has not ended: on which timeline it is, and what was said of it."""

    stream_id: str
    details: Mapping[str, Json]


class Notices:
    """The notices of one session's candidate; whoever feeds it has checked role and consent.

    A state that lasts (a tab that was left) is on one timeline at a time: the recording's while one runs,
    else the session's own, which has no video. It ends where a recording ends, and begins again where the
    next one begins while it still lasts: each recording shows what was the case in it.
    """

    def __init__(
        self, session_id: str, desk: ProctorDesk | None, watch: Callable[[], Awaitable[Watch | None]]
    ) -> None:
        self._session_id = session_id
        self._desk = desk
        self._watch = watch
        self._loop = asyncio.get_running_loop()
        self._opened_ms = self._loop.time() * 1000
        self._opened_at = datetime.now(UTC)
        self._budget = Budget(BURST, PER_SECOND, self._loop.time(), overdraft=False)
        self._known: dict[str, bool] = {}
        self._lasting: dict[EventType, _Lasting] = {}
        self._recording: Recording | None = None
        self._recorded_until_ms = math.inf

    async def take(self, request: from_client.Noticed, at_ms: float) -> bool:
        """Take in what happened at `at_ms` of the loop's clock; whether the timeline holds it, or may yet.

        Raises TooManyNotices.
        """
        if not self._budget.spend(1.0, self._loop.time()):
            raise TooManyNotices
        watch = await self._watch()
        if self._desk is None or watch is None:
            return False
        notice_id = str(request.id)
        if notice_id not in self._known:
            details: dict[str, Json] = request.details.model_dump(exclude_none=True)
            self._remember(notice_id, self._tell(self._desk, watch, request, details, at_ms))
        return self._known[notice_id]

    def _remember(self, notice_id: str, kept: bool) -> None:
        self._known[notice_id] = kept
        while len(self._known) > _KNOWN_IDS:
            del self._known[next(iter(self._known))]

    def _tell(
        self,
        desk: ProctorDesk,
        watch: Watch,
        request: from_client.Noticed,
        details: dict[str, Json],
        at_ms: float,
    ) -> bool:
        kind = request.event_type
        if request.step == "began" and kind in self._lasting:
            return True  # a page that was loaded again says so too
        lasting = self._lasting.pop(kind, None)
        if request.step == "ended" and lasting is None:
            return False
        stream_id = lasting.stream_id if lasting is not None else self._timeline_at(desk, watch, at_ms)
        if request.step == "began":
            self._lasting[kind] = _Lasting(stream_id, details)
        offset_ms = self._offset_ms(stream_id, at_ms)
        return desk.notice(Noticed(stream_id, offset_ms, kind, request.step, details))

    def _timeline_at(self, desk: ProctorDesk, watch: Watch, at_ms: float) -> str:
        """The recording if it ran then, else the session's own timeline, begun when first needed."""
        recording = self._recording
        if (
            recording is not None
            and recording.offset_ms_at(at_ms) is not None
            and at_ms <= self._recorded_until_ms
            and desk.runs(recording.video_id)
        ):
            return recording.video_id
        desk.open_session(Analysed(self._session_id, None, None, self._opened_at), watch, self._since(at_ms))
        return self._session_id

    def _offset_ms(self, stream_id: str, at_ms: float) -> int:
        recording = self._recording
        if recording is not None and recording.video_id == stream_id:
            return recording.offset_ms_at(at_ms) or 0
        return self._since(at_ms)

    def _since(self, at_ms: float) -> int:
        """On the session's own timeline; never before the sitting."""
        return max(0, round(at_ms - self._opened_ms))

    def recording_began(self, recording: Recording) -> None:
        """The candidate's camera is recorded from now on; what lasts goes on in the recording."""
        if self._desk is None or self._recording is recording:
            return
        self._close_own_timeline()
        self._recording, self._recorded_until_ms = recording, math.inf
        for kind, lasting in list(self._lasting.items()):
            self._lasting[kind] = _Lasting(recording.video_id, lasting.details)
            self._desk.notice(Noticed(recording.video_id, 0, kind, "began", lasting.details))

    def recording_ended(self, recording: Recording) -> None:
        """The recording ends, and with it what lasts in it; what is told late may still belong to it."""
        if self._recording is recording:
            self._recorded_until_ms = self._loop.time() * 1000

    def lapse(self) -> None:
        """Nobody will tell any more what ends: the candidate's page is another one, or gone."""
        now_ms = self._loop.time() * 1000
        for kind, lasting in self._lasting.items():
            if self._desk is not None:
                offset_ms = self._offset_ms(lasting.stream_id, now_ms)
                self._desk.notice(Noticed(lasting.stream_id, offset_ms, kind, "ended"))
        self._lasting.clear()
        self._close_own_timeline()

    def _close_own_timeline(self) -> None:
        if self._desk is not None:
            self._desk.close_session(self._session_id, self._since(self._loop.time() * 1000))
