"""The bar on top of every page: the day, the window that is compared, the age of the evidence, controls of the page."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from html import escape
from pathlib import Path
from typing import Any, Final

import streamlit as st

from app.dashboard.cache import Facts, Key, forge, last_read, open_key
from app.dashboard.kept import evidence_version, is_being_prepared, pull_running
from app.dashboard.markup.choices import choice, day_choice
from app.dashboard.markup.links import Links
from app.dashboard.markup.tags import chip, copy_link
from app.dashboard.portfolio.projects import chosen_name
from app.dashboard.sheet import Context, simulated_notice
from app.wording.text import age, day

LOOK_AGAIN_SECONDS = 4.0  # how soon a page notices that a pull began or ended
WEEK: Final = timedelta(days=7)
WINDOWS: Final = {weeks: f"compare: {weeks} week{'s' if weeks != '1' else ''}" for weeks in ("1", "2", "4", "13", "26")}
DEFAULT_WINDOW: Final = "1"


def draw_bar(path: Path, known: Facts, address: str) -> Context:
    """Draw the bar, and give the page its context; `address`: of the page that it is drawn on."""
    first = min(known.first_day or known.today, known.today)
    shown, weeks = _asked_day(first, known.today), _asked_weeks()
    bar = st.container(key="tm-bar", horizontal=True, vertical_alignment="center", gap="xsmall")
    key = open_key(path, shown)
    links = Links(
        "" if shown == known.today else shown.isoformat(),
        "" if weeks == DEFAULT_WINDOW else weeks,
        forge(key),
        chosen_name(),
    )
    context = Context(key, known, int(weeks), links, bar)
    context = replace(context, notices=notices(context))
    with bar:
        st.html(_choices(links, address, shown, first, known.today), width="content")
        _watch_pulls(path, key, _age_chip(context), context.notices)
    return context


def _asked_day(first: date, today: date) -> date:
    """The day in the address; today where it names none between the first day and today."""
    try:
        asked = date.fromisoformat(st.query_params.get("at", ""))
    except ValueError:
        return today
    return asked if first <= asked <= today else today


def _asked_weeks() -> str:
    """The window in the address; a week where it names none of the list."""
    asked = st.query_params.get("weeks", "")
    return asked if asked in WINDOWS else DEFAULT_WINDOW


def _choices(links: Links, address: str, shown: date, first: date, today: date) -> str:
    """Arrows to the reviews a week before and after, the day, and the window that is compared."""
    before, after = shown - WEEK, shown + WEEK
    steps = [
        _step("‹", f"Previous review, {day(before)}", links, address, before if before >= first else None, today),
        _step("This review", "The present review", links, address, today, today) if shown < today else "",
        _step("›", f"Next review, {day(after)}", links, address, min(after, today) if shown < today else None, today),
    ]
    window = choice("Compare with", WINDOWS, "weeks", links.weeks or DEFAULT_WINDOW, is_labelled=False)
    return (
        f'<div class="tm-bar"><nav class="tm-bar" aria-label="Reviews">{"".join(steps)}</nav>'
        f"{day_choice('As of', shown, first, today)}{window}</div>"
    )


def _step(sign: str, about: str, links: Links, address: str, to: date | None, today: date) -> str:
    if to is None:
        return f'<span class="tm-step" aria-disabled="true" role="link" aria-label="{escape(about)}">{sign}</span>'
    target = links.page(address, at="" if to == today else to.isoformat())
    named = f'href="{escape(target)}" title="{escape(about)}" aria-label="{escape(about)}"'
    return f'<a class="tm-in tm-step" {named}>{sign}</a>'


def _age_chip(context: Context) -> str:
    """How old the evidence of the newest review is: a source that was read and had nothing new is as new as that."""
    last_seen = context.facts.last_seen
    if last_seen is None or context.day < context.facts.today:
        return ""
    newest = max(last_seen, last_read(context.key) or last_seen)
    days = max((context.key.moment - newest).total_seconds() / 86400, 0.0)
    words = age(days)
    return chip(f"evidence {'of ' if words == 'today' else ''}{words}", "bad" if days > 8 else "same")


def notices(context: Context) -> str:
    """What else a reader must know of the figures: that the day is past, that weeks are simulated."""
    chips = []
    if context.day < context.facts.today:
        chips.append(chip(f"past day: {day(context.day)}", "warn", "What was known then. It can be read, not written."))
    if notice := simulated_notice(context):
        chips.append(chip("simulated", "warn", notice))
    return "".join(chips)


@st.fragment(run_every=LOOK_AGAIN_SECONDS)
def _watch_pulls(path: Path, shown: Key, age_chip: str, notices: str) -> None:
    """Say how old the evidence is, or that a pull is running; draw the page again when there is newer evidence."""
    running: Any = pull_running(path)
    if running:
        far = f" ({running.done} of {running.total} sources)" if running.total else ""
        about = "This page shows the state before it, and draws itself again when it is done."
        age_chip = chip(f"a pull is running{far}", "info", about)
    elif evidence_version(path) != shown.warehouse:
        st.rerun()
    elif is_being_prepared(path):
        about = "This page shows the figures before them, and draws itself again when they are there."
        age_chip = chip("new figures are being prepared", "info", about)
    state = age_chip + notices or chip("nothing read yet")
    st.html(f'<div class="tm-bar">{state}{copy_link()}</div>', width="content")
