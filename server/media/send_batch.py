"""Datagrams that are sent together: one system call for all, and one message for the packets of a frame."""

import contextlib
import errno
import socket
import struct
from collections.abc import Sequence

from server.media import mmsg
from server.media.mmsg import NAME_BYTES, SLOT_BYTES, Batch

SEND_SLOTS = 64
_SOL_UDP, _UDP_SEGMENT = 17, 103
_CONTROL_BYTES = 24
_MESSAGE_WORDS = 8
_NAME, _VECTORS, _VECTOR_COUNT, _CONTROL, _CONTROL_LENGTH = 0, 2, 3, 4, 5
_BUSY = (errno.EAGAIN, errno.ENOBUFS)
_CANNOT_SEGMENT = (errno.EINVAL, errno.EIO, errno.EMSGSIZE, errno.EOPNOTSUPP)


class SendBatch(Batch):
    """Datagrams waiting to be sent together; full or at the end of a turn of the loop, `flush` sends them.

    Where the kernel cuts (UDP segmentation, Linux 4.18), packets of one length for one address are one
    message to it: it looks up the route and takes its locks once for all of them.
    """

    def __init__(self, sock: socket.socket) -> None:
        super().__init__(SEND_SLOTS)
        self.used = 0
        self.dropped = 0
        self._sock = sock
        self.segments = mmsg.batched() and can_segment(sock)
        self._runs: list[tuple[int, int]] = []
        """First slot and number of slots of each message."""
        self._vector_words = memoryview(mmsg.ffi.buffer(self._vectors)).cast("P")
        self._message_words = memoryview(self._raw).cast("Q")
        controls = bytearray(SEND_SLOTS * _CONTROL_BYTES)
        for slot in range(SEND_SLOTS):
            struct.pack_into("=QII", controls, slot * _CONTROL_BYTES, 18, _SOL_UDP, _UDP_SEGMENT)
        self._control_pointer = mmsg.ffi.from_buffer(controls)
        self._segment_bytes = memoryview(controls).cast("H")
        self._addresses = [
            int(mmsg.ffi.cast("uintptr_t", pointer))
            for pointer in (self._name_pointers, self._vectors, self._control_pointer)
        ]

    def add(self, lengths: Sequence[int], name: bytes) -> None:
        """Count datagrams for one address that were written into the slots from `used` on."""
        first, count = self.used, len(lengths)
        words = self._vector_words
        for slot, length in enumerate(lengths, first):
            words[2 * slot + 1] = length
        self.used = first + count
        if count == 1:
            self._message(first, 1, name)
        elif self.segments and lengths[-1] <= lengths[0] and lengths.count(lengths[0]) >= count - 1:
            self._segment_bytes[len(self._runs) * _CONTROL_BYTES // 2 + 8] = lengths[0]
            self._message(first, count, name)
        else:
            for slot in range(first, first + count):
                self._message(slot, 1, name)

    def flush(self) -> None:
        """Send everything; what the kernel does not take is dropped and counted, like on any wire."""
        runs, self._runs, self.used = self._runs, [], 0
        if not mmsg.batched():
            for first, _ in runs:
                self._send_alone(first, first)
            return
        sent = 0
        while sent < len(runs):
            done = mmsg.send_messages(self._sock, self._messages + sent, len(runs) - sent)
            if done <= 0:
                error = mmsg.ffi.errno
                if error in _BUSY:
                    self.dropped += sum(count for _, count in runs[sent:])
                    return
                self._refused(sent, runs[sent], error)
                done = 1
            sent += done

    def _message(self, first: int, count: int, name: bytes) -> None:
        """The next message is the datagrams in so many slots."""
        index = len(self._runs)
        self._runs.append((first, count))
        at = index * NAME_BYTES
        self._names[at : at + NAME_BYTES] = name
        words, at = self._message_words, index * _MESSAGE_WORDS
        _, vectors, controls = self._addresses
        words[at + _VECTORS] = vectors + 16 * first
        words[at + _VECTOR_COUNT] = count
        words[at + _CONTROL] = controls + _CONTROL_BYTES * index if count > 1 else 0
        words[at + _CONTROL_LENGTH] = _CONTROL_BYTES if count > 1 else 0

    def _refused(self, index: int, run: tuple[int, int], error: int) -> None:
        """The kernel does not take this message; what it cannot cut goes out in pieces, from now on all."""
        first, count = run
        if count > 1 and error in _CANNOT_SEGMENT:
            self.segments = False
            for slot in range(first, first + count):
                self._send_alone(slot, index)
        else:
            self.dropped += count

    def _send_alone(self, slot: int, named: int) -> None:
        start, at = slot * SLOT_BYTES, named * NAME_BYTES
        address = mmsg.unpack_address(bytes(self._names[at : at + NAME_BYTES]))
        try:
            self._sock.sendto(self.view[start : start + self._vector_words[2 * slot + 1]], address)
        except OSError:
            self.dropped += 1


def can_segment(sock: socket.socket) -> bool:
    """Whether this socket's kernel cuts one message into datagrams."""
    with contextlib.suppress(OSError):
        sock.setsockopt(_SOL_UDP, _UDP_SEGMENT, 0)
        return True
    return False
