"""Add a simulated rollout to data/samples/medianest: a drill, two stages, windows that run, messages.

    python data/simulate_rollout.py

Reads the sample as it is; writes the end of programme.toml, plan_version, deployment, process_event and sample again,
and the probes in observation and evidence. After an edit of the plan run `python data/simulate_meetings.py`, too.
Every row is marked as simulated, and so are its names. `python data/build_medianest.py` ends with the same step.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app.demo import prepare_demo  # noqa: E402
from app.steps.evidence import collect as collecting  # noqa: E402
from app.workspace import Workspace, plan_digest  # noqa: E402
from ingest.observation import Deployment, Evidence, Observation  # noqa: E402
from ingest.pull import store_harvest  # noqa: E402
from ingest.source import Harvest  # noqa: E402
from ingest.warehouse.process import ProcessEvent, append_deployment, append_process_events  # noqa: E402

SAMPLE = ROOT / "data" / "samples" / "medianest"
TABLES = ("deployment", "process_event", "sample")
ADDED_TO = ("observation", "evidence", "plan_version")
OPERATIONS = "M. Lindqvist (simulated)"
INTERNAL = datetime(2025, 11, 20, 20, 40, tzinfo=UTC)  # stage 1 of the rollout on staging: the T of the messages
SECOND = datetime(2025, 11, 21, 14, 10, tzinfo=UTC)  # stage 2
NOW = datetime(2025, 11, 21, 17, tzinfo=UTC)  # the clock of the sample
BEGIN, END = "# The rollout on staging (simulated).", "# End of the rollout on staging."
STEP = 300  # seconds between two samples
PROBED = (SECOND + timedelta(minutes=5), SECOND + timedelta(minutes=75), NOW - timedelta(minutes=5))
# The boxes of the document that have boxes below, with the criteria that these became.
PARENTS = {
    "core-api-endpoints-functional": ("todo-markers", "api-completeness"),
    "test-infrastructure-operational": ("test-coverage", "failing-tests", "ci-success"),
    "performance-baseline-met": ("bundle-size", "load-time", "memory-stability"),
}
# metric, unit, mean, spread; the hole in the samples of one of them is part of the example
SERIES = (
    ("request_error_percent", "percent", 0.35, 0.08),
    ("request_p95_seconds", "seconds", 1.9, 0.25),
)
HOLE = (SECOND + timedelta(minutes=80), SECOND + timedelta(minutes=110))

PLAN = f"""
{BEGIN}
[[runbook]]
id = "staged-rollout"
title = "Staged rollout"
duration = "4-6 hours"

  [[runbook.step]]
  id = "deploy-infrastructure"
  title = "Deploy the infrastructure"
  command = "kubectl apply -f kubernetes/{{environment}}/infrastructure.yaml"

  [[runbook.step]]
  id = "deploy-application"
  title = "Deploy the application"
  command = "kubectl apply -f kubernetes/{{environment}}/application.yaml"

[[runbook]]
id = "rollback-application"
title = "Immediate rollback"
kind = "rollback"
duration = "<60 seconds"

  [[runbook.step]]
  id = "undo-rollout"
  title = "Return to the revision before"
  command = "kubectl rollout undo deployment/medianest-app --to-revision={{revision}}"

[[drill]]
id = "immediate-rollback"
title = "Immediate rollback (<60 seconds)"
limit_seconds = 60
health_url = "http://staging.medianest.com/health"
runbook = "rollback-application"
ttl = "30d"

[[drill]]
id = "database-rollback"
title = "Database rollback"
limit_seconds = 900
ttl = "30d"

[[message]]
id = "development-team"
title = "Code freeze and deployment preparation"
audience = "Development team"
when = "T-24h"

[[message]]
id = "real-time-updates"
title = "Real-time updates"
audience = "#deployment"
channel = "slack"
when = "T+0h every 30m until T+4h"

[[message]]
id = "deployment-summary"
title = "Deployment summary: success metrics and issue log"
audience = "Business stakeholders"
when = "T+4h until T+18h"

[[message]]
id = "performance-report"
title = "Performance report: baseline metrics and comparison"
audience = "Operations team"
when = "T+4h until T+24h"

[[escalation]]
level = 1
title = "Info"
who = "Automated logging, no action required"

[[escalation]]
level = 2
title = "Warning"
who = "Development team notification"

[[escalation]]
level = 3
title = "Error"
who = "Operations team immediate response"

[[escalation]]
level = 4
title = "Critical"
who = "All-hands emergency response"

[[gate]]
id = "running-system"
title = "Running system"
weight = 1
kind = "running"

  [[gate.criterion]]
  id = "error-rate"
  title = "Error rate"
  metric = "request_error_percent"
  scope = ""
  comparator = "<"
  threshold = 1
  unit = "percent"
  weight = 1
  level = 3

  [[gate.criterion]]
  id = "response-time"
  title = "Response time"
  metric = "request_p95_seconds"
  scope = ""
  comparator = "<"
  threshold = 5
  unit = "seconds"
  weight = 1
  level = 2

[[gate]]
id = "immediate-validation-t1"
title = "Immediate validation (T+1 hour)"
weight = 1
kind = "running"
judged_after = "1h"

  [[gate.criterion]]
  id = "health-endpoints"
  title = "All health endpoints responding correctly"
  metric = "http_healthy_percent"
  scope = "health"
  comparator = ">="
  threshold = 100
  unit = "percent"
  weight = 1
  level = 4

  [[gate.criterion]]
  id = "error-rate-first-hour"
  title = "Error rate in the first hour"
  metric = "request_error_percent"
  scope = ""
  comparator = "<"
  threshold = 1
  unit = "percent"
  weight = 1
  level = 3

[[gate]]
id = "extended-validation-t24"
title = "Extended validation (T+24 hours)"
weight = 1
kind = "running"
judged_after = "24h"

  [[gate.criterion]]
  id = "error-rate-first-day"
  title = "Error rate in the first day"
  metric = "request_error_percent"
  scope = ""
  comparator = "<"
  threshold = 1
  unit = "percent"
  weight = 1
  level = 3

[[gate]]
id = "production-promotion"
title = "Success criteria for production promotion"
weight = 1
kind = "promotion"

  [[gate.criterion]]
  id = "stable-operation"
  title = "72+ hours stable operation"
  metric = "stable_hours"
  scope = ""
  comparator = ">="
  threshold = 72
  unit = "hours"
  weight = 1

  [[gate.criterion]]
  id = "critical-incidents"
  title = "Zero critical incidents"
  metric = "incidents_critical_count"
  scope = ""
  comparator = "<="
  threshold = 0
  unit = "incidents"
  weight = 1

  [[gate.criterion]]
  id = "user-feedback"
  title = "Positive user feedback scores (>4.0/5.0)"
  metric = "feedback_score"
  scope = ""
  comparator = ">"
  threshold = 4
  unit = "of 5"
  weight = 1

[sources.prometheus]
enabled = false
url = "http://127.0.0.1:9090"
step = "5m"

[[sources.prometheus.query]]
metric = "request_error_percent"
query = '100 * sum(rate(http_requests_total{{code=~"5.."}}[5m])) / sum(rate(http_requests_total[5m]))'
after = "deployment"
window = "72h"

[[sources.prometheus.query]]
metric = "request_p95_seconds"
query = 'histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[5m])))'
after = "deployment"
window = "72h"
{END}
"""


def plan_the_rollout(workspace: Workspace) -> None:
    """Write the rollout into programme.toml, and into the plan version that is stored of it."""
    path = SAMPLE / "programme.toml"
    text = path.read_text(encoding="utf-8")
    if BEGIN in text:
        text = text[: text.index(BEGIN)] + text[text.index(END) + len(END) :]
    text = text.rstrip() + "\n" + PLAN
    text = _with_parents(text)
    text = text.replace('id = "stage-2"\n', 'id = "stage-2"\nsoak = "24h"\n') if 'soak = "24h"' not in text else text
    path.write_text(text, encoding="utf-8")
    with workspace.warehouse.writing() as connection:
        newest = "effective_from = (SELECT max(effective_from) FROM plan_version)"
        row = [plan_digest(tomllib.loads(text)), text]
        connection.execute(f"UPDATE plan_version SET sha256 = ?, text = ? WHERE {newest}", row)  # noqa: S608


def _with_parents(text: str) -> str:
    """The plan with each box that has boxes below as their AND, with the weight of all of them."""
    pieces = re.split(r"(?m)^(?=  \[\[gate\.criterion\]\]$)", text)
    parent_of = {child: parent for parent, children in PARENTS.items() for child in children}
    return "".join(_placed(piece, parent_of) for piece in pieces)


def _placed(piece: str, parent_of: dict[str, str]) -> str:
    found = re.search(r'(?m)^  id = "([^"]+)"$', piece)
    name = found[1] if found else ""
    if name in PARENTS:
        piece = re.sub(r"(?m)^  not_applicable = .*\n", "", piece)
        piece = re.sub(r"(?m)^  weight = .*$", f"  weight = {len(PARENTS[name])}", piece)
        return re.sub(r"(?m)^  fix = .*$", '  fix = "every part below it has to hold"', piece)
    if name in parent_of and "\n  parent = " not in piece:
        return piece.replace("\n  weight = ", f'\n  parent = "{parent_of[name]}"\n  weight = ', 1)
    return piece


def roll_out(workspace: Workspace) -> None:
    """The drill, the two stages and the receipts; the messages in between and after the third update are missing."""
    with workspace.warehouse.writing() as connection:
        for table in TABLES:
            connection.execute(f'DELETE FROM "{table}"')  # noqa: S608
        commit = connection.execute(
            'SELECT sha FROM "commit" WHERE author = ? ORDER BY committed_at DESC LIMIT 1', ["simulated"]
        ).fetchall()[0][0]
    for stage, at in (("stage-1", INTERNAL), ("stage-2", SECOND)):
        event = Deployment(
            kind="deploy",
            happened_at=at,
            stage=stage,
            commit=commit,
            environment="staging",
            by=OPERATIONS,
            source="sample",
            verdict="NO-GO",
            override="rehearsal on staging without outside users (simulated)",
            refused=("the verdict is NO-GO",),
            is_simulated=True,
        )
        append_deployment(workspace.warehouse, event, at)
    append_process_events(workspace.warehouse, _acts(), NOW)


def _acts() -> list[ProcessEvent]:
    drill = {
        "because": "",
        "was_down": True,
        "exit_code": 0,
        "questions": 96,
        "tail": ["deployment.apps/medianest-app rolled back"],
        "command": "kubectl rollout undo deployment/medianest-app --to-revision=1",
        "health_url": "http://staging.medianest.com/health",
        "expect": "",
        "limit_seconds": 60,
    }
    step = {
        "command": "kubectl apply -f kubernetes/staging/infrastructure.yaml",
        "exit_code": 0,
        "tail": ["configured"],
    }
    application = {**step, "command": "kubectl apply -f kubernetes/staging/application.yaml"}
    sent = [
        ("development-team", -24.5),
        *(("real-time-updates", hours) for hours in (0.02, 0.53, 1.05, 2.02, 3.5, 4.0)),
    ]
    return [
        ProcessEvent(
            "drill", "immediate-rollback", INTERNAL - timedelta(days=2), OPERATIONS, "answered", 48.3, drill, True
        ),
        ProcessEvent("step_run", "deploy-infrastructure", INTERNAL, OPERATIONS, "succeeded", 41.0, step, True),
        ProcessEvent("step_run", "deploy-application", SECOND, OPERATIONS, "succeeded", 96.4, application, True),
        *(
            ProcessEvent("message", name, INTERNAL + timedelta(hours=h), OPERATIONS, "sent", None, {}, True)
            for name, h in sent
        ),
    ]


def measure(workspace: Workspace) -> None:
    """The samples since the first stage, every five minutes, with one hole in one series."""
    random = np.random.default_rng(20251120)
    moments = pd.date_range(INTERNAL, NOW, freq=f"{STEP}s")
    frames = [_series(workspace.config.name, moments, random, row) for row in SERIES]
    rows = pd.concat(frames, ignore_index=True)
    with workspace.warehouse.writing() as connection:
        connection.register("rows", rows)
        connection.execute("INSERT INTO sample BY NAME SELECT * FROM rows")
        connection.unregister("rows")


def probe(workspace: Workspace) -> None:
    """The health checks since the second stage: each of them answered."""
    harvest = Harvest()
    for at in PROBED:
        locator = f"simulated: http_healthy_percent, {at:%Y-%m-%d %H:%M}"
        harvest.evidence.append(Evidence(f"simulated:health-{at:%H%M}", locator, "", "simulated"))
        figure = ("http_healthy_percent", at, 100.0, "percent", "health", "simulated", "")
        harvest.observations.append(Observation(*figure, f"simulated:health-{at:%H%M}", "simulated-1"))
    store_harvest(workspace.warehouse, "simulated", harvest, NOW)


def _series(
    project: str, moments: pd.DatetimeIndex, random: np.random.Generator, row: tuple[str, str, float, float]
) -> pd.DataFrame:
    metric, unit, mean, spread = row
    kept = moments[(moments < HOLE[0]) | (moments > HOLE[1])] if metric == "request_error_percent" else moments
    return pd.DataFrame(
        {
            "project": project,
            "metric": metric,
            "scope": "",
            "sampled_at": kept,
            "recorded_at": NOW,
            "value": np.round(np.abs(random.normal(mean, spread, len(kept))), 3),
            "unit": unit,
            "kind": "simulated",
            "source": "simulated",
            "evidence": "",
            "step": float(STEP),
            "definition": "simulated-1",
        }
    )


def main() -> int:
    """Load the sample, roll out, export what that wrote."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        plan_the_rollout(prepare_demo(with_simulated=True, folder=folder / "plan"))
        workspace = prepare_demo(with_simulated=True, folder=folder / "sample")
        plan_the_rollout(workspace)
        roll_out(workspace)
        measure(workspace)
        probe(workspace)
        for path, rows in collecting.export(workspace, folder / "export", "parquet"):
            if rows and path.stem in (*TABLES, *ADDED_TO):
                shutil.copyfile(path, SAMPLE / path.name)
                sys.stdout.write(f"{rows:>8,} {path.name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
