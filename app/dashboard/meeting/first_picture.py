"""The verdict of the weekly review before everything else, where a browser has just opened the page."""

from __future__ import annotations

import time
from typing import Final

import streamlit as st

from app.answers.types.status import StatusAnswer
from app.dashboard import cache
from app.dashboard import sentences as words
from app.dashboard.bar import notices
from app.dashboard.kept import bookkeeping
from app.dashboard.markup.opening import opening, through_sentence
from app.dashboard.sheet import Context, Sheet, title_of
from app.wording.status import nothing_known

TITLE: Final = "Weekly review"
ABOUT: Final = "what changed since the last meeting, and what to decide in this one"
_OPENED = "tminus_opened"
SECONDS = 0.1


def verdict_lead(sheet: Sheet, status: StatusAnswer, before: StatusAnswer) -> None:
    """The sentence of the week, from the readiness now and at the start of the window."""
    change = words.change_since(status, before)
    lead = words.verdict(status, change, sheet.context.since, is_first=nothing_known(before))
    sheet.lead(lead, status["decision"]["verdict"])


def opening_of(key: cache.Key, known: cache.Facts) -> str:
    """The title and the sentence of the week of the usual window as HTML, from answers that are known already."""
    current = Context(key, known)
    sheet = Sheet(TITLE, current, None, may_draw=False)
    verdict_lead(sheet, cache.status(key), cache.status_before(key, current.since))
    first = through_sentence("".join(map(str, sheet.collected)))
    return opening(notices(current), title_of(current, TITLE, ABOUT) + first)


def let_browser_draw(sheet: Sheet) -> None:
    """Send what the sheet has collected where the rest has to be computed, or a browser has just opened the page.

    A browser draws together what arrives together, and the verdict would wait for everything below it: the browser that
    has just opened the page gets the time to draw that.
    """
    has_just_opened = bookkeeping().is_kept_up and not st.session_state.get(_OPENED)  # only the server has browsers
    st.session_state[_OPENED] = True
    if not has_just_opened:
        sheet.pause()
        return
    sheet.flush()
    time.sleep(SECONDS)
