"""Frozen reviews on the weekly review: the button that freezes, the list, and the page that shows one as it was."""

from __future__ import annotations

import re
from base64 import b64decode
from functools import partial
from html import unescape

import streamlit as st

from app.answers.types.meeting import FrozenReview
from app.answers.types.review import ReviewAnswer
from app.dashboard.access.people import person
from app.dashboard.markup.pictures import as_image
from app.dashboard.markup.tags import link, text
from app.dashboard.meeting import cache as meeting_cache
from app.dashboard.meeting.decisions import written
from app.dashboard.sheet import Sheet
from app.dashboard.tables.download import file_name, safe
from app.reports.svg import on_dark
from app.wording.meeting import frozen_words
from app.wording.text import count, when

MENU = "freeze-menu"
FORMS = (("md", "Markdown", "text/markdown"), ("html", "HTML", "text/html"), ("json", "JSON", "application/json"))
# Parts of the stored file, as `app.reports.html` writes them.
_BODY = re.compile(r"<main>(.*)</main>", re.DOTALL)
_FIGURE = re.compile(
    r'<figcaption>(?P<title>[^<]*?) (?:<span class="save">)?\(<a download=.*?;base64,(?P<svg>[^"]*)".*?'
    r'<svg[^>]* aria-label="(?P<words>[^"]*)".*?</svg>',
    re.DOTALL,
)


def chosen_frozen(sheet: Sheet) -> FrozenReview | None:
    """The frozen review that the URL names by its day."""
    day = st.query_params.get("frozen", "")
    return next((row for row in meeting_cache.frozen_reviews(sheet.context.key) if row["day"] == day), None)


def freeze_control(sheet: Sheet, review: ReviewAnswer) -> None:
    """The button that stores the review of today (a day is frozen once), and links to the frozen ones."""
    key = sheet.context.key
    frozen = meeting_cache.frozen_reviews(key)
    is_done = any(row["day"] == key.at for row in frozen)
    if not frozen and not meeting_cache.is_today(key):
        return
    label = "Frozen" if is_done else "Freeze"
    with st.popover(label, icon=":material/lock:", key=MENU, on_change="rerun") as menu:
        if not menu.open:  # its controls would cost everybody who opens the page
            return
        if meeting_cache.is_today(key) and not is_done:
            _freeze_button(sheet, review)
        if rows := [_frozen_row(sheet, row) for row in frozen]:
            listed = f'<ul class="tm-frozen-list" tabindex="0" aria-label="Frozen reviews">{"".join(rows)}</ul>'
            st.html(f"<p>{count(len(rows), 'frozen review')}, the newest first</p>{listed}")


def _freeze_button(sheet: Sheet, review: ReviewAnswer) -> None:
    """Store the review under the name of the sign-in, else under the one that is typed; a reader cannot."""
    who = person()
    if not who.may_write:
        st.markdown("A reviewer freezes the review of today.")
        return
    st.markdown("Store this review with its figures, forecast and decisions. It never changes afterwards.")
    by = "" if who.is_known else st.text_input("Your name", key="freeze-by")
    if st.button("Freeze this review", type="primary", key="freeze"):
        written(partial(meeting_cache.freeze, sheet.context.key, review, by), "The review is frozen.")


def _frozen_row(sheet: Sheet, row: FrozenReview) -> str:
    address = sheet.context.links.page("", at=row["day"], frozen=row["day"])
    return f"<li>{link(when(row['day']), address)}: {text(frozen_words(row))}</li>"


def frozen_page(sheet: Sheet, review: FrozenReview) -> None:
    """A frozen review as it was, read-only, with its three files."""
    key, day = sheet.context.key, review["day"]
    sheet.note(f"**{safe(frozen_words(review))}.** What follows is what was known then; it never changes.")
    back = link(f"The figures of {when(day)} as they are known now", sheet.context.links.page("", at=day))
    sheet.html(f"<p>{back}</p>")
    sheet.flush()
    with st.container(horizontal=True):
        for form, label, mime in FORMS:
            name = f"{file_name(sheet.context.facts.project, 'weekly review', day)}.{form}"
            body = meeting_cache.frozen_file(key, day, form).encode()
            st.download_button(f"Download {label}", body, name, mime, key=f"frozen-{form}", on_click="ignore")
    file = meeting_cache.frozen_file(key, day, "html")
    sheet.html(f'<div class="tm-frozen">{_as_part(file, is_dark=sheet.look.dark)}</div>')
    sheet.written.append(meeting_cache.frozen_file(key, day, "md"))


def _as_part(file: str, *, is_dark: bool) -> str:
    """What a stored HTML file shows, below the title of the page and in its style."""
    body = _BODY.search(file)
    part = _FIGURE.sub(partial(_picture, is_dark=is_dark), body.group(1) if body else file)
    part = part.replace("<table>", '<table class="tm-table">')
    for level in (2, 1):
        part = part.replace(f"<h{level}>", f"<h{level + 1}>").replace(f"</h{level}>", f"</h{level + 1}>")
    return part


def _picture(figure: re.Match[str], *, is_dark: bool) -> str:
    """An inline picture as an image, whose colours are those of the ground."""
    svg = b64decode(figure["svg"]).decode()
    return f"<figcaption>{figure['title']}</figcaption>" + as_image(
        on_dark(svg) if is_dark else svg, unescape(figure["words"]), "tm-trend"
    )
