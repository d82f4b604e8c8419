"""Escaped text, links and chips. Everything that a page shows as HTML goes through here."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Final

from app.wording.text import one_line

TONES: Final = {"good", "bad", "warn", "same", "info"}


def text(words: object) -> str:
    """Text of others as HTML: nothing in it is a tag, a link or a formula."""
    return escape(one_line(words))


def coded(words: object) -> str:
    """Text of others as HTML, with what is between backticks as code."""
    parts = text(words).split("`")
    if len(parts) % 2 == 0:  # a backtick without its other
        return text(words)
    return "".join(f"<code>{part}</code>" if place % 2 else part for place, part in enumerate(parts))


def link(words: object, address: str) -> str:
    """A link inside the dashboard (an address that begins with one slash) or to a forge; plain text without an address.

    Any other address is not linked: a link comes from this program, never from the text of a repository.
    """
    if address.startswith("/") and not address.startswith("//"):
        return f'<a class="tm-in" href="{escape(address)}">{text(words)}</a>'
    if address.startswith(("https://", "http://")):
        return f'<a class="tm-out" target="_blank" href="{escape(address)}">{text(words)}</a>'
    return text(words)


def chip(words: str, tone: str = "same", about: str = "") -> str:
    """A short state in a frame, with more words for a pointer that rests on it."""
    title = f' title="{escape(about)}"' if about else ""
    return f'<span class="tm-chip tm-{tone}"{title}>{text(words)}</span>'


def copied(words: str, what: str, label: str) -> str:
    """A text to copy, with its button; `what` names it for those who do not see the button."""
    return f'<code class="tm-copied">{text(words)}</code>{copy_button(words, what, label)}'


def copy_button(words: str, what: str, label: str) -> str:
    """A button that copies a text."""
    return (
        f'<button type="button" class="tm-copy" data-copy="{escape(words)}" aria-label="Copy {escape(what)}">'
        f"{text(label)}</button>"
    )


def copy_link() -> str:
    """A button that copies the address of the page."""
    return '<button type="button" class="tm-copy" data-copy="">Copy link</button>'


def hidden(words: str) -> str:
    """Words that only a screen reader gets."""
    return f'<span class="tm-sr">{text(words)}</span>'


@dataclass(frozen=True)
class Linked:
    """A cell of a table that is a link: its words go into downloads, its address on the page."""

    words: str
    address: str

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True)
class Drawn:
    """A cell of a table that is a picture: its words go into downloads, its HTML (of this package) on the page."""

    words: str
    markup: str

    def __str__(self) -> str:
        return self.words
