"""A review in the form asked for; a file is written completely or not at all."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path
from typing import Literal

from app.answers.types.review import ReviewAnswer
from app.workspace import UsageError

Form = Literal["md", "markdown", "html"]


def render(review: ReviewAnswer, form: Form) -> str:
    """The review as text in the form asked for; the same review gives the same bytes."""
    from app.reports.markdown import review_markdown, review_sections

    if form != "html":
        return review_markdown(review)
    from app.reports.html import page_html
    from app.reports.pictures import pictures

    return page_html(f"{review['project']}: weekly review", review_sections(review), pictures(review))


def files_of(review: ReviewAnswer) -> dict[str, str]:
    """The forms in which a review is frozen: markdown and html."""
    return {"markdown": render(review, "md"), "html": render(review, "html")}


def write_pictures(review: ReviewAnswer, folder: Path) -> list[Path]:
    """The pictures of a review as SVG and PNG. UsageError: they cannot be written or drawn."""
    from app.reports.pdf import png_bytes
    from app.reports.pictures import pictures

    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise UsageError(f"cannot make the folder {folder}: {problem.strerror}") from None
    for picture in (one for found in pictures(review).values() for one in found):
        for ending, body in (("svg", picture.svg.encode() + b"\n"), ("png", png_bytes(picture.svg))):
            place = folder / f"{picture.name}.{ending}"
            write_report(place, body)
            written.append(place)
    return written


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


def write_report(path: Path, page: str | bytes) -> None:
    """Write a report as a whole. UsageError: it cannot be written."""
    replace_file(path, page.encode() if isinstance(page, str) else page)
