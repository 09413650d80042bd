"""A running session: who sits in it, who is let in, and what each participant is told."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Literal

from server.errors import ConsentRequired, NotAllowed
from server.errors import SessionEnded as SessionHasEnded
from server.media.ice import IceOptions
from server.protocol.from_client import Noticed
from server.protocol.from_server import (
    ErrorMessage,
    IncidentMessage,
    MuteAsked,
    ParticipantChanged,
    ParticipantLeft,
    RecordingInfo,
    RecordingMessage,
    RoomState,
    SessionEnded,
)
from server.protocol.words import LeaveReason, Role, TrackKind
from server.sittings.chat import Chat
from server.sittings.entrance import Entrance
from server.sittings.facts import SittingFacts, Timings
from server.sittings.figures import Figures
from server.sittings.lobby import Doorbook, Lobby
from server.sittings.patience import Patience
from server.sittings.reel import Reel
from server.sittings.seat import Outbox, Seat
from server.sittings.seats import Seats, supersede
from server.sittings.streams import StreamDesk


class Sitting:
    """Seats, lobby, streams and chat of one session.

    `reel` is told what to record, `book` remembers who was let in; `on_empty` is called when the last seat
    is gone.
    """

    def __init__(
        self,
        facts: SittingFacts,
        reel: Reel,
        book: Doorbook,
        *,
        ice: IceOptions,
        max_bitrate_bps: int,
        timings: Timings,
        on_empty: Callable[["Sitting"], None],
    ) -> None:
        self.facts = facts
        self.status = facts.status
        self.ended = False
        self.book = book
        self._reel = reel
        self._on_empty = on_empty
        self._loop = asyncio.get_running_loop()
        self._seats = Seats(self._loop.time, timings.warm_seat_seconds)
        self._lobby = Lobby(self._seats, book, open_to_all=facts.kind == "one_way")
        self.streams = StreamDesk(
            self._seats,
            reel,
            Chat(self._seats, self._loop.time),
            ice=ice,
            max_bitrate_bps=max_bitrate_bps,
            on_started=self._consider_recording,
            now=self._loop.time,
        )
        self.entrance = Entrance(
            self._seats,
            self._lobby,
            self.streams,
            state_for=self.state_for,
            on_entered=self._consider_recording,
        )
        self._patience = Patience(facts.session_id, self._seats, self.streams, timings, self.leave)
        reel.plug(self._recording_changed)

    # -- seats

    @property
    def occupied(self) -> bool:
        """Whether somebody with a socket is here now."""
        return any(seat.connected for seat in self._seats)

    @property
    def empty(self) -> bool:
        """Whether nobody has a seat."""
        return len(self._seats) == 0

    @property
    def recording(self) -> bool:
        """Whether anything is being recorded."""
        return self._reel.running

    def count(self, figures: Figures) -> None:
        """Add what there is of this session."""
        figures.connected.update(seat.role for seat in self._seats if seat.connected)
        figures.away += sum(1 for seat in self._seats if not seat.connected)
        self.streams.count(figures)
        self._reel.count(figures)

    def take_seat(
        self,
        user_id: str,
        full_name: str,
        role: Role,
        outbox: Outbox,
        *,
        resume_token: str | None,
        take_over: bool,
    ) -> tuple[Seat, bool]:
        """Sit down or come back; returns the seat and whether it was resumed.

        Raises SessionEnded, Removed, ResumeUnknown, AlreadyConnected or RoomIsFull.
        """
        if self.ended:
            raise SessionHasEnded
        self._lobby.refuse_removed(user_id)
        seat, replaced = self._seats.take(
            user_id, full_name, role, resume_token=resume_token, take_over=take_over
        )
        if replaced is not None:
            supersede(replaced)
            if role == "candidate":
                self._reel.notices.lapse()
            self.streams.leave(user_id)
        self._seats.bind(seat, outbox)
        self._announce_change(seat)
        return seat, resume_token == seat.resume_token

    def socket_lost(self, seat: Seat, outbox: Outbox) -> None:
        """A socket closed; its seat stays warm unless another socket has it already."""
        if self._seats.lost(seat, outbox):
            self._announce_change(seat)

    async def leave(self, seat: Seat, reason: LeaveReason = "left") -> None:
        """Give a seat up: its streams end, and what is recorded of it is finished."""
        seeing = list(self._seats.seeing(seat))
        if not self._seats.release(seat):
            return
        seat.place = "checking"  # what its socket still says finds nobody
        self.streams.leave(seat.participant_id)
        for other in seeing:
            other.send(ParticipantLeft(participant_id=seat.participant_id, reason=reason))
        await self._reel.participant_left(seat.participant_id)
        if self.empty:
            self._on_empty(self)

    # -- the door

    async def remove(self, by: Seat, participant_id: str) -> None:
        """Put somebody out.

        Raises NotAllowed or UnknownParticipant.
        """
        seat = self._lobby.remove(by, participant_id)
        seat.turn_out("removed", "an interviewer removed you from this session", 4403)
        await self.leave(seat, "removed")

    def ask_mute(self, by: Seat, participant_id: str, kind: TrackKind) -> None:
        """Ask somebody to mute.

        Raises NotAllowed or UnknownParticipant.
        """
        self._lobby.guest(by, participant_id).send(MuteAsked(kind=kind, by=by.participant_id))

    # -- what participants say and see

    def mute(self, seat: Seat, kind: TrackKind, muted: bool) -> None:
        """Note what a participant muted and tell the others."""
        seat.muted = seat.muted.model_copy(update={kind: muted})
        self._announce_change(seat)

    async def notice(self, seat: Seat, noticed: Noticed, at_ms: float) -> bool:
        """Take in what the candidate's browser noticed at `at_ms` of the loop's clock; whether it is kept.

        Raises NotAllowed, ConsentRequired or TooManyNotices.
        """
        if seat.role != "candidate" or seat.place == "checking":
            raise NotAllowed("only a candidate's browser notices, from the room's door on")
        if not await self._reel.consent_given():
            raise ConsentRequired
        return await self._reel.notices.take(noticed, at_ms)

    def state_for(self, seat: Seat) -> RoomState:
        """The room as this participant may see it."""
        recordings = self._reel.infos()
        return RoomState(
            participants=[other.info() for other in self._seats if seat.sees(other)],
            streams=self.streams.infos_for(seat),
            recordings=[info for info in recordings if self._hears_of(seat, info)],
            session_status=self.status,
            server_time=datetime.now(UTC),
        )

    async def start_answer(self, seat: Seat, question_id: str) -> RecordingInfo:
        """Begin recording an answer of a one-way session.

        Raises NotAllowed, NotPublishing, AlreadyRecording or what the domain refuses with.
        """
        if self.facts.kind != "one_way" or seat.role != "candidate":
            raise NotAllowed("answers are recorded one by one in one-way interviews only")
        self.status = "in_progress"
        camera = self.streams.camera_of(seat.participant_id)
        return await self._reel.start(seat.participant_id, question_id, camera)

    async def finish_answer(self, seat: Seat, video_id: str) -> RecordingInfo:
        """End an answer; what becomes of it is announced later.

        Raises NotAllowed, UnknownVideo or NotRecording.
        """
        if self.facts.kind != "one_way":
            raise NotAllowed("a live recording ends with the session")
        return await self._reel.finish(seat.participant_id, video_id)

    def incident(self, event: dict[str, Any], phase: Literal["opened", "updated", "closed"]) -> None:
        """Show an incident to the panel, and to nobody else."""
        for seat in self._seats:
            if seat.role != "candidate":
                seat.send(IncidentMessage(event=event, phase=phase))

    # -- the end

    async def end(self, ended_at: datetime, reason: str) -> None:
        """The session is over: recordings are finished, everybody is told, all seats close."""
        if self.ended:
            return
        self.ended = True
        self.status = "completed"
        self._patience.stop()
        await self._reel.stop()
        for seat in self._seats:
            seat.send(SessionEnded(ended_at=ended_at, reason=reason))
            if seat.outbox is not None:
                seat.outbox.close(4411)
        await self.streams.close()
        self._seats.clear()
        self._on_empty(self)

    async def close(self) -> None:
        """The server stops: recordings are finished, sockets closed with 1012 so that clients come back."""
        self._patience.stop()
        await self._reel.finish_all()
        for seat in self._seats:
            if seat.outbox is not None:
                seat.outbox.close(1012)
        await self.streams.close()

    async def consent_withdrawn(self) -> None:
        """The candidate withdrew: recording stops at once and nothing more is taken in."""
        await self._reel.stop()
        self.streams.leave(self.facts.candidate_id)
        seat = self._seats.get(self.facts.candidate_id)
        if seat is not None:
            seat.send(ErrorMessage(error="consent_required", detail="consent was withdrawn"))

    # -- inside

    def _consider_recording(self) -> None:
        """A live session is recorded from the moment candidate and an interviewer are both in the room."""
        if self.facts.kind == "one_way" or self.ended:
            return
        if not {seat.role for seat in self._seats if seat.in_room} >= {"candidate", "interviewer"}:
            return
        for source in self.streams.of(self.facts.candidate_id):
            self.status = "in_progress"
            self._reel.start_once(self.facts.candidate_id, source)

    def _recording_changed(self, info: RecordingInfo) -> None:
        for seat in self._seats:
            if self._hears_of(seat, info):
                seat.send(RecordingMessage(**info.model_dump()))

    @staticmethod
    def _hears_of(seat: Seat, info: RecordingInfo) -> bool:
        return seat.in_room or seat.participant_id == info.participant_id

    def _announce_change(self, seat: Seat) -> None:
        self._seats.tell(seat, ParticipantChanged(participant=seat.info()))
