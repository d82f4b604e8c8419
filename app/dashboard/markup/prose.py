"""Markdown of the sentences of a page into HTML: one element of the page instead of one for each sentence."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt


@lru_cache(maxsize=4096)
def prose(markdown: str, *, is_inline: bool = False) -> str:
    """The HTML of Markdown; HTML in it is shown as text, and no link leads to a script. `is_inline`: no paragraph."""
    parser = _parser()
    return str(parser.renderInline(markdown) if is_inline else parser.render(markdown))


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


def heading(level: int, markdown: str, before: str = "") -> str:
    """A heading; `before` is HTML in front of its words."""
    return f"<h{level}>{before}{prose(markdown, is_inline=True)}</h{level}>"


def quiet(markdown: str) -> str:
    """A paragraph in the quiet colour: how to read what follows."""
    return f'<div class="tm-quiet">{prose(markdown)}</div>'


def box(markdown: str, sign: str, tone: str) -> str:
    """A paragraph in a frame, after its sign: the next step (tone note), a warning (tone warn)."""
    return f'<div class="tm-box tm-{tone}"><span aria-hidden="true">{sign}</span><div>{prose(markdown)}</div></div>'


def fold(title: str, markup: str) -> str:
    """A part that is folded until somebody opens it."""
    return f'<details class="tm-fold"><summary>{prose(title, is_inline=True)}</summary>{markup}</details>'
