"""A custom source, installed as a package of its own, takes part in a pull like a built-in one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parents[2] / "testing"
PULL = """
import json, sys
from datetime import UTC, datetime
from pathlib import Path
from ingest.config import parse_config
from ingest.pull import pull
from ingest.warehouse.database import Warehouse

root = Path(sys.argv[1])
config = parse_config({"project": {"name": "shop"}, "sources": json.loads(sys.argv[2])}, root)
for _ in range(int(sys.argv[4])):
    report = pull(config, only=json.loads(sys.argv[3]), now=datetime(2025, 9, 1, tzinfo=UTC))
    rows = Warehouse(config.warehouse, "shop").rows("markers", "shop")
    found = [[s.source, s.ok, s.rows_added, s.error] for s in report.sources]
    print(json.dumps({"sources": found, "markers": dict(rows)}))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """The folder into which pip installed the plug-in package, without any network."""
    folder = tmp_path_factory.mktemp("site")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-build-isolation",
         "--disable-pip-version-check", "--target", folder, HERE / "plugin_package"],
        check=True, capture_output=True,
    )  # fmt: skip
    return folder


def run_pulls(installed: Path, root: Path, settings: dict, only: list[str], times: int = 1) -> list[dict]:
    environment = {**os.environ, "PYTHONPATH": f"{HERE.parents[1]}{os.pathsep}{installed}"}
    command = [sys.executable, "-c", PULL, str(root), json.dumps(settings), json.dumps(only), str(times)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_an_installed_source_is_found_and_pulled(installed, tmp_path):
    """Its table in the configuration is enough; the marker makes the second pull add nothing."""
    (tmp_path / "drills.csv").write_text(
        "at,seconds\n2025-08-01T10:00:00+00:00,240\n2025-08-20T10:00:00+00:00,no idea\n"
    )
    first, second = run_pulls(installed, tmp_path, {"drills": {}}, ["drills"], 2)
    assert first["sources"] == [["drills", True, 2, ""]]
    assert first["markers"]["drills"] == "2025-08-20T10:00:00+00:00"
    assert second["sources"] == [["drills", True, 0, ""]]


def test_an_installed_source_that_fails_is_one_line(installed, tmp_path):
    """Its SourceError is reported with what to do."""
    (answer,) = run_pulls(installed, tmp_path, {"drills": {"file": "gone.csv"}}, ["drills"])
    shown_text = answer["sources"]
    assert shown_text[0][:3] == ["drills", False, 0]
    assert "name the file in sources.drills.file" in shown_text[0][3]
