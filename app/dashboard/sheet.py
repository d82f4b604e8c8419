"""The parts of a page: a sheet that draws and collects for the download, the notices, the empty state, the choices."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache, partial
from html import escape
from typing import Any, NamedTuple, NoReturn

import pandas as pd
import streamlit as st

from app.dashboard.cache import Facts, Key
from app.dashboard.chart_style import Drawing, with_data_inside
from app.dashboard.kept import OPENING_CHOICES, bookkeeping
from app.dashboard.markup import prose, tables
from app.dashboard.markup.choices import choice
from app.dashboard.markup.links import Links
from app.dashboard.markup.opening import opening, through_sentence
from app.dashboard.markup.pictures import Look
from app.dashboard.markup.tags import chip
from app.dashboard.palette import on_dark
from app.dashboard.tables.download import csv_of, file_name, safe, table_words
from app.wording.text import day

CONTEXT = "tminus_context"
_WHOLE_PAGE = OPENING_CHOICES | {"project"}  # what an address may ask for, where `Context.asked` says it all
PAUSE = '<div class="tm-pause"></div>'  # the distance between two elements of a page
VERDICT_CHIPS = {
    "GO": chip("✓ GO", "good"),
    "CONDITIONAL GO": chip("◐ CONDITIONAL GO", "warn"),
    "NO-GO": chip("✗ NO-GO", "bad"),
}


@dataclass(frozen=True)
class Context:
    """What every page gets: the key of its answers, and the facts of the project."""

    key: Key
    facts: Facts
    weeks: int = 1  # the window that is compared
    links: Links = field(default_factory=Links)
    bar: Any = None  # the end of the bar on top, for the controls of a page
    notices: str = ""  # HTML of what a reader must know of every figure

    @property
    def asked(self) -> tuple[object, ...]:
        """What everything on a page depends on, beside its own choices: equal for equal pages."""
        return (self.key, self.weeks, self.links)

    @property
    def since(self) -> str:
        """The start of the window, as an ISO date."""
        return (self.day - timedelta(weeks=self.weeks)).isoformat()

    @property
    def day(self) -> date:
        """The day that the page shows."""
        return date.fromisoformat(self.key.at)

    def note_opening(self, title: str, markup: str) -> None:
        """Let the server send the title and the first sentence of a page within it, to who opens it next."""
        if st.query_params.keys() <= OPENING_CHOICES:  # another choice may be in the sentence
            asked = (title, self.links.at, self.links.weeks)
            bookkeeping().note_opening(asked, self.key, opening(self.notices, markup))


def context() -> Context:
    """The context of this session, set by the navigation."""
    current: Context = st.session_state[CONTEXT]
    return current


class Chart(NamedTuple):
    """A chart as Vega-Lite, with its words."""

    spec: dict[str, Any]
    alt: str


class Place(NamedTuple):
    """A free place: where it is on the page, and before which part of the download."""

    slot: Any
    before: int


@dataclass
class Sheet:
    """One page: what it says, drawn on the page and collected for the download.

    A browser spends most of a page change on Streamlit's elements, so sentences, tables and pictures that follow each
    other become one of them. `flush` draws what has been collected: before a control, and where a page pauses.
    """

    title: str
    context: Context
    slot: Any
    written: list[str | Callable[[], str]] = field(default_factory=list)  # a table is put into words when asked for
    tables: list[tuple[str, pd.DataFrame]] = field(default_factory=list)
    collected: list[str | Chart] = field(default_factory=list)  # HTML and charts that are not drawn yet
    may_draw: bool = True  # False: it is collected for many visits
    head: str = ""  # HTML of the title until the first sentence is drawn
    is_known: bool = False  # the page was drawn whole before: nothing on it has to wait for an answer

    def remembered(self, draw: Callable[..., None], *choices: str, is_shown: bool = True) -> None:
        """What `draw(sheet, *choices)` collects, made once for each state, day, window and ground.

        For a part without a control. `is_shown` False: it goes into the download alone.
        """
        about = (draw.__module__, draw.__qualname__, self.context.asked, self.look, choices)
        part = _collected(about, _NotCompared((draw, replace(self.context, bar=None))))
        self.collected += part.collected if is_shown else []
        self.written += part.written
        self.tables += part.tables

    def flush(self) -> None:
        """Draw what has been collected: everything between two charts as one element."""
        if not self.may_draw:
            raise RuntimeError(f"a part that is remembered ({self.title}) holds a control")
        markup = ""
        for part in self.collected:
            if isinstance(part, str):
                markup += part
                continue
            self._draw(markup)
            st.vega_lite_chart(spec=part.spec, theme=None, width="stretch", alt=part.alt)
            markup = ""
        self._draw(markup)
        self.collected.clear()

    def pause(self) -> None:
        """Draw what has been collected before something is computed; where all is known, leave the same distance."""
        if self.is_known:
            self.collected.append(PAUSE)
        else:
            self.flush()

    def _draw(self, markup: str) -> None:
        if markup:
            st.html(markup)
        if self.head and (first := through_sentence(markup.removeprefix(self.head).removeprefix(PAUSE))):
            self.context.note_opening(self.title, self.head + first)
            self.head = ""

    def text(self, markdown: str, *, quiet: bool = False) -> None:
        """A paragraph of Markdown; text of others in it has gone through `safe`."""
        if markdown:
            self.html((prose.quiet if quiet else prose.prose)(markdown), markdown)

    @contextmanager
    def section(self, key: str) -> Iterator[None]:
        """A part of the page that links lead to, of text, tables and pictures alone; with controls: `part`."""
        self.collected.append(f'<section class="st-key-{key}">')
        yield
        self.collected.append("</section>")

    @contextmanager
    def part(self, key: str) -> Iterator[None]:
        """A part of the page that links lead to, with charts or controls in it."""
        self.flush()
        with st.container(key=key):
            yield
            self.flush()

    @contextmanager
    def folded(self, title: str) -> Iterator[None]:
        """A part of text and tables that is folded until somebody opens it."""
        outer, self.collected = self.collected, []
        yield
        inner = "".join(map(str, self.collected))  # a chart in it would have no width
        self.collected = [*outer, prose.fold(title, inner)]

    @contextmanager
    def drawer(self, title: str, key: str, asked: str = "") -> Iterator[bool]:
        """A part that is drawn only while it is open: (whether it is). A link that asks for it (`asked`) opens it.

        For controls, and for what few readers want: unlike `folded` it costs nothing while it is shut.
        """
        self.flush()
        if asked and st.session_state.get(f"{key}-asked") != asked:
            st.session_state[key] = True
        st.session_state[f"{key}-asked"] = asked
        with st.expander(title, key=key, on_change="rerun") as drawer:
            yield bool(drawer.open)
            self.flush()

    def place(self) -> Place:
        """A place in the page and in the download that `filling` fills later."""
        self.flush()
        return Place(st.container(), len(self.written))

    @contextmanager
    def filling(self, place: Place) -> Iterator[None]:
        """What is drawn inside goes to a place that was left free, on the page and in the download."""
        self.flush()
        already = len(self.written)
        with place.slot:
            yield
            self.flush()
        drawn = self.written[already:]
        del self.written[already:]
        self.written[place.before : place.before] = drawn

    def bullets(self, sentences: Sequence[str]) -> None:
        """Sentences one below the other, escaped by the caller."""
        self.text("\n".join(f"- {sentence}" for sentence in sentences))

    def lead(self, markdown: str, verdict: str = "", *, state: str = "") -> None:
        """The main sentence of the page, after its verdict, or after the chip of a state (HTML of `chip`)."""
        before = VERDICT_CHIPS.get(verdict, state)
        reported = f"**{f'{verdict}: ' if verdict else ''}{markdown}**"
        self.html(prose.heading(2, markdown, f"{before} " if before else ""), reported)

    def heading(self, title: str, about: str = "") -> None:
        """The heading of a section, with a sentence on how to read it."""
        self.html(prose.heading(3, title), f"## {title}")
        self.text(about, quiet=True)

    def figures(self, figures: list[tuple[str, str, str, str]]) -> None:
        """The words of a row of figures for the download: (label, value, change in words, tone)."""
        lines = (
            f"- {label}: **{safe(value)}**{f' ({safe(change)})' if change else ''}"
            for label, value, change, _ in figures
        )
        self.written.append("\n".join(lines))

    def table(self, name: str, frame: pd.DataFrame) -> None:
        """A long table that scrolls in its frame; its cells are text, `Linked` or `Drawn`, never read as markup."""
        self.html(tables.table(name, frame, is_long=True))
        self.keep(name, frame)

    def text_table(self, name: str, frame: pd.DataFrame) -> None:
        """A table without a frame; its cells are text, `Linked` or `Drawn`, never read as markup."""
        self.html(tables.table(name, frame))
        self.keep(name, frame)

    def html(self, markup: str, words: str = "") -> None:
        """HTML of the markup package, and its words (Markdown, escaped by the caller) for the download."""
        self.collected.append(markup)
        if words:
            self.written.append(words)

    def choose(self, label: str, options: Mapping[str, str], key: str) -> str:
        """A choice that the address holds by its value; options are label by value, the usual one first."""
        asked = st.query_params.get(key, "")
        chosen = asked if asked in options else next(iter(options))
        self.html(choice(label, options, key, chosen))
        return chosen

    @property
    def look(self) -> Look:
        """The ground that pictures are drawn on."""
        return Look(st.context.theme.type == "dark")

    def keep(self, name: str, frame: pd.DataFrame, *, markdown: bool = True) -> None:
        """Add a table to the download alone; as CSV only, where the text of the page contains it already."""
        self.tables.append((name, frame))
        if len(frame) and markdown:
            self.written.append(partial(table_words, name, frame))

    def chart(self, name: str, chart: Drawing, alt: str, data: pd.DataFrame) -> None:
        """A chart with its alternative text; its data go into the download."""
        spec = _built(chart, chart.build.__name__, pickle.dumps(chart.given), self.look.dark)
        self.collected.append(Chart(spec, alt))
        self.written.append(f"*{name}: {safe(alt)}*")
        self.tables.append((name, data))

    def note(self, markdown: str) -> None:
        """The next step, in a box."""
        self.html(prose.box(markdown, "→", "note"), f"> {markdown}")

    def warn(self, markdown: str) -> None:
        """A warning."""
        self.html(prose.box(markdown, "⚠", "warn"), f"> **{markdown}**")

    def markdown(self) -> str:
        """The whole page as Markdown."""
        facts = self.context.facts
        title = f"# {self.title}: {safe(facts.project)}, as of {day(self.context.day)}"
        return "\n\n".join([title, *(part if isinstance(part, str) else part() for part in self.written)]) + "\n"

    def download_menu(self) -> None:
        """The download menu: the page as Markdown, and each table as CSV."""
        name = file_name(self.context.facts.project, self.title, self.context.key.at)
        key = f"download-{file_name(self.title)}"
        with self.slot.popover("Download", icon=":material/download:", key=key, on_change="rerun") as menu:
            if not menu.open:  # a button for each table costs every page change, and few pages are downloaded
                return
            _button("This page as Markdown", self.markdown, f"{name}.md", "text/markdown")
            for title, frame in self.tables:
                _button(f"{title} as CSV", partial(csv_of, frame), f"{name}-{file_name(title)}.csv", "text/csv")


class _NotCompared(NamedTuple):
    """What a cached function needs and its cache does not look at."""

    given: tuple[Callable[..., None], Context]

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=256)
def _collected(about: tuple[*tuple[object, ...], tuple[str, ...]], how: _NotCompared) -> Sheet:
    draw, current = how.given
    sheet = Sheet(draw.__qualname__, current, None, may_draw=False)
    draw(sheet, *about[-1])
    return sheet


@st.cache_resource(show_spinner=False, max_entries=256)
def _built(_chart: Drawing, name: str, given: bytes, is_dark: bool) -> dict[str, Any]:
    """The Vega-Lite of a chart; the same figures give the same chart. The tests check it against the schema.

    The data are written into the layers: Streamlit would turn each data set into Arrow again for every visit.
    """
    built: dict[str, Any] = _chart.build(*_chart.given).to_dict(validate=False)
    spec = on_dark(built) if is_dark else built
    return with_data_inside(spec)


def _button(label: str, text: Callable[[], str], name: str, mime: str) -> None:
    """A download whose text is made when somebody asks for it."""
    st.download_button(
        label,
        lambda: text().encode(),
        name,
        mime,
        key=f"get-{name}",
        on_click="ignore",
        width="stretch",
        type="tertiary",
    )


@contextmanager
def page(title: str, about: str, *, needs_evidence: bool = True) -> Iterator[Sheet]:
    """Open a page: its title, the notice of simulated weeks and, where nothing has been read, the next step."""
    current = context()
    head = title_of(current, title, about)
    drawn = _drawn(title, current.asked)
    sheet = Sheet(title, current, current.bar or st.container(), head=head, is_known=bool(drawn))
    sheet.collected.append(head)
    sheet.pause()  # before anything is computed
    if needs_evidence and not current.facts.has_evidence:
        empty(current, title)
    if notice := simulated_notice(current):
        sheet.written.append(f"> **{safe(notice)}**")
    yield sheet
    sheet.flush()
    sheet.download_menu()
    if st.query_params.keys() <= _WHOLE_PAGE:  # with another choice it may be another page, a frozen review
        drawn.add(title)


@lru_cache(maxsize=256)
def _drawn(title: str, asked: tuple[object, ...]) -> set[str]:
    """Empty until a page of a state, day and window was drawn whole; then its answers are there at once."""
    return set()


def title_of(current: Context, title: str, about: str) -> str:
    """The title of a page, and below it whose page it is, as HTML."""
    whose = f"{safe(current.facts.project)} · as of {day(current.day)} · {about}"
    return f"<h1>{escape(title)}</h1>{prose.quiet(whose)}"


def simulated_notice(current: Context) -> str:
    """The notice of simulated weeks, for every page that shows a day after they begin; else empty."""
    since = current.facts.simulated_from
    if since is None or since > current.key.moment:
        return ""
    return (
        f"Weeks after {day((since - timedelta(days=1)).date())} are simulated sample data: "
        f"an example of this page, not the history of {current.facts.project}."
    )


def empty(current: Context, title: str) -> NoReturn:
    """The page while nothing has been read: the next step."""
    st.info(
        f"**Nothing has been read yet, so {title} has nothing to show.** "
        "T-minus shows what it has measured, and so far it has read nothing.",
        icon=":material/lightbulb:",
    )
    st.markdown("In the folder of the project, read its whole history; then reload this page:")
    st.code(f"cd {current.facts.folder}\ntminus pull", language="bash")
    st.markdown("To see the dashboard on bundled data first: `tminus demo`.")
    st.stop()
