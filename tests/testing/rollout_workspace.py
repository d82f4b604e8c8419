"""A workspace with runbooks, a drill and messages, and a service whose health check a test can turn."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PLAN = """\
[project]
name = "shop"
timezone = "UTC"

[readiness]
target = 90

[[gate]]
id = "operations"

  [[gate.criterion]]
  id = "rollback-time"
  title = "Rollback tested"
  metric = "rollback_seconds"
  comparator = "<"
  threshold = 60
  unit = "seconds"
  blocker = true

[[rule]]
id = "untested"
kind = "no-go"
text = "Rollback procedures untested"
needs = ["rollback-time"]

[[stage]]
id = "internal"
kind = "stage"
users = 5

[[runbook]]
id = "rollout"
title = "Rollout"

  [[runbook.step]]
  id = "apply"
  title = "Apply the manifests"
  command = "echo applied {version} >> marker; echo to {environment}"

  [[runbook.step]]
  id = "announce"
  title = "Tell the on-call person"

[[runbook]]
id = "back"
title = "Immediate rollback"
kind = "rollback"

  [[runbook.step]]
  id = "undo"
  title = "Undo"
  command = "echo undone >> marker"

[[drill]]
id = "fast"
title = "Immediate rollback"
limit_seconds = 60
runbook = "back"
ttl = "14d"

[[message]]
id = "pre"
title = "Before the deployment"
audience = "Development team"
when = "T-24h"

[[message]]
id = "updates"
title = "Updates"
audience = "#deployment"
channel = "slack"
when = "T+0h every 30m until T+4h"

[[message]]
id = "summary"
title = "Summary"
audience = "Everybody"
when = "T+4h until T+24h"
"""


def build(folder: Path, extra: str = "") -> Path:
    """Write the plan, with more tables behind it, into a folder; its path."""
    path = folder / "tminus.toml"
    path.write_text(PLAN + extra, encoding="utf-8")
    return path


@contextmanager
def health_service(status: int = 200, body: str = "v1") -> Iterator[str]:
    """A service on loopback that always answers the same; the address of its health check."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body.encode())

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def log_message(self, format: str, *args: object) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/health"
    finally:
        server.shutdown()
        server.server_close()
