"""Build data/samples/matrix: run the example's CI with the real tools and keep what they wrote.

    python data/build_matrix_example.py [--soak SECONDS]

Needs node 20 with npm, chromium (CHROME_PATH), curl and git; fetches the npm packages of the example's package.json and
the scanners below from PyPI, into a temporary folder. Nothing is simulated: a job that fails leaves a failing figure.
It also writes tminus.toml: the plan as `tminus init --checklist` imports it, and the edits listed here.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import venv
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app.steps.assess import open_workspace  # noqa: E402
from app.steps.evidence import collect as collecting  # noqa: E402
from ingest.plan_drafting.from_checklist import plan_text  # noqa: E402

SAMPLE = ROOT / "data" / "samples" / "matrix"
NEUTRAL_PLACE, NEUTRAL_HOST = "/home/ci/shelf", "runner"
# checkov brings a fork of detect-secrets under the same module name: each gets an environment of its own.
PYPI = (("schemathesis==4.32.5", "detect-secrets==1.5.0", "semgrep==1.182.0"), ("checkov==3.3.30",))


KEPT_DAYS = 36500  # the reports of the example are written once; a living plan leaves this at 30


class Binding(NamedTuple):
    """What a criterion of the checklist that names no figure is measured by."""

    metric: str
    scope: str
    comparator: str
    threshold: float
    unit: str
    how: str


BINDINGS = {
    "core-api-endpoints-functional": Binding(
        "api_proven_percent", "", ">=", 100, "percent", "every operation of openapi.yaml passes its contract tests"
    ),
    "test-infrastructure-operational": Binding(
        "tests_failed", "integration", "<=", 0, "tests", "the integration tests of the critical paths run and pass"
    ),
    "performance-baseline-met": Binding(
        "load_score", "", ">=", 90, "points", "Lighthouse's performance score; the assumption of 90 is Lighthouse's own"
    ),
    "authentication-system-secure": Binding(
        "tests_failed", "authentication", "<=", 0, "tests", "a test each: tokens, rotation, second factor, lock-out"
    ),
    "data-protection-validated": Binding(
        "tests_failed", "data-protection", "<=", 0, "tests", "a test each: AES-256-GCM, key derivation, files on disk"
    ),
    "infrastructure-hardened": Binding(
        "tests_failed", "infrastructure", "<=", 0, "tests", "checkov's checks of the container and the cluster's files"
    ),
    "security-score": Binding(
        "tests_passed_percent", "authentication", ">", 70, "percent", "7.0 of 10 as a share: security tests that pass"
    ),
    "deployment-documentation-complete": Binding(
        "tests_failed", "deployment-guide", "<=", 0, "tests", "tests compare the guide with the code and the files"
    ),
    "operational-procedures-validated": Binding(
        "tests_failed", "operations", "<=", 0, "tests", "a test each: health, metrics, log records, alerts"
    ),
    "api-documentation-current": Binding(
        "findings_high_count", "api-document", "<=", 0, "findings", "errors that spectral finds in openapi.yaml"
    ),
    "documentation": Binding(
        "docs_documented_percent", "", ">", 70, "percent", "7.0 of 10 as a share: exported symbols with a comment"
    ),
    "infrastructure": Binding(
        "tests_passed_percent", "infrastructure", ">", 70, "percent", "7.0 of 10 as a share: checkov's checks that pass"
    ),
}
SOURCES = {
    "paths": ["reports"],
    "scopes": {
        "reports/*/tests/integration.xml": "integration",
        "reports/*/tests/authentication.xml": "authentication",
        "reports/*/tests/data-protection.xml": "data-protection",
        "reports/*/tests/operations.xml": "operations",
        "reports/*/tests/documentation.xml": "deployment-guide",
        "reports/*/api/*": "contract",
        "reports/*/infrastructure/*": "infrastructure",
        "reports/*/documentation/spectral.sarif": "api-document",
    },
    "openapi": "openapi.yaml",
    "routes": ["src/server/*.js"],
}


def bound_plan(imported: dict[str, Any]) -> dict[str, Any]:
    """The gates to deploy, with a metric for each box that had none; thresholds of the checklist stay.

    A box with boxes below is measured as a whole, in place of those that only a person could vouch for.
    """
    imported["gate"] = [gate for gate in imported["gate"] if "kind" not in gate]
    for gate in imported["gate"]:
        gate["criterion"] = [c for c in gate["criterion"] if c["metric"] or c["id"] in BINDINGS]
    for stage in imported["stage"]:
        stage.pop("exit", None)
    for criterion in (c for gate in imported["gate"] for c in gate["criterion"]):
        criterion["max_age_days"] = KEPT_DAYS
        criterion.pop("parent", None)
        binding = BINDINGS.get(criterion["id"])
        if binding:
            criterion |= {key: getattr(binding, key) for key in ("metric", "scope", "comparator", "threshold", "unit")}
            criterion["why"] = f"{criterion['why']}; measured as: {binding.how}"
            criterion["fix"] = "docs/from-your-ci.md names the job that measures this, and its report"
    imported["sources"] = {"artifacts": SOURCES}
    return imported


def write_plan() -> None:
    """tminus.toml of the sample, imported again from its checklist."""
    with tempfile.TemporaryDirectory() as place:
        shutil.copy(SAMPLE / "STAGING_CHECKLIST.md", place)
        _run(Path(place), "git", "init", "--quiet")
        collecting.initialise(Path(place), Path(place), Path(place) / "STAGING_CHECKLIST.md", "shelf", force=True)
        plan = bound_plan(dict(open_workspace(Path(place)).tables))
    (SAMPLE / "tminus.toml").write_text(plan_text(plan), encoding="utf-8")


def run_ci(soak: int) -> None:
    """The example's ci.sh in a clean copy; its reports replace those of the sample, under the moment it ended."""
    with tempfile.TemporaryDirectory() as place:
        shelf = Path(place) / "shelf"
        shutil.copytree(SAMPLE, shelf, ignore=shutil.ignore_patterns("reports", "node_modules", "build", ".tminus"))
        for step in (("init", "--quiet"), ("add", "."), ("commit", "--quiet", "-m", "The example")):
            _run(shelf, "git", "-c", "user.name=example", "-c", "user.email=example@example.org", *step)
        _run(shelf, "npm", "install", "--legacy-peer-deps", "--no-audit", "--no-fund", "--silent")
        folders = [shelf / "node_modules" / ".bin", *_scanners(Path(place))]
        path = os.pathsep.join([*map(str, folders), os.environ["PATH"]])
        _run(shelf, "sh", "ci.sh", environment={"PATH": path, "REPORTS": "reports/now", "SOAK_SECONDS": str(soak)})
        shutil.rmtree(SAMPLE / "reports", ignore_errors=True)
        kept = SAMPLE / "reports" / datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%SZ")
        shutil.copytree(shelf / "reports" / "now", kept)
        for file in filter(Path.is_file, kept.rglob("*")):
            _scrub(file, str(shelf))


def _scanners(place: Path) -> list[Path]:
    """The folders in which the scanners from PyPI can be called."""
    folders = []
    for number, packages in enumerate(PYPI):
        environment = place / f"scanners-{number}"
        venv.create(environment, with_pip=True)
        _run(place, str(environment / "bin" / "python"), "-m", "pip", "install", "--quiet", *packages)
        folders.append(environment / "bin")
    return folders


def _scrub(file: Path, shelf: str) -> None:
    """The place of this machine becomes a neutral one: it says nothing about the code."""
    text = file.read_text(encoding="utf-8").replace(shelf, NEUTRAL_PLACE)
    text = text.replace(f'hostname="{socket.gethostname()}"', f'hostname="{NEUTRAL_HOST}"')
    file.write_text(text, encoding="utf-8")


def _run(folder: Path, *command: str, environment: dict[str, str] | None = None) -> None:
    subprocess.run(command, cwd=folder, check=True, env={**os.environ, **(environment or {})})


def main() -> int:
    """Plan and reports."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--soak", type=int, default=1200, help="seconds of the soak test")
    parser.add_argument("--plan-only", action="store_true", help="leave the reports as they are")
    given = parser.parse_args()
    write_plan()
    if not given.plan_only:
        run_ci(given.soak)
    return 0


if __name__ == "__main__":
    sys.exit(main())
