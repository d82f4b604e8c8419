"""The documentation says what the program does."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from app.command_line.commands import COMMANDS
from app.maintenance.docs import PAGES
from ingest.observation import CATALOGUE
from ingest.source_table import BUILT_IN

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


@pytest.mark.parametrize("page", sorted(PAGES))
def test_generated_pages_are_current(page: str) -> None:
    """Each generated page equals what the program would print now (`make docs` writes them)."""
    assert (DOCS / page).read_text() == PAGES[page]()


def test_the_changelog_begins_with_the_version() -> None:
    """The changelog begins with what is unreleased, and then has the version of the package."""
    headings = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)

    assert headings[:2] == ["Unreleased", PROJECT["version"]]


def test_every_link_of_the_documentation_leads_somewhere() -> None:
    """Each relative link of README and docs names a file that exists."""
    broken = [
        f"{page.relative_to(ROOT)} -> {target}"
        for page in (*ROOT.glob("*.md"), *DOCS.rglob("*.md"))
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text())
        if not (page.parent / target).exists()
    ]

    assert broken == []


def test_every_command_that_the_documentation_names_exists() -> None:
    """`tminus word` in README and docs is a command."""
    named = {
        word
        for page in (ROOT / "README.md", *DOCS.rglob("*.md"))
        for word in re.findall(r"(?:^|`)tminus ([a-z][a-z-]*)", page.read_text(), re.MULTILINE)
    }

    assert named <= set(COMMANDS)


def test_every_dependency_has_its_reason() -> None:
    """Each dependency of the package is named in the decision about dependencies."""
    shown_text = (DOCS / "decisions" / "0002-dependencies.md").read_text().split("**Rejected.**")[0].lower()
    names = [re.split(r"[<>=\[ ]", text)[0].lower() for text in PROJECT["dependencies"]]

    assert [name for name in names if name not in shown_text] == []


def test_every_decision_is_in_the_index() -> None:
    """The index of decisions links each of them, in order."""
    decisions = sorted(path.name for path in (DOCS / "decisions").glob("[0-9]*.md"))

    assert re.findall(r"\]\((\d{4}[^)]+)\)", (DOCS / "decisions" / "README.md").read_text()) == decisions


def test_every_source_is_documented() -> None:
    """Each built-in source that can be configured has its place in docs/sources.md."""
    shown_text = (DOCS / "sources.md").read_text()

    assert [name for name, _, always in BUILT_IN if not always and f"[sources.{name}]" not in shown_text] == []


def test_metrics_are_nouns_with_units() -> None:
    """Every metric name is lower-case words joined by underscores, with a unit and a sentence."""
    assert all(re.fullmatch(r"[a-z]+(_[a-z0-9]+)+", name) for name in CATALOGUE)
    assert all(metric.unit and metric.about for metric in CATALOGUE.values())


def test_no_host_is_in_the_lock() -> None:
    """The lock holds names, versions and hashes, and no address of any registry."""
    lock = (ROOT / "requirements.lock").read_text()

    assert "://" not in lock
    assert "--index-url" not in lock
    assert lock.count("--hash=sha256:") > 500
