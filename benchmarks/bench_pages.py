"""Times the dashboard in a real browser, beside an empty Streamlit page in the same run.

    python benchmarks/bench_pages.py [--browser PATH] [--only sample|large]

Page change: from the click in the menu to the end of the script and the new heading. First as-of and compare-with:
from the change to the new verdict on the Weekly review (its date follows), for days and windows that nobody has opened.
On the sample, and on a project of 1,000,000 observations and 50 criteria. Medians; the empty page is one title in a
Streamlit application of two pages.
"""

from __future__ import annotations

import argparse
import contextlib
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app.dashboard.serve import FLAGS, HOST, command, free_port  # noqa: E402
from app.demo import prepare_demo  # noqa: E402
from benchmarks.synthetic import fill_warehouse, plan_of  # noqa: E402

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
EMPTY = """import streamlit as st

st.navigation([st.Page(lambda: st.title("One"), title="One", url_path="one", default=True),
               st.Page(lambda: st.title("Two"), title="Two", url_path="two")]).run()
"""
# Clicks (a menu entry, or an address), and waits for a text in the page and for the end of the script.
CHANGE = """async ([address, link, words, whole]) => {
  const began = performance.now();
  const menu = () => [...document.querySelectorAll("[data-testid=stSidebarNavLink]")];
  if (link) menu().find(a => a.innerText.includes(link)).click();
  else { history.pushState({}, "", address); window.dispatchEvent(new PopStateEvent("popstate")); }
  const main = () => document.querySelector("[data-testid=stMain]").textContent;  // lays nothing out
  const app = () => document.querySelector("[data-testid=stApp]").dataset.testScriptState;
  let ran = false;  // a short run begins and ends between two frames
  new MutationObserver(() => { ran = ran || app() === "running"; })
    .observe(document.querySelector("[data-testid=stApp]"), {attributes: true});
  while (performance.now() - began < 60000) {
    await new Promise(requestAnimationFrame);
    ran = ran || app() === "running";
    if (main().includes(words) && (!whole || (app() === "notRunning" && (ran || performance.now() - began > 400))))
      return performance.now() - began;
  }
  return NaN;
}"""


@contextlib.contextmanager
def serving(line: list[str]) -> Iterator[None]:
    """A server for as long as it is asked."""
    process = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


def opened(browser: Any, address: str, words: str) -> Any:
    """A page, as soon as its server answers."""
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    for _ in range(240):
        with contextlib.suppress(Exception):
            page.goto(address)
            break
        page.wait_for_timeout(500)
    page.get_by_text(words).first.wait_for(timeout=180_000)
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(timeout=180_000)
    page.wait_for_timeout(3000)
    return page


def changes(page: Any, links: list[tuple[str, str]]) -> list[float]:
    """Milliseconds of a page change to each entry (menu, heading)."""
    times: list[float] = []
    for link, words in links:
        times.append(page.evaluate(CHANGE, ["", link, words, True]))
        page.wait_for_timeout(250)
    return times


def side_by_side(page: Any, empty: Any, links: list[tuple[str, str]], rounds: int) -> tuple[float, float]:
    """Median milliseconds of a page change, and of one of the empty page; a round of one, then of the other.

    The speed of the machine differs from minute to minute. The first round is not counted.
    """
    times: list[float] = []
    bare: list[float] = []
    for k in range(rounds + 1):
        changed, without = changes(page, links), changes(empty, [("Two", "Two"), ("One", "One")])
        times += changed if k else []
        bare += without if k else []
    return statistics.median(times), statistics.median(bare)


def firsts(page: Any, addresses: list[tuple[str, str]]) -> list[float]:
    """Milliseconds until each address, never opened before, shows its words."""
    times = []
    for address, words in addresses:
        times.append(page.evaluate(CHANGE, [address, "", words, False]))
        page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(timeout=180_000)
        page.wait_for_timeout(500)
    return times


class Site(NamedTuple):
    """What is served: its menu (entry, words on the page), and the beginnings of the windows of 2, 4 and 13 weeks."""

    menu: list[tuple[str, str]]
    windows: tuple[str, str, str]


SAMPLE = Site(
    [("Gates", "GO and NO-GO rules"), ("Factors", "Of 24 criteria"), ("Movement", "Readiness went from"),
     ("Data health", "Stored values"), ("Weekly review", "Readiness is")],
    ("7 Nov 2025", "24 Oct 2025", "22 Aug 2025"),
)  # fmt: skip
LARGE = Site(
    [(name, name) for name in ("Gates", "Factors", "Movement", "Data health", "Weekly review")],
    ("18 Dec 2025", "4 Dec 2025", "2 Oct 2025"),
)
ROWS, CRITERIA = 1_000_000, 50


def make_large(folder: Path) -> Path:
    """A project of a million observations and fifty criteria."""
    folder.mkdir()
    fill_warehouse(folder / "warehouse.duckdb", ROWS)
    path = folder / "tminus.toml"
    path.write_text(plan_of(CRITERIA), encoding="utf-8")
    return path


def main() -> None:
    """Print a line a figure, for the sample and for the large project."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--browser", default=next(filter(None, map(shutil.which, BROWSERS)), None))
    parser.add_argument("--only", choices=("sample", "large"))
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=arguments.browser, args=["--no-sandbox", "--disable-gpu"])
        script, port = Path(place) / "empty.py", free_port(8830)
        script.write_text(EMPTY, encoding="utf-8")
        flags = [f"--{name}={value}" for name, value in {**FLAGS, "server.port": str(port)}.items()]
        with serving([sys.executable, "-m", "streamlit", "run", str(script), *flags]):
            empty = opened(browser, f"http://{HOST}:{port}", "One")
            if arguments.only != "large":
                print("the sample")
                config = prepare_demo(with_simulated=True, folder=Path(place)).path
                measure(browser, config, SAMPLE, empty)
            if arguments.only != "sample":
                print(f"{ROWS:,} observations, {CRITERIA} criteria")
                measure(browser, make_large(Path(place) / "large"), LARGE, empty)
        browser.close()


def measure(browser: Any, config: Path, site: Site, empty: Any) -> None:
    """The figures of one project, beside the empty page at the same time."""
    port = free_port(8850)
    with serving(command(config, port)):
        page = opened(browser, f"http://{HOST}:{port}", "Readiness is")
        report(page, empty, site)
        page.close()


def report(page: Any, empty: Any, site: Site) -> None:
    """The table."""
    changed, bare = side_by_side(page, empty, site.menu, 8)
    print(f"an empty Streamlit page: change {bare:.0f} ms")
    print(f"page change, already seen {changed:8.0f} ms   {changed / bare:4.1f}x   must: <= 3x")
    days = [(f"/?at=2025-{month}-{day}", f"as of {int(day)} {name}") for month, day, name in
            (("11", "12", "Nov"), ("11", "03", "Nov"), ("10", "22", "Oct"), ("10", "13", "Oct"))]  # fmt: skip
    first = firsts(page, days)
    print(f"as-of, never seen: caption {max(first):.0f} ms at most")
    verdicts = firsts(page, [("/?at=2025-11-05&weeks=1", "since 29 Oct 2025"), ("/?at=2025-10-08", "since 1 Oct 2025"),
                             ("/?at=2025-10-29", "since 22 Oct 2025")])  # fmt: skip
    print(f"as-of, never seen: verdict {max(verdicts):6.0f} ms at most   must: <= 1200")
    weeks = zip(("2", "4", "13"), site.windows, strict=True)
    windows = firsts(page, [(f"/?weeks={many}", f"since {day}") for many, day in weeks])
    print(f"compare-with, never seen: verdict {max(windows):.0f} ms at most   must: <= 1200", flush=True)


if __name__ == "__main__":
    main()
