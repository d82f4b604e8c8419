"""The opening of a page that a browser asks for: what a session has drawn of the same state, or the server prepared."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from app.workspace import PORTFOLIO_VARIABLE
from ingest.source import TMinusError

# Pages whose first sentence depends on the day and the window alone, by their address.
_TITLES = {"": "Weekly review", "forecast": "Forecast", "gates": "Gates", "factors": "Factors", "movement": "Movement"}


def opening_at(path: str, query: str) -> str:
    """The HTML of the opening of the page at an address; empty where none of the state that is shown now is known.

    Only for a server without a sign-in, and without a portfolio: every browser gets the same.
    """
    from starlette.datastructures import QueryParams

    from app.dashboard.kept import OPENING_CHOICES, bookkeeping

    choices = QueryParams(query)
    title, at = _TITLES.get(path.strip("/")), choices.get("at", "")
    if title is None or not choices.keys() <= OPENING_CHOICES or os.environ.get(PORTFOLIO_VARIABLE):
        return ""
    state, markup = bookkeeping().opening((title, at, choices.get("weeks", ""))) or (None, "")
    with suppress(OSError, TMinusError):  # the page says what is wrong
        return markup if state and _is_shown(state, at) else ""
    return ""


def _is_shown(state: tuple[Any, ...], at: str) -> bool:
    """Whether the page would show the same state: of this plan, of this evidence, of the day asked for."""
    from app.dashboard.cache import Key, workspace_of
    from app.dashboard.kept import bookkeeping

    key, books = Key(*state), bookkeeping()
    if not books.is_kept_up or books.shown(key.path) != key.warehouse:
        return False
    if Path(key.path).stat().st_mtime_ns != key.plan_changed:
        return False
    return key.at == (at or workspace_of(key).now().date().isoformat())


def prepare_opening(path: Path) -> None:
    """Know the opening of the weekly review before anybody asks for it."""
    from app.dashboard.cache import facts, open_key
    from app.dashboard.kept import bookkeeping
    from app.dashboard.meeting.first_picture import TITLE, opening_of

    known = facts(path)
    if known.has_evidence:
        key = open_key(path, known.today)
        bookkeeping().note_opening((TITLE, "", ""), key, opening_of(key, known))
