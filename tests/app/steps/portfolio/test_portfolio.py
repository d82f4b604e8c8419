"""Many projects: pulled side by side through the real command, one that fails stops no other."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from app.command_line.parser import main
from app.steps.portfolio.definition import open_portfolio
from app.workspace import UsageError
from tests.testing.command_server import run_tminus
from tests.testing.repositories import add_commits, git, new_repository

PLAN = """\
[project]
name = "{name}"
repository = "{repository}"

[readiness]
target = 50
promised = 2099-03-31

[[gate]]
id = "quality"
title = "Quality"

[[gate.criterion]]
id = "todo"
title = "TODO markers"
metric = "todo_count"
comparator = "<="
threshold = {threshold}
unit = "markers"
baseline = 100
weight = 1
"""
SCHEMA = Path(__file__).parents[4] / "docs/schemas/portfolio.schema.json"


def repository_at(folder: Path, markers: int) -> Path:
    new_repository(folder)
    lines = "".join(f"# TODO: {n}\n" for n in range(markers))
    add_commits(folder, [{"a.py": b"x = 1\n"}, {"a.py": f"x = 1\n{lines}".encode()}])
    return folder


@pytest.fixture(scope="module")
def pulled(tmp_path_factory) -> tuple[Path, dict]:
    """A portfolio of a plan, a mirrored address and an address that leads nowhere, pulled once."""
    root = tmp_path_factory.mktemp("portfolio")
    ready = repository_at(root / "clones" / "ready", 1)
    upstream = repository_at(root / "upstream", 9)
    (root / "ready.toml").write_text(PLAN.format(name="ready", repository=ready, threshold=2))
    (root / "portfolio.toml").write_text(
        '[portfolio]\nname = "Shop"\njobs = 2\n\n'
        '[[project]]\nname = "ready"\nconfig = "ready.toml"\nteam = "core"\ntags = ["pci"]\n\n'
        f'[[project]]\nname = "mirrored"\nurl = "file://{upstream}"\n\n'
        f'[[project]]\nname = "gone"\nurl = "{root}/nowhere"\n'
    )
    return root, asked(root, "portfolio", str(root / "portfolio.toml"), "--json")


def asked(root: Path, *arguments: str, code: int = 0) -> dict:
    done = run_tminus(*arguments, cwd=root)
    assert done.returncode == code, done.stderr
    answer = json.loads(done.stdout)
    jsonschema.validate(answer, json.loads(SCHEMA.read_text()))
    return answer


def test_one_failing_project_stops_no_other(pulled):
    """The two that can be read are read; the third says why it could not be."""
    _, answer = pulled
    pulls = {project["name"]: project for project in answer["projects"]}
    assert [pulls[name]["ok"] for name in ("ready", "mirrored", "gone")] == [True, True, False]
    assert pulls["ready"]["rows_added"] > 0 and "git clone failed" in pulls["gone"]["error"]


def test_a_portfolio_equals_its_single_projects(pulled):
    """Every figure of a project is that of `tminus status` and `tminus forecast` for it alone."""
    root, _ = pulled
    projects = {p["name"]: p for p in asked(root, "portfolio", "status", "--json")["projects"]}
    for name in ("ready", "mirrored"):
        single = json.loads(_run(root, "status", "--json", "--config", projects[name]["config"]))
        dates = json.loads(_run(root, "forecast", "--json", "--config", projects[name]["config"]))
        assert projects[name]["readiness"] == single["readiness"]["value"]
        assert projects[name]["verdict"] == single["decision"]["verdict"]
        assert projects[name]["known_weight"] == single["readiness"]["known_weight"]
        assert projects[name]["p50"] == dates["quantiles"]["p50"]


def _run(root: Path, *arguments: str) -> str:
    return run_tminus(*arguments, cwd=root).stdout


def test_the_worst_project_comes_first_and_a_lost_one_is_named(pulled):
    """What cannot be read comes first with its reason, GO comes last; the open criteria name their projects."""
    root, _ = pulled
    answer = asked(root, "portfolio", "status", "--json", "--by", "2099-01-01")
    assert [project["name"] for project in answer["projects"]] == ["gone", "mirrored", "ready"]
    assert "tminus.toml" in answer["projects"][0]["error"] and answer["projects"][0]["verdict"] is None
    assert answer["projects"][2]["verdict"] == "GO" and answer["projects"][2]["odds_by"] == 1.0
    assert answer["ready"]["projects"] == 3 and answer["ready"]["with_odds"] >= 1
    assert all("ready" not in row["failing"] for row in answer["held_back_by"])


def test_a_mirror_follows_its_origin(pulled):
    """A second pull brings the commits that were made since, and the branch that HEAD names now."""
    root, _ = pulled
    upstream = root / "upstream"
    git(upstream, "checkout", "-q", "-b", "trunk")
    add_commits(upstream, [{"b.py": b"y = 2\n"}], branch="trunk")
    before = git(root / "mirrors" / "mirrored.git", "rev-parse", "HEAD")
    asked(root, "portfolio", "portfolio.toml", "--json")
    mirror = root / "mirrors" / "mirrored.git"
    assert git(mirror, "rev-parse", "HEAD") == git(upstream, "rev-parse", "HEAD") != before
    assert git(mirror, "symbolic-ref", "HEAD").strip() == "refs/heads/trunk"


def test_a_folder_of_plans_is_a_portfolio(tmp_path):
    """Every tminus.toml one level below is a project, named by its folder."""
    for name in ("b", "a"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "tminus.toml").write_text(PLAN.format(name=name, repository=".", threshold=1))
    assert [project.name for project in open_portfolio(tmp_path).projects] == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[portfolio]\nname = 3\n", "project: must be a list of tables"),
        ('[[project]]\nname = "a"\n', "needs a config"),
        ('[[project]]\nname = "../a"\nurl = "/x"\n', "must be letters"),
        ('[[project]]\nname = "a"\nurl = "/x"\n[[project]]\nname = "A"\nurl = "/y"\n', "used 2 times"),
        ('[[project]]\nname = "a"\nurl = "/x"\nteams = "b"\n', "did you mean 'team'"),
        ('[portfolio]\njobs = 1000\n[[project]]\nname = "a"\nurl = "/x"\n', "at most 64"),
        ("portfolio = 3\nproject = 4\n", "portfolio: must be a table"),
        ("[[project]\n", "not TOML"),
    ],
)
def test_a_wrong_portfolio_is_one_clear_refusal(tmp_path, capsys, text, problem):
    """All problems of the file are listed with their place, and nothing is pulled."""
    (tmp_path / "portfolio.toml").write_text(text)
    assert main(["portfolio", str(tmp_path / "portfolio.toml")]) == 2
    assert problem in capsys.readouterr().err


def test_all_problems_are_listed_at_once(tmp_path):
    """Two wrong projects are two problems in one refusal."""
    (tmp_path / "portfolio.toml").write_text('[[project]]\nname = ""\nurl = "/x"\n[[project]]\nname = "b"\n')
    with pytest.raises(UsageError, match=r"2 problem\(s\)"):
        open_portfolio(tmp_path)


def test_projects_that_are_too_few_teach_nothing_and_say_so(pulled, capsys):
    """Exit code 3, the counts and what it needs; the project that cannot be read is named and stops nothing."""
    place = str(pulled[0] / "portfolio.toml")
    assert main(["portfolio", "learn", place, "--json"]) == 3
    answer = json.loads(capsys.readouterr().out)
    jsonschema.validate(answer, json.loads(SCHEMA.read_text()))
    assert (answer["enough"], answer["helps"], answer["criteria"]) == (False, False, [])
    assert len(answer["unread"]) == 1

    assert main(["portfolio", "learn", place]) == 3
    shown = " ".join(capsys.readouterr().out.split())
    assert "It needs 5 projects and 10 such criteria." in shown
    assert f"Left out: {answer['unread'][0]['name']}" in shown
