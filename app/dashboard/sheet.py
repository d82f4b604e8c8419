"""The parts that pages are built of: a sheet that draws and remembers for download, the banner, the empty states."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal, NoReturn

import pandas as pd
import streamlit as st

from app.dashboard.cache import Facts, Key
from app.dashboard.chart_style import Drawing
from app.dashboard.download import csv_text, file_name, markdown_table, safe
from app.wording.text import day

CONTEXT = "tminus_context"
UNBROKEN = 11  # characters of a table cell that are never wrapped
# No cell breaks behind the sign of a demand or within a figure and its unit ("≤ 5 markers", "7 of 10").
_TOGETHER = re.compile(r"(?<=[<>≤≥=]) (?=−?\d)|(?<=\d) (?=(?:of \d+|[^\W\d]+(?:/h)?)(?:,|$))|(?<=\d of) (?=\d+(?:,|$))")
VERDICT_BADGES = {
    "GO": ":green-badge[✓ GO]",
    "CONDITIONAL GO": ":orange-badge[◐ CONDITIONAL GO]",
    "NO-GO": ":red-badge[✗ NO-GO]",
}
TONES: dict[str, Literal["green", "red", "gray"]] = {"good": "green", "bad": "red", "same": "gray"}


@dataclass(frozen=True)
class Context:
    """What the entry hands to every page."""

    key: Key
    facts: Facts

    @property
    def day(self) -> date:
        """The day that the page tells of."""
        return date.fromisoformat(self.key.at)


def context() -> Context:
    """The context of this session; the entry has put it there."""
    found: Context = st.session_state[CONTEXT]
    return found


@dataclass
class Sheet:
    """One page: whatever is said or shown is drawn at once and kept for the download."""

    title: str
    context: Context
    slot: Any
    written: list[str] = field(default_factory=list)
    tables: list[tuple[str, pd.DataFrame]] = field(default_factory=list)

    def say(self, markdown: str, *, quiet: bool = False) -> None:
        """A paragraph of Markdown; foreign words in it have gone through `safe`."""
        (st.caption if quiet else st.markdown)(markdown)
        self.written.append(markdown)

    def bullets(self, sentences: Sequence[str]) -> None:
        """Sentences one below the other; made inert by the caller."""
        if sentences:
            self.say("\n".join(f"- {sentence}" for sentence in sentences))

    def lead(self, markdown: str, verdict: str = "") -> None:
        """The sentence that the page exists for; behind its verdict, when it is one."""
        badge = f"{VERDICT_BADGES[verdict]} " if verdict else ""
        st.header(f"{badge}{markdown}", anchor=False)
        self.written.append(f"**{f'{verdict}: ' if verdict else ''}{markdown}**")

    def head(self, words: str, about: str = "") -> None:
        """A section."""
        st.subheader(words, anchor=False)
        self.written.append(f"## {words}")
        if about:
            self.say(about, quiet=True)

    def figures(self, figures: list[tuple[str, str, str, str]]) -> None:
        """A row of figures: (label, value, change in words, tone); a tone is good, bad or same."""
        with st.container(horizontal=True, gap="small"):
            for label, value, change, tone in figures:
                st.metric(
                    label, value, change, delta_arrow="off", delta_color=TONES[tone], border=True, width="stretch"
                )
        told = (
            f"- {label}: **{safe(value)}**{f' ({safe(change)})' if change else ''}"
            for label, value, change, _ in figures
        )
        self.written.append("\n".join(told))

    def table(self, name: str, frame: pd.DataFrame, **config: Any) -> None:
        """A table to scroll and sort; its cells are drawn, never read as Markdown or HTML."""
        height = config.pop("height", "auto")
        st.dataframe(frame, hide_index=True, height=height, alt=f"Table: {name}", **config)
        self.keep(name, frame)

    def words(self, name: str, frame: pd.DataFrame) -> None:
        """A short table of sentences, wrapped; cells are made inert here."""
        st.table(frame.map(_cell), border="horizontal", hide_index=True, alt=f"Table: {name}")
        self.keep(name, frame)

    def keep(self, name: str, frame: pd.DataFrame, *, words: bool = True) -> None:
        """Add a table to the download alone; as CSV only, where the page's words hold it already."""
        self.tables.append((name, frame))
        if len(frame) and words:
            self.written.append(f"### {name}\n\n{markdown_table(frame)}")

    def chart(self, name: str, chart: Drawing, alt: str, data: pd.DataFrame) -> None:
        """A chart with the words for those who cannot see it; its figures go into the download."""
        spec = _built(chart.build, chart.build.__name__, chart.given)
        st.vega_lite_chart(spec=spec, theme=None, width="stretch", alt=alt)
        self.written.append(f"*{name}: {safe(alt)}*")
        self.tables.append((name, data))

    def stage(self, title: str, about: str, lines: Sequence[str], *, commands: bool) -> None:
        """A framed list: commands as they are typed, or boxes to tick."""
        with st.container(border=True, width=462):
            self.say(f"**{safe(title)}**{f' · {safe(about)}' if about else ''}")
            if not lines:
                return
            if commands:
                st.code("\n".join(lines), language=None, wrap_lines=True)
                self.written.append("\n".join(f"    {line}" for line in lines))
            else:
                self.say("  \n".join(safe(line) for line in lines))

    def note(self, markdown: str) -> None:
        """What to do next, set apart."""
        st.info(markdown, icon=":material/lightbulb:")
        self.written.append(f"> {markdown}")

    def warn(self, markdown: str) -> None:
        """What the reader must not overlook."""
        st.warning(markdown, icon=":material/warning:")
        self.written.append(f"> **{markdown}**")

    def markdown(self) -> str:
        """Everything the page says, as Markdown."""
        facts = self.context.facts
        head = f"# {self.title}: {safe(facts.project)}, as of {day(self.context.day)}"
        return "\n\n".join([head, *self.written]) + "\n"

    def offer(self) -> None:
        """Fill the download menu with what the page has come to hold."""
        name = file_name(self.context.facts.project, self.title, self.context.key.at)
        with self.slot.popover("Download", icon=":material/download:"):
            _button("This page as Markdown", self.markdown(), f"{name}.md", "text/markdown")
            for title, frame in self.tables:
                _button(f"{title} as CSV", csv_text(frame), f"{name}-{file_name(title)}.csv", "text/csv")


@st.cache_data(show_spinner=False, max_entries=256)
def _built(_build: Callable[..., Any], name: str, given: tuple[Any, ...]) -> dict[str, Any]:
    """The Vega-Lite of a chart; the same figures give the same chart. The tests check it against the schema."""
    built: dict[str, Any] = _build(*given).to_dict(validate=False)
    return built


def _cell(cell: object) -> str:
    """A cell of words made inert; a short one stays on its line, and so does a figure with its demand and unit."""
    told = str(cell)
    pieces = told.split(" ") if len(told) <= UNBROKEN else _TOGETHER.split(told)
    return "\u00a0".join(safe(piece) for piece in pieces)


def _button(label: str, text: str, name: str, mime: str) -> None:
    st.download_button(
        label, text.encode(), name, mime, key=f"get-{name}", on_click="ignore", width="stretch", type="tertiary"
    )


@contextmanager
def page(title: str, about: str, *, needs_evidence: bool = True) -> Iterator[Sheet]:
    """Open a page: its head, the notice of simulated weeks and, where nothing has been read, what to do next."""
    found = context()
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.title(title, anchor=False, width="content")
        slot = st.container(width="content")
    st.caption(f"{safe(found.facts.project)} · as of {day(found.day)} · {about}")
    if needs_evidence and not found.facts.has_evidence:
        empty(found, title)
    sheet = Sheet(title, found, slot)
    tell_simulated(sheet)
    yield sheet
    sheet.offer()


def tell_simulated(sheet: Sheet) -> None:
    """The banner of simulated weeks, on every page that tells of a day after they begin."""
    since = sheet.context.facts.simulated_from
    if since is not None and since <= sheet.context.key.moment:
        sheet.warn(
            f"Weeks after {day((since - timedelta(days=1)).date())} are simulated sample data: "
            f"they show how the page reads, not how {safe(sheet.context.facts.project)} went."
        )


def empty(found: Context, title: str) -> NoReturn:
    """Nothing has been read yet: say so, and what to do."""
    st.info(
        f"**Nothing has been read yet, so {title} has nothing to show.** "
        "T-minus shows what it can prove, and so far it has looked at nothing.",
        icon=":material/lightbulb:",
    )
    st.markdown("In the folder of the project, read its whole history; this page then fills by itself:")
    st.code(f"cd {found.facts.folder}\ntminus pull", language="bash")
    st.markdown("To see the dashboard on bundled data first: `tminus demo`.")
    st.stop()


def choose(label: str, options: Mapping[str, str], key: str) -> str:
    """A choice that the URL holds by its value, not by its words; options map one to the other, the first is usual.

    Streamlit's own binding would put the words into the URL, and a link would break with the next title that changes.
    """
    values = list(options)
    asked = st.query_params.get(key, "")
    usual = values.index(asked) if asked in values else 0
    shown = _told_apart(options)
    chosen = st.selectbox(label, values, index=usual, format_func=shown.__getitem__, key=key, width=280)
    if chosen != values[0]:
        st.query_params[key] = chosen
    elif asked:
        del st.query_params[key]
    return str(chosen)


def _told_apart(options: Mapping[str, str]) -> dict[str, str]:
    """The words of the options; two that read the same get their value behind them."""
    words = list(options.values())
    return {value: f"{told} ({value})" if words.count(told) > 1 else told for value, told in options.items()}


WINDOWS = {"1": "1 week", "2": "2 weeks", "4": "4 weeks", "13": "13 weeks", "26": "26 weeks"}


def choose_since(found: Context) -> str:
    """The start of the window, as an ISO date; the URL holds it as a number of weeks."""
    weeks = choose("Compare with", {k: f"{v} before" for k, v in WINDOWS.items()}, "weeks")
    return (found.day - timedelta(weeks=int(weeks))).isoformat()
