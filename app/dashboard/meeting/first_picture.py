"""The verdict before everything else, where a browser has just opened the page."""

from __future__ import annotations

import time

import streamlit as st

from app.dashboard.kept import bookkeeping
from app.dashboard.sheet import Sheet

_OPENED = "tminus_opened"
SECONDS = 0.1


def let_browser_draw(sheet: Sheet) -> None:
    """Send what the sheet has collected; where a browser has just opened the page, give it the time to draw that.

    A browser draws together what arrives together: the verdict would wait for everything below it.
    """
    sheet.flush()
    if bookkeeping().is_kept_up and not st.session_state.get(_OPENED):  # only the server has browsers
        time.sleep(SECONDS)
    st.session_state[_OPENED] = True
