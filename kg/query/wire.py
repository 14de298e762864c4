"""The service's end of the socket to a worker."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

from kg.query.messages import LENGTHS, Header, unpacked_header


class Wire(asyncio.Protocol):
    """Our end of the socket: whole messages come out of the bytes.

    Attributes:
        deliver: is given each message, its header and what follows; it must be set before the message may come.
        lost: is called once, when the connection is lost.
        is_lost: whether it is.
    """

    def __init__(self) -> None:
        self.deliver: Callable[[Header, bytes], None] = lambda *_: None
        self.lost: Callable[[], None] = lambda: None
        self.is_lost = False
        self._transport: asyncio.Transport | None = None
        self._received = bytearray()
        self._paused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It is connected."""
        self._transport = cast("asyncio.Transport", transport)  # what a socket of streams gives, by whichever loop

    def data_received(self, data: bytes) -> None:
        """Delivers each message that is whole now."""
        if not self._received and self._is_delivered(data):
            return
        self._received += data
        while len(self._received) >= LENGTHS.size:
            header, payload = LENGTHS.unpack_from(self._received)
            body = LENGTHS.size + header
            if len(self._received) < body + payload:
                return
            told, held = self._received[LENGTHS.size : body], bytes(self._received[body : body + payload])
            del self._received[: body + payload]
            self.deliver(unpacked_header(told), held)

    def _is_delivered(self, data: bytes) -> bool:
        """Whether it was one message, as short answers are: delivered without a copy."""
        if len(data) < LENGTHS.size:
            return False
        header, payload = LENGTHS.unpack_from(data)
        body = LENGTHS.size + header
        if len(data) != body + payload:
            return False
        self.deliver(unpacked_header(data[LENGTHS.size : body]), data[body:])
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """The worker has ended, or the service has closed its end."""
        del exc  # however it was lost
        self.is_lost = True
        self.lost()

    def send(self, message: bytes) -> None:
        """Sends a message as it is; what is sent to a lost worker goes nowhere."""
        if self._transport is not None:
            self._transport.write(message)

    def pause(self) -> None:
        """Reads no more: whoever sends waits."""
        if not self._paused and not self.is_lost and self._transport is not None:
            self._paused = True
            self._transport.pause_reading()

    def resume(self) -> None:
        """Reads again."""
        if self._paused and not self.is_lost and self._transport is not None:
            self._paused = False
            self._transport.resume_reading()

    def close(self) -> None:
        """Closes it at once, whatever is under way."""
        if self._transport is not None:
            self._transport.abort()
