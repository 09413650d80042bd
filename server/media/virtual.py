"""What aioice takes for a socket of its own, on a port that all connections share."""

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the port makes it
    from server.media.udp_port import Route, UdpPort


class VirtualTransport(asyncio.DatagramTransport):
    """What aioice takes for the socket of one connection: a view of a shared port."""

    def __init__(self, port: "UdpPort", username: str, protocol: Any) -> None:
        super().__init__()
        self.port = port
        self.protocol = protocol
        self.route: Route | None = None
        self._username = username
        self._closed = False
        port.attach(username, self)

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """The address (`sockname`) of the port."""
        return self.port.address if name == "sockname" else default

    def sendto(self, data: Any, addr: Any = None) -> None:
        """Send one datagram; a STUN request's answer will be delivered here."""
        if self._closed:
            return
        if data[0] == 0 and data[1] == 1:
            self.port.expect(bytes(data[8:20]), self)
        self.port.send_now(data, addr)

    def is_closing(self) -> bool:
        """Whether the connection is closed."""
        return self._closed

    def close(self) -> None:
        """Leave the port."""
        if not self._closed:
            self._closed = True
            self.port.detach(self._username, self, self.route)
            asyncio.get_running_loop().call_soon(self.protocol.connection_lost, None)

    def abort(self) -> None:
        """Leave the port."""
        self.close()
