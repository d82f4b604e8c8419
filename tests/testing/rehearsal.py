"""A project on its way to production, driven by the commands, on a clock that the test moves."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from typing import Any

from app.command_line.parser import main
from tests.testing.repositories import add_commits, new_repository

PLAN = """\
[project]
name = "shop"
repository = "repository"
as_of = {clock}

[readiness]
target = 90

[[gate]]
id = "quality"
[[gate.criterion]]
id = "todo"
title = "TODO markers"
metric = "todo_count"
comparator = "<="
threshold = 0
blocker = true
[[gate.criterion]]
id = "coverage"
title = "Line coverage"
metric = "coverage_line_percent"
comparator = ">="
threshold = 80
baseline = 0
[[gate.criterion]]
id = "rollback"
title = "Rollback drill"
metric = "rollback_seconds"
comparator = "<"
threshold = 60
blocker = true

[[gate]]
id = "live"
title = "Running"
kind = "running"
[[gate.criterion]]
id = "errors"
title = "Error rate"
metric = "request_error_percent"
unit = "percent"
comparator = "<"
threshold = 1
level = 4
[[gate.criterion]]
id = "health"
title = "Health check"
metric = "http_healthy_percent"
scope = "health"
comparator = ">="
threshold = 100
max_age_days = 0.02

[[gate]]
id = "t1"
title = "T+1 h"
kind = "running"
judged_after = "1h"
[[gate.criterion]]
id = "health-t1"
title = "Health at T+1 h"
metric = "http_healthy_percent"
scope = "health"
comparator = ">="
threshold = 100

[[gate]]
id = "t24"
title = "T+24 h"
kind = "running"
judged_after = "24h"
[[gate.criterion]]
id = "errors-t24"
title = "Errors in the first day"
metric = "request_error_percent"
unit = "percent"
comparator = "<"
threshold = 1

[[gate]]
id = "promotion"
title = "Promotion"
kind = "promotion"
[[gate.criterion]]
id = "stable"
title = "Stable operation"
metric = "stable_hours"
comparator = ">="
threshold = 72
[[gate.criterion]]
id = "incidents"
title = "Critical incidents"
metric = "incidents_critical_count"
comparator = "<="
threshold = 0
[[gate.criterion]]
id = "feedback"
title = "User feedback"
metric = "feedback_score"
comparator = ">"
threshold = 4

[[stage]]
id = "infra"
title = "Infrastructure"
users = 0
soak = "1h"
[[stage]]
id = "internal"
title = "Internal testing"
users = 5
soak = "2h"
exit = ["live"]
[[stage]]
id = "beta"
title = "Beta group"
users = 50
soak = "4h"
[[stage]]
id = "all"
title = "All users"
users = 500

[[drill]]
id = "rollback"
title = "Rollback"
limit_seconds = 60
health_url = "{health}"

[sources.prometheus]
url = "{prometheus}"
backfill_days = 1
[[sources.prometheus.query]]
metric = "request_error_percent"
query = "errors_percent"
after = "deployment"
window = "72h"
step = "5m"

[sources.probes]
consent = true
hosts = ["127.0.0.1"]
times = 1
[[sources.probes.check]]
url = "{health}"
scope = "health"
"""


class Rehearsal:
    """The project; `at` moves its clock, `tminus` runs one command and returns its exit code and JSON."""

    def __init__(self, folder: Path, start: datetime, prometheus: str, health: str) -> None:
        self.folder, self.start, self.prometheus, self.health = folder, start, prometheus, health
        self.repository = folder / "repository"
        if not self.repository.is_dir():
            new_repository(self.repository)
        self.at(0)

    def at(self, hours: float) -> None:
        """Move the clock, to hours after the start."""
        clock = (self.start + timedelta(hours=hours)).isoformat()
        text = PLAN.format(clock=clock, prometheus=self.prometheus, health=self.health)
        (self.folder / "tminus.toml").write_text(text, encoding="utf-8")

    def commit(self, hours: float, markers: int) -> str:
        """Add a commit with so many TODO markers."""
        body = b"# TODO: later\n" * markers + b"print()\n"
        seconds = int((self.start + timedelta(hours=hours)).timestamp())
        return add_commits(self.repository, [{"shop.py": body}], dates=[seconds])

    def tminus(self, *arguments: str) -> tuple[int, Any]:
        """Run one command; its JSON, or its text where it has none."""
        printed, complained = StringIO(), StringIO()
        with redirect_stdout(printed), redirect_stderr(complained):
            code = main([arguments[0], "--config", str(self.folder / "tminus.toml"), *arguments[1:]])
        out = printed.getvalue()
        return code, json.loads(out) if out.lstrip().startswith("{") else out + complained.getvalue()

    def pull(self, *sources: str) -> None:
        """Pull the named sources, or all."""
        named = [part for source in sources for part in ("--source", source)]
        code, answer = self.tminus("pull", *named, "--json")
        assert code == 0 and all(source["ok"] for source in answer["sources"]), answer

    def watch(self) -> None:
        """Read what runs: the probe and the samples."""
        self.pull("probes", "prometheus")

    def measure(self, commit: str, coverage: float = 85) -> None:
        """A build of the commit reports its coverage."""
        code, _ = self.tminus("record", "coverage_line_percent", str(coverage), "--commit", commit)
        assert code == 0

    def deploy(self, stage: str, commit: str, *more: str) -> tuple[int, Any]:
        """Deploy a commit to a stage."""
        return self.tminus("deploy", "--stage", stage, "--commit", commit, "--by", "Kim", "--json", *more)

    def drill(self) -> Any:
        """A timed rollback drill, with a command that does nothing."""
        code, answer = self.tminus("drill", "rollback", "--by", "Kim", "--json", "--", "true")
        assert code == 0, answer
        return answer

    def rollout(self) -> Any:
        """The answer of `tminus rollout`."""
        return self.tminus("rollout", "--json")[1]

    def states(self) -> dict[str, str]:
        """The state of each stage."""
        return {stage["id"]: stage["state"] for stage in self.rollout()["stages"]}

    def held(self, stage: str) -> str:
        """All that holds a stage."""
        return " ".join(next(s["holds_because"] for s in self.rollout()["stages"] if s["id"] == stage))

    def check(self, kind: str, gate: str = "") -> int:
        """The exit code of `tminus check`."""
        about = ["--gate", gate] if gate else ["--kind", kind]
        return self.tminus("check", *about, "--json")[0]


@contextmanager
def health_service() -> Iterator[tuple[str, dict[str, int]]]:
    """A real HTTP server whose health check answers with the status that the test sets."""
    answers = {"status": 200}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(answers["status"])
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/health", answers
    finally:
        server.shutdown()
        server.server_close()
