"""The command line: what it prints for programs, what it refuses, and with which exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.command_line.commands import COMMANDS
from app.command_line.parser import main
from app.workspace import Workspace
from tests.testing.pulls import make_repository
from tests.testing.sample import sample_in

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return sample_in(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return sample_in(tmp_path_factory.mktemp("demo"), with_simulated=False)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    capsys.readouterr()
    code = main(list(arguments))
    out, err = capsys.readouterr()
    return code, out or err


def answer(capsys: pytest.CaptureFixture[str], workspace: Workspace, *arguments: str) -> dict[str, Any]:
    _, out = run(capsys, *arguments, "--json", "--config", str(workspace.path))
    return json.loads(out)


def test_the_command_is_ours_where_a_repository_has_packages_of_the_same_names(tmp_path: Path) -> None:
    """Called in a repository whose own `app`, `ingest` and `models` come first on Python's path, it still answers."""
    for name in ("app", "ingest", "models"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise ImportError('a package of the repository')\n")
    installed = f"import sys; sys.path.append({str(ROOT)!r}); sys.argv = ['tminus', 'read', 'x.json']; import tminus"
    found = subprocess.run(
        [sys.executable, "-c", f"{installed}; sys.exit(tminus.main())"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert "a package of the repository" not in found.stderr
    assert "x.json" in found.stdout + found.stderr


def test_five_claims_of_one_day_stand_side_by_side(capsys: pytest.CaptureFixture[str], real: Workspace) -> None:
    """On 2025-09-08 the documents of the sample claim 23, 25, 68, 78 and 97, each with its place and author."""
    shown_text = answer(capsys, real, "status", "--at", "2025-09-08T23:59")
    claims = [c for c in shown_text["claims"] if c["metric"] == "readiness_claim_percent"]

    assert {23.0, 25.0, 68.0, 78.0, 97.0} <= {claim["value"] for claim in claims}
    assert all(claim["path"] and claim["line"] and claim["text"] for claim in claims)


def test_the_real_sample_holds_no_simulated_row(real: Workspace, sample: Workspace) -> None:
    """Leaving the simulated weeks out leaves none of them; with them every row says so."""
    count = "SELECT count(*) AS n FROM observation WHERE kind = 'simulated'"

    assert real.warehouse.ask(count)["n"].tolist() == [0]
    assert sample.warehouse.ask(count)["n"].tolist()[0] > 200
    assert real.warehouse.ask("SELECT count(*) AS n FROM item WHERE closed_by = 'simulated'")["n"].tolist() == [0]


def test_no_claim_moves_readiness(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Recording a claim of 100% changes the list of claims and nothing else."""
    workspace = sample_in(tmp_path)
    before = answer(capsys, workspace, "status")
    run(capsys, "record", "coverage_line_percent", "100", "--claimed", "--config", str(workspace.path))
    after = answer(capsys, workspace, "status")

    assert after["readiness"] == before["readiness"]
    assert len(after["claims"]) == len(before["claims"]) + 1


def test_check_tells_the_verdict_by_its_exit_code(
    capsys: pytest.CaptureFixture[str], sample: Workspace, tmp_path: Path
) -> None:
    """1 when something fails, 3 when only evidence is missing, 0 on GO, 2 for a gate that does not exist."""
    config = ["--config", str(sample.path)]

    assert run(capsys, "check", *config)[0] == 1
    assert run(capsys, "check", "--gate", "critical-functionality", *config)[0] == 1
    assert run(capsys, "check", "--gate", "documentation-operations", *config)[0] == 3
    code, reported = run(capsys, "check", "--gate", "docs", *config)
    assert code == 2
    assert "there is no gate 'docs'" in reported

    (tmp_path / "tminus.toml").write_text(
        '[project]\nname = "p"\ntimezone = "+00:00"\n[[gate]]\nid = "g"\ntitle = "G"\n[[gate.criterion]]\nid = "c"\n'
        'title = "C"\nmetric = "tests_failed"\ncomparator = "<="\nthreshold = 0\nunit = "tests"\nblocker = true\n'
    )
    own = ["--config", str(tmp_path / "tminus.toml")]
    assert run(capsys, "record", "tests_failed", "0", *own)[0] == 0
    code, reported = run(capsys, "check", *own)
    assert (code, reported.splitlines()[0][:2]) == (0, "GO")


def test_missing_evidence_is_exit_three(capsys: pytest.CaptureFixture[str], real: Workspace) -> None:
    """A forecast that the evidence does not carry exits with 3 and says what to measure."""
    code, reported = run(capsys, "forecast", "--config", str(real.path))

    assert code == 3
    assert "there is not enough evidence" in reported


@pytest.mark.parametrize(
    ("arguments", "shown_text"),
    [
        (["status", "--at", "yesterday"], "'yesterday' is not an ISO date: write 2025-09-08"),
        (["moved", "--since", "2025-09-09", "--until", "2025-09-01"], "the window is empty"),
        (["series", "todo_cuont"], "did you mean todo_count"),
        (["series", "todo_count", "--scope", "nowhere"], "has no points in scope 'nowhere'"),
        (["record", "coverage_line_percent", "12%"], "'12%' is not a number"),
        (["record", "coverage_line_percent", "nan"], "'nan' is not a number"),
        (["record", "coverage_line_percent", "unknown"], "say why it is unknown with --reason"),
        (["record", "coverage_line_percent", "1", "--at", "2999-01-01"], "lies in the future"),
        (["record", "coverage_line_percent", "1", "--unit", "bytes"], "is kept in percent, not in 'bytes'"),
        (["record", "my_metric", "1"], "is not in the catalogue: give its --unit"),
        (["explain", "coverage"], "there is no criterion 'coverage'"),
        (["sql", "DELETE FROM observation"], "the query failed"),
        (["sql", "SELECT * FROM nothing"], "the query failed"),
    ],
)
def test_a_wrong_question_is_one_line_and_exit_two(
    capsys: pytest.CaptureFixture[str], sample: Workspace, arguments: list[str], shown_text: str
) -> None:
    """What was asked wrongly is reported in one line, with what to do, and nothing is stored."""
    code, reported = run(capsys, *arguments, "--config", str(sample.path))

    assert code == 2
    assert shown_text in reported
    assert len(reported.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("typed", "answered"),
    [("statsu", "there is no command 'statsu'; did you mean status?"), ("xyzzy", "`tminus --help` lists them")],
)
def test_a_misspelt_command_names_the_one_that_was_meant(
    capsys: pytest.CaptureFixture[str], typed: str, answered: str
) -> None:
    """One line, and not the list of all commands."""
    with pytest.raises(SystemExit) as ended:
        main([typed])
    assert ended.value.code == 2
    assert answered in capsys.readouterr().err


def test_all_problems_of_a_file_are_reported_at_once(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Problems of the ingest tables and of the plan stand in one message, each with its TOML path."""
    (tmp_path / "tminus.toml").write_text(
        '[project]\nnme = "x"\n[counters.any]\nkind = "match"\n[[gate]]\nid = "g"\ntitle = "G"\n'
        '[[gate.criterion]]\nid = "c"\ntitle = "C"\nmetric = "todo_count"\ncomparator = "=<"\nthreshold = "many"\n'
    )
    code, reported = run(capsys, "status", "--config", str(tmp_path / "tminus.toml"))

    assert code == 2
    for place in (
        "project.nme",
        "counters.any.kind",
        "gate[0].criterion[0].comparator",
        "gate[0].criterion[0].threshold",
    ):
        assert place in reported


def test_a_bare_repository_gets_from_init_to_an_answer(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """init, pull, status, moved and forecast work one after the other on a repository without any configuration."""
    repository = make_repository(tmp_path / "shop", 40)
    subprocess.run(["git", "-C", str(repository), "reset", "-q", "--hard"], check=True)
    monkeypatch.chdir(repository)

    assert run(capsys, "init")[0] == 0
    assert "project" in (repository / "tminus.toml").read_text()
    assert run(capsys, "init") == (
        2,
        f"tminus init: {repository / 'tminus.toml'} exists: edit it, or replace it with --force\n",
    )
    assert run(capsys, "pull", "--quiet")[0] == 0
    assert "shop" in run(capsys, "status")[1]
    assert run(capsys, "moved", "--since", "2023-11-14")[0] == 0
    assert run(capsys, "forecast")[0] in (0, 3)
    assert run(capsys, "doctor")[0] == 0


def test_a_folder_that_is_no_repository_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """init in a folder without git history says so and writes nothing."""
    monkeypatch.chdir(tmp_path)
    code, reported = run(capsys, "init")

    assert code == 2
    assert str(tmp_path) in reported
    assert not (tmp_path / "tminus.toml").exists()


def test_a_dated_series_is_forecast_without_a_warehouse(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A CSV file alone gets an answer; a broken one is reported with its line."""
    rows = "".join(f"2025-{1 + k // 4:02d}-{1 + 7 * (k % 4):02d},{10 + 3 * k}\n" for k in range(16))
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("date,value\n" + rows)
    bad.write_text("date,value\n2025-01-01,1\nsoon,2\n")
    limits = ["--threshold", "80", "--direction", "higher"]

    code, out = run(capsys, "forecast", "--csv", str(good), *limits, "--at", "2025-05-01", "--json")
    assert (code, json.loads(out)["outcome"]) == (0, "dated")
    assert run(capsys, "forecast", "--csv", str(bad), *limits) == (
        2,
        f"tminus forecast: {bad}:3: date is 'soon', needs an ISO date such as 2025-09-08\n",
    )
    assert run(capsys, "forecast", "--csv", str(good))[0] == 2


def test_export_and_sql_give_back_what_is_stored(
    capsys: pytest.CaptureFixture[str], sample: Workspace, tmp_path: Path
) -> None:
    """Exported tables hold as many rows as the warehouse, and SQL can be had as CSV."""
    config = ["--config", str(sample.path)]
    _, shown_text = run(capsys, "export", str(tmp_path), "--format", "csv", *config)
    _, counted = run(capsys, "sql", "SELECT count(*) AS n FROM observation", "--csv", *config)

    rows = int(counted.splitlines()[1])
    assert f"{rows:,} rows" in shown_text
    assert len((tmp_path / "observation.csv").read_text().splitlines()) == rows + 1


def test_every_command_has_a_help_with_words(capsys: pytest.CaptureFixture[str]) -> None:
    """Each command's help says what it does and what each of its arguments means."""
    for name in COMMANDS:
        with pytest.raises(SystemExit) as stopped:
            main([name, "--help"])
        out = capsys.readouterr().out
        assert stopped.value.code == 0
        assert COMMANDS[name].help.split(",")[0] in out


def test_init_prints_each_line_that_a_checklist_binds(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Words of the document, metric, comparator, threshold and unit stand in one table row."""
    repository = make_repository(tmp_path / "repo", 2)
    checklist = tmp_path / "release.md"
    checklist.write_text(
        "# R\n\n## Quality\n\n- [ ] Error rate does not exceed 1%\n- [ ] Terms signed\n", encoding="utf-8"
    )
    code, out = run(capsys, "init", "--repo", str(repository), "--checklist", str(checklist), "--config", str(tmp_path))
    (row,) = [line for line in out.splitlines() if "request_error_percent" in line]
    assert code == 0
    assert row.split()[2:8] == ["Error", "rate", "does", "not", "exceed", "1%"]
    assert row.split()[-4:] == ["request_error_percent", "<=", "1", "percent"]


def test_init_says_when_a_checklist_binds_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A plan in which nothing is measured is announced as that."""
    repository = make_repository(tmp_path / "repo", 2)
    checklist = tmp_path / "release.md"
    checklist.write_text("# R\n\n## Legal\n\n- [ ] Terms signed\n", encoding="utf-8")
    _, out = run(capsys, "init", "--repo", str(repository), "--checklist", str(checklist), "--config", str(tmp_path))
    assert "No line of the document was bound to a metric" in out
