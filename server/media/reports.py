"""What a connection tells its sender: receiver reports (RFC 3550) and transport-wide feedback.

It has no timers: it is told after the connection's packets were read, when all it is made of is in the cache.
A connection that sends nothing is told nothing.
"""

from collections.abc import Callable
from math import inf
from typing import Protocol

from server.media import rtcp, twcc

_REPORT_MS = 1000.0
_FEEDBACK_MS = 100.0
_CALM_FEEDBACK_MS = 200.0
_STARTING_MS = 10_000.0


class Reporting(Protocol):
    """A receiver of one media section."""

    @property
    def own_ssrc(self) -> int:
        """Under which it reports."""

    @property
    def media_ssrc(self) -> int | None:
        """Of what it receives; None before the first packet."""

    @property
    def watched(self) -> bool:
        """Whether somebody looks at what it receives."""

    def report_block(self, now_ms: float) -> bytes | None:
        """A report block about what came since the last one; None before the first packet."""


class Reports:
    """Reports of one connection; `due_ms` is when `tell` is to be called next (the loop's clock).

    One receiver report a second for all receivers. Transport-wide feedback, where it was negotiated, ten
    times a second while the sender searches for its rate, then five.
    """

    def __init__(self, send: Callable[[bytes], object]) -> None:
        self.due_ms = 0.0
        self._send = send
        self._receivers: list[Reporting] = []
        self._report_due_ms = 0.0
        self._feedback: twcc.FeedbackWriter | None = None
        self._feedback_due_ms = inf
        self._starting_until_ms = 0.0

    def add(self, receiver: Reporting) -> None:
        """Report about this receiver too."""
        self._receivers.append(receiver)

    def remove(self, receiver: Reporting) -> None:
        """Report no more about this receiver."""
        self._receivers = [other for other in self._receivers if other is not receiver]

    def tell_arrivals(self, now_ms: float) -> None:
        """From now on send transport-wide feedback."""
        self._feedback = self._feedback or twcc.FeedbackWriter()
        self._feedback_due_ms = self.due_ms = now_ms
        self._starting_until_ms = now_ms + _STARTING_MS

    def tell(self, now_ms: float, arrivals: list[tuple[int, float]]) -> bool:
        """Send what is due; True when somebody looks at what is received.

        An arrival is a transport-wide sequence number and a time in milliseconds.
        """
        if self._feedback is not None:
            starting = now_ms < self._starting_until_ms
            self._feedback_due_ms = now_ms + (_FEEDBACK_MS if starting else _CALM_FEEDBACK_MS)
            self._send_feedback(self._feedback, arrivals)
        if now_ms >= self._report_due_ms:
            self._report_due_ms = now_ms + _REPORT_MS
            self._report(now_ms)
        self.due_ms = min(self._report_due_ms, self._feedback_due_ms)
        return any(receiver.watched for receiver in self._receivers)

    def _send_feedback(self, writer: twcc.FeedbackWriter, arrivals: list[tuple[int, float]]) -> None:
        if not arrivals or not self._receivers:
            return
        about = self._receivers[0]
        message = writer.message(arrivals, about.own_ssrc, about.media_ssrc or 0)
        if message is not None:
            self._send(message)

    def _report(self, now_ms: float) -> None:
        blocks = [receiver.report_block(now_ms) for receiver in self._receivers]
        told = [block for block in blocks if block is not None]
        if told:
            self._send(rtcp.receiver_report(self._receivers[0].own_ssrc, told))
