"""The sample: MediaNest's own history and claims, and a remediation programme after it that is simulated."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from app.steps.assess import open_workspace
from app.workspace import CONFIG_NAME, Workspace, bundled

DEMO_FOLDER = Path(".tminus") / "demo"


def prepare_demo(*, with_simulated: bool, folder: Path | None = None) -> Workspace:
    """Lay the sample's warehouse and plan into `folder` (default: .tminus/demo here) and open them.

    Without the simulated weeks the clock is set to the end of the real history, and the plan is the imported one.
    """
    sample = bundled("samples") / "medianest"
    place = (folder or DEMO_FOLDER) / ("programme" if with_simulated else "real")
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    plan = sample / ("programme.toml" if with_simulated else "imported.toml")
    shutil.copyfile(plan, place / CONFIG_NAME)
    workspace = open_workspace(place)
    _load(workspace, sample, with_simulated=with_simulated)
    return workspace


def _load(workspace: Workspace, sample: Path, *, with_simulated: bool) -> None:
    """Fill the warehouse from the exported tables, in one transaction."""
    until = workspace.config.as_of or datetime.now(UTC)
    with workspace.warehouse.writing() as connection:
        for file in sorted(sample.glob("*.parquet")):
            table = file.stem
            kept = "" if with_simulated else _real_only(table)
            connection.execute(
                f'INSERT INTO "{table}" BY NAME SELECT * {kept or "FROM read_parquet($file)"}',
                {"file": str(file), **({"until": until} if "$until" in kept else {})},
            )


_REOPENED = """REPLACE (
    if(closed_by = 'simulated', NULL, closed_at) AS closed_at,
    if(closed_by = 'simulated', '', closed_commit) AS closed_commit,
    if(closed_by = 'simulated', '', closed_by) AS closed_by
)"""


def _real_only(table: str) -> str:
    """The part of a SELECT behind its star that leaves the simulated programme out."""
    source = "FROM read_parquet($file)"
    parts = {
        "observation": f"{source} WHERE kind <> 'simulated'",
        "commit": f"{source} WHERE author <> 'simulated'",
        "evidence": f"{source} WHERE tool <> 'simulated'",
        "item": f"{_REOPENED} {source}",
        "source_run": f"{source} WHERE source <> 'simulated' AND started_at <= $until",
        "plan_version": f"{source} WHERE recorded_at <= $until",
        "event": f"{source} WHERE happened_at <= $until",
        **dict.fromkeys(
            ("decision", "deployment", "forecast", "frozen_review", "process_event", "sample"), f"{source} WHERE false"
        ),
    }
    return parts.get(table, "")
