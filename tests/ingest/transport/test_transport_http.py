"""The HTTP client against a real local server that misbehaves in every way a service can."""

from __future__ import annotations

import logging
import time
import traceback
from email.utils import formatdate
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.source import SourceError
from ingest.transport.addresses import without_query
from ingest.transport.etag_cache import ETagCache
from ingest.transport.failures import PostponedError, RefusedError, TooLargeError, UnreachableError
from ingest.transport.http_client import Client, RetryPolicy, Service
from ingest.transport.rate_limits import limit_wait
from tests.testing.local_forge import TOKEN, Fault, Forge, rate_limit_until, serving


class Naps(list):
    """Takes the place of time.sleep and notes how long it was asked to sleep."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def client_of(forge: Forge, folder: Path | None = None, **patience: float) -> tuple[Client, Naps]:
    naps = Naps()
    service = Service("the service", forge.base, token=f"Bearer {TOKEN}", token_hint="A_TOKEN")
    return Client(service, ETagCache(folder), RetryPolicy(read_seconds=2, **patience), naps), naps


@pytest.fixture
def forge():
    with serving() as server:
        server.routes["/things"] = [{"n": n} for n in range(7)]
        server.page_size = 3
        yield server


def numbers(client: Client) -> list[int]:
    return [row["n"] for answer in client.pages("things", {"per_page": 3}) for row in answer.json()]


def test_every_page_is_read_once(forge):
    """Link headers are followed to the last page."""
    client, _ = client_of(forge)
    with client:
        assert numbers(client) == list(range(7))
    assert len(forge.asked) == 3


def test_an_unchanged_page_is_not_sent_again(forge, tmp_path):
    """A 304 is answered from memory, its next page included; a changed page is read again."""
    for _ in range(2):
        client, _ = client_of(forge, tmp_path)
        with client:
            assert numbers(client) == list(range(7))
    assert [asked.status for asked in forge.asked] == [200, 200, 200, 304, 304, 304]
    forge.routes["/things"] = [{"n": n} for n in range(8)]
    client, _ = client_of(forge, tmp_path)
    with client:
        assert numbers(client) == list(range(8))


def test_a_damaged_memory_costs_a_request_and_nothing_else(forge, tmp_path):
    """Cut-off files in the memory's folder are passed over."""
    client, _ = client_of(forge, tmp_path)
    with client:
        numbers(client)
        for path in tmp_path.glob("*.gz"):
            path.write_bytes(path.read_bytes()[:20])
        assert numbers(client) == list(range(7))


def test_the_token_is_in_no_file_message_or_log(forge, tmp_path, caplog):
    """Neither memory, logs, errors nor reprs show the token."""
    caplog.set_level(logging.DEBUG)
    forge.faults.append(Fault("gone", "status", times=9, status=404, body=f'{{"message": "no {TOKEN}"}}'.encode()))
    client, _ = client_of(forge, tmp_path)
    with client:
        numbers(client)
        with pytest.raises(RefusedError) as problem:
            client.get("gone")
    shown = f"{problem.value}{client.service!r}{caplog.text}"
    assert forge.asked[0].headers["authorization"] == f"Bearer {TOKEN}"
    assert TOKEN not in shown
    assert not any(TOKEN.encode() in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("status", "headers", "slept"),
    [
        (429, {"Retry-After": "7"}, 7),
        (403, {"Retry-After": "3"}, 3),
        (429, {}, 60),
        (403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "soon"}, 60),
    ],
)
def test_a_short_rate_limit_is_waited_for(forge, status, headers, slept):
    """The client sleeps as long as the headers ask and then goes on as if nothing had been."""
    forge.faults.append(Fault("things", "status", status=status, headers=headers))
    client, naps = client_of(forge)
    with client:
        assert numbers(client) == list(range(7))
    assert naps == [slept]


def test_a_reset_moment_is_reported_by_the_clock_of_the_service(forge):
    """X-RateLimit-Reset is compared with the Date header."""
    forge.faults.append(Fault("things", "status", status=403, headers=rate_limit_until(20)))
    client, naps = client_of(forge)
    with client:
        numbers(client)
    assert 18 <= naps[0] <= 22


def test_a_long_rate_limit_ends_the_pull(forge):
    """A wait above the cap is not slept through; the message says that the next pull goes on."""
    forge.faults.append(Fault("page=2", "status", status=403, headers=rate_limit_until(3000)))
    client, naps = client_of(forge)
    with client, pytest.raises(PostponedError, match="the next pull goes on"):
        numbers(client)
    assert naps == []


def test_many_short_limits_together_end_the_pull(forge):
    """The waits of one pull are capped as a whole, too."""
    forge.faults.append(Fault("things", "status", times=99, status=429, headers={"Retry-After": "40"}))
    client, naps = client_of(forge, total_wait_seconds=100)
    with client, pytest.raises(PostponedError):
        numbers(client)
    assert sum(naps) <= 100


@pytest.mark.parametrize("fault", [Fault("page=2", "drop"), Fault("page=2", "status", status=502)])
def test_a_broken_answer_is_asked_for_again(forge, fault):
    """A connection that drops half way and a 502 are retried; nothing is lost or read twice."""
    forge.faults.append(fault)
    client, naps = client_of(forge)
    with client:
        assert numbers(client) == list(range(7))
    assert naps == [1.0]


def test_a_service_that_stays_broken_is_one_line(forge):
    """After four attempts with growing pauses the client gives up and names the address without its query."""
    forge.faults.append(Fault("things", "drop", times=99))
    client, naps = client_of(forge)
    with client, pytest.raises(UnreachableError, match=r"/things broke off half way, 4 times in a row"):
        numbers(client)
    assert naps == [1.0, 2.0, 4.0]


def test_a_closed_port_is_one_line():
    """A server that is not there is named."""
    with serving() as forge:
        base = forge.base
    with (
        Client(Service("the service", base), sleep=Naps()) as client,
        pytest.raises(SourceError, match="cannot be reached"),
    ):
        client.get("x")


def test_a_link_to_another_host_is_refused(forge):
    """The token does not follow a Link header elsewhere."""
    forge.faults.append(Fault("things", "foreign-link"))
    client, _ = client_of(forge)
    with client, pytest.raises(SourceError, match=r"another host \(https://elsewhere.example"):
        numbers(client)


def test_a_redirect_of_an_api_page_to_another_host_is_refused(forge):
    """A page must come from the configured host; a redirect within it (a renamed repository) is followed."""
    with serving() as other:
        forge.redirects["/moved"] = f"{other.base}/things"
        forge.redirects["/renamed"] = f"{forge.base}/things"
        client, _ = client_of(forge)
        with client:
            assert client.get("renamed").json()[0] == {"n": 0}
            with pytest.raises(SourceError, match="redirect to another host"):
                client.get("moved")
        assert other.asked == []


def test_a_download_leaves_the_token_at_home(forge):
    """An artifact on another origin is fetched without the Authorization header."""
    with serving() as store:
        store.routes["/blob"] = b"PK content"
        forge.redirects["/zip"] = f"{store.base}/blob?sig=s3cr3t"
        client, _ = client_of(forge)
        with client:
            assert client.download("zip", 1000) == b"PK content"
    assert "authorization" in forge.asked[0].headers
    assert "authorization" not in store.asked[0].headers


@pytest.mark.parametrize("target", ["http://elsewhere.example/blob", "file:///etc/passwd", "ftp://x/y"])
def test_a_download_goes_nowhere_unsafe(forge, target):
    """Only https, or loopback from loopback, is followed."""
    forge.redirects["/zip"] = target
    client, _ = client_of(forge)
    with client, pytest.raises(SourceError, match="refused, not https"):
        client.download("zip", 1000)


def test_a_service_out_there_cannot_send_us_to_this_machine():
    """A redirect from a public host to loopback is refused."""
    with Client(Service("x", "https://api.example.com")) as client, pytest.raises(SourceError, match="refused"):
        client._safe_elsewhere("https://127.0.0.1:8443/admin")


def test_an_expired_signature_shows_no_query(forge):
    """The error about a signed address leaves its query out."""
    with serving() as store:
        forge.redirects["/zip"] = f"{store.base}/gone?sig=s3cr3t"
        client, _ = client_of(forge)
        with client, pytest.raises(RefusedError) as problem:
            client.download("zip", 1000)
    assert problem.value.status == 404
    assert "s3cr3t" not in str(problem.value)


def test_an_answer_above_the_cap_is_not_read(forge):
    """Reading stops one piece behind the cap."""
    forge.routes["/large"] = b"x" * 1_000_000
    client, _ = client_of(forge)
    with client, pytest.raises(TooLargeError, match="100,000 bytes"):
        client.get("large", cap=100_000)


def test_a_login_page_instead_of_json_is_one_line(forge):
    """HTML from a proxy is named as what it is."""
    forge.routes["/page"] = b"<!doctype html><html>please log in"
    client, _ = client_of(forge)
    with client, pytest.raises(SourceError, match="no JSON but '<!doctype html>"):
        client.get("page").json()


@pytest.mark.parametrize(
    ("base", "token", "words"),
    [
        ("api.github.com", "", "is not an address"),
        ("https://me:pw@host/api", "", "take the credentials out"),
        ("http://ci.example.com", "t", "in the clear"),
    ],
)
def test_an_unsafe_base_is_refused_before_anything_is_sent(base, token, words):
    """No scheme, credentials in the address, and a token without https are configuration errors."""
    with pytest.raises(SourceError, match=words):
        Client(Service("x", base, token=token))


def test_retry_after_may_be_a_date():
    """Both forms of Retry-After are understood."""
    now = time.time()
    headers = {"retry-after": formatdate(now + 30, usegmt=True), "date": formatdate(now, usegmt=True)}
    assert limit_wait(429, headers, b"") == pytest.approx(30, abs=1)


# A plain alphabet: building the Unicode tables costs seconds on a busy machine and adds nothing here.
TEXT = st.text(alphabet="0123456789abcGMT:,. -+²/?#&", max_size=30)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from([200, 403, 404, 429, 500]),
    st.dictionaries(
        st.sampled_from(["retry-after", "x-ratelimit-remaining", "x-ratelimit-reset", "ratelimit-reset", "date"]),
        st.one_of(TEXT, st.integers().map(str), st.just("0")),
    ),
    st.binary(max_size=40),
)
def test_no_header_breaks_the_limit_reader(status, headers, body):
    """Whatever the headers say, the wait is None or a number that is not negative."""
    wait = limit_wait(status, headers, body)
    assert wait is None or wait >= 0


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXT)
def test_a_shown_address_has_no_query(query):
    """What is behind the question mark is never shown."""
    assert without_query(f"https://host/path?sig={query}") == "https://host/path"


def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(forge, monkeypatch):
    """What runs on loopback is reached directly."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    client, _ = client_of(forge)
    with client:
        assert numbers(client) == list(range(7))


def test_a_limit_that_never_ends_is_not_asked_in_a_circle(forge):
    """`Retry-After: 0` again and again is waited for longer and longer, and then ends the pull."""
    forge.faults.append(Fault("things", "status", times=999, status=429, headers={"Retry-After": "0"}))
    client, naps = client_of(forge)
    with client, pytest.raises(PostponedError):
        numbers(client)
    assert naps == [1, 2, 4, 8, 16, 32]


def test_a_server_that_knows_itself_by_a_wrong_name_is_read_by_page_numbers(forge):
    """Behind a proxy GitLab's Link may name another host: X-Next-Page leads on, nobody else is asked."""
    forge.wrong_name = "http://inner.example:8080"
    client, _ = client_of(forge)
    with client:
        assert numbers(client) == list(range(7))
    assert [asked.path.partition("page=")[2][-1:] for asked in forge.asked][1:] == ["2", "3"]


@pytest.mark.parametrize("token", ["Bearer ghp_one\nghp_two", "Bearer ghp_\u00e9t\u00e9"])
def test_a_token_that_no_header_can_carry_is_reported_and_not_shown(forge, token):
    """A line break or a foreign sign in the token is one line that names the variable, before anything is sent."""
    with pytest.raises(SourceError, match="A_TOKEN holds a line break or a sign") as problem:
        Client(Service("the service", forge.base, token=token, token_hint="A_TOKEN"))
    assert "ghp_" not in str(problem.value)
    assert forge.asked == []


@pytest.mark.parametrize("proxy", ["ftp://me:s3cr3tpw@proxy.example:21", "socks5://me:s3cr3tpw@proxy.example:1080"])
def test_a_proxy_nobody_can_use_is_one_line_without_its_password(monkeypatch, proxy):
    """A proxy address of a kind that cannot be spoken to is named by its variable alone."""
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    with pytest.raises(SourceError, match="check HTTPS_PROXY") as problem:
        Client(Service("the service", "https://ci.example.com"))
    assert "s3cr3tpw" not in "".join(traceback.format_exception(problem.value))


def test_a_proxy_that_refuses_is_reported_as_such(forge, monkeypatch):
    """A proxy's own no is no broken connection of the service."""
    monkeypatch.setenv("HTTPS_PROXY", forge.base.replace("://", "://me:s3cr3tpw@"))
    with (
        Client(Service("the service", "https://ci.example.com"), sleep=Naps()) as client,
        pytest.raises(UnreachableError, match=r"through the proxy of the environment \(501") as problem,
    ):
        client.get("x")
    assert "s3cr3tpw" not in str(problem.value)


def test_words_of_a_broken_service_are_reported(forge):
    """What a service says with its 5xx is in the message, such as a time-out of its own."""
    forge.faults.append(Fault("things", "status", times=9, status=503, body=b'{"error": "query timed out"}'))
    client, _ = client_of(forge)
    with client, pytest.raises(UnreachableError, match=r"answered 503 \(query timed out\)"):
        numbers(client)


def test_an_address_of_ipv6_is_shown_as_it_is_written():
    """The brackets of an IPv6 host are kept, or its port could not be distinguished from it."""
    assert without_query("https://[::1]:8443/health?token=x") == "https://[::1]:8443/health"


@pytest.mark.parametrize(
    "words", [b"You have exceeded a secondary rate limit.", b"triggered an abuse detection mechanism"]
)
def test_a_secondary_limit_without_headers_is_known_by_its_words(words):
    """A 403 that names the limit is waited for a minute; any other 403 is a refusal."""
    assert limit_wait(403, {}, b'{"message": "' + words + b'"}') == 60
    assert limit_wait(403, {}, b'{"message": "Resource not accessible by integration"}') is None
