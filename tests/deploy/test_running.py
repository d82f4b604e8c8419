"""The files of docs/running.md hold what the page promises, and their shell lines run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from app.command_line.parser import build_parser
from ingest.warehouse.database import Warehouse
from tests.testing.command_server import stand_in
from tests.testing.repositories import new_repository

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A repository with a plan, tminus on the path, and no CI around it."""
    program = stand_in(tmp_path / "bin" / "tminus")
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{BIN}{os.pathsep}{os.environ['PATH']}")
    folder = new_repository(tmp_path / "project")
    (folder / "a.py").write_text("x = 1  # TODO more\n", encoding="utf-8")
    git = ["git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-qm", "one"], check=True)
    bash("tminus init", folder)
    return folder


def bash(lines: str, folder: Path, **environment: str) -> None:
    """Run lines as CI does: the first that fails ends it."""
    words = ["bash", "-e", "-o", "pipefail", "-c", lines]
    subprocess.run(words, cwd=folder, env={**os.environ, **environment}, check=True, stdout=subprocess.DEVNULL)


def steps() -> dict[str, str]:
    """The shell lines of the nightly workflow by name."""
    workflow = yaml.safe_load((ROOT / "deploy/nightly.yml").read_text(encoding="utf-8"))
    return {step["name"]: step["run"] for step in workflow["jobs"]["pull"]["steps"] if "run" in step}


def markers(warehouse: Path) -> list[float]:
    """The counted TODO markers of a warehouse."""
    with Warehouse(warehouse, "project").reading() as connection:
        found = connection.execute("SELECT value FROM current_observation WHERE metric = 'todo_count' AND scope = ''")
        return [value for (value,) in found.fetchall()]


def test_the_nightly_workflow_pulls_and_keeps_the_warehouse(project):
    """Its lines pull, write the review into the summary, and leave a whole copy that the next night starts from."""
    lines = steps()
    bash(lines["Pull"], project)
    bash(lines["Write the review and a checked copy"], project, GITHUB_STEP_SUMMARY=str(project / "summary.md"))

    assert markers(project / "keep/warehouse.duckdb")[-1] == 1
    assert (project / "summary.md").read_text(encoding="utf-8").startswith("#")
    shutil.move(project / "keep", project / "kept")
    shutil.rmtree(project / ".tminus")
    taken = lines["Take the warehouse of the last night"].splitlines()
    bash("\n".join(line for line in taken if "gh run" not in line), project)
    bash(lines["Pull"], project)
    assert markers(project / ".tminus/warehouse.duckdb")[-1] == 1


def test_the_cron_line_pulls(project):
    """The command of the documented cron line runs in the folder of the project."""
    page = (ROOT / "docs/running.md").read_text(encoding="utf-8")
    line = re.search(r"```cron\n(\S+ \S+ \S+ \S+ \S+) (.*)\n```", page)
    assert line
    bash(line[2].replace("/srv/project", str(project)), project)

    assert markers(project / ".tminus/warehouse.duckdb")[-1] == 1


def test_the_image_has_no_rights_and_is_asked_for_its_health():
    """The last user of the image is not root, and the address of the health check is that of the dashboard's server."""
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    users = [line.split()[1] for line in lines if line.startswith("USER ")]

    assert users[-1:] == ["10001"]
    assert any("127.0.0.1:8501/_stcore/health" in line for line in lines)
    assert "0.0.0.0" not in "\n".join(lines)
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert all(f"\n{pin} " in lock for pin in re.findall(r"\S+==\S+", "\n".join(lines)))
    copied = {line.split()[1] for line in lines if line.startswith("COPY ")}
    assert all((ROOT / place).exists() for place in copied)


def test_the_dashboard_of_compose_reads_only_and_serves_who_signs_in():
    """The project is read-only, the pages need a sign-in, only the proxy has ports, and all that is asked is named."""
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    services = yaml.safe_load(text)["services"]
    dashboard = services["dashboard"]

    assert all(volume.endswith(":ro") for volume in dashboard["volumes"])
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    arguments = build_parser().parse_args(dashboard["command"])
    assert (arguments.host, arguments.port, arguments.sign_in) == ("0.0.0.0", 8501, "/run/secrets/sign-in")
    assert dashboard["secrets"] == ["sign-in"]
    assert "reverse_proxy dashboard:8501" in (ROOT / "deploy/Caddyfile").read_text(encoding="utf-8")
    page = (ROOT / "docs/running.md").read_text(encoding="utf-8")
    assert all(name in page for name in re.findall(r"\$\{(\w+):\?", text))


def test_systemd_takes_the_units(tmp_path):
    """systemd itself finds nothing wrong with the units but that the program is elsewhere on this machine."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not installed")
    for name in ("tminus-pull.service", "tminus-pull.timer"):
        text = (ROOT / "deploy" / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(
            text.replace("/usr/local/bin/tminus", shutil.which("true") or ""), encoding="utf-8"
        )
    units = sorted(str(path) for path in tmp_path.glob("tminus-*"))
    verified = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)

    assert [line for line in verified.stderr.splitlines() if "tminus-pull" in line] == []
