"""The sample: MediaNest's own history and claims, and a remediation programme after it that is simulated."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from app.resources import bundled
from app.steps import open_workspace
from app.workspace import CONFIG_NAME, Workspace

DEMO_FOLDER = Path(".tminus") / "demo"


def prepare_demo(*, with_simulated: bool, folder: Path | None = None) -> Workspace:
    """Lay the sample's warehouse and plan into `folder` (default: .tminus/demo here) and open them.

    Without the simulated weeks the clock stands at the end of the real history, and the plan is the imported one.
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
                f'INSERT INTO "{table}" BY NAME SELECT * FROM read_parquet($file) {kept}',  # noqa: S608 - own names
                {"file": str(file), **({"until": until} if "$until" in kept else {})},
            )


def _real_only(table: str) -> str:
    conditions = {
        "observation": "WHERE kind <> 'simulated'",
        "commit": "WHERE author <> 'simulated'",
        "evidence": "WHERE tool <> 'simulated'",
        "item": "WHERE opened_by <> 'simulated'",
        "source_run": "WHERE source <> 'simulated'",
        "plan_version": "WHERE recorded_at <= $until",
        "event": "WHERE happened_at <= $until",
    }
    return conditions.get(table, "")
