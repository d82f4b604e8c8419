"""The how-to pages work: a reader, a source, a metric and a page are added by the steps of their pages."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.testing.how_to import ROOT, copy_of_the_tree, follow

PAGES = sorted((ROOT / "docs" / "how-to").glob("add-*.md"))


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_following_the_page_adds_the_thing(page: Path, tmp_path: Path) -> None:
    """Every step of the page can be done as written, and the tests it gives pass."""
    applied = follow(page, copy_of_the_tree(tmp_path))

    assert "run" in applied
    assert any(mark.startswith("in ") for mark in applied)


def test_every_how_to_is_followed() -> None:
    """There is a page for a reader, a source, a metric and a page of the dashboard."""
    assert [page.stem for page in PAGES] == ["add-a-metric", "add-a-page", "add-a-reader", "add-a-source"]


def test_a_page_that_names_a_missing_line_fails(tmp_path: Path) -> None:
    """A step that the tree has outgrown is reported with its file and line."""
    (tmp_path / "a.py").write_text("x = 1\n")
    page = tmp_path / "page.md"
    page.write_text("<!-- in a.py, after `y = 2` -->\n```python\nz = 3\n```\n")

    with pytest.raises(AssertionError, match=r"a\.py has 0 lines 'y = 2'"):
        follow(page, tmp_path)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_code_of_the_pages_is_valid(page: Path) -> None:
    """Whole files shown on a page are valid Python."""
    for part in page.read_text().split("<!-- file ")[1:]:
        path, _, rest = part.partition(" -->\n")
        if path.endswith(".py"):
            ast.parse(rest.split("```python\n", 1)[1].split("```", 1)[0])
