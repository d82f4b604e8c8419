"""Probes against a real local server, plain and with TLS."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ingest.source import Request, SourceError
from ingest.sources.running.probes import Probes
from tests.testing.local_forge import Fault, serving, trust_this_machine

NOW = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def trust(monkeypatch, tmp_path_factory):
    """The user trusts this machine, in a file outside the repository."""
    trust_this_machine(monkeypatch, tmp_path_factory.mktemp("config"))


def observe(settings: dict, now: datetime = NOW):
    request = Request("shop", Path(), Path(), settings, "", now, lambda *_: [])
    harvest = Probes(sleep=lambda _seconds: None).observe(request)
    return harvest, {(o.metric, o.scope): o for o in harvest.observations}


def table(base: str, **more) -> dict:
    check = {"url": f"{base}/health", "scope": "shop", **more}
    return {"consent": True, "hosts": ["127.0.0.1"], "check": [check]}


def test_nothing_is_sent_without_consent():
    """Neither a missing consent nor a host that is not listed lets a request out."""
    with serving() as forge:
        for wrong in ({"consent": False}, {"hosts": ["example.org"]}):
            with pytest.raises(SourceError, match=r"consent|hosts"):
                observe({**table(forge.base), **wrong})
        assert forge.asked == []


def test_a_healthy_system_has_health_and_times():
    """Three good answers are 100 percent; the first byte comes no later than the last."""
    with serving() as forge:
        forge.routes["/health"] = b'{"status": "ok"}'
        _, found = observe(table(forge.base, contains='"ok"'))
        assert len(forge.asked) == 3
    assert found["http_healthy_percent", "shop"].value == 100
    first, whole = found["load_first_byte_seconds", "shop"].value, found["load_whole_seconds", "shop"].value
    assert 0 < first <= whole < 5
    assert ("tls_expiry_days", "shop") not in found


def test_one_bad_answer_of_three_is_two_thirds():
    """Health is the share of good answers; the times are those of the good ones."""
    with serving() as forge:
        forge.routes["/health"] = b"ok"
        forge.faults.append(Fault("health", "status", status=503))
        _, found = observe(table(forge.base))
    assert found["http_healthy_percent", "shop"].value == pytest.approx(200 / 3)
    assert found["load_whole_seconds", "shop"].value is not None


@pytest.mark.parametrize("more", [{"contains": "absent"}, {"status": 204}])
def test_an_unexpected_answer_is_not_healthy_and_has_no_time(more):
    """A wrong status or text is 0 percent, and its load time is unknown."""
    with serving() as forge:
        forge.routes["/health"] = b"ok"
        _, found = observe(table(forge.base, **more))
    assert found["http_healthy_percent", "shop"].value == 0
    assert found["load_whole_seconds", "shop"].value is None
    assert "no good answer" in found["load_whole_seconds", "shop"].reason


def test_a_system_that_is_down_is_a_figure():
    """A refused connection is 0 percent healthy."""
    with serving() as forge:
        base = forge.base
    _, found = observe(table(base))
    assert found["http_healthy_percent", "shop"].value == 0


def test_a_network_that_is_down_is_unknown(monkeypatch):
    """A name that cannot be looked up says nothing about the system."""

    def no_names(*_: object, **__: object) -> None:
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", no_names)
    check = {"url": "http://shop.example/", "scope": "x"}
    _, found = observe({"consent": True, "hosts": ["shop.example"], "check": [check]})
    assert found["http_healthy_percent", "x"].value is None
    assert "name resolution" in found["http_healthy_percent", "x"].reason


def test_a_name_that_changes_its_address_reaches_nothing_of_this_machine(monkeypatch):
    """DNS rebinding: the name is public when the plan is checked and this machine's when it is asked."""
    given = ["1.1.1.1", "127.0.0.1"]  # the first one is looked at and never connected to

    def rebinding(host: str, port: int | None, *_: object, **__: object) -> list[object]:
        address = given.pop(0) if len(given) > 1 else given[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port or 0))]

    with serving() as forge:
        forge.routes["/health"] = b"ok"
        port = forge.base.rpartition(":")[2]
        monkeypatch.setattr(socket, "getaddrinfo", rebinding)
        check = {"url": f"http://rebind.example:{port}/health", "scope": "x", "times": 2}
        _, found = observe({"consent": True, "hosts": ["rebind.example"], "check": [check]})
        assert forge.asked == []
    assert found["http_healthy_percent", "x"].value is None
    assert "now leads to an address of this machine" in found["http_healthy_percent", "x"].reason


def test_the_scope_is_host_and_path_without_query():
    """Without a scope of its own a check is known by its address; a query is never stored."""
    with serving() as forge:
        settings = table(forge.base)
        settings["check"] = [{"url": f"{forge.base}/health?key=s3cr3t"}]
        harvest, _ = observe(settings)
    assert {o.scope for o in harvest.observations} == {f"{forge.base[7:]}/health"}
    assert "s3cr3t" not in str([proof.locator for proof in harvest.evidence])


def test_more_than_ten_probes_of_an_address_are_refused():
    """A probe measures a system and does not load it."""
    with pytest.raises(SourceError, match="at most 10"):
        observe(table("http://127.0.0.1:1", times=11))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A fresh certificate of 40 days for 127.0.0.1."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "40", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", cert],
        check=True, capture_output=True,
    )  # fmt: skip
    return key, cert


@contextmanager
def serving_tls(key: Path, cert: Path):
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A client that refuses the certificate hangs up."""

    server = Server(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"https://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_days_left_of_a_certificate(certificate):
    """A trusted certificate of 40 days has 40 days left now and 30 in ten days."""
    key, cert = certificate
    now = datetime.now(UTC)
    with serving_tls(key, cert) as base:
        settings = {**table(base), "ca_file": str(cert)}
        _, found = observe(settings, now)
        _, later = observe(settings, now + timedelta(days=10))
    assert found["tls_expiry_days", "shop"].value == pytest.approx(40, abs=0.1)
    assert later["tls_expiry_days", "shop"].value == pytest.approx(30, abs=0.1)
    assert found["http_healthy_percent", "shop"].value == 100


def test_a_certificate_nobody_trusts_has_no_days(certificate):
    """Without its authority the days are unknown with the reason, and the system is not healthy."""
    with serving_tls(*certificate) as base:
        _, found = observe(table(base))
    assert found["tls_expiry_days", "shop"].value is None
    assert "self-signed" in found["tls_expiry_days", "shop"].reason
    assert found["http_healthy_percent", "shop"].value == 0


def test_a_key_in_the_address_is_stored_nowhere():
    """Some health pages want a key in their query: it is sent, and no field of the harvest holds it."""
    with serving() as forge:
        forge.routes["/health"] = b"ok"
        settings = table(forge.base)
        settings["check"] = [
            {"url": f"{forge.base}/health?key=s3cr3t-{number}", "scope": str(number)} for number in (1, 2)
        ]
        harvest, found = observe(settings)
        assert "s3cr3t-1" in forge.asked[0].path
    assert "s3cr3t" not in repr(harvest)
    assert len({o.evidence for o in found.values()}) == 2


def test_a_redirect_says_where_it_leads():
    """A page that moved is no healthy answer; its reason names the new address, without the query."""
    with serving() as forge:
        forge.redirects["/health"] = "/login?back=s3cr3t"
        _, found = observe(table(forge.base))
        base = forge.base
    assert found["http_healthy_percent", "shop"].value == 0
    assert found["load_whole_seconds", "shop"].reason == f"no good answer: answered 302, leading to {base}/login"


def test_a_proxy_that_is_away_or_says_no_says_nothing_about_the_system(monkeypatch):
    """What a proxy of the environment refuses, and a proxy that does not answer, leave the health unknown."""
    check = {"url": "https://shop.example/", "scope": "x"}
    with serving() as forge:
        for proxy in (forge.base, "http://127.0.0.1:9"):
            monkeypatch.setenv("HTTPS_PROXY", proxy)
            _, found = observe({"consent": True, "hosts": ["shop.example"], "check": [check], "timeout_seconds": 2})
            assert found["http_healthy_percent", "x"].value is None, found["http_healthy_percent", "x"].reason


def test_a_host_of_ipv6_is_asked_and_named_with_its_brackets():
    """An address of IPv6 may stand in `hosts` with or without brackets."""
    for host in ("::1", "[::1]"):
        check = {"url": "http://[::1]:9/health"}
        _, found = observe({"consent": True, "hosts": [host], "check": [check]})
        assert found["http_healthy_percent", "[::1]:9/health"].value == 0


def test_a_server_that_never_finishes_is_not_healthy_in_time():
    """A system that drips its answer is given up after three times the time-out."""
    with serving() as forge:
        forge.routes["/health"] = b"ok"
        forge.faults.append(Fault("health", "drip", times=9))
        _, found = observe({**table(forge.base, times=1), "timeout_seconds": 0.2})
    assert found["http_healthy_percent", "shop"].value == 0
    assert "does not end" in found["load_whole_seconds", "shop"].reason
