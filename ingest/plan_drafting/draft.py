"""Criteria while a document is imported: made from boxes, table rows and rules, then merged by what they measure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ingest.advice.metric_steps import next_step
from ingest.observation import CATALOGUE, WHOLE_SCOPE
from ingest.plan_drafting.language.grammar import Demand, demands_in, reported_metric
from ingest.plan_drafting.language.headings import below
from ingest.plan_drafting.language.plain_text import is_forbidding
from ingest.plan_drafting.language.quantities import Quantity, figures, in_unit, is_bare, unit_of
from ingest.plan_drafting.language.vocabulary import IMPLIED, meaning_for
from ingest.readers.documents.document_text import without_signs, without_struck

_ACRONYMS = {
    "api",
    "apis",
    "ci",
    "cd",
    "ci/cd",
    "qa",
    "ui",
    "ux",
    "sla",
    "slo",
    "go",
    "tls",
    "https",
    "jwt",
    "sre",
    "db",
    "iam",
}
_LESS_IS_BETTER = ("seconds", "bytes", "bytes/hour")  # where the words name a figure and no direction
# Why a line with a no-entry sign is bound to no metric.
_FORBIDDEN = "a no-entry sign is on this line: whether its figure is asked for or ruled out is not clear"
_OR_LESS = re.compile(
    r"\b(?:or (?:less|fewer|lower)|oder weniger|ou moins|o menos|o meno|ou menos|of minder)\b", re.IGNORECASE
)
_TAIL_SIGNS = re.compile(r"[^\w)\]%\"'.!?+]+$")  # a tick behind a heading is a claim, not its name
_PLACE = re.compile(
    r"^\s*(?:gate|phase|stage|step|section|part)\s*#?[0-9ivx]+\s*[:.)–—-]\s*|^\s*\d{1,2}(?:\.\d{1,2})*[.)]\s+", re.I
)


@dataclass(slots=True)
class Draft:
    """A criterion in the making. `quotes` holds the document's words with their lines, in order of appearance."""

    id: str
    title: str
    metric: str
    comparator: str
    threshold: float
    unit: str
    baseline: float | None = None
    blocker: bool = False
    weight: float = 1
    assumed: bool = False  # the document names no figure: one that it names elsewhere wins
    about: str = ""
    claim: str = ""
    quotes: list[tuple[int, str]] = field(default_factory=list)
    owner: str = ""
    due: date | None = None
    parent: Draft | None = None
    risk: str = ""
    level: int | None = None
    evidence_link: str = ""
    fix: str = ""  # the next step, where the metric does not decide it
    scope: str = ""

    def as_table(self) -> dict[str, Any]:
        """The [[gate.criterion]] table."""
        table: dict[str, Any] = {
            "id": self.id,
            "title": self.title,
            "metric": self.metric,
            "scope": self.scope or WHOLE_SCOPE.get(self.metric, ""),
            "comparator": self.comparator,
            "threshold": self.threshold,
            "unit": self.unit,
        }
        if self.baseline is not None:
            table["baseline"] = self.baseline
        table |= {"weight": number(self.weight), "blocker": self.blocker}
        table["why"] = "; ".join(filter(None, [self.about, self._places()]))
        table["fix"] = self.fix or next_step(self.metric)
        table["claim"] = self.claim
        optional: dict[str, Any] = {
            "parent": self.parent.id if self.parent else "",
            "owner": self.owner,
            "due": self.due,
        }
        optional |= {"risk": self.risk, "level": self.level, "evidence_link": self.evidence_link}
        return table | {key: value for key, value in optional.items() if value}

    def _places(self) -> str:
        return (
            "the document asks for it, " + ", ".join(f"line {line}: {words}" for line, words in self.quotes)
            if self.quotes
            else ""
        )


@dataclass(slots=True)
class GateDraft:
    id: str
    title: str
    claim: str = ""
    criteria: list[Draft] = field(default_factory=list)
    kind: str = "deploy"
    judged_after: str = ""

    def as_table(self) -> dict[str, Any]:
        """The [[gate]] table."""
        criteria = [draft.as_table() for draft in self.criteria]
        optional = {"claim": self.claim, "kind": self.kind if self.kind != "deploy" else ""}
        optional |= {"judged_after": self.judged_after}
        kept = {key: value for key, value in optional.items() if value}
        return {"id": self.id, "title": self.title, "weight": 1, **kept, "criterion": criteria}


class IdPool:
    """Hands out ids that are unique in one plan and readable on a command line."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._last: dict[str, int] = {}  # the number that was last added to a text

    def give(self, text: str, fallback: str) -> str:
        """The text as an id; a number is added where it is taken."""
        base = slug(text) or fallback
        name, count = base, self._last.get(base, 1)
        while name in self._taken:
            count += 1
            name = f"{base}-{count}"
        self._taken.add(name)
        self._last[base] = count
        return name


def slug(text: str) -> str:
    """ASCII words joined by hyphens, at most 40 characters, cut between words; "" for a text without such letters."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", re.sub(r"\([^)]*\)", " ", plain)) or re.findall(r"[a-z0-9]+", plain)
    name = ""
    for word in words:
        if name and len(name) + 1 + len(word) > 40:
            break
        name = f"{name}-{word}" if name else word[:40]
    return name


def tidy_title(text: str) -> str:
    """A heading as a title: no signs, no "Gate 1:", and no shouting."""
    title = _TAIL_SIGNS.sub("", _PLACE.sub("", without_signs(text)).strip(" :")) or text.strip()
    if title.isupper() and len(title) > 4:
        words = [word if word.lower().strip("()") in _ACRONYMS else word.lower() for word in title.split()]
        title = " ".join(words)
        title = title[:1].upper() + title[1:]
    return title


def measured(text: str, line: int, subject: str = "") -> list[Draft]:
    """Criteria that the sentence demands in figures, or in words that leave only one figure open.

    `subject` is what the heading above measures: "P95: < 500 ms" below "Latency" is about the latency.
    """
    demands = demands_in(text) or (demands_in(below(subject, text)) if subject else [])
    if is_bare(text) and not _OR_LESS.search(text) and any(map(_is_counted, demands)):
        demands = []  # "Critical vulnerabilities: 3" may say how many there are
    found = [draft_from(demand, line, text) for demand in demands]
    return found or [_from_implied(row, text, line) for row in IMPLIED if row[0].fullmatch(text)]


def _is_counted(demand: Demand) -> bool:
    """Whether the demand allows some of what should not be there (findings, failing tests), without one of now."""
    entry = CATALOGUE[demand.metric]
    is_number = entry.direction == "lower" and entry.unit not in ("seconds", "bytes", "percent", "MB/h")
    return is_number and demand.threshold > 0 and demand.baseline is None


def draft_from(demand: Demand, line: int, quote: str) -> Draft:
    """A criterion for a known metric, in the metric's own unit."""
    meaning = meaning_for(demand.metric)
    draft = Draft(
        meaning.id,
        meaning.title,
        demand.metric,
        demand.comparator,
        number(demand.threshold),
        CATALOGUE[demand.metric].unit,
        about=meaning.about,
        quotes=[(line, quote)],
    )
    if demand.baseline is not None and is_worse(demand.metric, demand.baseline, demand.threshold):
        draft.baseline = number(demand.baseline)
    return draft


def draft_without_metric(title: str, figure: Quantity | None, line: int, quote: str) -> Draft:
    """A criterion that only a person can vouch for."""
    about = _FORBIDDEN if is_forbidding(quote) and figures(quote) else ""
    if figure is None or about:
        return Draft(slug(title), title, "", ">=", 1, "", about=about, quotes=[(line, quote)])
    comparator = figure.comparator or ("<=" if figure.value == 0 or figure.dimension in _LESS_IS_BETTER else ">=")
    return Draft(slug(title), title, "", comparator, number(figure.value), unit_of(figure), quotes=[(line, quote)])


def _from_implied(row: tuple[re.Pattern[str], str, str, float, str], text: str, line: int) -> Draft:
    _, metric, comparator, threshold, assumed = row
    meaning = meaning_for(metric)
    about = "; ".join(filter(None, [meaning.about, assumed]))
    unit = CATALOGUE[metric].unit
    draft = Draft(
        meaning.id, meaning.title, metric, comparator, number(threshold), unit, about=about, quotes=[(line, text)]
    )
    draft.assumed = True
    return draft


def stated(text: str) -> list[tuple[str, float, str]]:
    """Figures that a sentence reports of a metric: (metric, value in its unit, words)."""
    parts = [part for part in re.split(r"[,;]|\s-\s", without_struck(text)) if part.strip()]
    found = []
    for part in parts:
        for figure in figures(part):
            if figure.comparator and not figure.words.endswith("+"):
                continue  # "Error rate > 2%" is a trigger or a demand: nobody says that it is so
            metric = reported_metric(part, figure)
            value = in_unit(figure, CATALOGUE[metric].unit) if metric else None
            if metric and value is not None:
                found.append((metric, value, part.strip()))
                break
    return found


def is_worse(metric: str, value: float, threshold: float) -> bool:
    """Whether the value is on the wrong side of the threshold: only then can it be a baseline."""
    return value < threshold if CATALOGUE[metric].direction == "higher" else value > threshold


def _twin_of(new: Draft, drafts: Iterable[Draft]) -> Draft | None:
    """A draft that demands the same. A child stays below its parent, which is the AND of all its boxes."""
    same_metric = (draft for draft in drafts if new.metric and draft.metric == new.metric)
    same_metric = (draft for draft in same_metric if new.parent is None or draft.parent is new.parent)
    return next((draft for draft in same_metric if _same_demand(draft, new)), None)


def _take_threshold(twin: Draft, new: Draft) -> None:
    """A threshold of the document replaces an assumed one; "> 80" is the stricter of "> 80" and ">= 80"."""
    if twin.assumed and not new.assumed:
        twin.comparator, twin.threshold, twin.assumed = new.comparator, new.threshold, False
    elif not new.assumed and len(new.comparator) < len(twin.comparator):
        twin.comparator = new.comparator


def merge(drafts: Iterable[Draft], new: Draft, *, moving: bool = False) -> bool:
    """Fold `new` into the draft that demands the same of the same metric; False when there is none.

    `moving`: the twin takes the place of `new` below its parent.
    """
    parent = new.parent
    if moving:
        new.parent = None
    twin = _twin_of(new, drafts)
    new.parent = parent
    if twin is None:
        return False
    if moving:
        twin.parent = parent
    _take_threshold(twin, new)
    twin.quotes += new.quotes
    twin.owner, twin.due, twin.risk = twin.owner or new.owner, twin.due or new.due, twin.risk or new.risk
    twin.evidence_link = twin.evidence_link or new.evidence_link
    twin.blocker = twin.blocker or new.blocker
    twin.baseline = new.baseline if twin.baseline is None else twin.baseline
    twin.claim = "; ".join(filter(None, [twin.claim, new.claim]))
    return True


def _same_demand(one: Draft, other: Draft) -> bool:
    return one.assumed or other.assumed or one.threshold == other.threshold


def at_least_as_strict(one: Draft, other: Draft) -> bool:
    """Whether whatever passes `one` passes `other`: same metric, a threshold that is not weaker."""
    if not other.metric or one.metric != other.metric:
        return False
    if one.threshold == other.threshold:
        return len(one.comparator) <= len(other.comparator)
    return is_worse(one.metric, float(other.threshold), float(one.threshold))


def number(value: float) -> float | int:
    """Whole numbers without a decimal point: the plan is read by people."""
    rounded = round(value, 9)
    return int(rounded) if rounded == int(rounded) else rounded
