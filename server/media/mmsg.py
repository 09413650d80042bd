"""Many datagrams a system call: recvmmsg(2) and sendmmsg(2), where the system has them.

The standard library reads and writes one datagram a call; at hundreds of packets a second per candidate that
is half of what receiving costs.
"""

import contextlib
import socket
import struct
import sys
from collections.abc import Callable
from typing import Any

import cffi  # type: ignore[import-untyped]

RECEIVE_SLOTS = 128
SLOT_BYTES = 2048
NAME_BYTES = 32
SOCKADDR_BYTES = 28
_CONTROL_BYTES = 64
_SO_TIMESTAMPNS = 35
_CONTROL_HEADER_BYTES = 16
_LENGTH_STRIDE, _LENGTH_AT = 16, 14
_MSG_DONTWAIT = 0x40
_AVAILABLE = sys.platform == "linux" and sys.maxsize > 1 << 32

ffi = cffi.FFI()
ffi.cdef("""
struct iovec { void *iov_base; size_t iov_len; };
struct msghdr { void *msg_name; unsigned int msg_namelen; struct iovec *msg_iov; size_t msg_iovlen;
                void *msg_control; size_t msg_controllen; int msg_flags; };
struct mmsghdr { struct msghdr msg_hdr; unsigned int msg_len; };
int recvmmsg(int sockfd, struct mmsghdr *msgvec, unsigned int vlen, int flags, void *timeout);
int sendmmsg(int sockfd, struct mmsghdr *msgvec, unsigned int vlen, int flags);
""")


def _libc() -> Any:
    if not _AVAILABLE:
        return None
    with contextlib.suppress(OSError):
        libc = ffi.dlopen(None)
        if hasattr(libc, "recvmmsg") and hasattr(libc, "sendmmsg"):
            return libc
    return None


_LIBC = _libc()


def batched() -> bool:
    """Whether the system reads and writes many datagrams at once."""
    return _LIBC is not None


def send_messages(sock: socket.socket, messages: Any, count: int) -> int:
    """Send so many of `struct mmsghdr *`; how many the kernel took, -1 with `ffi.errno` when it took none."""
    sent: int = _LIBC.sendmmsg(sock.fileno(), messages, count, _MSG_DONTWAIT)
    return sent


def pack_address(address: tuple[str, int]) -> bytes:
    """A socket address as the kernel keeps it (sockaddr_in or sockaddr_in6), padded to 32 bytes."""
    host, port = address
    if ":" in host:
        packed = struct.pack("=H", socket.AF_INET6) + port.to_bytes(2, "big") + bytes(4)
        return packed + socket.inet_pton(socket.AF_INET6, host) + bytes(8)
    packed = struct.pack("=H", socket.AF_INET) + port.to_bytes(2, "big") + socket.inet_aton(host)
    return packed + bytes(NAME_BYTES - 8)


class Destination:
    """A packed address where the kernel can read it."""

    __slots__ = ("_kept", "name", "pointer")

    def __init__(self, address: tuple[str, int]) -> None:
        self.name = pack_address(address)
        self._kept = ffi.from_buffer(self.name)
        self.pointer = int(ffi.cast("uintptr_t", self._kept))


def unpack_address(name: bytes) -> tuple[str, int]:
    """The host and port of a packed address."""
    port = int.from_bytes(name[2:4], "big")
    if struct.unpack_from("=H", name)[0] == socket.AF_INET6:
        return socket.inet_ntop(socket.AF_INET6, name[8:24]), port
    return socket.inet_ntoa(name[4:8]), port


class Batch:
    """Datagrams side by side in one buffer; slot `i` begins at byte `i * SLOT_BYTES`."""

    def __init__(self, slots: int) -> None:
        self.slots = slots
        self.data = bytearray(slots * SLOT_BYTES)
        self.view = memoryview(self.data)
        self._data = ffi.from_buffer(self.data)
        self._names = bytearray(slots * NAME_BYTES)
        self._name_pointers = ffi.from_buffer(self._names)
        self._raw = bytearray(slots * ffi.sizeof("struct mmsghdr"))
        self._raw_pointer = ffi.from_buffer(self._raw)
        self._messages = ffi.cast("struct mmsghdr *", self._raw_pointer)
        self._vectors = ffi.new("struct iovec[]", slots)
        for slot in range(slots):
            header = self._messages[slot].msg_hdr
            self._vectors[slot].iov_base = self._data + slot * SLOT_BYTES
            self._vectors[slot].iov_len = SLOT_BYTES
            header.msg_name = self._name_pointers + slot * NAME_BYTES
            header.msg_namelen = SOCKADDR_BYTES
            header.msg_iov = ffi.addressof(self._vectors, slot)
            header.msg_iovlen = 1


class ReceiveBatch(Batch):
    """Reads what waits in a socket, up to 128 datagrams at once.

    What the kernel says about a batch is taken as lists, one call for all: an index into a view costs more.
    """

    def __init__(self) -> None:
        super().__init__(RECEIVE_SLOTS)
        self.srtp_pointers: list[Any] = []
        control = bytearray(RECEIVE_SLOTS * _CONTROL_BYTES)
        pointer = ffi.from_buffer(control)
        for slot in range(RECEIVE_SLOTS):
            header = self._messages[slot].msg_hdr
            header.msg_control = pointer + slot * _CONTROL_BYTES
            header.msg_controllen = _CONTROL_BYTES
        self._control_pointer = pointer
        self._fresh = bytes(self._raw)
        self._lengths = memoryview(self._raw).cast("I")[_LENGTH_AT::_LENGTH_STRIDE]
        self._keys = memoryview(self._names).cast("Q")[:: NAME_BYTES // 8]
        times = memoryview(control).cast("q")[_CONTROL_HEADER_BYTES // 8 :]
        self._seconds, self._nanoseconds = times[:: _CONTROL_BYTES // 8], times[1 :: _CONTROL_BYTES // 8]

    def receive(self, sock: socket.socket) -> int:
        """Fill the slots without waiting; returns how many are filled."""
        if _LIBC is None:
            return self._receive_each(sock)
        self._raw[:] = self._fresh  # the kernel wrote sizes into it
        count: int = _LIBC.recvmmsg(sock.fileno(), self._messages, RECEIVE_SLOTS, _MSG_DONTWAIT, ffi.NULL)
        return max(count, 0)

    def lengths(self, count: int) -> list[int]:
        """Bytes of each datagram."""
        return self._lengths[:count].tolist()

    def keys(self, count: int) -> list[int]:
        """The first eight bytes of each packed address: an IPv4 address whole."""
        return self._keys[:count].tolist()

    def arrivals_ms(self, count: int) -> list[float]:
        """When each datagram arrived (Unix time), as the kernel noted it."""
        seconds, nanoseconds = self._seconds[:count].tolist(), self._nanoseconds[:count].tolist()
        return [s * 1e3 + n * 1e-6 for s, n in zip(seconds, nanoseconds, strict=True)]

    def name(self, slot: int) -> bytes:
        """Packed address the datagram came from."""
        start = slot * NAME_BYTES
        return bytes(self._names[start : start + NAME_BYTES])

    def _receive_each(self, sock: socket.socket) -> int:
        for slot in range(RECEIVE_SLOTS):
            start, name = slot * SLOT_BYTES, slot * NAME_BYTES
            try:
                length, address = sock.recvfrom_into(self.view[start : start + SLOT_BYTES])
            except OSError:
                return slot
            self._lengths[slot] = length
            self._names[name : name + NAME_BYTES] = pack_address((address[0], address[1]))
        return RECEIVE_SLOTS


def enable_timestamps(sock: socket.socket) -> bool:
    """Ask the kernel for the arrival time of each datagram; False where it has none to give."""
    if _LIBC is None:
        return False
    with contextlib.suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        return True
    return False


def pointers(buffer: bytearray, from_buffer: Callable[[str, bytearray], Any]) -> list[Any]:
    """A C pointer to each slot of a batch's buffer, made by another library's `from_buffer`.

    Pointers into a view instead would keep the view exported, and the garbage collector cannot clear that.
    """
    first = from_buffer("char[]", buffer) + 0
    return [from_buffer("char[]", buffer), *(first + at for at in range(SLOT_BYTES, len(buffer), SLOT_BYTES))]
