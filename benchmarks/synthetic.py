"""Make what the benchmarks measure on: a repository of many commits, a warehouse of many observations."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ingest.observation import Commit, Evidence, Observation
from ingest.pull import store_harvest
from ingest.source import Harvest
from ingest.warehouse.database import Warehouse

WORDS = [
    "value",
    "state",
    "queue",
    "index",
    "token",
    "frame",
    "reader",
    "writer",
    "cache",
    "retry",
    "batch",
    "limit",
    "order",
    "user",
    "event",
    "route",
]


def make_history(path: Path, commits: int, *, seed: int = 1) -> Path:
    """A bare repository whose commits edit Python, JavaScript and Markdown files that hold markers in comments."""
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(path)], check=True)
    command = ["git", "-C", str(path), "fast-import", "--quiet"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as importer:
        assert importer.stdin
        for part in _stream(commits, random.Random(seed)):
            importer.stdin.write(part)
    if importer.returncode:
        raise RuntimeError("git fast-import failed")
    return path


def _stream(commits: int, dice: random.Random) -> Iterator[bytes]:
    for number in range(commits):
        message = f"change {number}: {dice.choice(WORDS)}"
        when = 1_200_000_000 + number * 9000
        yield f"commit refs/heads/main\ncommitter Dev {number % 40} <dev@example.org> {when} +0000\n".encode()
        yield f"data {len(message)}\n{message}\n".encode()
        for _ in range(dice.choice((1, 1, 1, 2, 3))):
            name, text = _file(dice)
            yield f"M 100644 inline {name}\ndata {len(text)}\n".encode() + text + b"\n"


def _file(dice: random.Random) -> tuple[str, bytes]:
    folder, ending = dice.choice(("src", "lib", "tests", "docs")), dice.choice(("py", "py", "js", "md"))
    sign = {"py": "#", "js": "//", "md": ""}[ending]
    lines = []
    for _ in range(dice.randrange(20, 160)):
        lines.append(
            " ".join(dice.choices(WORDS, k=7)) if dice.random() > 0.001 else f"{sign} TODO {dice.choice(WORDS)}"
        )
    return f"{folder}/{dice.choice(WORDS)}/{dice.choice(WORDS)}.{ending}", "\n".join(lines).encode()


def fill_warehouse(path: Path, rows: int) -> Warehouse:
    """A warehouse with `rows` observations of a thousand series over four years."""
    warehouse = Warehouse(path, "bench")
    start = datetime(2022, 1, 1, tzinfo=UTC)
    per_series = rows // 1000
    observations = [
        Observation(
            "coverage_line_percent" if series % 2 else "tests_failed",
            start + timedelta(hours=35 * k, minutes=series),
            float((series + k) % 100),
            "percent" if series % 2 else "tests",
            "" if series < 2 else f"scope-{series}",
            evidence=f"e{series}",
        )
        for series in range(1000)
        for k in range(per_series)
    ]
    evidence = [Evidence(f"e{series}", f"ci/report-{series}.xml") for series in range(1000)]
    commits = [Commit(f"{k:040x}", k, start + timedelta(hours=k), "Dev", "change") for k in range(1000)]
    harvest = Harvest(observations=observations, evidence=evidence, commits=commits)
    store_harvest(warehouse, "bench", harvest, start + timedelta(days=1500))
    return warehouse


PLAN = """
[project]
name = "bench"
warehouse = "warehouse.duckdb"
as_of = 2026-01-01
timezone = "+00:00"

[[gate]]
id = "g"
title = "Tests"
  [[gate.criterion]]
  id = "coverage"
  title = "Coverage"
  metric = "coverage_line_percent"
  scope = "scope-3"
  comparator = ">"
  threshold = 80
  unit = "percent"
  [[gate.criterion]]
  id = "failed"
  title = "Failing tests"
  metric = "tests_failed"
  comparator = "<="
  threshold = 0
  unit = "tests"
"""


def plan_of(criteria: int) -> str:
    """A plan of so many criteria, each of a series of `fill_warehouse`, with rules and a blocker."""
    head = PLAN.partition("[[gate]]")[0] + '[readiness]\ntarget = 90\n\n[[gate]]\nid = "g"\ntitle = "All"\n'
    return head + "".join(_criterion(number) for number in range(2, criteria + 2))


def _criterion(number: int) -> str:
    what = ("coverage_line_percent", ">", 80, "percent") if number % 2 else ("tests_failed", "<=", 0, "tests")
    metric, comparator, threshold, unit = what
    return f"""
  [[gate.criterion]]
  id = "c{number}"
  title = "Series {number}"
  metric = "{metric}"
  scope = "scope-{number}"
  comparator = "{comparator}"
  threshold = {threshold}
  unit = "{unit}"
  blocker = {str(number < 5).lower()}
"""
