"""The network: the only module from which Policy KG opens connections to other servers.

One exchange of HTTP/1.1 a connection, streamed both ways. No redirect is followed, so that neither a credential nor a
query reaches a server that nobody named; certificates are verified against the system's list; no proxy is taken from
the environment.
"""

from __future__ import annotations

import asyncio
import base64
import ipaddress
import re
import socket
import ssl
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final, Self
from urllib.parse import urlsplit

import h11

from kg.model.errors import RemoteError, UsageError
from kg.model.reach import Hosts

_PIECE: Final = 64 * 1024
_PORTS: Final = {"http": 80, "https": 443}
_VISIBLE: Final = re.compile(r"[\x21-\x7e]+")
_UNPRINTABLE: Final = re.compile(r"[^\x20-\x7e]+")
_MOST_WORDS: Final = 300
_LONGEST_EXPLANATION: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Credential:
    """What is shown to another server: a token (RFC 6750), or `user:password` (RFC 7617). Never printed."""

    secret: str = field(repr=False)

    @classmethod
    def read(cls, text: str) -> Self:
        """The credential that a file or a variable holds, white space around it left out.

        Raises:
            UsageError: there is none, or it has characters that no header can hold.
        """
        secret = text.strip()
        if not _VISIBLE.fullmatch(secret):
            raise UsageError("the credential is empty or has characters that no header holds; expected one word")
        return cls(secret)

    @property
    def header(self) -> str:
        """The value of `Authorization`: a bearer token has no colon, a user's name ends at one."""
        if ":" not in self.secret:
            return f"Bearer {self.secret}"
        return f"Basic {base64.b64encode(self.secret.encode()).decode()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where another server answers: scheme, host, port, and the path with its query."""

    scheme: str
    host: str
    port: int
    target: str

    @classmethod
    def read(cls, url: str) -> Self:
        """The parts of a URL.

        Raises:
            UsageError: it is no http or https URL, holds a user, a password or a fragment, or has spaces in it.
        """
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError as error:
            raise UsageError(f"{url!r} is no address: {error}") from error
        if not _VISIBLE.fullmatch(url) or parts.scheme not in _PORTS or not host or parts.fragment:
            raise UsageError(f"{url!r} is no address; expected one such as https://example.org/data")
        if parts.username is not None or parts.password is not None:
            raise UsageError("the address holds a user or a password; keep them in a file or a variable instead")
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return cls(scheme=parts.scheme, host=host, port=port or _PORTS[parts.scheme], target=target)

    @property
    def is_private(self) -> bool:
        """Whether nobody can listen on the way: by TLS, or since it is this machine."""
        if self.scheme == "https" or self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def authority(self) -> str:
        """Host and port as the header `Host` holds them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked; a body is sent as it comes, in chunks unless its headers tell its length."""

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Iterable[bytes] | None = None


class Response:
    """What another server answers, its body still to come.

    Attributes:
        headers: by their names in lower case; of several of one name the last.
    """

    def __init__(self, server: str, head: h11.Response, chunks: AsyncIterator[bytes]) -> None:
        self.server, self.status = server, head.status_code
        self.headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in head.headers}
        self.chunks = chunks

    @property
    def media_type(self) -> str:
        """That of the body, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    async def read(self, most: int) -> bytes:
        """The whole body.

        Raises:
            RemoteError: it is longer than `most` bytes, or breaks off.
        """
        body = bytearray()
        async for chunk in self.chunks:
            body += chunk
            if len(body) > most:
                raise RemoteError(self.server, f"it answers more than {most:,} bytes", may_pass=False)
        return bytes(body)

    async def explained(self) -> str:
        """The status with the beginning of what the server says of it, in printable ASCII."""
        said = bytearray()
        with suppress(RemoteError):
            async for chunk in self.chunks:
                said += chunk
                if len(said) > _LONGEST_EXPLANATION:
                    break
        words = " ".join(_UNPRINTABLE.sub(" ", bytes(said).decode("utf-8", "replace")).split())[:_MOST_WORDS]
        name = HTTPStatus(self.status).phrase if self.status in set(HTTPStatus) else ""
        return f"{self.status} {name}".rstrip() + (f": {words}" if words and "<" not in words else "")


class Remote:
    """Another server.

    Attributes:
        address: where it answers.
        patience: seconds without a byte after which an exchange has failed.
        hosts: where it may be; the addresses that its name resolves to are looked at, and connected to.
    """

    def __init__(
        self,
        address: Address,
        credential: Credential | None = None,
        *,
        patience: float = 60.0,
        hosts: Hosts = Hosts.ANY,
    ) -> None:
        if credential is not None and not address.is_private:
            raise UsageError(f"a credential would cross the network unencrypted to {address.host}; use https")
        self.address, self.patience, self.hosts, self._credential = address, patience, hosts, credential
        self._tls = ssl.create_default_context() if address.scheme == "https" else None

    @asynccontextmanager
    async def exchange(self, request: Request) -> AsyncIterator[Response]:
        """Sends a request and gives the response, as soon as its head is there; the connection ends with the block.

        Raises:
            RemoteError: there is no connection, no trust in the certificate, no answer in time, or no HTTP in it.
        """
        reader, writer = await self._connected()
        try:
            wire = _Wire(self, reader, writer)
            head = await wire.asked(request, self._headers(request))
            yield Response(self.address.authority, head, wire.body())
        finally:
            writer.transport.abort()

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        try:
            async with asyncio.timeout(self.patience):
                return await self._connected_to(await self._resolved())
        except TimeoutError as error:
            raise RemoteError(self.address.authority, f"no connection within {self.patience:g} s") from error
        except ssl.SSLError as error:
            raise RemoteError(self.address.authority, f"no trusted connection: {error}", may_pass=False) from error
        except OSError as error:
            raise RemoteError(self.address.authority, f"no connection: {error.strerror or error}") from error

    async def _resolved(self) -> list[str]:
        """The addresses of its name. All must be where it may be: a name with others as well is not what it was."""
        found = await asyncio.get_running_loop().getaddrinfo(
            self.address.host, self.address.port, type=socket.SOCK_STREAM
        )
        addresses = list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))
        if not all(map(self.hosts.admit, addresses)):
            reason = "its name leads to an address that is not of the public internet"
            raise RemoteError(self.address.authority, reason, may_pass=False)
        return addresses

    async def _connected_to(self, addresses: list[str]) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection to the first of these addresses that takes one; its name is asked for no second time."""
        name = self.address.host if self._tls is not None else None
        refused: OSError | None = None
        for address in addresses:
            try:
                return await asyncio.open_connection(address, self.address.port, ssl=self._tls, server_hostname=name)
            except ssl.SSLError:
                raise
            except OSError as error:
                refused = error
        raise refused or OSError("its name has no address")

    def _headers(self, request: Request) -> list[tuple[str, str]]:
        headers = {"Host": self.address.authority, "User-Agent": "policy-kg", "Connection": "close", **request.headers}
        if request.body is not None and "Content-Length" not in headers:
            headers["Transfer-Encoding"] = "chunked"
        elif request.method in {"PUT", "POST"}:
            headers.setdefault("Content-Length", "0")
        if self._credential is not None:
            headers["Authorization"] = self._credential.header
        return list(headers.items())


class _Wire:
    """HTTP/1.1 over one connection."""

    def __init__(self, remote: Remote, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._remote, self._reader, self._writer = remote, reader, writer
        self._http = h11.Connection(h11.CLIENT)

    async def asked(self, request: Request, headers: list[tuple[str, str]]) -> h11.Response:
        """The response's head. One that comes early ends the sending: a server need not read what it refuses."""
        await self._send(h11.Request(method=request.method, target=request.target, headers=headers))
        head, sending = asyncio.ensure_future(self._head()), asyncio.ensure_future(self._send_body(request))
        try:
            await asyncio.wait({head, sending}, return_when=asyncio.FIRST_COMPLETED)
            if sending.done():
                sending.result()
            return await head
        finally:
            for task in (head, sending):
                task.cancel()
            await asyncio.gather(head, sending, return_exceptions=True)

    async def body(self) -> AsyncIterator[bytes]:
        """The pieces of the response's body."""
        while not isinstance(event := await self._event(), h11.EndOfMessage):
            if isinstance(event, h11.Data):
                yield bytes(event.data)

    async def _send_body(self, request: Request) -> None:
        for piece in request.body or ():
            await self._send(h11.Data(data=piece))
        await self._send(h11.EndOfMessage())

    async def _send(self, event: h11.Request | h11.Data | h11.EndOfMessage) -> None:
        self._writer.write(self._http.send(event) or b"")
        with suppress(ConnectionError):  # what the server said before it hung up is still to be read
            async with asyncio.timeout(self._remote.patience):
                await self._writer.drain()

    async def _head(self) -> h11.Response:
        while not isinstance(event := await self._event(), h11.Response):
            pass
        return event

    async def _event(self) -> h11.Event:
        try:
            while (event := self._http.next_event()) is h11.NEED_DATA:
                async with asyncio.timeout(self._remote.patience):
                    self._http.receive_data(await self._reader.read(_PIECE))
        except TimeoutError as error:
            raise self._failed(f"no answer within {self._remote.patience:g} s") from error
        except (OSError, h11.RemoteProtocolError) as error:
            raise self._failed(f"the answer breaks off: {error}") from error
        if isinstance(event, h11.Event):
            return event
        raise self._failed("the answer breaks off")

    def _failed(self, reason: str) -> RemoteError:
        return RemoteError(self._remote.address.authority, reason)
