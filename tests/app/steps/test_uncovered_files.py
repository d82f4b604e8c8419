"""What is next about coverage: the files with the most lines that no test runs, as they were on each day."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.answers.types.explain import UncoveredFiles
from app.command_line.parser import main
from app.reports.markdown import review_markdown
from app.steps.assess import open_workspace
from app.steps.evidence.collect import pull
from app.steps.explain import explain
from app.steps.movement import moved
from app.steps.review import review
from app.workspace import Workspace, parse_as_of
from ingest.readers.coverage.lines import Totals
from ingest.readers.coverage.uncovered import MOST_FILES, uncovered
from tests.testing.repositories import add_commits

PLAN = """\
[project]
name = "shop"
forge = "https://github.com/a/b"
as_of = 2025-06-20T12:00:00Z
[sources.committed]
paths = ["lcov.info"]
[readiness]
target = 90
effective_from = 2025-01-01
[[gate]]
id = "g"
title = "G"
  [[gate.criterion]]
  id = "coverage"
  title = "Coverage"
  metric = "coverage_line_percent"
  comparator = ">"
  threshold = 80
  unit = "percent"
  blocker = true
"""


def lcov(**missed: int) -> str:
    """A report of files of ten lines each."""
    records = []
    for name, gone in missed.items():
        lines = "\n".join(f"DA:{k},{int(k > gone)}" for k in range(1, 11))
        records.append(f"SF:src/{name}.py\n{lines}\nLF:10\nLH:{10 - gone}\nend_of_record\n")
    return "".join(records)


@pytest.fixture
def shop(repository: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """Three reports, a day apart: pay gets worse, then is as it was; cart is covered on the last day."""
    reports = [lcov(pay=6, cart=2), lcov(pay=8, cart=2), lcov(pay=6, cart=0)]
    tree = {"src/pay.py": b"x\n", "src/cart.py": b"x\n"}
    add_commits(repository, [{**tree, "lcov.info": text.encode()} for text in reports], start=1_750_000_000)
    (repository / "src").mkdir()
    (repository / "src" / "pay.py").write_text("x\n")
    (repository / "tminus.toml").write_text(PLAN)
    monkeypatch.chdir(repository)
    workspace = open_workspace(repository / "tminus.toml")
    pull(workspace)
    return workspace


def counts(workspace: Workspace, day: str) -> list[tuple[str, int]]:
    found: UncoveredFiles | None = explain(workspace, parse_as_of(workspace, day), "coverage")["uncovered"]
    return [(file["path"], file["missed"]) for file in found["files"]] if found else []


def test_each_day_keeps_the_files_that_it_showed(shop: Workspace) -> None:
    """The worst file comes first, with the counts of the newest report of that day, also when they come back later."""
    assert counts(shop, "2025-06-15") == [("src/pay.py", 6), ("src/cart.py", 2)]
    assert counts(shop, "2025-06-16") == [("src/pay.py", 8), ("src/cart.py", 2)]
    assert counts(shop, "2025-06-17") == [("src/pay.py", 6)]


def test_what_is_next_names_the_file_everywhere(shop: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    """Review, its Markdown and `explain` say which lines are missing; the link is to the file at that commit."""
    now = shop.now()
    answer = review(shop, parse_as_of(shop, "2025-06-14"), now, with_course=False)
    [row] = answer["stuck"]

    assert [(item["path"], item["words"]) for item in row["next"]] == [("src/pay.py", "6 of 10 lines are not covered")]
    assert row["next"][0]["url"].startswith("https://github.com/a/b/blob/")
    assert "- src/pay.py: 6 of 10 lines are not covered" in review_markdown(answer).replace("\\", "")
    main(["explain", "coverage"])
    assert "src/pay.py  6 of 10 lines are not covered" in capsys.readouterr().out


def test_counts_that_change_are_no_items_of_a_window(shop: Workspace) -> None:
    """Movement lists markers, findings and tests; files that lack coverage are figures, and not among them."""
    items = moved(shop, parse_as_of(shop, "2025-06-14"), shop.now())["items"]

    assert items == {"opened": [], "closed": []}


def test_files_beyond_the_limit_are_counted() -> None:
    """The worst files are named; the last item says how many more there are, and covered files are none of them."""
    files = [Totals(f"src/m{k}.py", 10, 10 + k) for k in range(MOST_FILES + 51)]
    items = uncovered(files)

    assert len(items) == MOST_FILES + 1
    assert items[0].text == f"{MOST_FILES + 50} of {MOST_FILES + 60} lines are not covered"
    assert items[-1].path == "" and items[-1].text.startswith("50 more files with ")
    assert uncovered([Totals("src/whole.py", 10, 10)]) == ()


def test_a_file_named_by_its_package_gets_a_path() -> None:
    """JaCoCo without groups names packages with dots: what is handed on is a path."""
    assert uncovered([Totals("org.example.Cart.java", 1, 3)])[0].path == "org/example/Cart.java"
    assert uncovered([Totals("web/app.min.js", 1, 3)])[0].path == "web/app.min.js"
