"""Nothing that a repository or a document holds is executed until a person says yes: proven with a marker file.

The document and the plan are full of commands that would leave a marker; so are the hooks, filters and helpers of the
repository, and every program that they name is on the path and leaves one, too.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from app.command_line.commands import COMMANDS
from app.command_line.parser import main
from app.dashboard.navigation import CONFIG_VARIABLE
from tests.testing.app_test import AppTest

ENTRY = Path(__file__).parents[2] / "app" / "dashboard" / "entry" / "streamlit_app.py"
PAGES = sorted(path.stem for path in (ENTRY.parents[1] / "pages").glob("[a-z]*.py") if path.stem != "portfolio")
PROGRAMS = (
    "npm",
    "kubectl",
    "curl",
    "docker-compose",
    "docker",
    "psql",
    "pg_restore",
    "make",
    "slack",
    "node",
    "touch",
)

DOCUMENT = """\
# Deployment checklist $(touch MARKER)

**Current Readiness:** 23% | **Target Readiness:** >90%

## GATE 1: FUNCTIONALITY

- [ ] **Core API `touch MARKER`**
  - [ ] Test coverage above 15% $(touch MARKER)
  - [x] Rollback procedures tested (<60s)

## STAGING DEPLOYMENT WORKFLOW

### Phase 1: Staged rollout

```bash
touch MARKER
# Stage 1: Internal testing (5 users)
kubectl apply -f app.yaml; touch MARKER
npm run test:critical
curl -f http://127.0.0.1:9/health
```

## EMERGENCY ROLLBACK PROCEDURES

### Immediate Rollback (<60 seconds)

```bash
kubectl rollout undo deployment/app && touch MARKER
```

## STAKEHOLDER COMMUNICATION PLAN

### Pre-Deployment (T-24 hours)

- [ ] **Team `touch MARKER`:** slack $(touch MARKER)
"""

PLAN = """
[[runbook]]
id = "own-rollout"
title = "$(touch MARKER)"

  [[runbook.step]]
  id = "own-apply"
  title = "`touch MARKER`"
  command = "touch MARKER"

[[drill]]
id = "own-drill"
title = "`touch MARKER`"
limit_seconds = 60
health_url = "http://127.0.0.1:9/$(touch MARKER)"
runbook = "own-rollout"

[[message]]
id = "own-message"
audience = "$(touch MARKER)"
when = "T-24h"
template = "`touch MARKER` $(touch MARKER) {project}"
"""

# What each command is called with. Every command of T-minus is here or in ACTS.
QUESTIONS: dict[str, list[list[str]]] = {
    "pull": [["pull", "--quiet"]],
    "status": [["status", "--all"]],
    "checklist": [["checklist", "--check"], ["checklist", "--output", "written.md"]],
    "forecast": [["forecast"]],
    "moved": [["moved"]],
    "review": [["review"], ["review", "--format", "html"], ["review", "--freeze"], ["review", "--frozen"]],
    "decide": [["decide", "$(touch MARKER)", "--owner", "`touch MARKER`", "--due", "2099-01-01"]],
    "decisions": [["decisions"]],
    "check": [["check"]],
    "series": [["series"]],
    "explain": [["explain"]],
    "record": [["record", "rollback_seconds", "50", "--note", "$(touch MARKER)"]],
    "read": [["read", "checklist.md"]],
    "reread": [["reread", "--dry-run"]],
    "sql": [["sql", "SELECT 'touch MARKER'"]],
    "export": [["export", "exported"]],
    "backup": [["backup", "copy.duckdb"]],
    "warehouse": [["warehouse", "tidy"], ["warehouse", "copy", "$(touch MARKER)", "`touch MARKER`"]],
    "doctor": [["doctor"]],
    "backtest": [["backtest"]],
    "portfolio": [["portfolio", "."], ["portfolio", "status", "."]],
    "rollout": [["rollout"]],
    "deploy": [["deploy", "--stage", "stage-1", "--commit", "HEAD"], ["deploy", "--rollback"]],
    "incident": [["incident", "$(touch MARKER)", "--severity", "minor"]],
    "withdraw": [["withdraw"], ["withdraw", "incident-1", "--by", "$(touch MARKER)", "--note", "`touch MARKER`"]],
    "lint": [["lint"]],
    "badge": [["badge"]],
    "site": [["site", "public"]],
    "metrics": [["metrics"]],
    "send": [["send", "--to", "json://127.0.0.1:9/$(touch MARKER)"]],
    "pr-comment": [["pr-comment", "--base", "HEAD"]],
    "completion": [["completion", "bash"]],
    "runbook": [["runbook"]],
    "run-step": [["run-step", "own-apply"], ["run-step", "own-apply", "--json"]],
    "drill": [["drill"], ["drill", "own-drill"]],
    "messages": [
        ["messages"],
        ["messages", "draft", "own-message"],
        ["messages", "sent", "own-message", "--by", "$(touch MARKER)"],
    ],
}
ACTS = {"init", "app", "demo", "mcp"}  # init comes first; the others serve the pages and answers that are asked below


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with the document; whatever it could execute leaves the file MARKER."""
    marker = str(tmp_path / "MARKER")
    shims = tmp_path / "bin"
    shims.mkdir()
    touch = shutil.which("touch")
    for name in PROGRAMS:
        (shims / name).write_text(f"#!/bin/sh\n{touch} {marker}\n")
        (shims / name).chmod(0o755)
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / "checklist.md").write_text(DOCUMENT.replace("MARKER", marker))
    (folder / "Makefile").write_text(f"all:\n\ttouch {marker}\n$(shell touch {marker})\n")
    (folder / "package.json").write_text(f'{{"name": "shop", "scripts": {{"test": "touch {marker}"}}}}')
    (folder / "conftest.py").write_text(f"open({marker!r}, 'w').close()\n")
    (folder / "setup.py").write_text(f"open({marker!r}, 'w').close()\n# TODO: leave\n")
    (folder / "gone.py").write_text("# TODO: its blob is missing\n")
    (folder / ".gitattributes").write_text("* filter=evil diff=evil\n")
    _commit(folder, marker)
    monkeypatch.setenv("PATH", f"{shims}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.chdir(folder)
    return folder


def _commit(folder: Path, marker: str) -> None:
    def git(*words: str) -> None:
        subprocess.run(["git", "-c", "user.name=Ada", "-c", "user.email=a@b", *words], cwd=folder, check=True)

    git("init", "-q", "-b", "main")
    git("add", ".")
    git("commit", "-q", "-m", f"$(touch {marker}) `touch {marker}`")
    _sign(folder)
    asked = ["git", "rev-parse", "HEAD:gone.py"]
    missing = subprocess.run(asked, cwd=folder, capture_output=True, text=True, check=True).stdout.strip()
    (folder / ".git" / "objects" / missing[:2] / missing[2:]).unlink()
    run = folder.parent / "leave-a-marker"
    run.write_text(f"#!/bin/sh\ntouch {marker}\n")
    run.chmod(0o755)
    config = folder / ".git" / "config"
    evil = (
        f'[filter "evil"]\n\tclean = touch {marker}\n\tsmudge = touch {marker}\n'
        f'[diff "evil"]\n\ttextconv = touch {marker}\n\tcommand = touch {marker}\n'
        f"[core]\n\tfsmonitor = touch {marker}\n\tpager = touch {marker}\n\tsshCommand = touch {marker}\n"
        f"[alias]\n\tlog = !touch {marker}\n[credential]\n\thelper = !touch {marker}\n"
        f"[diff]\n\texternal = touch {marker}\n[log]\n\tshowSignature = true\n[gpg]\n\tprogram = {run}\n"
        f"[core]\n\teditor = touch {marker}\n\talternateRefsCommand = touch {marker}\n\taskPass = {run}\n"
        f"\tgitProxy = {run}\n[uploadpack]\n\tpackObjectsHook = {run}\n[submodule]\n\tupdate = !touch {marker}\n"
        # A blob is missing, and the remote that is expected to have it is a program: git would fetch it by itself.
        f'[remote "origin"]\n\turl = ext::{run}\n\tpromisor = true\n\tpartialclonefilter = blob:none\n'
        f'\tfetch = +refs/heads/*:refs/remotes/origin/*\n\tuploadpack = {run}\n[protocol "ext"]\n\tallow = always\n'
        f'[url "ext::{run} "]\n\tinsteadOf = https://\n[extensions]\n\tpartialClone = origin\n'
    )
    config.write_text(config.read_text().replace("repositoryformatversion = 0", "repositoryformatversion = 1"))
    config.write_text(config.read_text() + evil)
    for hook in (
        "post-checkout",
        "pre-commit",
        "post-merge",
        "reference-transaction",
        "pre-auto-gc",
        "fsmonitor-watchman",
    ):
        path = folder / ".git" / "hooks" / hook
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\ntouch {marker}\n")
        path.chmod(0o755)


def _sign(folder: Path) -> None:
    """A signature on the newest commit, which `git log` would have checked by a program of the repository."""
    text = subprocess.run(["git", "cat-file", "commit", "HEAD"], cwd=folder, capture_output=True, check=True).stdout
    head, _, message = text.partition(b"\n\n")
    signature = b"\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n abc\n -----END PGP SIGNATURE-----\n\n"
    made = ["git", "hash-object", "-t", "commit", "-w", "--stdin"]
    signed = subprocess.run(made, cwd=folder, input=head + signature + message, capture_output=True, check=True).stdout
    subprocess.run(["git", "update-ref", "HEAD", signed.decode().strip()], cwd=folder, check=True)


def test_every_command_is_tried() -> None:
    """A new command of T-minus has to be added to this proof."""
    assert set(QUESTIONS) | ACTS == set(COMMANDS)


def test_no_command_and_no_page_runs_what_the_document_says(
    place: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """From init to the last page nothing leaves the marker; the one step that a person confirms does."""
    marker = place.parent / "MARKER"
    assert main(["init", "--checklist", "checklist.md"]) == 0
    plan = place / "tminus.toml"
    plan.write_text(plan.read_text() + PLAN.replace("MARKER", str(marker)))
    for calls in QUESTIONS.values():
        for call in calls:
            code = main([word.replace("MARKER", str(marker)) for word in call])
            assert code in (0, 1, 2, 3), call
            assert "an error of T-minus itself" not in capfd.readouterr().err, call
            assert not marker.exists(), call
    monkeypatch.setattr("sys.argv", ["streamlit"])
    monkeypatch.setenv(CONFIG_VARIABLE, str(plan))
    page = AppTest.from_file(str(ENTRY), default_timeout=120).run()
    for name in PAGES:
        page.switch_page(f"../pages/{name}.py").run()
        assert not page.exception, name
        assert not marker.exists(), name
    assert main(["run-step", "own-apply", "--yes"]) == 0
    assert marker.exists()


@pytest.mark.parametrize(
    "asked", [["log", "-1"], ["cat-file", "blob", "HEAD:gone.py"], ["status"], ["log", "-p", "-1"]]
)
def test_the_repository_is_a_trap(place: Path, asked: list[str]) -> None:
    """Plain git runs a program of it when it is asked the same."""
    subprocess.run(["git", *asked], cwd=place, capture_output=True, check=False, stdin=subprocess.DEVNULL)

    assert (place.parent / "MARKER").exists()
