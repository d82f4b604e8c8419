"""A review as Markdown or HTML; a file is written completely or not at all."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

from app.answers.types.review import ReviewAnswer
from app.workspace import UsageError


def render(review: ReviewAnswer, form: str) -> str:
    """The review in the form asked for; the same review gives the same bytes."""
    from app.reports.markdown import review_markdown

    page = review_markdown(review)
    if form == "markdown":
        return page
    from app.reports.html import page_html

    return page_html(f"{review['project']}: weekly review", page)


def files_of(review: ReviewAnswer) -> dict[str, str]:
    """The forms in which a review is frozen: markdown and html."""
    return {form: render(review, form) for form in ("markdown", "html")}


def replace_file(path: Path, data: bytes) -> None:
    """Replace a file as a whole, and keep its permissions. UsageError: it cannot be written."""
    mode = path.stat().st_mode if path.exists() else None
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(0o644 if mode is None else stat.S_IMODE(mode))
        Path(name).replace(path)
    except OSError as problem:
        raise UsageError(f"cannot write {path}: {problem.strerror}") from None


def write_report(path: Path, page: str) -> None:
    """Write to a temporary file beside the place and move it there. UsageError: it cannot be written."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(page)
        Path(name).replace(path)
    except OSError as problem:
        raise UsageError(f"cannot write the report {path}: {problem.strerror}") from None
