"""A local HTTP server that behaves like GitHub's and GitLab's APIs: pages, ETags, rate limits, redirects, faults."""

from __future__ import annotations

import hashlib
import io
import json
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

TOKEN = "ghp_" + "x1Y2z3" * 6


def trust_this_machine(monkeypatch: Any, folder: Path) -> None:
    """Give the user a trust list, outside every repository, that names this machine for every service."""
    path = folder / "tminus" / "trusted_hosts.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    tables = ("github", "gitlab", "prometheus", "probes", "jira", "codecov", "sonar")
    path.write_text("".join(f'{table} = ["127.0.0.1", "::1"]\n' for table in tables), encoding="utf-8")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder))


@dataclass
class Fault:
    """What to do instead of answering: `times` times for paths that contain `where`."""

    where: str
    kind: str  # drop | drip | status | foreign-link | redirect
    times: int = 1
    status: int = 500
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b'{"message": "no"}'
    after: int = 0  # let so many matching requests pass first


@dataclass
class Asked:
    """A request as it arrived."""

    path: str
    headers: dict[str, str]
    status: int = 0


class Forge:
    """The server's state. `routes` maps a path to its JSON (a list is paged) or to bytes."""

    def __init__(self) -> None:
        self.routes: dict[str, Any] = {}
        self.redirects: dict[str, str] = {}
        self.faults: list[Fault] = []
        self.asked: list[Asked] = []
        self.page_size = 100
        self.base = ""
        self.wrong_name = ""  # its Link headers lead there, as behind a proxy that it knows nothing of
        self.shifts = False  # a row arrives between two pages: each page after the first begins with the last's end
        self._lock = threading.Lock()

    def next_fault(self, path: str) -> Fault | None:
        with self._lock:
            for fault in self.faults:
                if fault.where in path and fault.times > 0:
                    if fault.after > 0:
                        fault.after -= 1
                        continue
                    fault.times -= 1
                    return fault
        return None

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65536  # head and body in one packet: two wait 40 ms for each other
    disable_nagle_algorithm = True
    forge: Forge

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        asked = Asked(self.path, {k.lower(): v for k, v in self.headers.items()})
        self.forge.asked.append(asked)
        fault = self.forge.next_fault(unquote(self.path))
        if fault is not None and fault.kind in ("drop", "drip", "status", "redirect"):
            asked.status = fault.status
            return self._fail(fault)
        parts = urlsplit(self.path)
        if target := self.forge.redirects.get(parts.path):
            asked.status = 302
            return self._send(302, b"", {"Location": target})
        status, body, headers = self._answer(parts.path, parse_qs(parts.query))
        if fault is not None:
            headers["Link"] = '<https://elsewhere.example/steal?page=2>; rel="next"'
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if status == 200 and asked.headers.get("if-none-match") == etag:
            asked.status = 304
            return self._send(304, b"", {"ETag": etag})
        asked.status = status
        self._send(status, body, {**headers, "ETag": etag})
        return None

    def do_POST(self) -> None:
        self._write()

    def do_PATCH(self) -> None:
        self._write()

    def do_PUT(self) -> None:
        self._write()

    def _write(self) -> None:
        """Append to the list of the path, or replace the body of the row whose id ends it."""
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        asked = Asked(f"{self.command} {self.path}", {k.lower(): v for k, v in self.headers.items()})
        self.forge.asked.append(asked)
        fault = self.forge.next_fault(f"{self.command} {self.path}")
        if fault is not None and fault.kind != "drop":
            asked.status = fault.status
            return self._fail(fault)
        rows = self.forge.routes.get(self.path)
        if self.command == "POST" and isinstance(rows, list):
            rows.append({"id": 1000 + len(rows), "html_url": f"https://forge.example/c/{1000 + len(rows)}", **sent})
            row = rows[-1]
        else:
            found = [r for rows in self.forge.routes.values() if isinstance(rows, list) for r in rows]
            row = next((r for r in found if str(r.get("id")) == self.path.rpartition("/")[2]), {})
            row.update(sent)
        if fault is not None:  # done, and the answer is lost
            return self._fail(fault)
        return self._send(200, json.dumps(row).encode(), {})

    def _answer(self, path: str, query: dict[str, list[str]]) -> tuple[int, bytes, dict[str, str]]:
        content = self.forge.routes.get(path)
        if content is None:
            return 404, b'{"message": "Not Found"}', {}
        if isinstance(content, bytes):
            return 200, content, {}
        if callable(content):
            content = content({k: v[0] for k, v in query.items()})
        size = min(self.forge.page_size, int(query.get("per_page", ["30"])[0]))
        page = int(query.get("page", ["1"])[0])
        key = next(
            (k for k in ("workflow_runs", "jobs", "artifacts", "items") if isinstance(content, dict) and k in content),
            "",
        )
        rows = content[key] if key else content
        if not isinstance(rows, list):
            return 200, json.dumps(content).encode(), {}
        shown = rows[(page - 1) * size - (self.forge.shifts and page > 1) : page * size]
        headers = {}
        if page * size < len(rows):
            following = {**{k: v[0] for k, v in query.items()}, "page": str(page + 1)}
            text = "&".join(f"{k}={v}" for k, v in following.items())
            base = self.forge.wrong_name or self.forge.base
            headers["Link"] = f'<{base}{path}?{text}>; rel="next", <{base}{path}>; rel="last"'
            headers |= {"X-Next-Page": following["page"]} if self.forge.wrong_name else {}
        body = {"total_count": len(rows), **content, key: shown} if key else shown
        return 200, json.dumps(body).encode(), headers

    def _drip(self) -> None:
        """One byte at a time, each well within any time-out."""
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        self.close_connection = True
        for _ in range(60):
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(0.05)

    def _fail(self, fault: Fault) -> None:
        if fault.kind == "drip":
            return self._drip()
        if fault.kind == "drop":
            self.send_response(200)
            self.send_header("Content-Length", "100000")
            self.end_headers()
            self.wfile.write(b'{"workflow_runs": [')
            self.wfile.flush()
            self.close_connection = True
            return None
        return self._send(fault.status, fault.body, fault.headers)

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if status != 304:
            self.wfile.write(body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """A client that hangs up on a broken answer is what these tests are about."""


@contextmanager
def serving(forge: Forge | None = None) -> Iterator[Forge]:
    """Serve on a free port of the loopback interface until the block ends."""
    forge = forge or Forge()
    handler = type("Handler", (_Handler,), {"forge": forge})
    server = _Server(("127.0.0.1", 0), handler)
    forge.base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield forge
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip archive, the same bytes for the same files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def rate_limit_until(seconds: float) -> dict[str, str]:
    """Headers of a primary rate limit that ends in so many seconds."""
    now = time.time()
    return {
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": str(int(now + seconds)),
        "Date": formatdate(now, usegmt=True),
    }


def lcov(covered: int, lines: int) -> bytes:
    """An lcov report of one file."""
    hits = "".join(f"DA:{n},{1 if n <= covered else 0}\n" for n in range(1, lines + 1))
    return f"TN:\nSF:src/app/main.ts\n{hits}LF:{lines}\nLH:{covered}\nend_of_record\n".encode()


def junit(passed: int, failed: int) -> bytes:
    """A JUnit report."""
    case = '<testcase classname="a" name="{}" time="0.5">{}</testcase>'
    cases = [case.format(f"ok{n}", "") for n in range(passed)]
    cases += [case.format(f"no{n}", '<failure message="x"/>') for n in range(failed)]
    suite = f'<testsuite name="s" tests="{passed + failed}" failures="{failed}">{"".join(cases)}</testsuite>'
    return f"<testsuites>{suite}</testsuites>".encode()


@dataclass
class Hub:
    """A GitHub repository with runs; its artifacts live on a second server, as GitHub's do."""

    api: Forge
    store: Forge
    repository: str = "acme/shop"
    runs: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.api.routes[self._path("")] = {"default_branch": "main"}
        self.api.routes[self._path("/actions/runs")] = self._search
        self.api.routes[self._path("/code-scanning/alerts")] = []

    def _path(self, path: str) -> str:
        return f"/repos/{self.repository}{path}"

    def _search(self, query: dict[str, str]) -> dict[str, Any]:
        first, last = query["created"].split("..")
        found = [r for r in self.runs if first <= r["created_at"] <= last and r["head_branch"] == query["branch"]]
        return {"workflow_runs": sorted(found, key=lambda r: r["created_at"], reverse=True)}

    def run(self, number: int, day: str, conclusion: str | None = "success", **more: Any) -> dict[str, Any]:
        """Add a run of an hour; `artifacts` maps names to files, None for an expired one."""
        artifacts = more.pop("artifacts", {})
        row = {
            "id": number,
            "run_attempt": 1,
            "status": "completed" if conclusion else "in_progress",
            "conclusion": conclusion,
            "created_at": f"{day}T08:00:00Z",
            "updated_at": f"{day}T09:00:00Z",
            "head_sha": f"{number:040x}",
            "head_branch": "main",
            "name": "CI",
            "event": "push",
            "html_url": f"https://github.example/{self.repository}/actions/runs/{number}",
            "head_repository": {"full_name": self.repository},
            **more,
        }
        self.runs.append(row)
        self.api.routes[self._path(f"/actions/runs/{number}/jobs")] = {"jobs": [self._job(row)]}
        rows = [self._artifact(row, n, name, files) for n, (name, files) in enumerate(artifacts.items())]
        self.api.routes[self._path(f"/actions/runs/{number}/artifacts")] = {"artifacts": rows}
        return row

    def _job(self, row: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": row["id"] * 10,
            "name": "test",
            "status": row["status"],
            "conclusion": row["conclusion"],
            "started_at": row["created_at"],
            "completed_at": row["updated_at"],
            "html_url": row["html_url"] + "/job/1",
        }

    def _artifact(self, row: dict[str, Any], n: int, name: str, files: dict[str, bytes] | None) -> dict[str, Any]:
        number = row["id"] * 100 + n
        data = zipped(files or {})
        self.store.routes[f"/blob/{number}"] = data
        target = f"{self.store.base}/blob/{number}?sig=secret-signature"
        self.api.redirects[self._path(f"/actions/artifacts/{number}/zip")] = target
        return {
            "id": number,
            "name": name,
            "expired": files is None,
            "size_in_bytes": len(data),
            "created_at": row["updated_at"],
        }


@contextmanager
def hub() -> Iterator[Hub]:
    """A GitHub repository on two local servers."""
    with serving() as api, serving() as store:
        yield Hub(api, store)
