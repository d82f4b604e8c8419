"""One request to a running system with a stop-watch, and a look at its TLS certificate."""

from __future__ import annotations

import errno
import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable
from datetime import datetime
from functools import cache, partial
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin, urlsplit
from urllib.request import getproxies, proxy_bypass

from ingest.source import SourceError, TMinusError
from ingest.transport.addresses import is_loopback

if TYPE_CHECKING:
    import httpx

_CAP_BYTES = 20_000_000
_SECONDS_PER_DAY = 86_400


class ProbeFailedError(TMinusError):
    """No answer, and why. `is_ours` says that this machine could not even ask: the system may be well."""

    def __init__(self, message: str, *, is_ours: bool = False) -> None:
        super().__init__(message)
        self.is_ours = is_ours


class Seen(NamedTuple):
    """One answer: seconds to its first byte and to its last, connecting included."""

    status: int
    first_byte: float
    whole: float
    body: bytes
    leads_to: str = ""  # the address of a redirect


def _target_of(response: httpx.Response, url: str) -> str:
    """Where a redirect leads; empty for any other answer."""
    return urljoin(url, response.headers.get("location", "")) if response.is_redirect else ""


def _capped_body(pieces: Iterable[bytes]) -> bytes:
    """The body of an answer; ProbeFailedError where it is larger than an answer can be."""
    body = bytearray()
    for piece in pieces:
        body += piece
        if len(body) > _CAP_BYTES:
            raise ProbeFailedError("the answer does not end")
    return bytes(body)


def fetch(url: str, timeout: float, ca_file: str = "", *, may_be_private: bool = False) -> Seen:
    """Ask once, on a fresh connection as a new visitor has it. Redirects are answers, they are not followed.

    The name is looked up once, and what it gave is checked and connected to: a name that answers with another address
    at the second look-up gains nothing. Behind a proxy of the environment, the proxy looks names up.
    """
    import httpx

    from ingest.transport.bounded import ENCODINGS, BoundedClient, unpacked

    context = _context(ca_file)
    deadline = time.monotonic() + 3 * timeout  # of the whole answer, its header included
    try:
        proxies = not is_loopback(url)
        agent = {"User-Agent": "tminus probe", "Accept-Encoding": ENCODINGS}
        resolve = None if proxies and _has_proxy(url) else partial(_addresses, may_be_private=may_be_private)
        with BoundedClient(resolve, timeout=timeout, verify=context, headers=agent, trust_env=proxies) as client:
            client.deadline.at = deadline
            begin = time.perf_counter()
            with client.stream("GET", url) as response:
                first = time.perf_counter() - begin
                body = _capped_body(unpacked(response, "the system"))
                whole = time.perf_counter() - begin
                return Seen(response.status_code, first, whole, body, _target_of(response, url))
    except (SourceError, httpx.InvalidURL, httpx.RequestError, OSError, ValueError, ImportError) as problem:
        raise _failure(problem, url, timeout, is_over=time.monotonic() >= deadline) from None


def _failure(problem: Exception, url: str, timeout: float, *, is_over: bool) -> ProbeFailedError:
    """What went wrong in one line, and whether this machine could not even ask."""
    import httpx

    if isinstance(problem, SourceError):
        return ProbeFailedError(str(problem))
    if isinstance(problem, httpx.TimeoutException):
        return ProbeFailedError("the answer does not end" if is_over else f"no answer within {timeout:g} s")
    if isinstance(problem, httpx.ProxyError):
        return ProbeFailedError(f"the proxy refused ({_one_line(problem)})", is_ours=True)
    if isinstance(problem, httpx.RequestError | OSError):
        through_proxy = isinstance(problem, httpx.ConnectError) and not is_loopback(url) and _has_proxy(url)
        return ProbeFailedError(f"no answer ({_one_line(problem)})", is_ours=_is_ours(problem) or through_proxy)
    what = f"cannot be asked ({type(problem).__name__}): check the address and the proxy"
    return ProbeFailedError(what, is_ours=True)


def tls_days_left(url: str, now: datetime, timeout: float, ca_file: str = "", *, may_be_private: bool = False) -> float:
    """Days until the certificate of the host expires; one that is not trusted is a failure with its reason."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        with (
            _connected(host, parts.port or 443, timeout, may_be_private=may_be_private) as plain,
            _context(ca_file).wrap_socket(plain, server_hostname=host) as secure,
        ):
            certificate = secure.getpeercert() or {}
    except ssl.SSLCertVerificationError as problem:
        raise ProbeFailedError(f"the certificate is refused: {problem.verify_message}") from None
    except OSError as problem:
        raise ProbeFailedError(f"no TLS connection ({_one_line(problem)})", is_ours=_is_ours(problem)) from None
    expires = ssl.cert_time_to_seconds(str(certificate["notAfter"]))
    return (expires - now.timestamp()) / _SECONDS_PER_DAY


def _connected(host: str, port: int, timeout: float, *, may_be_private: bool) -> socket.socket:
    problem = OSError(f"{host} has no address")
    for address in _addresses(host, port, may_be_private=may_be_private):
        try:
            return socket.create_connection((address, port), timeout)
        except OSError as failed:
            problem = failed
    raise problem


def _addresses(host: str, port: int, *, may_be_private: bool) -> list[str]:
    """The address of the name now; ProbeFailedError where that is of this machine or network and must not be."""
    rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    found = list(dict.fromkeys(str(row[4][0]) for row in rows))
    if not may_be_private and not all(map(_is_public, found)):
        raise ProbeFailedError(f"{host} now leads to an address of this machine or network: not asked", is_ours=True)
    return found


def reaches_private(url: str) -> bool:
    """Whether the host is, by name or number, an address of this machine or of a private network.

    A name that cannot be looked up is not private: the request fails by itself.
    """
    host = urlsplit(url).hostname or ""
    try:
        found = {str(row[4][0]) for row in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        return False
    return any(not _is_public(address) for address in found)


def _is_public(address: str) -> bool:
    number = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(number, "ipv4_mapped", None) or number
    return inner.is_global and not inner.is_multicast


@cache
def _context(ca_file: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file or None)
    except OSError as problem:
        raise ProbeFailedError(
            f"sources.probes.ca_file {ca_file!r} cannot be read: {problem.strerror}", is_ours=True
        ) from None


def _has_proxy(url: str) -> bool:
    """Whether the environment sends the request through a proxy: what cannot be connected to is the proxy then."""
    parts = urlsplit(url)
    known = getproxies()
    return bool(known.get(parts.scheme) or known.get("all")) and not proxy_bypass(parts.netloc.rpartition("@")[2])


def _is_ours(problem: BaseException | None) -> bool:
    """A name that cannot be looked up or a network that is away: nothing was learned about the system."""
    while problem is not None:
        if isinstance(problem, socket.gaierror):
            return True
        if isinstance(problem, OSError) and problem.errno in (errno.ENETUNREACH, errno.ENETDOWN):
            return True
        problem = problem.__cause__ or problem.__context__
    return False


def _one_line(problem: Exception) -> str:
    return " ".join(str(problem).split())[:120] or type(problem).__name__
