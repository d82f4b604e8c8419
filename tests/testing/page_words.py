"""What a page of the dashboard shows, read from AppTest: its words, its tables, its links."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import Any

import pandas as pd

from tests.testing.app_test import AppTest

_HEADINGS = ("h1", "h2", "h3")


class _Markup(HTMLParser):
    """The text, the tables and the links of one piece of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.tables: dict[str, list[list[str]]] = {}
        self.links: list[tuple[str, str]] = []
        self.headings: list[tuple[str, str]] = []
        self._name, self._cell, self._link, self._is_style, self._heading = "", False, "", False, False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._is_style = tag == "style"
        if tag == "table":
            self._name = given.get("aria-label") or ""
            self.tables[self._name] = []
        elif tag == "tr":
            self.tables[self._name].append([])
        elif tag in ("td", "th"):
            self._cell = True
            self.tables[self._name][-1].append("")
        elif tag == "a":
            self._link = given.get("href") or ""
            self.links.append((given.get("aria-label") or "", self._link))
        elif tag in _HEADINGS:
            self._heading = True
            self.headings.append((tag, ""))
        self.text += [given[name] or "" for name in ("alt", "aria-label", "title") if name in given]

    def handle_endtag(self, tag: str) -> None:
        self._is_style = False
        self._heading = self._heading and tag not in _HEADINGS
        self._cell = self._cell and tag not in ("td", "th")
        self._link = "" if tag == "a" else self._link

    def handle_data(self, data: str) -> None:
        if self._is_style:
            return
        self.text.append(data)
        if self._heading:
            tag, words = self.headings[-1]
            self.headings[-1] = (tag, words + data)
        if self._cell:
            self.tables[self._name][-1][-1] += data
        if self._link:
            self.links[-1] = (self.links[-1][0] or data, self._link)


def markup_of(app: AppTest) -> list[str]:
    """The HTML of a page, piece by piece, without the style sheet."""
    bodies = [str(element.proto.body) for element in app.get("html")]
    return [body for body in bodies if not body.startswith("<style>:root")]


def _parsed(app: AppTest) -> list[_Markup]:
    found = []
    for body in markup_of(app):
        found.append(_Markup())
        found[-1].feed(body)
    return found


def words_of(app: AppTest) -> str:
    """Every word of the HTML of a page, with the words of its pictures."""
    return "\n".join(" ".join(part.text) for part in _parsed(app)).replace("\xa0", " ")


def headings_of(app: AppTest, tag: str = "h3") -> list[str]:
    """The headings of a page: h1 is its title, h2 its main sentence, h3 the sections."""
    return [words for part in _parsed(app) for kind, words in part.headings if kind == tag]


def lead_of(app: AppTest) -> str:
    """The main sentence of a page, with its verdict."""
    return headings_of(app, "h2")[0]


def charts_of(app: AppTest) -> list[dict[str, Any]]:
    """The Vega-Lite of every chart, and its words for those who cannot see it."""
    return [{"spec": json.loads(c.proto.spec), "alt": c.proto.alt} for c in app.get("vega_lite_chart")]


def tables_of(app: AppTest) -> dict[str, pd.DataFrame]:
    """The tables of a page by name, as text."""
    tables = {name: rows for part in _parsed(app) for name, rows in part.tables.items()}
    return {
        name: pd.DataFrame([[cell.replace("\xa0", " ") for cell in row] for row in rows[1:]], columns=rows[0])
        for name, rows in tables.items()
    }


def links_of(app: AppTest) -> list[tuple[str, str]]:
    """(words, address) of every link of a page."""
    return [link for part in _parsed(app) for link in part.links]


def labelled(elements: Any, label: str) -> Any:
    """The control with a label."""
    return next(element for element in elements if element.label == label)
