"""The pages: each says what it found, and each says what to do when there is little or nothing to find."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.dashboard import cache
from app.dashboard.entry.server import warm
from app.dashboard.navigation import CONFIG_VARIABLE, PAGES
from app.steps import assess, movement, review
from app.steps.assess import open_workspace
from app.steps.date import question as forecast_question
from app.steps.date import timelines
from app.steps.date.forecast import forecast
from app.wording.forecast import forecast_headline
from tests.testing.app_test import AppTest
from tests.testing.dashboard_workspace import HOSTILE, build, with_clock
from tests.testing.page_words import charts_of, headings_of, lead_of, links_of, markup_of, tables_of, words_of

ENTRY = Path(__file__).parents[3] / "app" / "dashboard" / "entry" / "streamlit_app.py"
NAMES = [name for name, *_ in PAGES]
Opener = Callable[..., AppTest]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The tminus.toml of each shape, built once."""
    built: dict[str, Path] = {}

    def config(shape: str) -> Path:
        if shape not in built:
            built[shape] = build(tmp_path_factory.mktemp(shape), shape, simulated=shape == "moving")
        return built[shape]

    return config


@pytest.fixture(scope="module")
def opener(folders: Callable[[str], Path]) -> Iterator[Opener]:
    """Open a page of a workspace, with parameters as its URL would hold them; a page without any is opened once."""
    drawn: dict[tuple[str, str], AppTest] = {}

    def run(page: str, shape: str = "moving", **parameters: str) -> AppTest:
        if (page, shape) in drawn and not parameters:
            return drawn[page, shape]
        app = AppTest.from_file(str(ENTRY), default_timeout=60)
        app.query_params.update(parameters)
        # The first page is drawn on the way to every other: without a workspace that costs nothing.
        patch.setenv(CONFIG_VARIABLE, "nowhere.toml")
        app.run()
        patch.setenv(CONFIG_VARIABLE, str(folders(shape)))
        app.switch_page(f"../pages/{page}.py")
        app.query_params.update(parameters)
        app.run()
        assert not app.exception, [problem.message for problem in app.exception]
        return drawn.setdefault((page, shape), app) if not parameters else app

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["streamlit"])
        yield run


@pytest.fixture(scope="module")
def asked_by_first_pages(opener: Opener, folders: Callable[[str], Path]) -> list[str]:
    """What four pages of the project that moves still compute, after the server has prepared its first answers."""
    warm(folders("moving"))
    computing = {
        assess: ("status", "history"),
        cache: ("explain", "forecast_of"),
        forecast_question: ("forecasted",),
        movement: ("moved",),
        review: ("review",),
        timelines: ("timelines",),
    }
    asked: list[str] = []

    def noting(name: str, answer: Callable[..., object]) -> Callable[..., object]:
        return lambda *given, **named: (asked.append(name), answer(*given, **named))[1]

    with pytest.MonkeyPatch.context() as patch:
        for module, names in computing.items():
            for name in names:
                patch.setattr(module, name, noting(name, getattr(module, name)))
        for page in ("weekly_review", "forecast", "movement", "gates"):
            opener(page)
    return asked


@pytest.fixture(scope="module")
def opened(opener: Opener, asked_by_first_pages: list[str]) -> Opener:
    """Open a page, as `opener` does; the answers about the project that moves are prepared."""
    return opener


def shown_text(app: AppTest) -> str:
    """Every word of a page that is not in a chart."""
    elements = [*app.info, *app.warning, *app.error, *app.code]
    return "\n".join([*(str(element.value) for element in elements), words_of(app)])


def test_go_that_holds_is_a_sentence_of_its_own(opened: Opener) -> None:
    """A project that is GO: the pages say that it holds, for how long, the odds that it stays and the weakest part."""
    for page in ("forecast", "weekly_review"):
        words = shown_text(opened(page, "holding"))
        assert "GO with readiness ≥ 90: holds now." in words
        assert "It has held for 36 days; chance that it stays for 28 more days: " in words
        assert "least sure to stay: " in words
        assert "decides the date" not in words
        assert "no date, there is not enough evidence" not in words


def test_a_link_holds_a_scenario(opened: Opener) -> None:
    """A link with changes, a day and odds draws them in the controls and answers in a sentence, before beside after."""
    app = opened("forecast", **{"if": "test-coverage=2x,drop:rollback,freeze:2w", "by": "2026-10-31", "odds": "60%"})
    words = shown_text(app)

    assert "Test coverage at twice its pace, without Rollback drill and after a freeze of 2 weeks:" in words
    assert "60% by 31 Oct 2026" in words
    assert app.select_slider(key="what-if-test-coverage").value == 2.0
    assert app.multiselect(key="what-if-drop").value == ["rollback"]
    assert app.number_input(key="what-if-freeze").value == 2.0
    assert {"Without changes", "In the scenario"} <= set(tables_of(app)["Before and after"].columns)


def test_a_choice_on_the_page_goes_into_its_link(opened: Opener) -> None:
    """Moving a slider is answered at once, and the URL holds it as the command line would take it."""
    app = opened("forecast", weeks="1")
    assert "No scenario yet" in shown_text(app)
    app.select_slider(key="what-if-test-coverage").set_value(1.5).run()

    assert "Test coverage at 1.5 times its pace:" in shown_text(app)
    assert app.query_params["if"] == "test-coverage=1.5x"


@pytest.mark.parametrize("link", ["nonsense", "load-time=2x", "drop:nothing"])
def test_a_link_that_cannot_be_applied_is_named(link: str, opened: Opener) -> None:
    """A change that cannot be read or asked is named, and the forecast is shown without it."""
    app = opened("forecast", **{"if": link})

    assert "The link" in shown_text(app)
    assert "No scenario yet" in shown_text(app)


@pytest.mark.parametrize("page", ["forecast", "weekly_review"])
def test_why_the_date_moved_is_reported_in_parts(page: str, opened: Opener) -> None:
    """Both pages tell how the date moved since last week, with a bar and words for every cause."""
    app = opened(page)
    slip = [part for part in markup_of(app) if "Causes of the move: " in part]

    assert "(recomputed for that day)" in shown_text(app)
    assert len(slip) == 1
    assert "earlier" in slip[0] or "more likely" in slip[0]


def test_page_and_command_tell_the_same_date(opened: Opener, folders: Callable[[str], Path]) -> None:
    """The page of today and the command line are asked at the same moment."""
    workspace = open_workspace(folders("moving"))
    answer = forecast(workspace, workspace.now(), keep=False)

    assert lead_of(opened("forecast")) == forecast_headline(answer)


def test_weekly_review_puts_the_verdict_first(opened: Opener) -> None:
    """The verdict is on top with its sign and word; blockers, gaps and the path to the target follow."""
    app = opened("weekly_review")

    assert lead_of(app).startswith("✗ NO-GO Readiness is ")
    assert headings_of(app) == [
        "Last week's decisions",
        "What moved and why",
        "Stuck",
        "The date",
        "The course of the date",
        "What if",
        "The cheapest path to 90",
        "Decide",
        "Not measured, or on someone's word",
    ]
    assert "Run Lighthouse in CI" in shown_text(app)


def test_gates_show_evidence_beside_the_claim(opened: Opener) -> None:
    """A gate's table names file and commit of each figure; the rules that stand against GO come first."""
    app = opened("gates")
    words = shown_text(app)

    assert "ci/coverage_line_percent-23.xml@17171717" in words
    assert "BLOCKED, 35%" in words
    answers = [answer.replace("\\", "") for answer in tables_of(app)["Rules"]["Answer"]]
    assert answers == sorted(answers, key=lambda answer: "✗?✓".index(answer[0]))


def test_one_gate_by_its_link(opened: Opener) -> None:
    """A link that names a gate opens that gate alone."""
    heads = headings_of(opened("gates", gate="security"))

    assert heads == ["Security validation", "GO and NO-GO rules"]


def test_links_hold_the_day_and_the_window(opened: Opener) -> None:
    """The URL's day and window are the ones shown."""
    app = opened("movement", at="2025-10-01", weeks="4")

    assert "as of 1 Oct 2025" in shown_text(app)
    assert "since 3 Sep 2025" in lead_of(app)


def test_a_link_with_nonsense_still_opens(opened: Opener) -> None:
    """A day or a window that cannot be read falls back to the newest, without an error."""
    app = opened("movement", at="yesterday", weeks="many")

    assert not app.error
    assert "as of 17 Nov 2025" in shown_text(app)


def test_first_pages_find_their_answers_ready(asked_by_first_pages: list[str], opened: Opener) -> None:
    """What the server prepares while the browser opens is all that these pages then ask for."""
    assert asked_by_first_pages == []
    for page in ("weekly_review", "forecast", "movement", "gates"):
        assert lead_of(opened(page))


def test_factor_chart_has_its_threshold_and_hollow_simulated_marks(opened: Opener) -> None:
    """One factor opened shows the demand of the plan, and simulated figures look and read unlike measured ones."""
    app = opened("factors", factor="test-coverage")
    chart = next(chart for chart in charts_of(app) if "Test coverage" in str(chart["alt"]))

    assert "needs > 15%" in json.dumps(chart["spec"], ensure_ascii=False) or "> 15%" in str(chart["alt"])
    assert "Hollow dots are simulated." in shown_text(app)


def test_what_nobody_measures_shows_no_progress(opened: Opener) -> None:
    """How far the way is done is unknown without a figure: its bar is hatched, it does not say 0%."""
    app = opened("factors")
    rows = tables_of(app)["Factors"]
    unmeasured = sum(words.startswith("not measured") for words in rows["Now, needs"])
    [markup] = [part for part in markup_of(app) if 'aria-label="Factors"' in part]

    assert unmeasured > 0
    assert markup.count("tm-unknown") == markup.count(": no fresh value") == unmeasured
    assert markup.count("of the way from the baseline") == 2 * (len(rows) - unmeasured)


def test_claims_stand_beside_the_evidence_of_their_week(opened: Opener) -> None:
    """Claims of one day that contradict each other are reported together, with file and line."""
    app = opened("claims")

    assert "documents claimed 5 different values of readiness, from 23% to 97%" in lead_of(app)
    frame = tables_of(app)["Claims"]
    assert "docs/STAGING_CHECKLIST.md:4" in set(frame["Place"])
    assert len(frame) == 5


@pytest.mark.parametrize("page", ["movement", "claims"])
def test_foreign_words_are_inert(page: str, opened: Opener) -> None:
    """A subject or claim with Markdown and HTML is shown as text: in Markdown it is escaped, in tables it is a cell."""
    app = opened(page, weeks="4", kind="all")
    markup = " ".join(markup_of(app))

    assert "&lt;img src=x" in markup
    assert "<img src=x" not in markup
    assert not [address for _, address in links_of(app) if not address.startswith(("/", "https://"))]
    assert HOSTILE not in app.main.markdown


def test_a_plan_with_mistakes_is_reported_in_one_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tminus.toml that cannot be read is reported on the page, with what to do, instead of a stack of code."""
    path = tmp_path / "tminus.toml"
    path.write_text("[readiness]\ntarget = 'ninety'\n", encoding="utf-8")
    monkeypatch.setenv(CONFIG_VARIABLE, str(path))
    monkeypatch.setattr("sys.argv", ["streamlit"])

    app = AppTest.from_file(str(ENTRY), default_timeout=60).run()

    assert not app.exception
    assert "This page cannot be drawn" in app.error[0].value


def test_a_page_of_a_living_project_keeps_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first look stores GO, readiness and every criterion once; looking again adds nothing."""
    workspace = with_clock(open_workspace(build(tmp_path, "moving")), None)
    monkeypatch.setattr("sys.argv", ["streamlit"])
    monkeypatch.setenv(CONFIG_VARIABLE, "nowhere.toml")
    app = AppTest.from_file(str(ENTRY), default_timeout=60).run()
    monkeypatch.setenv(CONFIG_VARIABLE, str(workspace.path))
    app.switch_page("../pages/forecast.py").run()
    kept = workspace.warehouse.query("forecasts")
    app.run()

    assert not app.exception
    assert kept["subject"].is_unique
    assert {"go", "readiness", "test-coverage"} <= set(kept["subject"])
    assert len(workspace.warehouse.query("forecasts")) == len(kept)
