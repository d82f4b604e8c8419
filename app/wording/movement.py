"""What moved, in order of size; and the parts of a movement in words that add up to the shown change."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from app.answers.types.movement import MovedAnswer, SpanAnswer, SumAnswer
from app.wording.numbers import points
from app.wording.text import count, count_of

Span = TypeVar("Span", bound=SpanAnswer)


def biggest_first(spans: Sequence[Span]) -> list[Span]:
    """The changes of one criterion by size, the newest first among those of the same size."""
    newest_first = spans[::-1]
    return sorted(newest_first, key=lambda span: (-abs(span["delta"]), -abs(span["points"])))


def sum_words(row: SumAnswer) -> str:
    """One sum by person or folder: points, items opened and closed, commits."""
    parts = [f"{points(row['points'])} points"] if row["points"] else []
    parts += [f"{row[what]:,} {what}" for what in ("opened", "closed") if row[what]]
    return ", ".join([*parts, f"in {count(row['commits'], 'commit')}"])


TENTH = 10
MOST_OF_A_KIND = 3


class SumPart(NamedTuple):
    """One part of a change: exact points, the tenth of a point that is shown, and both in words."""

    name: str
    points: float
    shown: float
    label: str
    criterion: str = ""  # its id, where the part is the move of one criterion


def movement_parts(moved: MovedAnswer, limit: int | None = None) -> list[SumPart]:
    """Criteria (largest first), lost evidence, plan edits, the cap of open blockers; they sum to the change.

    With `limit`, the criteria after the first `limit` are one part, and so are more than MOST_OF_A_KIND edits.
    """
    named = [*_criteria(moved, limit)]
    lost = [(part["title"], part["points"]) for part in moved["lost_evidence"]]
    edits = [(part["title"], part["points"]) for part in moved["plan_edits"] if part["points"]]
    named += [*_of_kind("Evidence lost", lost, limit), *_of_kind("Plan edit", edits, limit)]
    cap = moved["readiness"]["cap"] or 0.0
    if abs(cap) >= 0.5e-9:
        named.append(("Cap of open blockers" if cap < 0 else "Cap of open blockers lifted", cap, ""))
    exact = [value for _, value, _ in named]
    shown = rounded_to_sum(exact, total_points(moved))
    return [
        SumPart(name, value, tenth, _label(value, tenth), criterion)
        for (name, value, criterion), tenth in zip(named, shown, strict=True)
    ]


def _of_kind(kind: str, parts: Sequence[tuple[str, float]], limit: int | None) -> list[tuple[str, float, str]]:
    """A part for each criterion; one for all where they are many: a new criterion takes weight from every other."""
    if limit is None or len(parts) <= MOST_OF_A_KIND:
        return [(f"{kind}: {title}", worth, "") for title, worth in parts]
    return [(f"{kind}: {count_of(len(parts), 'criterion', 'criteria')}", math.fsum(worth for _, worth in parts), "")]


def total_points(moved: MovedAnswer) -> float:
    """The change of readiness; where it is unknown, the sum of its parts."""
    readiness = moved["readiness"]
    if readiness["change"] is not None:
        return float(readiness["change"])
    return math.fsum(readiness[key] or 0.0 for key in ("gains", "losses", "lost_evidence", "plan_edits", "cap"))


def _criteria(moved: MovedAnswer, limit: int | None) -> list[tuple[str, float, str]]:
    changed = sorted((c for c in moved["criteria"] if c["points"]), key=lambda c: -abs(c["points"]))
    if limit is None or len(changed) <= limit + 1:
        return [(c["title"], c["points"], c["id"]) for c in changed]
    rest = changed[limit:]
    name = count_of(len(rest), "smaller factor", "smaller factors")
    together = (name, math.fsum(c["points"] for c in rest), "")
    return [*((c["title"], c["points"], c["id"]) for c in changed[:limit]), together]


def rounded_to_sum(values: Sequence[float], total: float) -> list[float]:
    """The values in tenths that sum to `total` in tenths: those nearest to the next tenth are rounded the other way."""
    scaled = [value * TENTH for value in values]
    lower = [math.floor(value) for value in scaled]
    up = round(total * TENTH) - sum(lower)
    order = sorted(range(len(values)), key=lambda k: lower[k] - scaled[k])
    for k in order[: max(up, 0)]:
        lower[k] += 1
    return [tenth / TENTH for tenth in lower]


def _label(exact: float, shown: float) -> str:
    """The shown tenth with its sign; a part that shows as nothing keeps the sign of what it is."""
    if shown:
        return points(shown)
    return points(math.copysign(min(abs(exact), 0.04), exact)) if exact else points(0.0)
