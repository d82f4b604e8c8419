"""Add the simulated meetings to data/samples/medianest: a promised day, decisions, kept forecasts, frozen reviews.

    python data/simulate_meetings.py

Reads the sample as it is and writes programme.toml, plan_version, decision, forecast and frozen_review again. Every
owner, note and name says that it is simulated. `python data/build_medianest.py` ends with the same step.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app.demo import prepare_demo  # noqa: E402
from app.reports.writing import files_of  # noqa: E402
from app.steps.date.forecast import forecast  # noqa: E402
from app.steps.evidence import collect as collecting  # noqa: E402
from app.steps.meeting import freeze  # noqa: E402
from app.steps.review import review  # noqa: E402
from app.workspace import WEEK, Workspace, plan_digest  # noqa: E402
from ingest.warehouse.meeting import Change, DecisionText, close_decision, open_decision  # noqa: E402

SAMPLE = ROOT / "data" / "samples" / "medianest"
PROMISED = date(2026, 3, 31)
LAST = datetime(2025, 11, 21, 17, tzinfo=UTC)  # the review that the sample opens with
TABLES = ("decision", "forecast", "frozen_review")
CHAIR, OPERATIONS, DOCUMENTS = ("R. Okafor (simulated)", "M. Lindqvist (simulated)", "J. Ferreira (simulated)")

# (weeks before LAST, what, owner, due, criterion)
DECIDED = (
    (
        3,
        "Bound the event cache so that memory stays below its limit",
        OPERATIONS,
        date(2025, 11, 21),
        "memory-stability",
    ),
    (
        2,
        "Cover the session middleware and the request routes with tests",
        DOCUMENTS,
        date(2025, 11, 14),
        "test-coverage",
    ),
    (1, "Split the vendor chunk and drop the unused icon sets", OPERATIONS, date(2025, 11, 28), "bundle-size"),
    (1, "Close the markers that are left in the request endpoint", CHAIR, date(2025, 12, 5), "todo-markers"),
)
# (decision, days before LAST, outcome, note)
CLOSED: tuple[tuple[str, int, Change, str], ...] = (("D1", 1, "done", "soak test of 20 Nov (simulated)"),)
KEPT_WEEKS = (6, 5, 4, 3, 2, 1)
FROZEN_WEEKS = (2, 1)


def as_of(workspace: Workspace, at: datetime) -> Workspace:
    """The workspace as its clock showed at an earlier time."""
    return replace(workspace, config=replace(workspace.config, as_of=at))


def promise(workspace: Workspace) -> None:
    """Write the promised day into programme.toml and into the plan version that is stored of it."""
    path = SAMPLE / "programme.toml"
    text = re.sub(r"(?m)^promised = .*\n", "", path.read_text(encoding="utf-8"))
    text = re.sub(r"(?m)^(\[readiness\]\n)", rf"\1promised = {PROMISED}\n", text, count=1)
    path.write_text(text, encoding="utf-8")
    digest = plan_digest(tomllib.loads(text))
    with workspace.warehouse.writing() as connection:
        newest = "effective_from = (SELECT max(effective_from) FROM plan_version)"
        connection.execute(f"UPDATE plan_version SET sha256 = ?, text = ? WHERE {newest}", [digest, text])  # noqa: S608


def hold_meetings(workspace: Workspace) -> None:
    """The meetings week by week: what is due then is decided, forecast, closed and frozen with the clock of its day."""
    with workspace.warehouse.writing() as connection:
        connection.execute("DELETE FROM event WHERE kind = 'freeze'")
        for table in TABLES:
            connection.execute(f'DELETE FROM "{table}"')  # noqa: S608
    for weeks in KEPT_WEEKS:
        then = as_of(workspace, LAST - weeks * WEEK)
        forecast(then, then.now())
        if weeks in FROZEN_WEEKS:
            answer = review(then, then.now() - WEEK, then.now())
            freeze(then, answer, files_of(answer), CHAIR)
        for _, what, owner, due, criterion in (row for row in DECIDED if row[0] == weeks):
            moment = then.now() + timedelta(minutes=20)
            open_decision(
                workspace.warehouse, DecisionText(f"{what} (simulated)", owner, due, criterion), moment, CHAIR
            )
    for identity, days, outcome, note in CLOSED:
        at = LAST - timedelta(days=days)
        close_decision(workspace.warehouse, identity, outcome, at, by=OPERATIONS, note=note)


def main() -> int:
    """Load the sample, hold its meetings, export what they wrote."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        promise(prepare_demo(with_simulated=True, folder=folder / "plan"))
        workspace = prepare_demo(with_simulated=True, folder=folder / "sample")
        promise(workspace)
        hold_meetings(workspace)
        for path, rows in collecting.export(workspace, folder / "export", "parquet"):
            if rows and path.stem in (*TABLES, "plan_version", "event"):
                shutil.copyfile(path, SAMPLE / path.name)
                sys.stdout.write(f"{rows:>8,} {path.name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
