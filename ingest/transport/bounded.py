"""Bounds on what a server can make us wait for and hold: a deadline for every byte, a cap on what unpacks."""

from __future__ import annotations

import ssl
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import httpcore
import httpx

from ingest.source import SourceError

ENCODINGS = "gzip, identity"  # brotli unpacks to a million times its size in one step, so it is not asked for
_PIECE = 1 << 16


class Deadline:
    """When the present request is given up, its headers included: a service that drips cannot move it."""

    def __init__(self) -> None:
        self.at = float("inf")

    def left(self, timeout: float | None) -> float:
        """Seconds that one operation may still take; httpcore.ReadTimeout when none are left."""
        rest = self.at - time.monotonic()
        if rest <= 0:
            raise httpcore.ReadTimeout("the deadline of the request has passed")
        return rest if timeout is None else min(timeout, rest)


class _Stream(httpcore.NetworkStream):
    """A connection of which each operation ends at the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        plain = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left(timeout))
        return _Stream(plain, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


# The numbers that may be connected to for a host and port, in the order in which they are tried.
Resolver = Callable[[str, int], Sequence[str]]


class _Backend(httpcore.NetworkBackend):
    """Opens connections that keep the deadline, to the addresses that the resolver gives where there is one."""

    def __init__(self, backend: httpcore.NetworkBackend, deadline: Deadline, resolve: Resolver | None) -> None:
        self._backend = backend
        self._deadline = deadline
        self._resolve = resolve

    def connect_tcp(self, host: str, port: int, timeout: float | None = None, *rest: Any, **more: Any) -> Any:
        problem: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in self._resolve(host, port) if self._resolve else (host,):
            try:
                stream = self._backend.connect_tcp(address, port, self._deadline.left(timeout), *rest, **more)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failed:
                problem = failed
                continue
            return _Stream(stream, self._deadline)
        raise problem

    def connect_unix_socket(self, path: str, timeout: float | None = None, socket_options: Any = None) -> Any:
        raise httpcore.ConnectError("a socket of this machine is not a service")

    def sleep(self, seconds: float) -> None:
        self._backend.sleep(seconds)


class BoundedClient(httpx.Client):
    """An httpx client whose connections keep the deadline of the request.

    httpx bounds the time between two pieces of an answer. A server that sends one byte of its header each second stays
    below that for ever; the deadline counts the whole. With `resolve`, a name is looked up once, by it, and the
    connection goes to what it gave.
    """

    def __init__(self, resolve: Resolver | None = None, **settings: Any) -> None:
        super().__init__(**settings)
        self.deadline = Deadline()
        for transport in (self._transport, *self._mounts.values()):
            pool = getattr(transport, "_pool", None)
            if pool is not None:  # httpx has no public way to hand a network backend to its own transports
                pool._network_backend = _Backend(pool._network_backend, self.deadline, resolve)


def unpacked(response: httpx.Response, where: str) -> Iterator[bytes]:
    """The body in pieces of at most 64 kB, unpacked as far as the caller goes on asking; SourceError for other packing.

    The caller counts and stops: no piece is larger because it was packed better.
    """
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding in ("", "identity"):
        return response.iter_raw(_PIECE)
    if encoding not in ("gzip", "x-gzip"):
        raise SourceError(f"{where} answered in the encoding {encoding[:40]!r}, asked for was gzip: not read")
    return _gunzipped(response.iter_raw(_PIECE), response)


def _gunzipped(pieces: Iterable[bytes], response: httpx.Response) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(wbits=31)
    try:
        for piece in pieces:
            waiting = piece
            while waiting:
                part = unpacker.decompress(waiting, _PIECE)
                if part:
                    yield part
                if unpacker.eof:  # a file of several members, one after the other
                    waiting, unpacker = unpacker.unused_data, zlib.decompressobj(wbits=31)
                else:
                    waiting = unpacker.unconsumed_tail
    except zlib.error:
        raise httpx.DecodingError("the answer is not gzip, as its header says", request=response.request) from None
