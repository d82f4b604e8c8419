"""A server that is slow, endless or packs too much is given up in one line, and nothing waits for it."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from ingest.source import SourceError
from ingest.transport.failures import PostponedError, TooLargeError, UnreachableError
from ingest.transport.http_client import Client, RetryPolicy, Service


@contextmanager
def server(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server on loopback that hands each connection to `answer`; yields its address."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=_answered, args=(connection, answer), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        listening.close()


def _answered(connection: socket.socket, answer: Callable[[socket.socket], None]) -> None:
    with connection:
        try:
            connection.recv(65_536)
            answer(connection)
        except OSError:
            return


def client(base: str, **patience: float) -> Client:
    limits = {"attempts": 1, "answer_seconds": 0.5, "read_seconds": 5.0, **patience}
    return Client(Service("Forge", base), None, RetryPolicy(**limits), lambda _: None)  # type: ignore[arg-type]


def _drip_head(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while True:
        connection.sendall(b"a")
        time.sleep(0.02)


def test_a_server_that_drips_its_header_is_given_up() -> None:
    """The deadline of a request counts from its first byte, header lines included."""
    with server(_drip_head) as base, client(base) as asking, pytest.raises(UnreachableError, match="in time"):
        asking.get("runs")


def test_the_time_of_a_whole_source_is_bounded() -> None:
    """When the time of a source is over, the pull stops there and the next one goes on."""
    with server(_drip_head) as base, client(base, source_seconds=0.0) as asking, pytest.raises(PostponedError):
        asking.get("runs")


def _packed(encoding: str, body: bytes) -> Callable[[socket.socket], None]:
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: {len(body)}\r\n\r\n"
    return lambda connection: connection.sendall(head.encode() + body)


def test_what_unpacks_to_more_than_the_cap_is_not_unpacked() -> None:
    """A gzip body is unpacked piece by piece, and no further than the cap."""
    with (
        server(_packed("gzip", gzip.compress(bytes(80_000_000)))) as base,
        client(base, answer_seconds=30) as asking,
        pytest.raises(TooLargeError, match="cap"),
    ):
        asking.get("runs", cap=100_000)


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip"])
def test_packing_that_was_not_asked_for_is_refused(encoding: str) -> None:
    """Brotli can hold gigabytes in a few kilobytes: it is not asked for, and not unpacked."""
    with (
        server(_packed(encoding, b"\x0b\x02\x80")) as base,
        client(base) as asking,
        pytest.raises(SourceError, match="asked for was gzip"),
    ):
        asking.get("runs")


def test_a_list_without_end_is_stopped() -> None:
    """A service whose every page names a next one is stopped at the page budget."""
    number = iter(range(10**6))

    def answer(connection: socket.socket) -> None:
        link = f'<{bases[0]}/runs?page={next(number)}>; rel="next"'
        head = f"HTTP/1.1 200 OK\r\nLink: {link}\r\nContent-Length: 2\r\nConnection: close\r\n\r\n[]"
        connection.sendall(head.encode())

    bases: list[str] = []
    with server(answer) as base, client(base, pages=20, answer_seconds=30) as asking:
        bases.append(base)
        with pytest.raises(SourceError, match="more than 20 pages"):
            list(asking.pages("runs"))
