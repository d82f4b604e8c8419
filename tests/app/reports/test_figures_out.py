"""Badges, OpenMetrics and the Python door say what `tminus status` and `tminus forecast` say."""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from prometheus_client import parser
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from app.command_line.parser import main
from app.reports.badge import Badge, badge_of, badge_svg, endpoint_json
from app.reports.open_metrics import metrics_text
from app.workspace import UsageError, Workspace
from tests.testing.sample import sample_in

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The sample with its simulated programme."""
    return sample_in(tmp_path_factory.mktemp("demo"))


def answer(capsys: pytest.CaptureFixture[str], workspace: Workspace, *arguments: str) -> Any:
    """What a command prints."""
    capsys.readouterr()
    main([*arguments, "--config", str(workspace.path)])
    return capsys.readouterr().out


def status_of(value: float | None, target: float = 90.0, known: float = 1.0, verdict: str = "NO-GO") -> Any:
    """As much of a status as a badge reads."""
    readiness = {"value": value, "target": target, "known_weight": known}
    return {"readiness": readiness, "decision": {"verdict": verdict}, "simulated": False}


@pytest.mark.parametrize(
    ("status", "badge"),
    [
        (status_of(89.96), Badge("readiness", "89.96 of 100", "amber")),
        (status_of(90.0), Badge("readiness", "90 of 100", "green")),
        (status_of(12.0), Badge("readiness", "12 of 100", "red")),
        (status_of(None), Badge("readiness", "unknown", "grey")),
        (status_of(0.0, known=0.0), Badge("readiness", "unknown", "grey")),
    ],
)
def test_a_badge_never_rounds_across_the_target(status: Any, badge: Badge) -> None:
    """89.96 is not 90, and what nobody measured is unknown, not 0."""
    assert badge_of("readiness", status, None) == badge


def test_odds_are_never_certain_and_need_a_promise() -> None:
    """0.999 is >99%; a day that has passed is unknown; without a promised day there is one clear line."""
    promised: Any = {"promised": {"date": "2026-03-31", "probability": 0.999}}
    assert badge_of("odds", status_of(1.0), promised) == Badge("GO by 2026-03-31", ">99%", "green")
    promised["promised"]["probability"] = None
    assert badge_of("odds", status_of(1.0), promised).message == "unknown"
    with pytest.raises(UsageError, match="promised = "):
        badge_of("odds", status_of(1.0), {"promised": None})  # type: ignore[typeddict-item]


def test_a_badge_is_valid_svg_with_its_text_in_words() -> None:
    """A screen reader gets the text; signs of XML are escaped; nothing is loaded from elsewhere."""
    text = badge_svg(Badge("GO by 2026-03-31", "<1% & less", "red"))
    root = ET.fromstring(text)
    assert root.attrib["aria-label"] == "GO by 2026-03-31: <1% & less"
    assert re.findall(r"(?:href|url)", text) == []


def test_badges_of_the_sample(sample: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file for a service, a file for a page; simulated data are named."""
    answer(capsys, sample, "badge", "--output", str(tmp_path / "b.json"))
    body = json.loads((tmp_path / "b.json").read_text())
    assert set(body) == {"schemaVersion", "label", "message", "color"}
    assert body["message"].endswith("of 100 (simulated)")
    assert "NO-GO" in answer(capsys, sample, "badge", "--show", "verdict")
    assert json.loads(endpoint_json(Badge("a", "b", "grey")))["schemaVersion"] == 1


def test_metrics_are_open_metrics(sample: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    """The official parser accepts them, the values are those of the status, and what is unknown has no sample."""
    text = answer(capsys, sample, "metrics")
    assert text.endswith("# EOF\n")
    families = {family.name: family for family in text_string_to_metric_families(text)}
    assert {family.type for family in families.values()} == {"gauge"}  # the older format of the textfile collector
    assert {family.name for family in parser.text_string_to_metric_families(text)} == set(families)
    status = json.loads(answer(capsys, sample, "status", "--json"))
    (readiness,) = families["tminus_readiness"].samples
    assert readiness.value == status["readiness"]["value"]
    known = [one["id"] for gate in status["gates"] for one in gate["criteria"] if one["value"] is not None]
    assert [s.labels["criterion"] for s in families["tminus_criterion_value"].samples] == known
    verdicts = {s.labels["tminus_verdict"]: s.value for s in families["tminus_verdict"].samples}
    assert verdicts == {"GO": 0, "CONDITIONAL GO": 0, "NO-GO": 1}


def test_labels_with_signs_of_the_format_are_escaped() -> None:
    """A project called by quotes, a backslash and a line break stays one label."""
    name = 'a "b" \\ c\nd'
    status: Any = status_of(None) | {"project": name, "gates": []}
    forecast: Any = {"project": name, "promised": None, "quantiles": dict.fromkeys(("p10", "p50", "p80", "p90"))}
    families = {f.name: f for f in text_string_to_metric_families(metrics_text(status, forecast))}
    assert families["tminus_readiness"].samples == []
    assert families["tminus_readiness_target"].samples[0].labels == {"project": name}


def test_the_grafana_dashboard_asks_for_what_is_there(sample: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    """Every metric and label of docs/grafana is one that `tminus metrics` writes."""
    board = json.loads((ROOT / "docs" / "grafana" / "tminus.json").read_text())
    asked = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    assert not [expr for expr in asked if " or " in expr]  # of two series with equal labels it drops the second
    text = answer(capsys, sample, "metrics") + "# TYPE tminus_go_promised_ratio gauge\n"
    for name in {name for expr in asked for name in re.findall(r"\btminus_\w+", expr)}:
        assert f"# TYPE {name} " in text, name


def test_the_python_door_answers_as_the_commands_do(sample: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    """`import tminus` alone, in a folder with an `app.py` of its own: answers, frames, and one error class."""
    code = f"""
import tminus, json
project = tminus.open({str(sample.path)!r})
status = project.assess()
frame = project.criteria()
assert len(frame) == sum(len(gate["criteria"]) for gate in status["gates"])
assert frame["value"].isna().sum() == sum(one["value"] is None for gate in status["gates"] for one in gate["criteria"])
assert project.forecast()["schema"] == "tminus.forecast/1"
assert project.moved("2025-11-01")["schema"] == "tminus.moved/1"
assert project.review("2025-11-01")["schema"] == "tminus.review/1"
assert len(project.series("todo_count", "")) and len(project.readiness(weeks=4))
try:
    project.assess("no day")
except tminus.TMinusError as problem:
    print(problem)
print(json.dumps(status["readiness"]["value"]))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    problem, value = done.stdout.splitlines()
    assert problem.startswith("'no day' is not an ISO date")
    assert math.isclose(float(value), json.loads(answer(capsys, sample, "status", "--json"))["readiness"]["value"])


def test_a_package_of_others_is_named(tmp_path: Path) -> None:
    """Another `app` that is loaded already is an ImportError that says what to do, not a wrong answer."""
    (tmp_path / "app.py").write_text("")
    code = "import sys; sys.path.insert(0, '.'); import app; sys.path.pop(0); import tminus; tminus.open()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert "a package 'app' of others is loaded already" in done.stderr


def test_the_site_needs_no_script_and_no_other_host(
    sample: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every link leads to a file of the site, frozen reviews are as they were stored, other files stay."""
    answer(capsys, sample, "review", "--until", "2025-11-14", "--freeze")
    (tmp_path / "CNAME").write_text("mine")
    out = answer(capsys, sample, "site", str(tmp_path))
    assert out == f"wrote 4 pages: {tmp_path}/index.html\n"
    frozen = answer(capsys, sample, "review", "--frozen", "--format", "html")
    assert (tmp_path / "reviews" / "2025-11-14.html").read_text() == frozen
    pages = {path: path.read_text() for path in tmp_path.rglob("*.html")}
    for path, text in pages.items():
        assert "<script" not in text
        for target in re.findall(r'(?:href|src)="([^"]*)"', text):
            if not target.startswith(("data:", "#", "https://github.com/")):
                assert (path.parent / target).is_file(), target
    assert (tmp_path / "CNAME").read_text() == "mine"
    main(["site", "--config", str(sample.path), str(tmp_path / "CNAME" / "below")])
    assert "cannot write" in capsys.readouterr().err
