"""A sentence -> the demands in it: metric phrase, comparison, figure, and not one word that is not understood.

What is not read in full is not read at all: "coverage of package auth: 98%" binds nothing, because the grammar does not
know "package" and "auth". A comparison against the metric's better direction binds nothing either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ingest.observation import CATALOGUE, Metric
from ingest.plan_drafting.language.phrase import Phrase
from ingest.plan_drafting.language.phrases import ALL_FINDINGS, ANY_FINDING, PHRASES, severity_phrase
from ingest.plan_drafting.language.plain_text import plain_text
from ingest.plan_drafting.language.quantities import Comparator, Quantity, figures, in_unit
from ingest.plan_drafting.language.words import CLEARED, CLEARED_ABROAD, HARMLESS, NOTHING, REACHING

_DAY_SECONDS = 86_400
_MOST_CHARACTERS = 400  # a longer sentence is prose, not one demand
_COVERAGES = ("coverage_line_percent", "coverage_branch_percent", "type_coverage_percent", "docs_documented_percent")
_WITHIN = {"higher": (">", ">=", "=="), "lower": ("<", "<=", "==")}
_NOW = (
    r"(?:currently|current(?: value)?|today|now|at present|as of now|right now|actual|aktuell|derzeit|heute|momentan"
    r"|actuel(?:lement)?|aujourd'hui|actualmente|hoy|ahora|attual(?:e|mente)|oggi|adesso|atual(?:mente)?|hoje|agora"
    r"|momenteel"
    r"|vandaag|nu)"
)
_IS_NOW = re.compile(rf"(?<!\w){_NOW}(?!\w)")
_FROM_TO = re.compile(r"(?<!\w)from (?=[\d.,]+\s?%?[^\d]{0,12} to )")
_CURRENT_REMARK = re.compile(rf"\(\s*(?:(?:{_NOW}|(?:(?:down|up) )?from|was)(?!\w)[^()]*|[\d.,]+\s?%\s{_NOW}\s*)\)")
_RAISE = re.compile(r"^\s*(?:to )?(?:raise|increase|improve|bring|get|lift|reduce|lower|cut)(?! (?:in|of)\b)(?!\w)")
_RAISED = re.compile(r"(?<!\w)(?:raised|increased|improved|lifted|reduced|lowered)(?= to\b)")
_NEGATED = re.compile(
    r"(?<!\w)(?:not|never|no|nicht|nie|niemals|keine?[nr]?|ne|pas|jamais|nunca|sin|non|mai|não|sem|niet|nooit"
    r"|geen)\s*$"
)
# "Raise coverage to 80%" names the goal, "raise coverage by 10%" or "reduce the bundle 10 KB" does not.
_REACHES = re.compile(r"(?<!\w)(?:to|at least|at most|under|below|above|over|less than|more than)\s|[<>≤≥]")
# "1.500 ms" may have a thousand in it; "+2% coverage" is how much it rose.
_UNCLEAR = re.compile(r"(?<![\d.,])[1-9]\d{0,2}\.\d{3}(?![\d.])\s?(?:ms|s|sec|kb|mb|bytes)?\b|(?:^|[\s(:])[+∆Δ]\s?\d")
_PIECES = re.compile(r"\s*[,;]\s+|\s+(?:and|&|\+|und|et|y|ed?|en)\s+|\s+/\s+")
_WORD = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*")
# A sign of mathematics or an arrow that no pattern has read ("≠ 80%") may turn the demand round.
_MARKS_LEFT = re.compile(r"[\d<>=≤≥±~%×¬|\u2190-\u22ff\u27e0-\u2aff]|->|\bx\b")


@dataclass(frozen=True, slots=True)
class Demand:
    """One metric that the sentence demands, in the metric's own unit. `baseline` is the value it reports of today."""

    metric: str
    comparator: Comparator
    threshold: float
    baseline: float | None = None


def demands_in(text: str) -> list[Demand]:
    """Every demand of a sentence, or none where any part of it is not understood."""
    plain = plain_text(text)
    if not plain or len(plain) > _MOST_CHARACTERS or _UNCLEAR.search(plain):
        return []
    whole = _demands_of(plain, "")
    if whole is not None:
        return whole
    if described := _described(plain):
        return described
    pieces = [piece for piece in _PIECES.split(plain) if piece.strip(" .")]
    return _demands_of_pieces(pieces, "coverage" if "cover" in plain else "") if len(pieces) > 1 else []


def _demands_of_pieces(pieces: Sequence[str], about: str) -> list[Demand]:
    """The demands of all pieces; none when one is not understood, or two demand something of one metric."""
    read = [_demands_of(piece, about) for piece in pieces]
    demands = [demand for part in read if part for demand in part]
    are_distinct = len({demand.metric for demand in demands}) == len(demands)
    return demands if are_distinct and None not in read else []


def _name_and_demand(text: str) -> tuple[str, str]:
    """The parts before and after the first colon or dash; two empty texts without one."""
    for sign in (": ", " - ", " – ", " — "):
        name, mark, demand = text.partition(sign)
        if mark:
            return name, demand
    return "", ""


def _described(text: str) -> list[Demand]:
    """ "Test coverage: line coverage above 80%": the first part only names what the second one demands."""
    name, demand = _name_and_demand(text)
    named = _phrase_in(name, "") if name and not re.search(r"\d", name) else None
    found = (_demands_of(demand, "") or []) if named else []
    if named is None or not found or not {_kind(each.metric) for each in found} >= set(map(_kind, named[2].metrics)):
        return []
    return found if _is_harmless(f"{name[: named[0]]} {name[named[1] :]}", named[2]) else []


def _kind(metric: str) -> str:
    """ "Bundle size: total bundle < 250 KB gzipped": one bundle, measured raw or compressed."""
    return "bundle" if metric.startswith("bundle_") else metric


def _no_findings(text: str) -> list[Demand] | None:
    none_left = not text.startswith(("vulner", "known", "open", "security"))
    return [Demand(metric, "<=", 0.0) for metric in ALL_FINDINGS] if none_left else None


def _demands_of(text: str, about: str) -> list[Demand] | None:
    """One clause with one phrase; None where it is not understood."""
    if any_finding := ANY_FINDING.fullmatch(text):
        return _no_findings(any_finding.group())
    found = _phrase_in(text, about)
    if found is None:
        return None
    start, end, phrase = found
    lead = _RAISE.sub(" ", text[:start])
    rest = _RAISED.sub(" ", f"{lead} {text[end:]}")
    if phrase.needs:
        if not phrase.needs.search(rest):
            return None
        rest = phrase.needs.sub(" ", rest, count=1)
    if _NEGATED.search(text[:start]) and figures(rest):
        return None  # "not error rate > 5%": what is negated is not clear
    if _states_a_count(phrase, lead, rest):
        return None
    phrase, rest = _compressed(phrase, rest)
    rest = _by_direction(rest, CATALOGUE[phrase.metrics[0]].direction)
    found_demands = _read(phrase, rest)
    return found_demands if lead == text[:start] or _REACHES.search(rest) else None


def _states_a_count(phrase: Phrase, lead: str, rest: str) -> bool:
    """Whether the clause says how many there are: "3 critical findings", "failing tests: 3 remaining"."""
    bare = _bare(rest)
    before = [figure for figure in bare if figure.start < len(lead)]
    if CATALOGUE[phrase.metrics[0]].direction == "higher":
        return not all(figure.dimension for figure in before)  # "3 coverage gates"
    counted = before or (bare and phrase.extra.intersection(_words(rest)))
    return bool(counted) and not phrase.zero and not _FROM_TO.search(rest)


def _bare(text: str) -> list[Quantity]:
    """Figures that are compared with nothing, zero left out."""
    return [figure for figure in figures(text) if figure.comparator is None and figure.value]


def _phrase_in(text: str, about: str) -> tuple[int, int, Phrase] | None:
    """The one phrase of the clause; the longest wins, and a second one beside it makes the clause unclear."""
    matches = [(m.start(), m.end(), phrase) for phrase in PHRASES for m in phrase.pattern.finditer(text)]
    if by_severity := severity_phrase(text):
        matches.append(by_severity)
    if about == "coverage" and not matches:
        matches = list(_sides_of_coverage(text))
    kept = _without_overlaps(matches)
    return kept[0] if len(kept) == 1 else None


def _without_overlaps(matches: Iterable[tuple[int, int, Phrase]]) -> list[tuple[int, int, Phrase]]:
    """The longest matches first; one that overlaps a longer one is left out."""
    kept: list[tuple[int, int, Phrase]] = []
    for start, end, phrase in sorted(matches, key=lambda match: match[0] - match[1]):
        if all(end <= other[0] or start >= other[1] for other in kept):
            kept.append((start, end, phrase))
    return kept


_SIDES = (
    Phrase(re.compile(r"(?<!\w)lines?(?: covered)?(?!\w)"), ("coverage_line_percent",), extra=frozenset({"covered"})),
    Phrase(
        re.compile(r"(?<!\w)branch(?:es)?(?: covered)?(?!\w)"),
        ("coverage_branch_percent",),
        extra=frozenset({"covered"}),
    ),
)


def _sides_of_coverage(text: str) -> Iterator[tuple[int, int, Phrase]]:
    """ "Lines: 70%, branches: 60% covered": the word coverage is in another part of the sentence."""
    for phrase in _SIDES:
        for match in phrase.pattern.finditer(text):
            yield match.start(), match.end(), phrase


def _compressed(phrase: Phrase, rest: str) -> tuple[Phrase, str]:
    """ "Bundle size < 250 KB gzipped" is about the compressed bundle."""
    if phrase.metrics == ("bundle_raw_bytes",):
        for word, metric in ((r"\(?gzip(?:ped)?\)?", "bundle_gzip_bytes"), (r"\(?brotli\)?", "bundle_brotli_bytes")):
            if re.search(rf"(?<!\w){word}(?!\w)", rest):
                return Phrase(phrase.pattern, (metric,)), re.sub(rf"(?<!\w){word}(?!\w)", " ", rest)
    return phrase, rest


def _by_direction(text: str, direction: str) -> str:
    """ "No worse than" and "or better" mean more or less by what is measured."""
    least, over, more = ("at least", "above", "or more") if direction == "higher" else ("at most", "below", "or less")
    text = re.sub(r"(?<!\w)(?:no|not|never|nicht) (?:be )?(?:worse than|schlechter als)(?!\w)", least, text)
    text = re.sub(r"(?<!\w)better than(?!\w)", over, text)
    return re.sub(r"(?<!\w)or better(?!\w)", more, text)


def _read(phrase: Phrase, rest: str) -> list[Demand] | None:
    remark = _CURRENT_REMARK.search(rest)
    reported = figures(remark.group()) if remark else []
    rest = _CURRENT_REMARK.sub(" ", rest)
    now, wanted = _current_and_wanted(rest)
    if not wanted:
        return None if now or _IS_NOW.search(rest) else _none_left(phrase, rest)
    if len(wanted) > 1 or len(now) > 1 or _is_loss(phrase, rest, [*now, *wanted]):
        return None
    words = _without(rest, [*wanted, *now])
    if now:
        words = _FROM_TO.sub(" ", _IS_NOW.sub(" ", words, count=1)).replace("from ", " ").replace(" to ", " ")
    return _demands(phrase, wanted[0], [*reported, *now]) if _is_harmless(words, phrase) else None


def _is_loss(phrase: Phrase, text: str, stated: Sequence[Quantity]) -> bool:
    """ "Coverage from 80% to 60%" tells of a loss, and demands nothing."""
    if not _FROM_TO.search(text) or len(stated) != 2:
        return False
    before, after = (figure.value for figure in stated)
    return after < before if CATALOGUE[phrase.metrics[0]].direction == "higher" else after > before


def _current_and_wanted(text: str) -> tuple[list[Quantity], list[Quantity]]:
    """The figures of today, and those that are demanded."""
    stated = figures(text)
    now = [figure for figure in stated if figure.comparator is None and _is_current(text, figure)]
    return now, [figure for figure in stated if figure not in now]


def _demands(phrase: Phrase, wanted: Quantity, before: Sequence[Quantity]) -> list[Demand] | None:
    """One demand for each metric of the phrase; None when one of them does not take the figure."""
    if phrase.zero and wanted.dimension != "share":
        return None  # "tests passed: 98" counts what passed, not what may fail
    metrics = ("tests_passed_percent",) if phrase.zero else phrase.metrics  # "all tests pass (100%)"
    demands = [_demand(metric, wanted, before[0] if before else None) for metric in metrics]
    known = [demand for demand in demands if demand]
    return known if len(known) == len(demands) else None


def _is_current(text: str, figure: Quantity) -> bool:
    """Whether the words around the figure, up to the next comma or bracket, say that it is so today."""
    if _FROM_TO.search(text[max(0, figure.start - 6) : figure.start + 40]) and text[: figure.start].endswith("from "):
        return True
    start = max(text.rfind(mark, 0, figure.start) for mark in ",;(") + 1
    end = min([at for mark in ",;)" if (at := text.find(mark, figure.end)) >= 0], default=len(text))
    return bool(_IS_NOW.search(text[start:end]))


def _without(text: str, read: list[Quantity]) -> str:
    for figure in sorted(read, key=lambda figure: -figure.start):
        text = f"{text[: figure.start]} {text[figure.end :]}"
    return text


def _is_harmless(words: str, phrase: Phrase) -> bool:
    """Whether nothing is left that could change what is demanded."""
    if _MARKS_LEFT.search(words):
        return False
    higher = CATALOGUE[phrase.metrics[0]].direction == "higher"
    edge = {"minimum", "min", "least"} if higher else {"maximum", "max"}
    known = HARMLESS if higher else HARMLESS - REACHING
    return all(word in known or word in phrase.extra or word in edge for word in _words(words))


def _words(text: str) -> list[str]:
    return [word for found in _WORD.findall(text) for word in ([found] if found in HARMLESS else found.split("'"))]


def _is_count(metric: str) -> bool:
    return CATALOGUE[metric].unit not in ("seconds", "bytes", "percent", "MB/h")


def _demands_none(words: Sequence[str], phrase: Phrase) -> bool:
    """Whether the words demand that nothing is left, once; "all tests pass" demands it by itself."""
    nothing = [word for word in words if word in NOTHING]
    cleared = [word for word in words if word in CLEARED or word in CLEARED_ABROAD]
    if phrase.zero:
        return not nothing and not cleared
    return len(nothing) + bool(cleared) == 1 and all(_clears(word, phrase) for word in cleared)


def _clears(word: str, phrase: Phrase) -> bool:
    return word in phrase.extra or (word in CLEARED_ABROAD and bool(phrase.extra & {"fixed", "resolved", "removed"}))


def _none_left(phrase: Phrase, rest: str) -> list[Demand] | None:
    """ "No skipped tests", "TODO markers removed", "all tests pass": none may be left."""
    words = _words(rest)
    if any(CATALOGUE[metric].direction == "higher" for metric in phrase.metrics) or _MARKS_LEFT.search(rest):
        return None
    if not NOTHING.union(CLEARED, CLEARED_ABROAD, HARMLESS, phrase.extra).issuperset(words):
        return None
    if not all(map(_is_count, phrase.metrics)) or not _demands_none(words, phrase):
        return None
    return [Demand(metric, "<=", 0.0) for metric in phrase.metrics]


def _demand(metric: str, figure: Quantity, now: Quantity | None) -> Demand | None:
    """The figure in the metric's unit; None where it is another unit or against the better direction."""
    entry = CATALOGUE[metric]
    value = _value(figure, metric)
    default: Comparator = ">=" if entry.direction == "higher" else "<="
    comparator = default if figure.comparator in (None, "==") else figure.comparator
    if metric == "rollback_seconds" and value is not None and value >= _DAY_SECONDS:
        return None  # "within 24 hours" is a period in which something happens, not how long a rollback takes
    if value is None or comparator not in _WITHIN[entry.direction] or not _is_possible(value, comparator, entry):
        return None
    return Demand(metric, comparator, value, None if now is None else _value(now, metric))


def _is_possible(value: float, comparator: Comparator, entry: Metric) -> bool:
    """A share beyond 100%, a demand that every value meets or for less than nothing was meant otherwise."""
    if entry.direction == "higher" and value == 0 and comparator != ">":
        return False
    if entry.unit == "percent":
        return value < 100 or (value == 100 and comparator != ">" and entry.direction == "higher")
    return not (value == 0 and comparator == "<")


def _value(figure: Quantity, metric: str) -> float | None:
    """A bare number is a percentage only where coverage is written as one (80) or as a fraction (0.8)."""
    if metric == "load_score" and figure.dimension in ("share", ""):
        return _score(figure)
    value = in_unit(figure, CATALOGUE[metric].unit)
    if value is None and metric in _COVERAGES and not figure.dimension and figure.value <= 100:
        return 100 * figure.value if 0 < figure.value < 1 else figure.value if figure.value > 1 else None
    return value


def _score(figure: Quantity) -> float | None:
    """A score of 75 is often written as 75%; the tool itself writes 0.9."""
    if figure.dimension == "share" or not 0 < figure.value <= 1:
        return figure.value
    return 100 * figure.value if figure.value < 1 else None


def reported_metric(text: str, figure: Quantity) -> str | None:
    """What a remark reports ("39+ TODO markers in routes"): the phrase decides, other words do not matter.

    For baselines and for complaints only, never for a demand.
    """
    plain = " ".join(text.lower().split())
    for phrase in PHRASES:
        metric = phrase.metrics[0]
        if (
            phrase.needs is None
            and not phrase.zero
            and phrase.pattern.search(plain)
            and in_unit(figure, CATALOGUE[metric].unit) is not None
        ):
            return metric
    is_growth = figure.dimension == "bytes/hour" and "growth" in plain
    return "memory_growth_mb_per_hour" if is_growth else None
