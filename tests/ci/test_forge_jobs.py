"""The GitHub Action, the GitLab job and the pre-commit hook, run line by line as they are written, on real branches."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import junitparser
import pytest
import yaml

from tests.testing.change import PLAN, Project, project
from tests.testing.command_server import stand_in
from tests.testing.local_forge import TOKEN, Fault, serving

__all__ = ["project"]
pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
COMMENTS = "/repos/acme/shop/issues/7/comments"
REPORT = """<?xml version="1.0"?><coverage version="7.6" timestamp="1" lines-valid="100" lines-covered="%d" \
line-rate="0.%d" branch-rate="0" complexity="0"><packages><package name="p"><classes>\
<class name="a" filename="src/a.py"><lines>%s</lines></class></classes></package></packages></coverage>"""


def cobertura(covered: int) -> str:
    """A Cobertura report with so many of 100 lines covered."""
    return REPORT % (
        covered,
        covered,
        "".join(f'<line number="{n}" hits="{int(n <= covered)}"/>' for n in range(1, 101)),
    )


@pytest.fixture
def forge() -> Iterator[Any]:
    """A server that takes comments."""
    with serving() as server:
        server.routes[COMMENTS] = []
        server.routes["/projects/5/merge_requests/3/notes"] = []
        yield server


def checkout(project: Project, folder: Path) -> Project:
    """The merge of the branch into main, one commit deep, as a job on a pull request gets it."""
    head = project.run("rev-parse", "HEAD").strip()
    project.run("checkout", "-q", "main")
    project.run("checkout", "-q", "-b", "merge-of-7")
    project.run("merge", "-q", "--no-ff", "-m", "Merge 7", head)
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    made = Project(folder)
    made.run("remote", "add", "origin", f"file://{project.path}")
    project.run("config", "uploadpack.allowAnySHA1InWant", "true")
    made.run("fetch", "-q", "--depth=1", "origin", "merge-of-7")
    made.run("checkout", "-q", "--detach", "FETCH_HEAD")
    return made


def action_step(work: Path, forge: Any, *, fork: bool = False, **inputs: str) -> tuple[int, str, str]:
    """Run the second step of action.yml as it is written; returns exit code, output and the job summary."""
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    step = action["runs"]["steps"][1]
    values = {f"inputs.{name}": str(found["default"]) for name, found in action["inputs"].items()}
    values |= {f"inputs.{name}": value for name, value in inputs.items()}
    values |= {
        "github.action_path": str(ROOT),
        "inputs.token": "" if fork else TOKEN,
        "github.event.pull_request.head.repo.full_name != github.repository": str(fork).lower(),
    }
    given = {key: re.sub(r"\$\{\{ (.*?) \}\}", lambda m: values[m[1]], text) for key, text in step["env"].items()}
    runner, home = work.parent / "runner", work.parent / "home"
    environment(runner)
    summary = work.parent / "summary.md"
    given |= {
        "RUNNER_TEMP": str(runner),
        "GITHUB_STEP_SUMMARY": str(summary),
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_REPOSITORY": "acme/shop",
        "GITHUB_REF": "refs/pull/7/merge",
        "GITHUB_API_URL": forge.base,
    }
    done = run(step["run"], work, given, home)
    return done.returncode, done.stdout + done.stderr, summary.read_text() if summary.exists() else ""


def environment(runner: Path) -> None:
    """Where the first step installs: the interpreter of this test run takes its place."""
    stand_in(runner / "tminus" / "bin" / "python")


def run(script: str, work: Path, given: dict[str, str], home: Path) -> subprocess.CompletedProcess[str]:
    """Run lines of shell as a runner does, with nothing of this machine's own CI variables."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script],
        cwd=work, env={**kept, "HOME": str(home), **given}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_action_on_a_shallow_checkout_of_a_pull_request(project: Project, tmp_path: Path, forge: Any) -> None:
    """One commit deep: the base is fetched, the new marker fails the job, the comment and the summary say so."""
    project.branch("feature")
    project.commit({"src/a.py": "x = 1  # TODO one\ny = 2  # FIXME two\n"})
    work = checkout(project, tmp_path / "work")
    code, out, summary = action_step(work.path, forge)
    assert code == 1, out
    assert "::warning file=src/a.py,line=2,title=new FIXME::two" in out
    assert "worse than" in summary
    (comment,) = forge.routes[COMMENTS]
    assert "src/a.py:2: FIXME two" in comment["body"]
    assert TOKEN not in out + summary
    report = junitparser.JUnitXml.fromfile(str(work.path / "tminus-junit.xml"))
    assert report.failures == 1


def test_the_action_without_a_checkout_asks_for_one(tmp_path: Path, forge: Any) -> None:
    """A job that forgot the checkout step ends with one line that names it, and code 2."""
    (tmp_path / "work").mkdir()
    code, out, _ = action_step(tmp_path / "work", forge)
    assert code == 2
    assert (
        out == "T-minus compares commits and needs a checkout of the repository: add a checkout step before this one\n"
    )


def test_the_action_on_a_fork_without_secrets(project: Project, tmp_path: Path, forge: Any) -> None:
    """No token: the same comparison, the comment is in the summary, and the service is asked nothing."""
    project.branch("feature")
    project.commit({"src/a.py": "x = 1\n"})
    code, out, summary = action_step(checkout(project, tmp_path / "work").path, forge, fork=True)
    assert code == 0, out
    assert "<!-- tminus pr-comment: shop -->" in summary
    assert "no worse than" in summary
    assert forge.asked == []


def test_a_refused_comment_does_not_hide_the_comparison(project: Project, tmp_path: Path, forge: Any) -> None:
    """The permission is missing: the comment goes into the summary, and the comparison decides."""
    project.branch("feature")
    project.commit({"src/a.py": "x = 1\n"})
    forge.faults.append(Fault("/comments", "status", status=403, times=9))
    code, out, summary = action_step(checkout(project, tmp_path / "work").path, forge)
    assert code == 0, out
    assert "GitHub answered 403" in out
    assert "<!-- tminus pr-comment: shop -->" in summary


def test_reports_of_the_job_are_compared_with_a_kept_warehouse(project: Project, tmp_path: Path, forge: Any) -> None:
    """A warehouse that main left has its coverage: that of the change is lower, and the job fails."""
    project.record("coverage_line_percent", 80)
    warehouse = (project.path / ".tminus" / "warehouse.duckdb").read_bytes()
    project.branch("feature")
    project.commit({"src/b.py": "z = 3\n"})
    work = checkout(project, tmp_path / "work")
    (work.path / ".tminus").mkdir()
    (work.path / ".tminus" / "warehouse.duckdb").write_bytes(warehouse)
    (work.path / "reports").mkdir()
    (work.path / "reports" / "coverage.xml").write_text(cobertura(60))
    head = project.run("rev-parse", "feature").strip()
    (tmp_path / "event.json").write_text(json.dumps({"pull_request": {"head": {"sha": head}}}))
    code, out, summary = action_step(work.path, forge, reports="reports", comment="false")
    assert code in (1, 3), out
    assert "Line coverage" in summary
    code, out, _ = action_step(work.path, forge, reports="reports", comment="false", accept="coverage")
    assert code == 0, out


def test_the_gitlab_job_as_it_is_written(project: Project, tmp_path: Path, forge: Any) -> None:
    """The script of the included job: the comparison, the note, both reports. Without a token it is printed."""
    project.branch("feature")
    project.commit({"src/a.py": "x = 1  # TODO one\ny = 2  # FIXME two\n"})
    job = yaml.safe_load((ROOT / "ci" / "gitlab.yml").read_text())["tminus"]
    base = project.run("rev-parse", "main").strip()
    (project.path / ".tminus-tool").symlink_to(ROOT)
    stand_in(project.path / ".tminus-env" / "bin" / "python")
    given = {name: str(value) for name, value in job["variables"].items()} | {
        "CI_PROJECT_DIR": str(project.path),
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": base,
        "CI_MERGE_REQUEST_IID": "3",
        "CI_PROJECT_ID": "5",
        "CI_API_V4_URL": forge.base,
        "CI_JOB_TOKEN": "job-token-of-gitlab",
    }
    lines = [line for line in job["script"] if "checkout --quiet" not in line]
    assert len(lines) == len(job["script"]) - 1  # the pinned commit: this checkout is the tool itself
    done = run("\n".join(lines), project.path, given, tmp_path / "home")
    assert done.returncode == 1, done.stderr
    assert "FIXME two" in done.stdout
    assert forge.asked == []
    issues = json.loads((project.path / "gl-code-quality-report.json").read_text())
    assert {issue["location"]["path"] for issue in issues} == {"src/a.py", "tminus.toml"}
    assert junitparser.JUnitXml.fromfile(str(project.path / "tminus-junit.xml")).failures == 1

    done = run("\n".join(lines), project.path, given | {"GITLAB_TOKEN": "glpat-" + "a1B2c3D4" * 3}, tmp_path / "home")
    assert done.returncode == 1, done.stderr
    assert len(forge.routes["/projects/5/merge_requests/3/notes"]) == 1


def test_what_the_jobs_install_is_pinned_by_hashes() -> None:
    """Every requirement has a hash, the versions are those of the development lock, and no action of others is used."""
    lock = (ROOT / "ci" / "requirements.lock").read_text()
    pin = re.compile(r"^([a-z0-9][\w.-]*==[\w.+!-]+)", flags=re.MULTILINE)
    pinned, developed = set(pin.findall(lock)), set(pin.findall((ROOT / "requirements.lock").read_text()))
    assert lock.count("--hash=sha256:") >= len(pinned) > 20
    assert pinned <= developed
    assert "://" not in lock
    action = (ROOT / "action.yml").read_text()
    assert "uses:" not in action
    assert "--require-hashes" in action


def test_the_pre_commit_hook_lints_the_plan(project: Project, tmp_path: Path) -> None:
    """The entry of the hook, run on a staged plan as pre-commit does: good passes, bad names its line and fails."""
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert re.search(hook["files"], "tminus.toml")
    assert re.search(hook["files"], "sub/tminus.toml")
    assert not re.search(hook["files"], "tminus.toml.md")
    entry = hook["entry"].replace("tminus ", f'"{sys.executable}" "{ROOT}/tminus.py" ', 1)
    assert run(f"{entry} tminus.toml", project.path, {}, tmp_path).returncode == 0
    project.plan.write_text(PLAN.replace('comparator = "<="', 'comparator = "<<"'))
    done = run(f"{entry} tminus.toml", project.path, {}, tmp_path)
    assert done.returncode == 2
    assert done.stdout.startswith("tminus.toml:16:1: error: gate[0].criterion[0].comparator: found '<<'")
