"""Build data/samples/medianest: what the product mines from the real repository, and a simulated programme after it.

    python data/build_medianest.py PATH-TO-A-CLONE-OF-KingInYellow18/medianest CHECKLIST.md

Real: every observation, commit, item and claim up to the last commit of the clone, as `tminus pull` stores them, and
the figures of the audit of 2025-09-08 as claims. Simulated: ten weeks of remediation after it, with `simulated` as the
kind of every observation, the author of every commit, the closer of every item and the tool of every evidence row.
"""

from __future__ import annotations

import copy
import hashlib
import shutil
import sys
import tempfile
import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import simulate_meetings  # noqa: E402
import simulate_rollout  # noqa: E402

from app.steps.assess import open_workspace  # noqa: E402
from app.steps.evidence import collect as collecting  # noqa: E402
from app.workspace import Workspace, plan_digest  # noqa: E402
from ingest.observation import WHOLE_SCOPE, Commit, Evidence, Item, Observation  # noqa: E402
from ingest.plan_drafting.from_checklist import plan_text  # noqa: E402
from ingest.pull import store_harvest  # noqa: E402
from ingest.source import Harvest  # noqa: E402

SAMPLE = ROOT / "data" / "samples" / "medianest"
AUDIT = datetime(2025, 9, 8, 12, tzinfo=UTC)
START = datetime(2025, 9, 15, 9, tzinfo=UTC)  # Monday of the first simulated week
REAL_END = datetime(2025, 9, 14, 12, tzinfo=UTC)
SIMULATED_END = datetime(2025, 11, 21, 17, tzinfo=UTC)

# What the audit wrote on that day: metric, scope, value, unit, its words, line of the checklist.
AUDIT_CLAIMS = (
    ("coverage_line_percent", 3.4, "percent", "Test Coverage 3.4%", 147),
    ("api_implemented_percent", 65.0, "percent", "API Completeness 65%", 148),
    ("bundle_raw_bytes", 465e6, "bytes", "Bundle Size 465MB", 149),
    ("memory_growth_mb_per_hour", 50.0, "MB/h", "Memory Instability - 50MB/hour growth", 309),
    ("load_lcp_seconds", 30.0, "seconds", "465MB bundle, 30s load time, memory leaks", 32),
    ("tests_failed", 6.0, "tests", "6/7 tests failing", 25),
    ("todo_count", 39.0, "markers", "39+ TODO markers, core routes stubbed", 18),
    ("readiness_claim_percent", 23.0, "percent", "Current Readiness: 23%", 4),
)

# The simulated programme: metric, unit, builds a week, noise, and its value at the end of weeks 0 to 10.
# They arrive one after the other, as the parts of a real programme do.
PROGRAMME = (
    ("coverage_line_percent", "percent", 3, 0.10, (3.4, 4.1, 5.2, 6.4, 7.5, 8.5, 9.5, 10.5, 11.4, 12.4, 13.8)),
    ("tests_failed", "tests", 3, 0.0, (6, 6, 5, 4, 3, 2, 1, 0, 0, 0, 0)),
    ("ci_success_percent", "percent", 2, 0.4, (38, 44, 54, 64, 73, 80, 86, 89, 91.5, 92, 92)),
    ("bundle_raw_bytes", "bytes", 2, 3e5, (465e6, 450e6, 390e6, 312e6, 230e6, 165e6, 115e6, 82e6, 55e6, 32e6, 13e6)),
    ("load_lcp_seconds", "seconds", 2, 0.1, (30, 28, 25, 21, 17, 14, 11.5, 9.6, 8.0, 6.5, 4.6)),
    ("memory_growth_mb_per_hour", "MB/h", 2, 0.4, (50, 51, 46, 38, 32, 27, 23, 19, 15.5, 11.5, 8)),
    ("api_implemented_percent", "percent", 2, 0.0, (65, 67, 71, 76, 81, 85, 89, 92, 94, 95.5, 96)),
    ("secrets_count", "findings", 2, 0.0, (4, 4, 3, 1, 1, 0, 0, 0, 0, 0, 0)),
    ("findings_critical_count", "findings", 2, 0.0, (2, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0)),
    ("findings_high_count", "findings", 2, 0.0, (6, 5, 5, 4, 3, 2, 1, 0, 0, 0, 0)),
    ("rollback_seconds", "seconds", 2, 1.5, (104, 98, 92, 84, 76, 68, 62, 57, 55, 53, 52)),
)
WHOLE_NUMBERS = {"markers", "findings", "tests", "bytes"}
TODO_PATH = (47, 44, 39, 33, 27, 21, 16, 12, 8, 5, 4)
SUBJECTS = (
    "wire media search route to the database",
    "replace mock data in the request endpoint",
    "cover the session middleware with tests",
    "split the vendor chunk",
    "load the admin pages lazily",
    "release sockets on disconnect",
    "drop the unused icon sets from the bundle",
    "move the last credential into the secret store",
    "retry flaky Redis connection in CI",
    "bound the event cache that kept growing",
    "answer errors of the user API as documented",
    "rehearse the rollback on staging",
)


def simulated_commits(position: int, rng: np.random.Generator) -> list[Commit]:
    """Four or five commits a week, each on a working day."""
    commits = []
    for week in range(10):
        for day in sorted(rng.choice(5, size=int(rng.integers(4, 6)), replace=False)):
            when = START + timedelta(days=7 * week + int(day), hours=float(rng.uniform(0, 7)))
            subject = f"[simulated] {SUBJECTS[len(commits) % len(SUBJECTS)]}"
            sha = hashlib.sha1(f"simulated {len(commits)}".encode(), usedforsecurity=False).hexdigest()
            commits.append(Commit(sha, position + len(commits), when, "simulated", subject))
    return commits


def builds_of(
    weekly: tuple[float, ...], per_week: int, noise: float, rng: np.random.Generator
) -> list[tuple[float, float]]:
    """(weeks after the start, value) of each build: along the path, with noise; the last one at the end of week ten."""
    moments = np.arange(1, 10 * per_week + 1) / per_week
    along = np.interp(moments, np.arange(len(weekly)), weekly)
    return [(float(m), float(v + rng.normal(0, noise))) for m, v in zip(moments, along, strict=True)]


def programme_harvest(commits: list[Commit], rng: np.random.Generator) -> Harvest:
    """Every simulated figure, on the commit that was newest when it was measured."""
    harvest = Harvest(commits=commits)
    for metric, unit, per_week, noise, weekly in PROGRAMME:
        for weeks, value in builds_of(weekly, per_week, noise, rng):
            rounded = round(value) if unit in WHOLE_NUMBERS else round(value, 2)
            when = START + timedelta(weeks=weeks) - timedelta(days=2, hours=16)  # the Friday's build closes a week
            _observe(harvest, metric, unit, when, rounded, commits)
    return harvest


def _observe(harvest: Harvest, metric: str, unit: str, when: datetime, value: float, commits: list[Commit]) -> None:
    on = [commit for commit in commits if commit.committed_at <= when]
    sha = on[-1].sha if on else ""
    locator = f"simulated: {metric}, {when:%Y-%m-%d}"
    digest = hashlib.sha256(locator.encode()).hexdigest()
    harvest.evidence.append(Evidence(f"simulated:{digest[:16]}", locator, "", "simulated"))
    harvest.observations.append(
        Observation(
            metric,
            when,
            float(value),
            unit,
            WHOLE_SCOPE.get(metric, ""),
            "simulated",
            sha,
            f"simulated:{digest[:16]}",
            "simulated-1",
        )
    )


def close_markers(workspace: Workspace, harvest: Harvest) -> list[Item]:
    """Close real open markers of code in simulated commits, so that the count follows TODO_PATH."""
    items = workspace.warehouse.query("items", since=REAL_END, until=REAL_END)
    still_open = items[(items["path_class"] == "code") & items["closed_at"].isna()].sort_values("id")
    rows = list(still_open.sample(frac=1, random_state=7).itertuples())
    count, commits, closings = len(rows), harvest.commits, []
    goals = np.interp(np.arange(1, len(commits) + 1) / len(commits) * 10, range(11), TODO_PATH) * count / TODO_PATH[0]
    for commit, goal in zip(commits, goals, strict=True):
        while count > goal and rows:
            row = rows.pop()
            closings.append(_closed(row, commit))
            count -= 1
        locator = f"simulated commit {commit.sha[:10]}"
        harvest.evidence.append(Evidence(locator, locator, "", "simulated"))
        harvest.observations.append(
            Observation(
                "todo_count", commit.committed_at, float(count), "markers", "", "simulated", commit.sha, locator
            )
        )
    return closings


def _closed(row: object, commit: Commit) -> Item:
    values = {name: getattr(row, name) for name in Item._fields}
    values |= {"line": None if values["line"] != values["line"] else int(values["line"])}
    values |= {"opened_at": values["opened_at"].to_pydatetime(), "closed_at": commit.committed_at}
    return Item(**{**values, "closed_commit": commit.sha, "closed_by": "simulated"})


def audit_harvest(checklist: str) -> Harvest:
    """The audit's own figures, as claims: they are shown beside the evidence and earn nothing."""
    harvest = Harvest()
    for metric, value, unit, words, line in AUDIT_CLAIMS:
        identity = f"audit:{metric}"
        harvest.evidence.append(Evidence(identity, f"{checklist}:{line}", excerpt=words, path=checklist, line=line))
        scope = WHOLE_SCOPE.get(metric, "")
        harvest.observations.append(Observation(metric, AUDIT, value, unit, scope, "claimed", "", identity, "audit-1"))
    return harvest


# What the simulated team decided about the criteria that no tool measures, on the programme's first day.
COVERED = {
    "core-api-endpoints-functional": "covered by api-completeness and todo-markers",
    "test-infrastructure-operational": "covered by failing-tests and ci-success",
    "performance-baseline-met": "covered by bundle-size, load-time and memory-stability",
}
FAR_APART = {"bundle-size", "load-time", "memory-stability"}
ATTESTED_BY = {
    "authentication-system-secure": ("R. Okafor (simulated), security", None),
    "data-protection-validated": ("R. Okafor (simulated), security", None),
    "infrastructure-hardened": ("M. Lindqvist (simulated), operations", None),
    "deployment-documentation-complete": ("J. Ferreira (simulated), documentation", None),
    "operational-procedures-validated": ("M. Lindqvist (simulated), operations", None),
    "api-documentation-current": ("J. Ferreira (simulated), documentation", None),
    "infrastructure": ("M. Lindqvist (simulated), operations", 7.5),
}


def programme_plan(imported: dict[str, Any]) -> dict[str, Any]:
    """The imported plan as the simulated team edited it: who vouches for what, and what is judged by what."""
    plan = copy.deepcopy(imported)
    parents = {c["parent"] for gate in plan["gate"] for c in gate["criterion"] if "parent" in c}
    for criterion in (c for gate in plan["gate"] for c in gate["criterion"]):
        if criterion["id"] == "todo-markers":
            criterion["threshold"] = 5
            criterion["why"] = "no P0 marker may be left; five markers of lesser weight may stay (simulated decision)"
        if criterion["id"] in FAR_APART:
            criterion["scale"] = "log"  # from 465 MB to 10 MB the last halving is as hard as the first
        if criterion.get("parent") in COVERED and not criterion["metric"]:
            criterion["not_applicable"] = COVERED[criterion["parent"]]
        # A box with boxes below is attested box by box.
        vouched_for = criterion["id"] if "parent" not in criterion else criterion["parent"]
        if vouched_for in ATTESTED_BY and criterion["id"] not in parents and not criterion["metric"]:
            person, value = ATTESTED_BY[vouched_for]
            vouched = {"by": person, "on": START.date(), "expires": date(2026, 3, 31)}
            criterion["attested"] = vouched if value is None else {**vouched, "value": value}
    plan["gate"][0]["weight"] = 3  # the gate that decides
    for rule in plan["rule"]:
        if rule["id"] == "no-go-6":
            rule["needs"] = ["operational-procedures-validated"]
    plan["readiness"]["effective_from"] = START
    plan["project"]["as_of"] = SIMULATED_END
    return plan


def write_plans(workspace: Workspace) -> None:
    """imported.toml and programme.toml, and the plan versions that a project with both would hold."""
    imported = copy.deepcopy(dict(workspace.tables))
    imported["project"] |= {"repository": ".", "as_of": REAL_END, "timezone": "-05:00"}
    imported["readiness"]["effective_from"] = datetime(2025, 6, 1, tzinfo=UTC)
    imported["sources"] = imported.get("sources", {}) | {n: {"enabled": False} for n in ("git", "tree", "claims")}
    imported["sources"]["checklist"] = {"enabled": False}
    versions = []
    for name, tables, since in (
        ("imported.toml", imported, imported["readiness"]["effective_from"]),
        ("programme.toml", programme_plan(imported), START),
    ):
        text = plan_text(tables)
        (SAMPLE / name).write_text(text, encoding="utf-8")
        versions.append([tables["project"]["name"], since, since, plan_digest(tomllib.loads(text)), text])
    with workspace.warehouse.writing() as connection:
        connection.execute("DELETE FROM plan_version")
        connection.execute("DELETE FROM event")
        connection.execute("UPDATE source_run SET marker = ''")  # the sample is never pulled further
        pulled = "source IN ('git', 'tree', 'checklist', 'claims')"
        connection.execute("DELETE FROM source_run WHERE source = 'git' AND rows_added = 0")  # the simulated closings
        for table, columns in (("source_run", ("started_at", "finished_at")), ("observation", ("recorded_at",))):
            for column in columns:  # as if it had been pulled when the real history ended
                connection.execute(f"UPDATE {table} SET {column} = ? WHERE {pulled}", [REAL_END])  # noqa: S608
        connection.executemany("INSERT INTO plan_version VALUES (?, ?, ?, ?, ?)", versions)
        note = "the programme begins: criteria attested or covered by measured ones (simulated)"
        connection.execute("INSERT INTO event VALUES (?, ?, ?, ?, ?)", ["medianest", START, START, "plan_edit", note])


def main() -> int:
    """Mine, simulate, export."""
    repository, checklist = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    rng = np.random.default_rng(20250908)
    SAMPLE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        collecting.initialise(folder, repository, checklist, "medianest", force=True)
        workspace = open_workspace(folder)
        report = collecting.pull(workspace)
        store_harvest(workspace.warehouse, "audit", audit_harvest(checklist.name), AUDIT)
        last = workspace.warehouse.query("commits")["position"].max()
        harvest = programme_harvest(simulated_commits(int(last) + 1, rng), rng)
        closings = close_markers(workspace, harvest)
        store_harvest(workspace.warehouse, "simulated", harvest, SIMULATED_END)
        store_harvest(workspace.warehouse, "git", Harvest(changed_items=closings), SIMULATED_END)
        write_plans(workspace)
        for path, rows in collecting.export(workspace, folder / "export", "parquet"):
            if rows:
                shutil.copyfile(path, SAMPLE / path.name)
                sys.stdout.write(f"{rows:>8,} {path.name}\n")
    simulate_meetings.main()
    simulate_rollout.main()
    failed = [source.error for source in report.sources if not source.ok]
    sys.stdout.writelines(f"{error}\n" for error in failed)
    return len(failed)


if __name__ == "__main__":
    sys.exit(main())
