"""What the forecast says beside its date: what-if, goal, slip, claimed timelines and the record, as people ask."""

from __future__ import annotations

import copy
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from app.answers.asked import Scenario
from app.command_line.parser import main
from app.reports import writing as report
from app.steps import review as review_steps
from app.steps.assess import open_workspace, status
from app.steps.date import slip as slip_steps
from app.steps.date.forecast import forecast, forecast_of, own_record
from app.steps.date.kept import keep_shown
from app.steps.date.question import forecasted
from app.steps.date.what_if import read_goal, read_odds, read_scenario
from app.wording import forecast as words
from app.wording.slip import slip_causes, slip_sentence
from app.wording.timelines import timeline_sentence
from app.wording.track_record import own_dates
from app.wording.what_if import goal_sentence, odds_beside, what_if_sentence
from app.workspace import WEEK, UsageError, Workspace
from ingest.warehouse.database import Warehouse, WarehouseError
from models.evaluation.track_record import Course, crossing_after, first_of_day, score_shown
from models.forecast import MODEL_VERSION
from tests.testing.dashboard_workspace import NOW, build, with_clock

WHOLE = ["--what-if", "test-coverage=2x", "--what-if", "drop:rollback", "--what-if", "freeze:2w"]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return open_workspace(build(tmp_path_factory.mktemp("moving"), "moving"))


@pytest.fixture(scope="module")
def answer(workspace: Workspace) -> dict[str, object]:
    """One answer with everything asked at once."""
    import contextlib
    import io

    out = io.StringIO()
    asked = ["--by", "2026-05-31", "--odds", "60%", "--since", "2025-11-03", "--json"]
    with contextlib.redirect_stdout(out):
        assert main(["forecast", *WHOLE, *asked, "--config", str(workspace.path)]) == 0
    return json.loads(out.getvalue())


# --- what is asked ---


def test_changes_are_read_as_they_are_written() -> None:
    """Paces, drops and freezes combine; freezes add up; days are weeks, too."""
    read = read_scenario(["a=2x", "b = 1.5", "drop:c", "drop:c", "freeze:2w", "freeze:7d"])

    assert read == Scenario({"a": 2.0, "b": 1.5}, ("c",), 3.0)


@pytest.mark.parametrize(
    ("text", "shown_text"),
    [
        ("a=fast", "'a=fast' is not a change: write CRITERION=2x"),
        ("drop:", "'drop:' is not a change"),
        ("freeze:soon", "write freeze:2w or freeze:10d"),
        ("freeze:900w", "is longer than 104 weeks"),
        ("a=0x", "the pace must be between 0.1x and 20x"),
        ("a=-2x", "is not a change"),
    ],
)
def test_a_change_that_cannot_be_read_says_how_it_is_written(text: str, shown_text: str) -> None:
    """One line: what was written, and how it is written."""
    with pytest.raises(UsageError, match=r"^[^\n]+$") as problem:
        read_scenario([text])

    assert shown_text in str(problem.value)


@pytest.mark.parametrize("texts", [["a=2x", "a=3x"], ["a=2x", "drop:a"]])
def test_one_criterion_is_changed_once(texts: list[str]) -> None:
    """Two paces, or a pace for what is dropped, contradict each other."""
    with pytest.raises(UsageError, match=r"once|choose one"):
        read_scenario(texts)


@pytest.mark.parametrize(("text", "odds"), [("80%", 0.8), ("80", 0.8), ("0.8", 0.8), ("1%", 0.01), ("99", 0.99)])
def test_odds_are_read_as_people_write_them(text: str, odds: float) -> None:
    """Percent with or without its sign, or a share."""
    assert read_odds(text) == pytest.approx(odds)


@pytest.mark.parametrize("text", ["0", "100%", "1.5%%", "many", "-5", "nan", "0.5%"])
def test_certainty_is_no_odds(text: str) -> None:
    """Nothing is certain, and what is no number is no chance."""
    with pytest.raises(UsageError, match="1% to 99%"):
        read_odds(text)


def test_a_goal_lies_ahead_and_within_the_horizon() -> None:
    """The day itself, days gone by, and days beyond the horizon are refused with what to do."""
    at = datetime(2025, 11, 17, 23, tzinfo=UTC)

    assert read_goal("2025-11-18", None, at, 730).odds == 0.8
    for day, shown_text in (
        ("2025-11-17", "is not after"),
        ("2029-01-01", "add --horizon 1141"),
        ("soon", "is not an ISO date"),
    ):
        with pytest.raises(UsageError, match=shown_text):
            read_goal(day, None, at, 730)


@pytest.mark.parametrize(
    ("arguments", "shown_text"),
    [
        (["--what-if", "test-coverge=2x"], "there is no criterion 'test-coverge'; did you mean test-coverage?"),
        (["--what-if", "load-time=2x"], "load-time has no pace to change"),
        (["--by", "2025-01-01"], "is not after the day of the forecast"),
        (["--odds", "80%"], "--odds needs a day"),
        (["--since", "2026-01-01"], "is not before the time of the forecast"),
    ],
)
def test_a_wrong_question_is_one_line_and_exit_two(
    capsys: pytest.CaptureFixture[str], workspace: Workspace, arguments: list[str], shown_text: str
) -> None:
    """What cannot be asked is reported in one line with what can."""
    assert main(["forecast", *arguments, "--config", str(workspace.path)]) == 2

    reported = capsys.readouterr().err
    assert shown_text in reported
    assert reported.count("\n") == 1


def test_a_series_has_no_plan_to_imagine(capsys: pytest.CaptureFixture[str]) -> None:
    """--csv and --what-if do not go together."""
    assert main(["forecast", "--csv", "x.csv", "--what-if", "a=2x"]) == 2
    assert "a series from --csv has none" in capsys.readouterr().err


# --- what is answered ---


def test_everything_asked_is_answered_beside_the_date(answer: dict) -> None:
    """What-if, goal, slip and timelines stand beside the keys that were there before."""
    assert [c["change"] for c in answer["what_if"]["changes"]] == ["pace", "drop", "freeze"]
    assert answer["goal"]["asked"] == 0.6
    assert answer["slip"]["unit"] in ("days", "points", "none")
    assert answer["timelines"] == []
    assert {"quantiles", "probability_by", "go", "criteria", "track_record"} <= set(answer)


def test_the_parts_of_a_slip_sum_to_it(answer: dict) -> None:
    """The causes add up to the change of the date as shown, to the day."""
    slip = answer["slip"]

    assert sum(row["change"] for row in slip["causes"]) == slip["change"]
    if slip["unit"] == "days":
        days = date.fromisoformat(slip["after"]) - date.fromisoformat(slip["before"])
        assert days.days == slip["change"]
        assert slip["after"] == answer["quantiles"][f"p{round(100 * slip['level'])}"]


def test_the_sentences_tell_before_and_after(answer: dict) -> None:
    """Each aside has a sentence with figures, and no id of a criterion in it."""
    shown_text = [
        what_if_sentence(answer, answer["what_if"]),
        goal_sentence(answer["goal"], imagined=True),
        slip_sentence(answer["slip"]),
        *words.why(answer),
    ]

    assert all(any(c.isdigit() for c in sentence) for sentence in shown_text)
    assert not any("test-coverage" in sentence for sentence in shown_text)
    assert "Test coverage at twice its pace, without Rollback drill and after a freeze of 2 weeks" in shown_text[0]
    assert any(
        "Needed to finish in 26 weeks" in sentence and "comparable moments" in sentence for sentence in shown_text
    )


def test_odds_never_round_onto_what_was_asked() -> None:
    """79.6% beside 80% is not shown as 80%."""
    assert odds_beside(0.796, 0.8) == "79.6%"
    assert odds_beside(0.61, 0.8) == "61%"


def test_a_goal_out_of_reach_is_reported_with_what_is_late() -> None:
    """The most there is, and what is still open in the futures that miss the day."""
    goal = {
        "by": "2026-03-31",
        "asked": 0.8,
        "reached": False,
        "probability_now": 0.38,
        "probability": 0.61,
        "paces": [{"criterion": "a", "title": "Coverage", "factor": 4.0}],
        "late": [{"criterion": "a", "title": "Coverage", "share": 0.6}, {"criterion": "b", "title": "B", "share": 0.2}],
        "because": "",
    }

    assert goal_sentence(goal) == (
        "80% by 31 Mar 2026 is out of reach within 4 times any pace: "
        "the highest chance is 61%, with Coverage at 4 times its pace. "
        "Still open in the simulated futures that miss the day: Coverage in 60% and B in 20%."
    )


def test_the_review_explains_the_move(workspace: Workspace) -> None:
    """The weekly review holds the sentence of the slip and every cause with its share, in every form."""
    now = workspace.now()
    review = review_steps.review(workspace, now - WEEK, now)
    pages = [report.render(review, form) for form in ("markdown", "html")]

    assert review["slip"]["since"][:10] == "2025-11-10"
    shown_text = [text for cause, _, moved in slip_causes(review["slip"]) for text in (cause, moved)]
    assert all(text in page for page in pages for text in shown_text)


def test_go_that_holds_is_answered_alike_everywhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """JSON, terminal and written review say for how long GO has held, the odds that it stays, and its weakest part."""
    monkeypatch.setenv("COLUMNS", "200")
    path = build(tmp_path, "holding")
    assert main(["forecast", "--json", "--config", str(path)]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert main(["forecast", "--config", str(path)]) == 0
    shown = capsys.readouterr().out
    workspace = open_workspace(path)
    review = review_steps.review(workspace, workspace.now() - WEEK, workspace.now())
    holding, weakest = answer["holding"], answer["holding"]["weakest"]

    # The documentation came last, five weeks before; without its points readiness was 83 of 90 wanted.
    assert (answer["outcome"], holding["days"]) == ("holds", 36.0)
    assert 0.5 < holding["stays"] <= weakest["stays"] < 1
    assert answer["reason"]["weakest"] == weakest["id"]
    for text in (shown, report.render(review, "markdown")):
        assert "GO with readiness ≥ 90: holds now." in text
        assert "It has held for 36 days; chance that it stays for 28 more days: " in text
        assert f"least sure to stay: {weakest['title']}, " in text
        assert "decides the date" not in text


# --- what was kept ---


def test_the_forecast_that_was_shown_is_the_one_compared_with(tmp_path: Path) -> None:
    """Where a forecast was kept a week ago, the slip starts from its date, and what differs is the model's."""
    workspace = open_workspace(build(tmp_path, "moving"))
    now, then = workspace.now(), workspace.now() - WEEK
    kept = forecast(with_clock(workspace, then), then)
    shown = copy.deepcopy(kept["go"])
    shown["probability_by"][-1]["probability"] -= 0.07
    for key, day in shown["quantiles"].items():
        shown["quantiles"][key] = (date.fromisoformat(day) + timedelta(days=11)).isoformat() if day else None
    with workspace.warehouse.writing() as connection:
        connection.execute("UPDATE forecast SET answer = ? WHERE subject = 'go'", [json.dumps(shown)])
    workspace = with_clock(workspace, now)
    slip = slip_steps.slip(workspace, forecasted(workspace, now), then)
    causes = {row["cause"]: row["change"] for row in slip["causes"]}

    assert slip["basis"] == "kept"
    assert causes["model change"] == (-11 if slip["unit"] == "days" else 7)
    assert sum(causes.values()) == slip["change"]
    assert "as shown then" in slip_sentence(slip)


def test_a_page_keeps_one_forecast_a_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first look of a day is kept, the second adds nothing, a sample and a day gone by keep nothing."""
    monkeypatch.setattr(Workspace, "now", lambda self: self.config.as_of or NOW)
    sample = open_workspace(build(tmp_path, "moving"))
    answer = forecast(sample, NOW, keep=False)

    assert keep_shown(sample, answer)
    assert sample.warehouse.query("forecasts").empty

    living = with_clock(sample, None)
    past = {**answer, "origin": (NOW - WEEK).isoformat()}
    assert all(keep_shown(living, shown) for shown in (past, answer, answer))
    subjects = living.warehouse.query("forecasts")["subject"]
    assert subjects.is_unique
    assert {"go", "readiness", "test-coverage"} <= set(subjects)


def test_a_locked_warehouse_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the file cannot be written, nothing is kept, nothing is raised, and it is tried again."""
    monkeypatch.setattr(Workspace, "now", lambda self: self.config.as_of or NOW)
    workspace = with_clock(open_workspace(build(tmp_path, "thin")), None)
    answer = forecast(workspace, NOW, keep=False)

    def locked(self: Warehouse, patience: float) -> None:
        assert patience == 0
        raise WarehouseError("locked")

    monkeypatch.setattr(Warehouse, "writing", locked)
    assert not keep_shown(workspace, answer)


def kept_rows(*rows: tuple[str, str, str, dict]) -> pd.DataFrame:
    """Kept forecasts: subject, origin, made_at, answer."""
    frame = pd.DataFrame(rows, columns=["subject", "origin", "made_at", "answer"])
    for name in ("origin", "made_at"):
        frame[name] = pd.to_datetime(frame[name], utc=True, format="ISO8601")
    return frame.assign(answer=[json.dumps(answer) for answer in frame["answer"]])


def course(start: str, *holds: int) -> Course:
    """A week a value."""
    first = pd.Timestamp(start).toordinal() - pd.Timestamp("1970-01-01").toordinal()
    return Course(first + 7.0 * np.arange(len(holds)), np.array(holds, dtype=float))


def test_dates_are_held_to_what_came() -> None:
    """Of the dates given, those whose day has come count as true only where GO had come by then."""
    shown_text = {"probability_by": [], "quantiles": {"p50": "2025-02-10", "p80": "2025-03-01"}}
    later = {"probability_by": [], "quantiles": {"p50": "2025-02-10", "p80": "2026-03-01"}}
    kept = kept_rows(("go", "2025-01-01", "2025-01-01", shown_text), ("go", "2025-01-08", "2025-01-08", later))
    courses = {"go": course("2025-01-01", 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1)}
    dates = score_shown(kept, courses, datetime(2025, 4, 9, tzinfo=UTC))["dates"]

    assert {(d["of"], d["level"]): (d["given"], d["due"], d["came"]) for d in dates if d["of"] == "go"} == {
        ("go", 0.5): (2, 2, 0),
        ("go", 0.8): (2, 1, 1),
    }
    assert "2 dates of GO at 50% odds are past: 0 met." in own_dates({"dates": dates})
    assert "1 date of GO at 80% odds is past: 1 met." in own_dates({"dates": dates})


def test_a_day_counts_once_and_hindsight_never() -> None:
    """Of three looks on one day the first counts; a forecast of a day long gone does not."""
    rows = kept_rows(
        ("go", "2025-01-01T09:00", "2025-01-01T09:00", {"n": 1}),
        ("go", "2025-01-01T15:00", "2025-01-01T15:00", {"n": 2}),
        ("go", "2024-12-01", "2025-01-01", {"n": 3}),
    )

    assert [row.answer for row in first_of_day(rows)] == ['{"n": 1}']


@pytest.mark.parametrize(
    ("holds", "origin", "weeks"),
    [
        ((0, 1, 1, 1, 1, 1, 1), 0, 1),
        ((0, 1, 0, 0, 1, 1, 1), 0, 4),  # a visit of a week is no crossing
        ((1, 1, 1, 1, 1, 1, 0, 0, 1), 6, 8),  # fell back before the forecast: what counts comes after it
        ((1, 1, 1, 1, 1, 1, 1), 3, 3),  # holds already
        ((0, 0, 0), 0, np.inf),
    ],
)
def test_a_crossing_comes_after_its_forecast_and_stays(holds: tuple[int, ...], origin: int, weeks: float) -> None:
    """It counts from the forecast on, and only where it held for 28 days or to the end."""
    found = course("2025-01-01", *holds)
    at = pd.Timestamp("2025-01-01", tz="UTC") + origin * WEEK

    assert crossing_after(found, at) == found.days[0] + 7 * weeks


def test_go_and_readiness_are_scored_when_their_day_comes(tmp_path: Path) -> None:
    """The joint event has its own days: a forecast of GO kept eight weeks ago is held to the verdicts since."""
    workspace = open_workspace(build(tmp_path, "moving"))
    now, then = workspace.now(), workspace.now() - 8 * WEEK
    forecast(with_clock(workspace, then), then)
    workspace = with_clock(workspace, now)
    with workspace.warehouse.writing() as connection:
        shown_text = {
            "probability_by": [{"date": "2025-10-01", "probability": 0.9}],
            "quantiles": {"p80": "2025-10-20"},
        }
        connection.execute("DELETE FROM forecast WHERE subject NOT IN ('go', 'readiness')")
        connection.execute("UPDATE forecast SET answer = ?", [json.dumps(shown_text)])
    own = own_record(workspace, forecasted(workspace, now))

    assert (own["scored"], own["days_scored"]) == (2, 2)
    assert own["brier"] == pytest.approx(0.81)
    assert [(d["due"], d["came"]) for d in own["dates"] if d["of"] == "go" and d["level"] == 0.8] == [(1, 0)]


# --- what was claimed, and the day ---


def test_a_claimed_timeline_is_beside_the_odds_of_its_day() -> None:
    """File, line, words and day of the claim; the odds by the evidence of its day; how it ended."""
    claim = {
        "path": "STAGING.md",
        "line": 309,
        "says": "4-6 weeks",
        "at": "2025-09-08T12:00:00+00:00",
        "by": "2025-10-20",
        "probability": 0.03,
        "missing": [],
        "because": "",
        "came": False,
        "readiness": 55.2,
    }

    assert timeline_sentence(claim) == (
        "STAGING.md:309 claimed 4-6 weeks on 8 Sep 2025 (by 20 Oct 2025); odds by the evidence of that day: 3%. "
        "On 20 Oct 2025 GO did not hold, readiness was 55.2."
    )
    unknown = {**claim, "probability": None, "missing": ["a", "b"], "came": None}
    assert timeline_sentence(unknown).endswith(
        "odds by the evidence of that day: none (2 criteria that GO needs were not measured)."
    )


def test_days_are_reported_in_the_zone_of_the_team(tmp_path: Path) -> None:
    """An evening of the team's day and its noon give the same dates: the day is the team's, not Greenwich's."""
    path = build(tmp_path, "moving")
    text = path.read_text().replace("[project]\n", '[project]\ntimezone = "-08:00"\n', 1)
    path.write_text(text)
    workspace = open_workspace(path)
    noon, late = (datetime.fromisoformat(f"2025-11-12T{hour}:00-08:00") for hour in (12, 23))
    first = [forecast_of(workspace, forecasted(workspace, at))["probability_by"][0] for at in (noon, late)]

    assert [row["date"] for row in first] == ["2025-11-19", "2025-11-19"]


def test_a_question_without_a_day_is_answered_in_the_zone_of_the_team(tmp_path: Path) -> None:
    """Now and a day asked for are shown alike: what was claimed on an evening of the team stays on that day."""
    path = build(tmp_path, "moving")
    claimed = [row["at"] for row in status(open_workspace(path), datetime.now(UTC))["claims"]]
    text = path.read_text().replace("[project]\n", '[project]\ntimezone = "-23:00"\n', 1)
    path.write_text(text)
    workspace = open_workspace(path)
    now = status(workspace, workspace.now())
    shown_text = [row["at"] for row in now["claims"]]

    assert now["at"].endswith("-23:00")
    assert all(at.endswith("-23:00") for at in shown_text)
    assert [at[:10] for at in shown_text] != [at[:10] for at in claimed]
    assert [datetime.fromisoformat(at) for at in shown_text] == [datetime.fromisoformat(at) for at in claimed]


def test_forecasts_of_earlier_versions_are_scored_apart() -> None:
    """The figures are those of the present version of the model; each earlier version has a row of its own."""
    shown_text = {"probability_by": [{"date": "2025-01-20", "probability": 0.9}], "quantiles": {}}
    kept = kept_rows(*(("go", f"2025-01-0{day}", f"2025-01-0{day}", shown_text) for day in (1, 2, 3)))
    kept["model"] = ["reference-1", "reference-2", MODEL_VERSION]
    record = score_shown(kept, {"go": course("2025-01-01", 0, 0, 0, 0, 0)}, datetime(2025, 4, 9, tzinfo=UTC))

    assert (record["model"], record["forecasts_kept"]) == (MODEL_VERSION, 1)
    assert record["brier"] == pytest.approx(0.81)
    assert [(row["model"], row["forecasts_kept"]) for row in record["earlier"]] == [
        ("reference-1", 1),
        ("reference-2", 1),
    ]
