"""Small workspaces for the dashboard's tests: a plan of three gates and a warehouse filled as a pull would fill it."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from app.steps.assess import open_workspace
from app.workspace import Workspace
from ingest.observation import Commit, Evidence, Item, Observation
from ingest.pull import store_harvest
from ingest.source import Harvest
from ingest.warehouse.database import Warehouse

START = datetime(2025, 6, 2, 9, 0, tzinfo=UTC)
NOW = datetime(2025, 11, 17, 23, 59, 59, tzinfo=UTC)
SIMULATED_FROM = datetime(2025, 9, 9, tzinfo=UTC)
HOSTILE = "# x [a](javascript:alert(1)) <img src=x onerror=alert(1)> $x$ :red[y] |z|"

PLAN = """\
[project]
name = "medianest"
as_of = 2025-11-17T23:59:59Z

[readiness]
target = 90
effective_from = 2025-06-01

[[gate]]
id = "critical-functionality"
title = "Critical functionality"
claim = "BLOCKED, 35%"

  [[gate.criterion]]
  id = "test-coverage"
  title = "Test coverage"
  metric = "coverage_line_percent"
  comparator = ">"
  threshold = 15
  unit = "percent"
  baseline = 3.4
  weight = 2
  blocker = true
  claim = "3.4%"
  why = "Untested routes fail in front of users."
  fix = "Write tests for the request routes first."

  [[gate.criterion]]
  id = "todo-markers"
  title = "TODO markers in code"
  metric = "todo_count"
  comparator = "<"
  threshold = 5
  unit = "markers"
  baseline = 47
  claim = "39+ TODO markers"

  [[gate.criterion]]
  id = "bundle-size"
  title = "Bundle size"
  metric = "bundle_raw_bytes"
  scope = "dist"
  comparator = "<"
  threshold = 10000000
  unit = "bytes"
  baseline = 465000000
  scale = "log"
  blocker = true
  claim = "465MB"

  [[gate.criterion]]
  id = "load-time"
  title = "Load time"
  metric = "load_lcp_seconds"
  comparator = "<"
  threshold = 5
  unit = "seconds"
  claim = "30s"
  fix = "Run Lighthouse in CI and connect its report."

[[gate]]
id = "security"
title = "Security validation"
claim = "CONDITIONAL, 82%"

  [[gate.criterion]]
  id = "secrets"
  title = "No hardcoded secrets"
  metric = "secrets_count"
  comparator = "=="
  threshold = 0
  unit = "findings"
  baseline = 4
  blocker = true

  [[gate.criterion]]
  id = "high-findings"
  title = "High findings"
  metric = "findings_high_count"
  comparator = "<="
  threshold = 0
  unit = "findings"
  baseline = 9

[[gate]]
id = "operations"
title = "Documentation and operations"
claim = "APPROVED, 94%"

  [[gate.criterion]]
  id = "rollback"
  title = "Rollback drill"
  metric = "rollback_seconds"
  comparator = "<"
  threshold = 60
  unit = "seconds"
  max_age_days = 30

  [[gate.criterion]]
  id = "documented"
  title = "Documentation"
  metric = "docs_documented_percent"
  comparator = ">"
  threshold = 70
  unit = "percent"
  baseline = 20

[[rule]]
id = "go-1"
kind = "go"
text = "Test coverage >15% with passing CI/CD"
needs = ["test-coverage"]

[[rule]]
id = "go-2"
kind = "go"
text = "Rollback procedures validated"
needs = ["rollback"]

[[rule]]
id = "no-go-1"
kind = "no-go"
text = "Security vulnerabilities unresolved"
needs = ["security"]

[[waiver]]
criterion = "todo-markers"
owner = "M. Weber"
reason = "counted by hand until June"
expires = 2025-06-09

[[stage]]
id = "stage-1"
title = "Infrastructure only"
kind = "stage"
users = 0
duration = "1 hour"
steps = ["kubectl apply -f kubernetes/staging/infrastructure.yaml"]

[[stage]]
id = "stage-2"
title = "Internal testing"
kind = "stage"
users = 5
duration = "2 hours"
steps = ["kubectl apply -f kubernetes/staging/application.yaml"]

[[stage]]
id = "stage-3"
title = "Beta group"
kind = "stage"
users = 50
steps = ["scale to 2 replicas"]

[[stage]]
id = "check-1h"
title = "Immediate validation"
kind = "check"
duration = "T+1 hour"
steps = ["All health endpoints respond", "User authentication works"]

[[stage]]
id = "rollback-now"
title = "Immediate rollback"
kind = "rollback"
duration = "<60 seconds"
steps = ["kubectl rollout undo deployment/medianest-app"]

[[stage]]
id = "watch"
title = "Critical metrics"
kind = "monitoring"
steps = ["Response time <5s (99th percentile)", "Error rate <1%"]
"""

# metric, scope, unit, and the value after w of W weeks; None: no figure that week.
Course = tuple[str, str, str, Callable[[float], float | None]]


def _moving() -> list[Course]:
    return [
        ("coverage_line_percent", "", "percent", lambda x: round(3.4 + 10.1 * x**1.3, 2)),
        ("todo_count", "", "markers", lambda x: float(round(47 - 33 * x))),
        ("bundle_raw_bytes", "dist", "bytes", lambda x: 465e6 * (0.06**x)),
        ("secrets_count", "", "findings", lambda x: float(4 - int(4 * x))),
        ("findings_high_count", "", "findings", lambda x: float(9 - int(7 * x))),
        ("rollback_seconds", "", "seconds", lambda x: 90 - 45 * x),
        ("docs_documented_percent", "", "percent", lambda x: 40 + 38 * x),
    ]


def _flat() -> list[Course]:
    return [(m, s, u, lambda _x, f=f: f(0.3)) for m, s, u, f in _moving()]


def _falling() -> list[Course]:
    return [(m, s, u, lambda x, f=f: f(0.7 - 0.7 * x)) for m, s, u, f in _moving()]


def _holding() -> list[Course]:
    """Everything that the plan demands holds for the last 12 of 24 weeks, the documentation for 6 of them."""
    courses: dict[str, tuple[float, float, float]] = {  # before, after, and the share of the weeks at which it comes
        "coverage_line_percent": (3.4, 40.0, 0.4),
        "todo_count": (47.0, 2.0, 0.3),
        "bundle_raw_bytes": (465e6, 5e6, 0.5),
        "secrets_count": (4.0, 0.0, 0.2),
        "findings_high_count": (9.0, 0.0, 0.5),
        "rollback_seconds": (90.0, 30.0, 0.1),
        "docs_documented_percent": (20.0, 80.0, 0.75),
    }
    found: list[Course] = []
    for metric, scope, unit, _ in _moving():
        before, after, share = courses[metric]
        found.append((metric, scope, unit, lambda x, b=before, a=after, s=share: a if x >= s else b))
    return [*found, ("load_lcp_seconds", "", "seconds", lambda x: 30.0 if x < 0.5 else 3.0)]


COURSES: dict[str, Callable[[], list[Course]]] = {
    "moving": _moving,
    "flat": _flat,
    "falling": _falling,
    "holding": _holding,
}


def build(folder: Path, shape: str = "moving", *, simulated: bool = False) -> Path:
    """Write tminus.toml and, unless `shape` is "empty", a warehouse; shapes: moving, flat, falling, holding, thin,
    empty. The warehouse of a shape is filled once in a process, and copied."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "tminus.toml"
    path.write_text(PLAN, encoding="utf-8")
    if shape != "empty":
        place = folder / ".tminus" / "warehouse.duckdb"
        place.parent.mkdir(exist_ok=True)
        shutil.copyfile(_filled(shape, simulated), place)
    return path


_TEMPLATES = tempfile.TemporaryDirectory(prefix="tminus-shapes-", ignore_cleanup_errors=True)


@cache
def _filled(shape: str, simulated: bool) -> Path:
    warehouse = Warehouse(Path(_TEMPLATES.name) / f"{shape}-{simulated}.duckdb", "medianest")
    weeks = 2 if shape == "thin" else 24
    course = COURSES.get(shape, _moving)()
    store_harvest(warehouse, "git", git_harvest(course, weeks, simulated=simulated), NOW - timedelta(days=1))
    store_harvest(warehouse, "claims", claims_harvest(), NOW - timedelta(days=1))
    store_harvest(warehouse, "artifacts", artifact_harvest(course, weeks, simulated=simulated), NOW)
    return warehouse.path


def with_clock(workspace: Workspace, at: datetime | None) -> Workspace:
    """The same workspace with its clock set to another moment; None: it lives now."""
    text = re.sub(r"(?m)^as_of = .*\n", "", workspace.path.read_text())
    clock = f"as_of = {at.isoformat()}\n" if at else ""
    workspace.path.write_text(text.replace("[project]\n", f"[project]\n{clock}", 1))
    return open_workspace(workspace.path)


def _moments(weeks: int) -> list[datetime]:
    """One moment a week, ending just before NOW."""
    return [NOW - timedelta(days=1, weeks=weeks - 1 - k) for k in range(weeks)]


def _kind(at: datetime, simulated: bool) -> str:
    return "simulated" if simulated and at >= SIMULATED_FROM else "measured"


def artifact_harvest(courses: list[Course], weeks: int, *, simulated: bool) -> Harvest:
    """Weekly figures of everything but the markers, each with the file it was read from."""
    harvest = Harvest(counts={"files": weeks}, warnings=["ci/old.xml: empty file, nothing read"])
    for k, at in enumerate(_moments(weeks)):
        for metric, scope, unit, course in courses:
            value = course(k / max(weeks - 1, 1))
            if metric == "todo_count" or value is None:
                continue
            evidence = Evidence(f"{metric}:{k}", f"ci/{metric}-{k}.xml@{_sha(k)[:8]}", "ab" * 32, "tool", "1.2")
            harvest.evidence.append(evidence)
            kind = _kind(at, simulated)
            harvest.observations.append(Observation(metric, at, value, unit, scope, kind, _sha(k), evidence.id, "a-1"))
    return harvest


def git_harvest(courses: list[Course], weeks: int, *, simulated: bool) -> Harvest:
    """One commit a week with its marker count and the markers themselves; one subject and one text are hostile."""
    harvest = Harvest(marker=_sha(weeks - 1), counts={"commits": weeks})
    course = next(course for metric, _, _, course in courses if metric == "todo_count")
    counts = [int(course(k / max(weeks - 1, 1)) or 0) for k in range(weeks)]
    for k, at in enumerate(_moments(weeks)):
        subject = HOSTILE if k == weeks - 1 else f"Finish the request routes, part {k}"
        harvest.commits.append(Commit(_sha(k), k, at, ("Ada", "Grace", "Linus")[k % 3], subject))
        kind = _kind(at, simulated)
        harvest.observations.append(
            Observation("todo_count", at, float(counts[k]), "markers", "", kind, _sha(k), f"git:{_sha(k)}", "markers-1")
        )
        harvest.evidence.append(Evidence(f"git:{_sha(k)}", f"git:{_sha(k)}"))
    harvest.items = _markers(counts, _moments(weeks))
    return harvest


def _markers(counts: list[int], moments: list[datetime]) -> list[Item]:
    """Markers that close as the counts fall, and one that opens as they rise."""
    items = []
    for number in range(max(counts)):
        open_weeks = [k for k, count in enumerate(counts) if number < count]
        closed = open_weeks[-1] + 1 if open_weeks[-1] + 1 < len(counts) else None
        text = HOSTILE if number % 2 else f"TODO: replace mock data {number}"
        items.append(
            Item(
                id=f"marker-{number}",
                kind="marker",
                label="TODO",
                text=text,
                path=f"backend/src/routes/media{number % 5}.ts",
                line=10 + number,
                scope="backend",
                path_class="code",
                opened_at=moments[open_weeks[0]],
                opened_commit=_sha(open_weeks[0]),
                opened_by="Ada",
                closed_at=moments[closed] if closed is not None else None,
                closed_commit=_sha(closed) if closed is not None else "",
                closed_by="Grace" if closed is not None else "",
            )
        )
    return items


def claims_harvest() -> Harvest:
    """Five claims of one day that contradict each other, a verdict word, and one hostile sentence."""
    harvest = Harvest(counts={"documents": 6})
    day = datetime(2025, 9, 8, 12, 0, tzinfo=UTC)
    shown_text = [
        (23.0, "Current Readiness: 23%", "docs/STAGING_CHECKLIST.md", 4),
        (25.0, "Overall score 25/100", "docs/AUDIT.md", 12),
        (68.0, "Readiness 68/100", "docs/REPORT.md", 7),
        (78.0, "Production readiness: 78/100", "docs/PRODUCTION.md", 3),
        (97.0, "97% ready " + HOSTILE, "docs/FINAL.md", 1),
    ]
    for k, (value, sentence, path, line) in enumerate(shown_text):
        _claim(harvest, day + timedelta(minutes=k), value, sentence, path, line)
    _claim(
        harvest, day + timedelta(hours=1), None, "DEPLOYMENT RECOMMENDATION: BLOCKED", "docs/STAGING_CHECKLIST.md", 300
    )
    return harvest


def _claim(harvest: Harvest, at: datetime, value: float | None, sentence: str, path: str, line: int) -> None:
    evidence = Evidence(f"claim:{path}:{line}", f"{path}:{line}", excerpt=sentence, path=path, line=line)
    reason = "" if value is not None else "says BLOCKED"
    harvest.evidence.append(evidence)
    harvest.observations.append(
        Observation(
            "readiness_claim_percent", at, value, "percent", path, "claimed", _sha(0), evidence.id, "c-1", reason
        )
    )


def _sha(k: int) -> str:
    return f"{k:02x}" * 20
