"""Which packets are missing, when to ask for them again and when to stop (RFC 4585, 6.2.1)."""

from dataclasses import dataclass


@dataclass(slots=True)
class _Missing:
    since_ms: float
    ask_at_ms: float


class SequenceExtender:
    """Extends 16-bit sequence numbers (RFC 3550, A.1) to ones that do not wrap."""

    def __init__(self) -> None:
        self.highest: int | None = None

    def __call__(self, sequence: int) -> int:
        """The extended number; the first one is offset by a full cycle so that earlier ones stay positive."""
        if self.highest is None:
            self.highest = sequence + 65536
            return self.highest
        delta = (sequence - self.highest) & 0xFFFF
        if delta < 0x8000:
            self.highest += delta
            return self.highest
        return self.highest + delta - 65536


class NackTracker:
    """Bookkeeping of lost packets on an explicit clock.

    A missing packet is asked for at once and again every `retry_ms`; after `deadline_ms` it is given up. A
    jump of more than `MAX_GAP` is a restart of the sender, not a loss.
    """

    MAX_GAP = 512

    def __init__(self, retry_ms: float = 40, deadline_ms: float = 400) -> None:
        self.retry_ms = retry_ms
        self.deadline_ms = deadline_ms
        self._missing: dict[int, _Missing] = {}
        self._highest: int | None = None

    def __len__(self) -> int:
        return len(self._missing)

    def received(self, sequence: int, now_ms: float) -> bool:
        """Note a packet by its extended number; True when it opened a gap."""
        highest = self._highest
        if highest is None:
            self._highest = sequence
            return False
        if sequence <= highest:
            self._missing.pop(sequence, None)
            return False
        self._highest = sequence
        if sequence == highest + 1:
            return False
        if sequence - highest <= self.MAX_GAP:
            for number in range(highest + 1, sequence):
                self._missing[number] = _Missing(now_ms, now_ms)
        return True

    def in_order(self, sequence: int) -> None:
        """Note that nothing is missing up to this extended number."""
        self._highest = sequence

    def longest_ms(self, now_ms: float) -> float:
        """How long the first missing packet is missed; 0 when none is."""
        first = next(iter(self._missing.values()), None)
        return 0.0 if first is None else now_ms - first.since_ms

    def due(self, now_ms: float) -> list[int]:
        """Extended numbers to ask for now; each is counted as asked."""
        due = []
        for number, entry in self._missing.items():
            if entry.ask_at_ms <= now_ms:
                entry.ask_at_ms = now_ms + self.retry_ms
                due.append(number)
        return due

    def expired(self, now_ms: float) -> int | None:
        """The first number worth waiting for after giving up what is overdue; None when nothing is."""
        overdue = [n for n, entry in self._missing.items() if now_ms - entry.since_ms >= self.deadline_ms]
        if not overdue:
            return None
        last = max(overdue)
        for number in [n for n in self._missing if n <= last]:
            del self._missing[number]
        return last + 1
