"""Choices that are part of the address of a page: the browser's own controls.

Each of Streamlit's takes the browser longer to draw than many sentences. The script of the page (`SCRIPT` in
`app.dashboard.markup.style`) puts what is chosen into the address; the first option is the usual one, and stays out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from html import escape

from app.dashboard.markup.tags import text
from app.wording.text import distinguishable


def choice(label: str, options: Mapping[str, str], name: str, chosen: str, *, is_labelled: bool = True) -> str:
    """A list to choose from, whose value is `name` in the address; options: label by value.

    `is_labelled` False: the label is for those alone who do not see the list.
    """
    listed = "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{text(words)}</option>'
        for value, words in distinguishable(options).items()
    )
    control = f'<select class="tm-choice" data-choice="{escape(name)}" aria-label="{escape(label)}">{listed}</select>'
    return f'<label class="tm-field"><span>{text(label)}</span>{control}</label>' if is_labelled else control


def day_choice(label: str, chosen: date, first: date, last: date) -> str:
    """A day between two others, as `at` in the address; the last one is the usual one."""
    return (
        f'<input type="date" class="tm-choice tm-day" data-choice="at" aria-label="{escape(label)}" '
        f'value="{chosen}" min="{first}" max="{last}">'
    )
