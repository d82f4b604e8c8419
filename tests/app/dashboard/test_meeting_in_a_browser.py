"""The whole review meeting in a real browser on the sample, and what axe finds on each page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from app.dashboard.navigation import PAGES
from app.dashboard.serve import free_port
from tests.testing.sample import sample_in
from tests.testing.served_dashboard import ARGUMENTS, CHROMIUM, served, settled

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
SLOW_MACHINE = 60_000  # milliseconds of patience; nothing here asserts how long something takes


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The sample with its simulated weeks, served."""
    workspace = sample_in(tmp_path_factory.mktemp("sample"))
    with served(workspace.path, free_port(8760)) as line:
        yield line.split()[4]


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    """One page for all tests of this file: the program of the pages is loaded and compiled once."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        opened = running.new_page(viewport={"width": 1400, "height": 900}, reduced_motion="reduce")
        opened.set_default_timeout(SLOW_MACHINE)
        yield opened
        running.close()


def test_the_verdict_can_be_read_before_the_program_of_the_page_runs(address: str, page: Any) -> None:
    """The page brings its sentence along, at the place where it is drawn later; then nothing covers the page."""
    where = "part => { const place = document.querySelector(part).getBoundingClientRect(); return [place.x, place.y]; }"
    page.goto(address)
    page.locator("[data-testid=stMain] h2").first.wait_for()
    settled(page)
    drawn, words = page.evaluate(where, "[data-testid=stMain] h2"), page.locator("[data-testid=stMain] h2").inner_text()
    for _ in range(300):  # a server that has just started begins to keep its pages up soon
        if "tm-opening" in page.request.get(address).text():
            break
        page.wait_for_timeout(200)
    page.route("**/static/js/index.*.js", lambda route: route.abort())
    try:
        page.goto(address)
        assert page.locator("#tm-opening h2").inner_text() == words
        assert page.evaluate(where, "#tm-opening h2") == pytest.approx(drawn, abs=1)
    finally:
        page.unroute("**/static/js/index.*.js")
    page.goto(address)
    page.locator("[data-testid=stMain] h2").first.wait_for()
    assert page.locator("#tm-opening").count() == 0


def test_the_day_and_the_window_go_with_the_reader(address: str, page: Any) -> None:
    """Both are chosen in the bar and kept by the menu; each choice is one step of the browser's history."""
    page.goto(f"{address}/movement")
    page.get_by_text("as of 21 Nov 2025").first.wait_for()
    settled(page)
    page.get_by_label("Compare with").select_option("4")
    page.wait_for_url("**/movement?weeks=4")
    page.get_by_label("As of").fill("2025-10-10")
    page.get_by_text("as of 10 Oct 2025").first.wait_for()
    page.get_by_role("link", name="Gates").click()
    page.wait_for_url("**/gates?weeks=4&at=2025-10-10")
    page.get_by_text("GO and NO-GO rules").first.wait_for()
    assert page.get_by_label("As of").input_value() == "2025-10-10"
    assert page.get_by_label("Compare with").input_value() == "4"
    settled(page)
    page.go_back()
    page.wait_for_url("**/movement?weeks=4&at=2025-10-10")
    page.get_by_text("Points gained and lost").first.wait_for()
    settled(page)
    page.go_back()
    page.wait_for_url("**/movement?weeks=4")
    page.get_by_text("as of 21 Nov 2025").first.wait_for()


def test_a_day_that_is_not_known_is_refused_where_it_is_typed(address: str, page: Any) -> None:
    """The page stays as it is, and the field says which days there are."""
    page.goto(f"{address}/gates")
    page.get_by_text("as of 21 Nov 2025").first.wait_for()
    settled(page)
    page.get_by_label("As of").focus()
    page.keyboard.type("10012030")
    page.keyboard.press("Enter")
    assert page.get_by_label("As of").evaluate("field => field.validationMessage")
    assert page.url == f"{address}/gates"


def test_a_meeting_from_its_opening_to_its_minutes(address: str, page: Any) -> None:
    """Open, a week back, a bar in place, a commit, what-if, a decision with owner and day, close, freeze."""
    missing: list[str] = []
    page.on("response", lambda answer: missing.append(answer.url) if answer.status >= 400 else None)

    # The day is typed; a bar opens in place, and its commit leads to the forge.
    page.goto(f"{address}/movement?weeks=13")
    settled(page)
    page.get_by_label("As of").focus()
    page.keyboard.type("09092025")
    assert "as of 21 Nov 2025" in page.locator("[data-testid=stMain] .tm-quiet").first.inner_text()
    page.keyboard.press("Enter")
    page.get_by_text("as of 9 Sep 2025").first.wait_for()
    settled(page)
    page.locator("details.tm-row summary").first.click()
    commit = page.locator("details.tm-row[open] a.tm-out").first
    commit.wait_for()
    assert str(commit.get_attribute("href")).startswith("https://github.com/KingInYellow18/medianest/commit/")
    assert "weeks=13" in page.url

    # This week, and the one before it.
    page.get_by_role("link", name="The present review").click()
    page.get_by_text("as of 21 Nov 2025").first.wait_for()
    settled(page)
    page.get_by_role("link", name="Weekly review").click()
    page.get_by_role("heading", name="Last week's decisions").wait_for()
    settled(page)
    page.get_by_role("link", name="Previous review, 14 Nov 2025").click()
    page.get_by_text("as of 14 Nov 2025").first.wait_for()
    page.get_by_role("link", name="The present review").click()
    page.get_by_text("as of 21 Nov 2025").first.wait_for()
    settled(page)
    page.locator("details.tm-row summary").first.click()
    page.locator("details.tm-row[open] img.tm-trend").first.wait_for()

    # What if, made a decision.
    page.locator(".tm-stuck", has_text="Bundle Size").get_by_role("link", name="What if it went twice as fast?").click()
    page.get_by_text("Bundle Size at twice its pace:").wait_for()
    settled(page)
    page.get_by_role("link", name="Make it a decision: Bundle Size").click()
    page.wait_for_function("document.querySelector('input[aria-label=What]')?.value.includes('Bundle Size')")
    settled(page)
    page.get_by_role("combobox", name="Owner").fill("Kim")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Write the decision").click()
    page.locator(".stHtml", has_text="D5").filter(has_text="due 28 Nov 2025").first.wait_for()
    settled(page)

    # Last week's decision is closed, the review frozen, and found again.
    page.get_by_role("button", name="Done").first.click()
    page.locator(".tm-chip", has_text="done on 21 Nov 2025").first.wait_for()
    settled(page)
    page.get_by_role("button", name="Freeze").click()
    page.get_by_label("Your name").fill("Kim")
    page.keyboard.press("Enter")
    settled(page)
    page.get_by_role("button", name="Freeze this review").click()
    page.get_by_text("The review is frozen.").first.wait_for()
    page.goto(f"{address}/?frozen=2025-11-21")
    page.get_by_text("frozen 21 Nov 2025").first.wait_for()
    settled(page)
    words = page.inner_text("[data-testid=stMain]")

    assert "by Kim" in words
    assert "D5" in words
    assert not missing


# What axe finds that is serious or critical: [rule, HTML], without what passes, which would be megabytes. Only a rule
# about sound that plays by itself, which is moderate, needs the files of the page loaded again.
SERIOUS = """async () => (await axe.run({resultTypes: ['violations'], preload: false})).violations
    .filter(found => ['serious', 'critical'].includes(found.impact))
    .flatMap(found => found.nodes.map(node => [found.id, node.html.slice(0, 200)]))"""


@pytest.fixture(scope="module")
def walked(address: str, page: Any) -> Any:
    """The page of the meeting, with axe in it: all others are opened by its menu."""
    from axe_playwright_python.sync_playwright import Axe

    if not page.url.startswith(address):  # the meeting was not asked for
        page.goto(f"{address}/{PAGES[-1][3]}")
        settled(page)
    page.evaluate(Axe().axe_script)
    return page


@pytest.mark.parametrize(("title", "name"), [(title, name) for _, title, _, name in PAGES])
def test_axe_finds_nothing_serious(title: str, name: str, walked: Any) -> None:
    """No page has a serious or critical finding of axe-core, at 1400 and at 390 pixels; none is wider than a phone."""
    walked.set_viewport_size({"width": 1400, "height": 844})
    walked.get_by_role("link", name=title, exact=True).first.click()
    walked.wait_for_function("name => location.pathname === '/' + name", arg=name)
    settled(walked)
    found = [(1400, *finding) for finding in walked.evaluate(SERIOUS)]
    walked.set_viewport_size({"width": 390, "height": 844})
    settled(walked)
    found += [(390, *finding) for finding in walked.evaluate(SERIOUS)]
    wide = walked.evaluate("() => document.querySelector('[data-testid=stMain]').scrollWidth")

    assert found == []
    assert wide <= 390
