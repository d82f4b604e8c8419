"""Criteria while a document is imported: made from boxes, table rows and rules, then merged by what they measure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ingest.observation import CATALOGUE, WHOLE_SCOPE
from ingest.plan_drafting.advice import next_step
from ingest.plan_drafting.quantities import Figure, demands, figures, in_unit, unit_of
from ingest.plan_drafting.vocabulary import IMPLIED, Meaning, meaning_for, meaning_of
from ingest.readers.documents.document_text import without_signs

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
_TAIL_SIGNS = re.compile(r"[^\w)\]%\"'.!?+]+$")  # a tick behind a heading is a claim, not its name
_URGENT = re.compile(r"\b(?:CRITICAL|BLOCKER|MUST|P0)\b|\(blocking\)")
_PLACE = re.compile(
    r"^\s*(?:gate|phase|stage|step|section|part)\s*#?[0-9ivx]+\s*[:.)–—-]\s*|^\s*\d{1,2}(?:\.\d{1,2})*[.)]\s+", re.I
)


@dataclass(slots=True)
class Draft:
    """A criterion in the making. `said` holds the document's words with their lines, in order of appearance."""

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
    said: list[tuple[int, str]] = field(default_factory=list)

    def as_table(self) -> dict[str, Any]:
        """The [[gate.criterion]] table."""
        table: dict[str, Any] = {
            "id": self.id,
            "title": self.title,
            "metric": self.metric,
            "scope": WHOLE_SCOPE.get(self.metric, ""),
            "comparator": self.comparator,
            "threshold": self.threshold,
            "unit": self.unit,
        }
        if self.baseline is not None:
            table["baseline"] = self.baseline
        table |= {"weight": number(self.weight), "blocker": self.blocker}
        table["why"] = "; ".join(filter(None, [self.about, self._places()]))
        table["fix"] = next_step(self.metric)
        table["claim"] = self.claim
        return table

    def _places(self) -> str:
        return (
            "the document asks for it, " + ", ".join(f"line {line}: {words}" for line, words in self.said)
            if self.said
            else ""
        )


@dataclass(slots=True)
class GateDraft:
    id: str
    title: str
    claim: str = ""
    criteria: list[Draft] = field(default_factory=list)

    def as_table(self) -> dict[str, Any]:
        """The [[gate]] table."""
        criteria = [draft.as_table() for draft in self.criteria]
        claim = {"claim": self.claim} if self.claim else {}
        return {"id": self.id, "title": self.title, "weight": 1, **claim, "criterion": criteria}


class Names:
    """Hands out ids that are unique in one plan and readable on a command line."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def give(self, text: str, fallback: str) -> str:
        """The text as an id; a number is added where it is taken."""
        base = slug(text) or fallback
        name, count = base, 1
        while name in self._taken:
            count += 1
            name = f"{base}-{count}"
        self._taken.add(name)
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


def measured(text: str, line: int, *, blocker: bool = False) -> list[Draft]:
    """Criteria that the sentence demands in figures, or in words that leave only one figure open."""
    found = _from_figures(text, line)
    if not found:
        found = [_from_implied(row, text, line) for row in IMPLIED if row[0].search(text)]
    for draft in found:
        draft.blocker = blocker or bool(_URGENT.search(text))
    return found


def _from_figures(text: str, line: int) -> list[Draft]:
    wanted = demands(text) or [figure for figure in figures(text) if figure.dimension or figure.value == 0]
    found: list[Draft] = []
    for figure in wanted:
        meaning = meaning_of(_words_near(text, figure, wanted), lambda unit, f=figure: in_unit(f, unit) is not None)
        if meaning and meaning.metric not in {draft.metric for draft in found}:
            found.append(draft_from(meaning, figure, meaning.title, line, text))
    return found


def _words_near(text: str, figure: Figure, all_figures: list[Figure]) -> str:
    """The part of the sentence that is about this figure, where the sentence holds several."""
    if len(all_figures) < 2:
        return text
    start = text.rfind(",", 0, figure.start)
    start = max(start, text.rfind("(", 0, figure.start), text.rfind(";", 0, figure.start)) + 1
    end = min([place for mark in ",;" if (place := text.find(mark, figure.end)) >= 0], default=len(text))
    return text[start:end]


def draft_from(meaning: Meaning, figure: Figure, title: str, line: int, said: str) -> Draft:
    """A criterion for a known metric, in the metric's own unit."""
    metric = CATALOGUE[meaning.metric]
    value = in_unit(figure, metric.unit)
    comparator = figure.comparator or (">=" if metric.direction == "higher" else "<=")
    return Draft(
        meaning.id,
        title,
        metric.name,
        comparator,
        number(value or 0.0),
        metric.unit,
        about=meaning.about,
        said=[(line, said)],
    )


def draft_without_metric(title: str, figure: Figure | None, line: int, said: str) -> Draft:
    """A criterion that only a person can vouch for."""
    if figure is None:
        return Draft(slug(title), title, "", ">=", 1, "", said=[(line, said)])
    comparator = figure.comparator or ("<=" if figure.value == 0 or figure.dimension in _LESS_IS_BETTER else ">=")
    return Draft(slug(title), title, "", comparator, number(figure.value), unit_of(figure), said=[(line, said)])


def unbound(draft: Draft) -> Draft:
    """The demand without its metric: the plan measures that figure against another threshold already."""
    meant = draft.said[0][1] if draft.title == meaning_for(draft.metric).title else draft.title
    about = f"another criterion has {draft.metric} with another threshold: name a metric and the scope that is meant"
    bare = draft_without_metric(tidy_title(meant), None, draft.said[0][0], draft.said[0][1])
    bare.claim, bare.blocker, bare.weight, bare.about = draft.claim, draft.blocker, draft.weight, about
    bare.comparator, bare.threshold, bare.unit = draft.comparator, draft.threshold, draft.unit
    return bare


def _from_implied(row: tuple[re.Pattern[str], str, str, float, str], text: str, line: int) -> Draft:
    _, metric, comparator, threshold, assumed = row
    meaning = meaning_for(metric)
    about = "; ".join(filter(None, [meaning.about, assumed]))
    unit = CATALOGUE[metric].unit
    draft = Draft(
        meaning.id, meaning.title, metric, comparator, number(threshold), unit, about=about, said=[(line, text)]
    )
    draft.assumed = True
    return draft


def stated(text: str) -> list[tuple[str, float, str]]:
    """Figures that a sentence reports of a metric: (metric, value in its unit, words)."""
    parts = [part for part in re.split(r"[,;]|\s-\s", text) if part.strip()]
    found = []
    for part in parts:
        for figure in figures(part):
            if figure.comparator and not figure.words.endswith("+"):
                continue  # "Error rate > 2%" is a trigger or a demand: nobody says that it is so
            meaning = meaning_of(part, lambda unit, f=figure: in_unit(f, unit) is not None)
            value = in_unit(figure, CATALOGUE[meaning.metric].unit) if meaning else None
            if meaning and value is not None:
                found.append((meaning.metric, value, part.strip()))
                break
    return found


def is_worse(metric: str, value: float, threshold: float) -> bool:
    """Whether the value is on the wrong side of the threshold: only then can it be a baseline."""
    return value < threshold if CATALOGUE[metric].direction == "higher" else value > threshold


def merge(drafts: Iterable[Draft], new: Draft) -> bool:
    """Fold `new` into the draft that demands the same of the same metric; False when there is none."""
    twin = next((draft for draft in drafts if new.metric and draft.metric == new.metric), None)
    if twin is None or not _same_demand(twin, new):
        return False
    if twin.assumed and not new.assumed:
        twin.comparator, twin.threshold, twin.assumed = new.comparator, new.threshold, False
    twin.said += new.said
    twin.blocker = twin.blocker or new.blocker
    twin.baseline = twin.baseline if twin.baseline is not None else new.baseline
    twin.claim = "; ".join(filter(None, [twin.claim, new.claim]))
    return True


def _same_demand(one: Draft, other: Draft) -> bool:
    return one.assumed or other.assumed or one.threshold == other.threshold


def number(value: float) -> float | int:
    """Whole numbers without a decimal point: the plan is read by people."""
    rounded = round(value, 9)
    return int(rounded) if rounded == int(rounded) else rounded
