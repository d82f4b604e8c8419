"""A small HTTP client for services that page, limit rates, redirect and break off half way; `send` alone writes."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urljoin, urlsplit

from ingest.source import SourceError
from ingest.transport.addresses import (
    LOOPBACK,
    check_base,
    check_token,
    is_loopback,
    origin,
    shown_origin,
    without_query,
)
from ingest.transport.etag_cache import ETagCache
from ingest.transport.failures import (
    PostponedError,
    RefusedError,
    TooLargeError,
    UnreachableError,
    in_words,
    message_of,
)
from ingest.transport.rate_limits import limit_wait

if TYPE_CHECKING:
    import ssl

    from ingest.transport.bounded import BoundedClient

REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HOPS = 5
_Written = tuple[str, bytes | None]  # method and body
_READ: _Written = ("GET", None)


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How long the client waits, and for what."""

    attempts: int = 4  # of one request, when the connection breaks or the service stumbles
    backoff_seconds: float = 1.0  # doubled after each attempt
    longest_wait_seconds: float = 60.0  # a rate limit beyond this ends the pull, with a marker
    total_wait_seconds: float = 300.0  # over all rate limits of one pull
    connect_seconds: float = 10.0
    read_seconds: float = 30.0  # between two pieces of an answer
    answer_seconds: float = (
        300.0  # for the whole answer, its header included: a service that drips must not hold the pull
    )
    source_seconds: float = 3600.0  # for everything that is asked of one service in one pull
    pages: int = 5_000  # of one list: a service that pages without end must not hold the pull either


@dataclass(frozen=True, slots=True)
class Service:
    """Whom to ask. `token` goes to `base` alone and appears in no repr."""

    name: str  # in messages
    base: str
    headers: Mapping[str, str] = field(default_factory=dict)
    token_header: str = "Authorization"  # noqa: S105 - a name, no password
    token: str = field(default="", repr=False)
    token_hint: str = ""  # which environment variable holds it


@dataclass(frozen=True, slots=True)
class Answer:
    """One whole answer. `unchanged` says that the body is the remembered one, after a 304."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    next_url: str = ""
    unchanged: bool = False

    def json(self) -> Any:
        """Parse the body; an answer that is not JSON (a proxy's login page) is a SourceError."""
        try:
            return json.loads(self.body)
        except ValueError:
            start = self.body[:40].decode("utf-8", "replace")
            raise SourceError(f"{without_query(self.url)} answered no JSON but {start!r}: check the base URL") from None


class Client:
    """Asks one service. Use as a context manager."""

    def __init__(
        self,
        service: Service,
        memory: ETagCache | None = None,
        patience: RetryPolicy | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        import httpx

        from ingest.transport.bounded import ENCODINGS, BoundedClient

        # Both log every address (INFO) and header (DEBUG); those of artifact stores are as good as a password.
        for chatty in ("httpx", "httpcore"):
            logging.getLogger(chatty).setLevel(logging.WARNING)
        self.service = service
        self.patience = patience or RetryPolicy()
        self.requests = 0
        self._memory = memory or ETagCache(None)
        self._sleep = sleep
        self._waited = 0.0
        self._ends = time.monotonic() + self.patience.source_seconds
        self._base = service.base.rstrip("/")
        check_base(service.name, service.base, bool(service.token), service.token_hint)
        check_token(service.name, service.token, service.token_hint)
        timeout = httpx.Timeout(self.patience.read_seconds, connect=self.patience.connect_seconds)
        # What runs on this machine is asked directly, whatever proxy the environment names.
        proxies = not is_loopback(service.base)
        try:
            packing = {"Accept-Encoding": ENCODINGS}
            headers = {**packing, **service.headers}
            self._own = BoundedClient(timeout=timeout, headers=headers, verify=_trusted(), trust_env=proxies)
            # A client of its own for other origins: neither the token nor a cookie can leak into it.
            self._foreign = BoundedClient(timeout=timeout, headers=packing, verify=_trusted(), trust_env=proxies)
        except (ValueError, ImportError, httpx.InvalidURL):  # their words quote the address, with its password
            raise SourceError(
                f"{service.name}: the proxy of the environment is not an http or https address: check HTTPS_PROXY"
            ) from None
        except OSError as problem:
            raise SourceError(
                f"{service.name}: the certificates cannot be read ({problem.strerror}): check SSL_CERT_FILE"
            ) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._own.close()
        self._foreign.close()

    def get(self, path: str, params: Mapping[str, Any] | None = None, cap: int = 64_000_000) -> Answer:
        """Ask for `path` below the base (or for a whole URL of the same origin); 304 answers from memory."""
        url = self._absolute(path, params)
        for _ in range(_HOPS):
            known = self._memory.recall(url)
            extra = {"If-None-Match": known.etag} if known else {}
            answer = self._send_with_retries(self._own, url, self._with_token(extra), cap)
            if answer.status == 304 and known:
                return Answer(200, answer.headers, known.body, url, known.next_url, unchanged=True)
            if answer.status not in REDIRECTS:
                return self._remember(self._accepted(answer))
            url = self._same_origin(urljoin(url, answer.headers.get("location", "")), "redirect")
        raise SourceError(f"{self.service.name} redirects in a circle at {without_query(url)}")

    def send(self, method: str, path: str, body: Mapping[str, Any], cap: int = 1_000_000) -> Answer:
        """Write JSON to `path` below the base. A redirect is refused: it would turn a write into a read.

        A rate limit is waited for, since the service did nothing then. After a broken connection or a 5xx only a method
        that may be repeated is sent again; a POST may have been done.
        """
        url = self._absolute(path, None)
        payload = json.dumps(body, allow_nan=False).encode()
        headers = self._with_token({"Content-Type": "application/json"})
        answer = self._send_with_retries(self._own, url, headers, cap, (method, payload))
        if answer.status in REDIRECTS:
            raise SourceError(
                f"{self.service.name} redirects a write at {without_query(url)}: refused, check the address"
            )
        return self._accepted(answer)

    def pages(self, path: str, params: Mapping[str, Any] | None = None) -> Iterator[Answer]:
        """Yield the answer for `path` and every page after it, by its Link header."""
        url = self._absolute(path, params)
        seen = set()
        while url:
            if url in seen:
                raise SourceError(f"{self.service.name} pages in a circle at {without_query(url)}")
            seen.add(url)
            if len(seen) > self.patience.pages:
                raise SourceError(
                    f"{self.service.name} has more than {self.patience.pages:,} pages at {without_query(url)}: "
                    "stopped there, check the address"
                )
            answer = self.get(url)
            yield answer
            url = self._next_page(url, answer)

    def _next_page(self, url: str, answer: Answer) -> str:
        """The page after this one. A server behind a proxy may link to itself by a wrong name, and count right."""
        import httpx

        number = answer.headers.get("x-next-page", "").strip()
        if not answer.next_url or origin(answer.next_url) == origin(self._base) or not number.isdecimal():
            return answer.next_url
        return str(httpx.URL(url).copy_set_param("page", number))

    def download(self, path: str, cap: int) -> bytes:
        """Fetch a file of at most `cap` bytes; a redirect to another origin is followed without the token."""
        url = self._absolute(path, None)
        for _ in range(_HOPS):
            own = origin(url) == origin(self._base)
            client, headers = (self._own, self._with_token({})) if own else (self._foreign, {})
            answer = self._send_with_retries(client, url, headers, cap)
            if answer.status not in REDIRECTS:
                return self._accepted(answer).body
            url = self._safe_elsewhere(urljoin(url, answer.headers.get("location", "")))
        raise SourceError(f"{self.service.name} redirects in a circle at {without_query(url)}")

    def _absolute(self, path: str, params: Mapping[str, Any] | None) -> str:
        import httpx

        url = path if "://" in path else f"{self._base}/{path.lstrip('/')}"
        self._same_origin(url, "address")
        return str(httpx.URL(url).copy_merge_params(params)) if params else url

    def _with_token(self, headers: dict[str, str]) -> dict[str, str]:
        token = self.service.token
        return {**headers, self.service.token_header: token} if token else headers

    def _same_origin(self, url: str, what: str) -> str:
        if origin(url) != origin(self._base):
            raise SourceError(
                f"{self.service.name} sent a {what} to another host ({shown_origin(url)}, not "
                f"{shown_origin(self._base)}): refused, the token stays with the configured host"
            )
        return url

    def _safe_elsewhere(self, url: str) -> str:
        parts = urlsplit(url)
        loopback = parts.hostname in LOOPBACK
        if loopback and urlsplit(self._base).hostname in LOOPBACK:
            return url
        # A service out there has no business to send us to a server on this machine, nor in the clear.
        if parts.scheme != "https" or loopback:
            raise SourceError(f"{self.service.name} redirects a download to {shown_origin(url)}: refused, not https")
        return url

    def _send_with_retries(
        self, client: BoundedClient, url: str, headers: Mapping[str, str], cap: int, written: _Written = _READ
    ) -> Answer:
        """Send until a final answer came: broken connections and 5xx are tried again, rate limits waited for.

        By hand, since both kinds of waiting share one loop (stamina was tried, docs/decisions/0009).
        """
        import httpx

        failures = waits = 0
        while True:
            try:
                answer = self._send(client, url, headers, cap, written)
                trouble = f"answered {answer.status}" if answer.status >= 500 else ""
            except httpx.RequestError as problem:
                answer, trouble = None, in_words(problem)
            except httpx.InvalidURL:
                raise SourceError(
                    f"{self.service.name} sent an address that is none: {without_query(url)[:80]!r}"
                ) from None
            if trouble:
                failures += 1
                self._after_failure(failures, written[0], trouble, url, answer.body if answer else b"")
            elif answer is not None and (wait := limit_wait(answer.status, answer.headers, answer.body)) is not None:
                # A service that says "at once" and then no again must not be asked in a tight circle.
                self._wait_for_limit(max(wait, 2.0**waits))
                waits += 1
            elif answer is not None:
                return answer

    def _send(self, client: BoundedClient, url: str, headers: Mapping[str, str], cap: int, written: _Written) -> Answer:
        from ingest.transport.bounded import unpacked

        self.requests += 1
        client.deadline.at = self._deadline()
        pieces: list[bytes] = []
        size = 0
        method, payload = written
        with client.stream(method, url, headers=dict(headers), content=payload) as response:
            for piece in unpacked(response, f"{self.service.name} at {without_query(url)}"):
                size += len(piece)
                if size > cap:
                    raise TooLargeError(f"{without_query(url)} is larger than the cap of {cap:,} bytes: not read")
                pieces.append(piece)
            following = response.links.get("next", {}).get("url", "")
            next_url = urljoin(url, following) if following else ""
            return Answer(response.status_code, response.headers, b"".join(pieces), url, next_url)

    def _deadline(self) -> float:
        """When the next request ends at the latest; PostponedError when the time of the whole source is over."""
        now = time.monotonic()
        if now >= self._ends:
            raise PostponedError(
                f"{self.service.name} took more than {self.patience.source_seconds:,.0f} s in this pull: "
                "stopped here, the next pull goes on"
            )
        return min(now + self.patience.answer_seconds, self._ends)

    def _after_failure(self, failures: int, method: str, trouble: str, url: str, body: bytes) -> None:
        tries = 1 if method == "POST" else self.patience.attempts
        if failures >= tries:
            message = message_of(body)
            often = f", {failures} times in a row" if tries > 1 else ""
            raise UnreachableError(
                f"{self.service.name} at {without_query(url)} {trouble}{message}{often}: "
                "check the address and try again",
                body,
            )
        self._sleep(self.patience.backoff_seconds * 2 ** (failures - 1))

    def _wait_for_limit(self, seconds: float) -> None:
        left = self.patience.total_wait_seconds - self._waited
        if seconds > min(self.patience.longest_wait_seconds, left):
            raise PostponedError(
                f"{self.service.name} limits its rate for another {seconds:,.0f} s: stopped here, the next pull goes on"
            )
        self._waited += seconds
        self._sleep(seconds)

    def _accepted(self, answer: Answer) -> Answer:
        if answer.status < 400:
            return answer
        message = message_of(answer.body)
        advice = self._advice(answer.status)
        where = without_query(answer.url)
        problem_text = f"{self.service.name} answered {answer.status} for {where}{message}{advice}"
        raise RefusedError(problem_text, answer.status, by_service=origin(answer.url) == origin(self._base))

    def _advice(self, status: int) -> str:
        hint = self.service.token_hint
        if status == 401:
            return f": the token in {hint} was refused" if self.service.token else f": set {hint}"
        if status in (403, 404):
            who = "this token" if self.service.token else f"a reader without a token ({hint})"
            return f": it does not exist, or {who} may not see it"
        return ""

    def _remember(self, answer: Answer) -> Answer:
        etag = answer.headers.get("etag", "")
        # A page that leads to another host is refused; remembered, it would be refused for ever.
        leads_away = answer.next_url and origin(answer.next_url) != origin(self._base)
        if etag and answer.status == 200 and not leads_away:
            self._memory.keep(answer.url, etag, answer.next_url, answer.body)
        return answer


@cache
def _trusted() -> ssl.SSLContext:
    """The certificates that are trusted; reading them takes a tenth of a second, so once is enough."""
    import httpx

    return httpx.create_ssl_context()
