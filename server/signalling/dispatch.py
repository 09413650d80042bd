"""From a message's type to what it does."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from server.protocol import from_client
from server.protocol.from_server import Answer, Bye, Entered, Noted, Pong, RecordingMessage, Waiting
from server.signalling.clock import ClientClock
from server.sittings.hub import Hub
from server.sittings.seat import Seat
from server.sittings.sitting import Sitting

_STEP_TIMEOUT_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Context:
    """Who says something, where, and by which clock."""

    hub: Hub
    sitting: Sitting
    seat: Seat
    clock: ClientClock = field(default_factory=ClientClock)


async def _publish(context: Context, request: from_client.Publish) -> None:
    stream_id = str(request.stream_id)
    sdp = await context.sitting.streams.publish(context.seat, stream_id, request.source, request.sdp)
    context.seat.send(Answer(ref=request.ref, stream_id=stream_id, direction="publish", sdp=sdp))


async def _subscribe(context: Context, request: from_client.Subscribe) -> None:
    stream_id = str(request.stream_id)
    sdp = await context.sitting.streams.subscribe(context.seat, stream_id, request.sdp)
    context.seat.send(Answer(ref=request.ref, stream_id=stream_id, direction="subscribe", sdp=sdp))


async def _channel(context: Context, request: from_client.Channel) -> None:
    stream_id = str(request.stream_id)
    sdp = await context.sitting.streams.open_channel(context.seat, stream_id, request.sdp)
    context.seat.send(Answer(ref=request.ref, stream_id=stream_id, direction="channel", sdp=sdp))


async def _candidate(context: Context, request: from_client.Candidate) -> None:
    await context.sitting.streams.add_candidate(
        context.seat,
        str(request.stream_id),
        request.direction,
        request.candidate,
        request.sdp_mid,
        request.sdp_m_line_index,
    )


async def _unpublish(context: Context, request: from_client.Unpublish) -> None:
    context.sitting.streams.unpublish(context.seat, str(request.stream_id))


async def _unsubscribe(context: Context, request: from_client.Unsubscribe) -> None:
    context.sitting.streams.unsubscribe(context.seat, str(request.stream_id))


async def _enter(context: Context, request: from_client.Enter) -> None:
    place = context.sitting.entrance.enter(context.seat)
    reply = Waiting if place == "waiting" else Entered
    room = context.sitting.state_for(context.seat)
    context.seat.send(reply(ref=request.ref, ice_servers=context.seat.ice_servers(), room=room))


async def _admit(context: Context, request: from_client.Admit) -> None:
    context.sitting.entrance.admit(context.seat, str(request.participant_id))


async def _remove(context: Context, request: from_client.Remove) -> None:
    await context.sitting.remove(context.seat, str(request.participant_id))


async def _ask_mute(context: Context, request: from_client.AskMute) -> None:
    context.sitting.ask_mute(context.seat, str(request.participant_id), request.kind)


async def _start_answer(context: Context, request: from_client.StartAnswer) -> None:
    info = await context.sitting.start_answer(context.seat, str(request.question_id))
    context.seat.send(RecordingMessage(ref=request.ref, **info.model_dump()))


async def _finish_answer(context: Context, request: from_client.FinishAnswer) -> None:
    info = await context.sitting.finish_answer(context.seat, str(request.video_id))
    context.seat.send(RecordingMessage(ref=request.ref, **info.model_dump()))


async def _mute(context: Context, request: from_client.Mute) -> None:
    context.sitting.mute(context.seat, request.kind, request.muted)


async def _leave(context: Context, request: from_client.Leave) -> None:
    outbox = context.seat.outbox
    context.seat.send(Bye(ref=request.ref))
    await context.sitting.leave(context.seat)
    if outbox is not None:
        outbox.close(1000)


async def _end_session(context: Context, request: from_client.EndSession) -> None:
    await context.hub.end_session(context.sitting.facts.session_id, context.seat.participant_id)


async def _noticed(context: Context, request: from_client.Noticed) -> None:
    at_ms = context.clock.to_server_ms(request.at_ms, _now_ms())
    kept = await context.sitting.notice(context.seat, request, at_ms)
    context.seat.send(Noted(ref=request.ref, id=str(request.id), kept=kept))


async def _ping(context: Context, request: from_client.Ping) -> None:
    context.clock.pinged(request.sent_at_ms, _now_ms())
    context.seat.send(Pong(ref=request.ref, sent_at_ms=request.sent_at_ms, server_time=datetime.now(UTC)))


def _now_ms() -> float:
    return asyncio.get_running_loop().time() * 1000


_HANDLERS: dict[type[Any], Callable[[Context, Any], Awaitable[None]]] = {
    from_client.Publish: _publish,
    from_client.Subscribe: _subscribe,
    from_client.Channel: _channel,
    from_client.Candidate: _candidate,
    from_client.Unpublish: _unpublish,
    from_client.Unsubscribe: _unsubscribe,
    from_client.Enter: _enter,
    from_client.Admit: _admit,
    from_client.Remove: _remove,
    from_client.AskMute: _ask_mute,
    from_client.StartAnswer: _start_answer,
    from_client.FinishAnswer: _finish_answer,
    from_client.Mute: _mute,
    from_client.Leave: _leave,
    from_client.EndSession: _end_session,
    from_client.Noticed: _noticed,
    from_client.Ping: _ping,
}


async def dispatch(context: Context, request: Any) -> bool:
    """Do what a message asks; False for `hello`, which has its place at the start only.

    Raises VivaError, MediaError or TimeoutError.
    """
    handler = _HANDLERS.get(type(request))
    if handler is None:
        return False
    async with asyncio.timeout(_STEP_TIMEOUT_SECONDS):
        await handler(context, request)
    return True
