"""Datagrams that are sent together: one system call for all, and one message for the packets of a frame."""

import contextlib
import errno
import socket
import struct
import sys

from server.media import mmsg
from server.media.mmsg import SLOT_BYTES, SOCKADDR_BYTES, Batch, Destination

SEND_SLOTS = 64
_SOL_UDP, _UDP_SEGMENT = 17, 103
_CONTROL_BYTES = 24
_VECTOR_BYTES = 16
_MESSAGE_BYTES = 64
_MESSAGE = struct.Struct("@PI4xPNPN")
"""struct msghdr without its flags: address, vectors, control message, each with its size."""
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
        self._runs: list[tuple[int, int, Destination]] = []
        """First slot, number of slots and destination of each message."""
        self.lengths = memoryview(mmsg.ffi.buffer(self._vectors)).cast("L")[1::2]
        """Bytes of the datagram in each slot."""
        controls = bytearray(SEND_SLOTS * _CONTROL_BYTES)
        for slot in range(SEND_SLOTS):
            struct.pack_into("=QII", controls, slot * _CONTROL_BYTES, 18, _SOL_UDP, _UDP_SEGMENT)
        self._control_pointer = mmsg.ffi.from_buffer(controls)
        self._segment_bytes = memoryview(controls).cast("H")
        self._vectors_at, self._controls_at = (
            int(mmsg.ffi.cast("uintptr_t", pointer)) for pointer in (self._vectors, self._control_pointer)
        )

    def length_addresses(self) -> list[int]:
        """Where each slot's length is kept, as a C int."""
        in_word = 0 if sys.byteorder == "little" else struct.calcsize("L") - struct.calcsize("i")
        first = self._vectors_at + struct.calcsize("P") + in_word
        return [first + _VECTOR_BYTES * slot for slot in range(SEND_SLOTS)]

    def add(self, count: int, to: Destination, *, alike: bool = False) -> None:
        """Count datagrams that were written into the slots from `used` on, with their `lengths`.

        `alike`: all are of one length, the last one not longer.
        """
        first = self.used
        self.used = first + count
        if count == 1:
            self._message(first, 1, to)
        elif alike and self.segments:
            self._segment_bytes[len(self._runs) * _CONTROL_BYTES // 2 + 8] = self.lengths[first]
            self._message(first, count, to)
        else:
            for slot in range(first, first + count):
                self._message(slot, 1, to)

    def flush(self) -> None:
        """Send everything; what the kernel does not take is dropped and counted, like on any wire."""
        runs, self._runs, self.used = self._runs, [], 0
        if not mmsg.batched():
            for first, _, to in runs:
                self._send_alone(first, to)
            return
        sent = 0
        while sent < len(runs):
            done = mmsg.send_messages(self._sock, self._messages + sent, len(runs) - sent)
            if done <= 0:
                error = mmsg.ffi.errno
                if error in _BUSY:
                    self.dropped += sum(count for _, count, _ in runs[sent:])
                    return
                self._refused(*runs[sent], error)
                done = 1
            sent += done

    def _message(self, first: int, count: int, to: Destination) -> None:
        """The next message is the datagrams in so many slots."""
        index = len(self._runs)
        self._runs.append((first, count, to))
        vectors, control, control_bytes = self._vectors_at + _VECTOR_BYTES * first, 0, 0
        if count > 1:
            control, control_bytes = self._controls_at + _CONTROL_BYTES * index, _CONTROL_BYTES
        at = index * _MESSAGE_BYTES
        _MESSAGE.pack_into(self._raw, at, to.pointer, SOCKADDR_BYTES, vectors, count, control, control_bytes)

    def _refused(self, first: int, count: int, to: Destination, error: int) -> None:
        """The kernel does not take this message; what it cannot cut goes out in pieces, from now on all."""
        if count > 1 and error in _CANNOT_SEGMENT:
            self.segments = False
            for slot in range(first, first + count):
                self._send_alone(slot, to)
        else:
            self.dropped += count

    def _send_alone(self, slot: int, to: Destination) -> None:
        start = slot * SLOT_BYTES
        try:
            self._sock.sendto(self.view[start : start + self.lengths[slot]], mmsg.unpack_address(to.name))
        except OSError:
            self.dropped += 1


def can_segment(sock: socket.socket) -> bool:
    """Whether this socket's kernel cuts one message into datagrams."""
    with contextlib.suppress(OSError):
        sock.setsockopt(_SOL_UDP, _UDP_SEGMENT, 0)
        return True
    return False
