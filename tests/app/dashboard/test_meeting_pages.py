"""The meeting on the weekly review: the promised day, decisions, frozen reviews, the course of the date."""

from __future__ import annotations

import copy
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from app.dashboard import cache
from app.dashboard.cache import facts, open_key
from app.dashboard.kept import bookkeeping
from app.dashboard.meeting.cache import decide as write_decision
from app.dashboard.meeting.frozen import MENU
from app.dashboard.navigation import CONFIG_VARIABLE
from app.reports.spreadsheet import csv_text
from app.steps.assess import open_workspace
from app.steps.evidence.collect import record
from app.steps.meeting import close_decision, decisions, frozen_review, frozen_reviews
from app.workspace import Workspace
from ingest.record import StatedFigure
from ingest.warehouse.complete_state import complete_state_kept
from ingest.warehouse.meeting import DecisionText, freeze_review, open_decision
from ingest.warehouse.pull_state import announced
from tests.testing.app_test import AppTest
from tests.testing.dashboard_workspace import HOSTILE, build, with_clock
from tests.testing.page_words import labelled, lead_of, links_of, markup_of, tables_of, words_of

ENTRY = Path(__file__).parents[3] / "app" / "dashboard" / "entry" / "streamlit_app.py"
DUE = date(2025, 11, 24)
Opener = Callable[..., AppTest]


@pytest.fixture(scope="module")
def restored(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Workspace]:
    """Two weeks of evidence (its forecasts are quick) and a promised day; its clock is at 17 Nov 2025.

    Each call puts plan and warehouse back as they were, with their times: the pages then take the answers that they
    have computed for an earlier test.
    """
    path = build(tmp_path_factory.mktemp("meeting"), "thin")
    path.write_text(path.read_text().replace("[readiness]", "[readiness]\npromised = 2026-03-31", 1))
    warehouse = open_workspace(path).warehouse.path
    kept = tmp_path_factory.mktemp("kept")
    for file in (path, warehouse):
        shutil.copy2(file, kept)

    def restore() -> Workspace:
        for file in (path, warehouse):
            shutil.copy2(kept / file.name, file)
        return open_workspace(path)

    return restore


@pytest.fixture
def workspace(restored: Callable[[], Workspace]) -> Workspace:
    """The project of this file as it was before any test."""
    return restored()


@pytest.fixture
def opened(workspace: Workspace) -> Iterator[Opener]:
    """Open a page of the workspace, with parameters as its URL would hold them."""

    def run(page: str = "weekly_review", **parameters: str) -> AppTest:
        app = AppTest.from_file(str(ENTRY), default_timeout=60)
        app.query_params.update(parameters)
        app.session_state["decide-drawer"] = True
        app.run()
        if page != "weekly_review":
            app.switch_page(f"../pages/{page}.py")
            app.query_params.update(parameters)
            app.run()
        assert not app.exception, [problem.message for problem in app.exception]
        return app

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["streamlit"])
        patch.setenv(CONFIG_VARIABLE, str(workspace.path))
        yield run


def text_of(app: AppTest) -> str:
    elements = [*app.markdown, *app.caption, *app.info, *app.warning]
    return "\n".join([*(str(element.value).replace("\\", "") for element in elements), words_of(app)])


def decided_on_a_page(workspace: Workspace, text: str, owner: str, criterion: str = "") -> None:
    """Write a decision as a page does: the answers that are known stay valid."""
    key = open_key(workspace.path, workspace.now().date())
    write_decision(key, text, owner, DUE, criterion, "")


def made(workspace: Workspace) -> list[dict]:
    return list(decisions(workspace, workspace.now())["decisions"])


def test_no_page_changes_an_answer(workspace: Workspace, opened: Opener) -> None:
    """All sessions show the same objects: drawing a page leaves the answers as they were computed."""
    key = cache.open_key(workspace.path, workspace.now().date())
    since = (workspace.now().date() - timedelta(days=7)).isoformat()
    answers = [ask(key) for ask in (cache.status, cache.history, cache.forecast, cache.stored, cache.runs)]
    answers += [cache.moved(key, since), cache.review(key, since)]
    before = copy.deepcopy(answers)
    for page in ("weekly_review", "forecast", "movement", "gates", "factors", "data_health"):
        opened(page)

    for now, then in zip(answers, before, strict=True):
        assert now.equals(then) if isinstance(now, pd.DataFrame) else now == then


@pytest.mark.parametrize("page", ["weekly_review", "forecast"])
def test_the_promised_day_is_the_first_figure(page: str, opened: Opener) -> None:
    """Both pages about the date open with the odds of the promised day, or with why they are unknown."""
    app = opened(page)
    assert "Odds of GO by 31 Mar 2026, the promised day: unknown, there is not enough evidence." in text_of(app)
    if page == "weekly_review":
        [cards] = [part for part in markup_of(app) if 'class="tm-cards"' in part]
        assert cards.split('tm-label">')[1].startswith("GO by 31 Mar 2026, promised")
    else:
        assert lead_of(app).startswith("Odds of GO by 31 Mar 2026")


def test_a_decision_written_on_the_page_is_listed_and_closed_there(workspace: Workspace, opened: Opener) -> None:
    """The form stores text, owner, day and criterion; the buttons carry over, and close."""
    app = opened()
    assert "No decision is open." in text_of(app)
    labelled(app.text_input, "What").set_value("Cover the payment module")
    labelled(app.selectbox, "Criterion").set_value("test-coverage")
    labelled(app.selectbox, "Owner").set_value("Ada")
    labelled(app.button, "Write the decision").click().run()
    [entry] = made(workspace)
    assert (entry["text"], entry["owner"], entry["due"]) == ("Cover the payment module", "Ada", DUE.isoformat())
    assert "Cover the payment module" in text_of(app)

    labelled(app.button, "Carry over to 1 Dec").click().run()
    assert (made(workspace)[0]["carried"], made(workspace)[0]["due"]) == (1, "2025-12-01")
    labelled(app.button, "Done").click().run()
    assert made(workspace)[0]["outcome"] == "done"
    assert not [button for button in app.button if button.label == "Done"]


def test_what_cannot_be_written_is_one_line(workspace: Workspace, opened: Opener) -> None:
    """A decision without an owner is refused on the page, and nothing is stored."""
    app = opened()
    labelled(app.text_input, "What").set_value("Somebody should do it")
    labelled(app.button, "Write the decision").click().run()
    assert "“Owner” is empty: choose who does it, or type a name." in text_of(app)
    assert made(workspace) == []


def test_a_decision_closed_elsewhere_meanwhile_is_named(workspace: Workspace, opened: Opener) -> None:
    """Two people close the same decision: the second one reads who was first, and loses nothing."""
    decided_on_a_page(workspace, "one", "Ada")
    app = opened()
    close_decision(workspace, "D1", "dropped")
    labelled(app.button, "Done").click().run()
    assert "decision D1 is closed already: dropped on 2025-11-17" in text_of(app)
    assert made(workspace)[0]["outcome"] == "dropped"


def test_many_open_decisions_are_a_table_in_which_one_is_chosen(workspace: Workspace, opened: Opener) -> None:
    """Of forty, five have buttons; each of the others is in a table, is chosen there or by a link, and is closed."""
    from app.dashboard.meeting.decisions import WITH_BUTTONS

    for number in range(40):
        open_decision(workspace.warehouse, DecisionText(f"task {number}", HOSTILE, DUE), workspace.now())
    app = opened()
    others = tables_of(app)["More open decisions"]
    assert "40 open; 0 closed since the last review." in text_of(app)
    assert [button.label for button in app.button].count("Done") == WITH_BUTTONS
    assert list(others["Id"]) == [f"D{number}" for number in range(WITH_BUTTONS + 1, 41)]
    assert any(address.endswith("?decision=D17#tm-decisions") for _, address in links_of(app))

    app.query_params["decision"] = "D40"
    app.run()
    next(button for button in app.button if button.key == "dropped-D40").click().run()
    assert "40 open" not in text_of(app) and "39 open; 1 closed" in text_of(app)
    linked = opened(decision="D17")
    next(button for button in linked.button if button.key == "carried-D17").click().run()
    ended = {entry["id"]: (entry["outcome"], entry["carried"]) for entry in made(workspace)}
    assert (ended["D40"], ended["D17"]) == (("dropped", 0), ("open", 1))


def with_freeze_menu(app: AppTest) -> AppTest:
    """The page after a click on the Freeze button of the bar."""
    app.session_state[MENU] = True
    return app.run()


def test_what_needs_action_is_counted_first(workspace: Workspace, opened: Opener) -> None:
    """The page and the written review begin with the same numbers of what waits; each leads to its section."""
    open_decision(workspace.warehouse, DecisionText("late", "Ada", date(2025, 11, 10)), workspace.now())
    open_decision(workspace.warehouse, DecisionText("soon", "Ada", date(2025, 11, 24)), workspace.now())
    app = opened()
    words = "1 decision overdue, 1 decision due within a week, 2 open blockers"
    assert words.replace(", ", " · ") in " ".join(text_of(app).split())
    assert any(address.endswith("#tm-stuck") for name, address in links_of(app) if name == "2 open blockers")
    labelled(with_freeze_menu(app).button, "Freeze this review").click().run()
    assert f"Needs action: {words}" in frozen_review(workspace, None, "md")


def test_every_frozen_review_is_in_the_menu(workspace: Workspace, opened: Opener) -> None:
    """The menu counts the frozen reviews and lists all of them."""
    files = dict.fromkeys(("answer", "markdown", "html"), "x")
    for week in range(20):
        day = workspace.now() - timedelta(weeks=week + 1)
        freeze_review(workspace.warehouse, files, {"day": day.date(), "frozen_at": day, "since": day, "until": day})
    menu = next(part for part in markup_of(with_freeze_menu(opened())) if "tm-frozen-list" in part)
    assert "20 frozen reviews" in menu and menu.count("frozen=") == 20


def test_a_past_day_is_read_only(workspace: Workspace, opened: Opener) -> None:
    """On the page of a past day nothing can be decided, closed or frozen."""
    decided_on_a_page(workspace, "one", "Ada")
    app = with_freeze_menu(opened(at=(workspace.now().date() - timedelta(days=1)).isoformat()))
    assert not {button.label for button in app.button} & {"Done", "Drop", "Freeze this review", "Write the decision"}
    assert "This page shows a past day." in text_of(app)


def test_foreign_words_in_decisions_are_inert(workspace: Workspace, opened: Opener) -> None:
    """Markup in a decision or an owner is text, on the page and in its download."""
    decided_on_a_page(workspace, HOSTILE, HOSTILE)
    app = opened()
    markup = " ".join(markup_of(app))
    assert "&lt;img src=x" in markup
    assert "<img src=x" not in markup
    assert not [address for _, address in links_of(app) if not address.startswith(("/", "https://"))]


def test_a_review_frozen_on_the_page_is_shown_as_it_was(workspace: Workspace, opened: Opener) -> None:
    """Freeze stores the review under a name; its link shows it read-only, with its three files."""
    decided_on_a_page(workspace, "one", "Ada")
    app = with_freeze_menu(opened())
    labelled(app.text_input, "Your name").set_value("Kim")
    labelled(app.button, "Freeze this review").click().run()
    [stored] = frozen_reviews(workspace)["reviews"]
    assert stored["frozen_by"] == "Kim"
    assert "by Kim" in text_of(with_freeze_menu(app))
    assert not [button for button in app.button if button.label == "Freeze this review"]

    close_decision(workspace, "D1", "done")
    shown = opened(frozen=stored["day"])
    assert "frozen 17 Nov 2025 23:59 by Kim" in text_of(shown)
    assert "one" in text_of(shown)
    assert "weekly review, 17 Nov 2025" in text_of(shown)
    labels = [button.label for button in shown.get("download_button")]
    assert {"Download Markdown", "Download HTML", "Download JSON"} <= set(labels)
    markup = "".join(str(part.proto.body) for part in shown.get("html"))
    assert 'class="tm-frozen"' in markup and "Open blockers, from baseline to threshold</figcaption><img" in markup
    assert "<svg" not in markup
    assert not {button.label for button in shown.button} & {"Done", "Write the decision"}
    assert "| D1 | one | Ada |" in frozen_review(workspace, None, "md")


def test_writing_computes_no_evidence_again(workspace: Workspace, opened: Opener) -> None:
    """A decision changes no figure: the answers that were computed before stay valid."""
    from app.steps import review as review_steps

    opened()
    page = opened()
    labelled(page.text_input, "What").set_value("x")
    labelled(page.selectbox, "Owner").set_value("Ada")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(review_steps, "review", lambda *_asked: pytest.fail("computed again"))
        labelled(page.button, "Write the decision").click().run()
    assert not page.exception
    assert len(made(workspace)) == 1


def test_the_course_says_where_there_was_no_date(opened: Opener) -> None:
    """Weeks without a date are named as such, and a course without any date draws no chart."""
    app = opened("forecast")
    assert "A course needs two forecasts with a date; these weeks have fewer." in text_of(app)
    figures = tables_of(app)["Course of the date in figures"]
    assert set(figures["GO, 50% by"]) == {"no date: not enough evidence"}


def test_every_link_keeps_the_day_and_the_window(opened: Opener) -> None:
    """Names lead to their history, people to what they moved; each link carries the day and the window of the page."""
    app = opened("movement", at="2025-11-16", weeks="13")
    inside = [address for _, address in links_of(app) if address.startswith("/") and "at=" in address]

    assert any("/factors?" in address and "factor=" in address for address in inside)
    assert any("author=" in address for address in inside)
    assert all("weeks=13" in address for address in inside)


def test_the_bar_shows_the_day_and_the_window_of_the_address(opened: Opener) -> None:
    """The day lies between the first day and today, and both choices show what the address asks for."""
    bar = next(part for part in markup_of(opened("movement", at="2025-11-16", weeks="4")) if "tm-day" in part)

    assert re.search(r'value="2025-11-16" min="2025-\d\d-\d\d" max="2025-11-17"', bar)
    assert re.findall(r'<option value="(\d+)" selected>', bar) == ["4"]


def test_an_address_that_asks_for_no_known_day_shows_today(opened: Opener) -> None:
    """A day of the future, one before the first evidence, and words: the page says which day it shows."""
    for asked in ("2025-11-18", "1999-01-01", "yesterday"):
        bar = next(part for part in markup_of(opened("movement", at=asked, weeks="many")) if "tm-day" in part)
        assert 'value="2025-11-17"' in bar
        assert re.findall(r'<option value="(\d+)" selected>', bar) == ["1"]


def test_a_commit_is_linked_to_its_forge(workspace: Workspace, opened: Opener) -> None:
    """With a known forge a hash leads to the commit there, and an open marker to its line."""
    text = workspace.path.read_text().replace("[project]", '[project]\nforge = "https://github.com/a/b"', 1)
    workspace.path.write_text(text)
    addresses = [address for _, address in links_of(opened("movement", weeks="26"))]

    assert any(address.startswith("https://github.com/a/b/commit/") for address in addresses)
    assert any("/blob/" in address and "#L" in address for address in addresses)


def test_downloads_hold_the_words_of_links_and_pictures(opened: Opener) -> None:
    """A cell that is a link or a picture on the page is text in the CSV, and still no formula there."""
    from app.dashboard.markup.tags import Drawn, Linked
    from app.dashboard.sheet import Sheet
    from app.dashboard.tables.download import in_words

    sheet = Sheet("x", None, None)  # type: ignore[arg-type]
    sheet.keep("t", pd.DataFrame({"a": [Linked("=1+1", "/x"), Drawn("3 weeks", "<i></i>")]}))
    words = in_words(sheet.tables[0][1])

    assert words["a"].tolist() == ["=1+1", "3 weeks"]
    assert "'=1+1" in csv_text(words)


def test_pages_of_things_the_plan_does_not_have_leave_the_menu(workspace: Workspace, opened: Opener) -> None:
    """Without stages in the plan there is no Rollout in the menu; its link still opens and says what to add."""
    text = workspace.path.read_text()
    known = facts(workspace.path)
    workspace.path.write_text(text[: text.index("[[stage]]")])

    assert known.has_rollout
    assert not facts(workspace.path).has_rollout
    assert "The plan lists no rollout yet." in text_of(opened("rollout"))


def test_a_link_fills_the_decision(opened: Opener) -> None:
    """Decide, on a blocker or a step of the path, proposes its text and its criterion."""
    app = opened(decide="test-coverage")

    assert labelled(app.selectbox, "Criterion").value == "test-coverage"
    assert "Test coverage" in labelled(app.text_input, "What").value


def test_the_first_step_that_nobody_works_on_is_proposed(workspace: Workspace, opened: Opener) -> None:
    """The form proposes the cheapest step; once it is an open decision, the next one."""
    first = labelled(opened().selectbox, "Criterion").value
    decided_on_a_page(workspace, "one", "Ada", first)
    following = labelled(opened().selectbox, "Criterion").value

    assert first
    assert following not in ("", first)


def test_a_blocker_names_what_is_next_in_concrete(workspace: Workspace, opened: Opener) -> None:
    """Each open blocker says since when, what moved it last, who sees to it; never measured is called so."""
    decided_on_a_page(workspace, "one", "Grace", "test-coverage")
    rows = [part.partition("st-key-tm-stuck")[2] for part in markup_of(opened()) if 'class="tm-stuck"' in part]
    words = words_of(opened())

    assert len(rows) == 1
    stuck = rows[0].partition("</section>")[0]
    assert stuck.count('class="tm-stuck"') == 2
    assert "its first figure" in words
    assert "Grace" in stuck
    assert stuck.count("decide=") == stuck.count("factor=") / 2 == 2


def test_what_is_on_someones_word_has_an_end(workspace: Workspace, opened: Opener) -> None:
    """An attested criterion shows its points and its last day; an unmeasured one the command to copy."""
    text = workspace.path.read_text()
    attested = 'attested = { by = "Kim", on = 2025-11-01, expires = 2026-03-01 }\n  title = "Load time"'
    workspace.path.write_text(
        text.replace('title = "Load time"', attested, 1).replace("rollback_seconds", "drill_count")
    )
    rows = tables_of(opened())["Not measured"].set_index("Criterion")

    assert rows.loc["Load time", "State"] == "attested by Kim"
    assert rows.loc["Load time", "Until"] == "1 Mar 2026"
    assert "tminus record drill_count VALUE" in rows.loc["Rollback drill", "What to do"]


def test_a_page_keeps_its_figures_while_a_pull_runs(opened: Opener, workspace: Workspace) -> None:
    """The bar says how far the pull is; what it has stored so far is on no page, of no day, until it is done."""
    warehouse = workspace.warehouse
    assert "evidence 1 day old" in text_of(opened())
    before = [lead_of(opened()), tables_of(opened("gates"))]
    with announced(warehouse.path) as running, complete_state_kept(warehouse, running) as keep:
        running.report(2, 4, "checklist")
        keep()
        record(workspace, StatedFigure("rollback_seconds", 1.0))
        app = opened()
        assert "a pull is running (2 of 4 sources)" in text_of(app)
        assert "evidence 1 day old" not in text_of(app)  # one of the two: the bar keeps to one line
        assert str([lead_of(app), tables_of(opened("gates"))]) == str(before)
    after = text_of(opened())
    assert "a pull is running" not in after and "evidence of today" in after
    assert str(tables_of(opened("gates"))) != str(before[1])


def test_a_state_that_is_gone_gives_way_to_the_newest(
    opened: Opener, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A day that nobody opened before, asked just after new evidence came, is drawn from the new state alone."""
    before = str(tables_of(opened("gates")))
    cache.release_state(workspace.path, open_key(workspace.path, DUE).warehouse)  # a copy of an earlier test
    monkeypatch.setattr(bookkeeping(), "is_kept_up", True)
    record(workspace, StatedFigure("rollback_seconds", 1.0))
    opened("gates", at="2025-11-11")

    assert str(tables_of(opened("gates"))) != before


def test_a_decision_about_a_criterion_that_is_gone_says_so(workspace: Workspace, opened: Opener) -> None:
    """A criterion that the plan has no more is named by its id, and no link leads to another one."""
    decided_on_a_page(workspace, "one", "Ada", "bundle-size")
    workspace.path.write_text(workspace.path.read_text().replace('id = "bundle-size"', 'id = "bundle"'))
    app = opened()

    assert "bundle-size (not in the plan any more)" in words_of(app)
    assert not [address for _, address in links_of(app) if address.endswith("factor=bundle-size")]


def test_a_source_that_was_read_today_is_not_old(workspace: Workspace, opened: Opener) -> None:
    """A repository without changes for months is known as of its last pull; a pull that failed read nothing."""
    with_clock(workspace, None)
    assert "evidence of today" in text_of(opened("gates"))
    with workspace.warehouse.writing() as connection:
        connection.execute("UPDATE source_run SET status = 'error', error = 'no access'")
    assert "evidence of today" not in text_of(opened("gates"))


def test_a_page_that_is_drawn_again_says_the_same_in_fewer_elements(opened: Opener) -> None:
    """The first time each part is drawn as it is known; then what follows each other is one element."""
    first, again = opened(at="2025-10-10"), opened(at="2025-10-10")

    assert words_of(again).split() == words_of(first).split()
    assert len(markup_of(again)) < len(markup_of(first))


def test_a_page_with_another_choice_counts_for_itself_alone(opened: Opener) -> None:
    """A frozen review asks for nothing that the review of its day does: that one is drawn part by part as ever."""
    opened(at="2025-10-09", frozen="none")
    first, again = opened(at="2025-10-09"), opened(at="2025-10-09")

    assert len(markup_of(again)) < len(markup_of(first))
