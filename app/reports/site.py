"""A static site for the hosting of a forge: the current review, every frozen one as it was stored, and the badges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from app.answers.types.meeting import FrozenReview
from app.reports.html import page_html
from app.reports.markdown import plain
from app.reports.writing import write_report
from app.workspace import UsageError


def site_pages(
    project: str, current: str, frozen: Sequence[tuple[FrozenReview, str]], badges: Mapping[str, str]
) -> dict[str, str]:
    """The files of the site by their path; frozen reviews byte for byte. No page needs a script or another host."""
    pages = {"index.html": _index(project, [answer for answer, _ in frozen], badges), "current.html": current}
    pages |= {f"reviews/{answer['day']}.html": page for answer, page in frozen}
    return {**pages, **badges, ".nojekyll": ""}  # GitHub Pages leaves the files as they are


def _index(project: str, frozen: Sequence[FrozenReview], badges: Mapping[str, str]) -> str:
    images = [f"![{name.removesuffix('.svg')}]({name})" for name in badges if name.endswith(".svg")]
    lines = [f"- [{answer['day']}](reviews/{answer['day']}.html)" for answer in frozen]
    head = f"# {plain(project)}: reviews\n\n" + " ".join(images) + "\n\n[The current review](current.html)\n"
    older = "\n".join(lines) or "No review is frozen yet: `tminus review --freeze` stores one permanently."
    return page_html(f"{project}: reviews", [head, f"## Frozen reviews\n\n{older}\n"])


def write_site(folder: Path, pages: Mapping[str, str]) -> list[str]:
    """Write the files, each whole or not at all; other files of the folder stay. UsageError: it cannot be written."""
    for name, page in pages.items():
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise UsageError(f"cannot write {path.parent}: {problem.strerror}") from None
        write_report(path, page)
    return [name for name in pages if name.endswith(".html")]
