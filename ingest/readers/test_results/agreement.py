"""Stated against listed: what a report says of itself, compared with what it lists. The greener one never wins unseen.

A header, a summary or an exit flag that contradicts the entries below it is damage of some kind: a run that was cut
off, a crash outside of any test, a filter, a counting error of the tool. The worse of the two figures is taken, and a
warning names both. Every reader with two such statements uses this module.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ingest.readers.test_results.tally import Tally

_SAME_RATE = 0.05  # percentage points: two rates closer than this print alike


class Stated(NamedTuple):
    """What a test report states of itself; None where it is silent. `failed` counts errors, too."""

    total: int | None = None
    passed: int | None = None
    failed: int | None = None
    skipped: int | None = None


class Hits(NamedTuple):
    """Covered out of all, of lines or of branches."""

    hit: float
    whole: float

    @property
    def percent(self) -> float:
        """100 * hit / whole; only where there is a whole."""
        return 100 * self.hit / self.whole


def plural(number: float, noun: str) -> str:
    """ "1 test", "1425 tests": digits as the report has them, to be searched for in it."""
    return f"{number:.0f} {noun}{'s' * (number != 1)}"


def settle_failures(tally: Tally, stated: int, listed: int, where: str = "the report") -> str:
    """Count the failures that are stated and that no entry carries as errored tests; the warning, if there is one."""
    if stated < listed:
        return f"{where} states {plural(stated, 'failure')} and lists {listed}: the listed ones count"
    lack = stated - listed
    if not lack:
        return ""
    tally.counts["errored"] += lack
    tally.fail("errored", where, f"{plural(lack, 'failure')} that no listed test carries")
    noun = "it counts as an errored test" if lack == 1 else f"the {lack} others count as errored tests"
    return f"{where} states {plural(stated, 'failure')} and lists {listed}: {noun}"


def settle_tests(tally: Tally, stated: Stated, where: str = "the report") -> list[str]:
    """Make the tally the worse of the two; the warnings name both figures.

    Failures that no listed test carries become errored tests. Of more skips than are listed, and of fewer passes, the
    surplus of the passed tests loses its pass.
    """
    listed, failed = sum(tally.counts.values()), tally.counts["failed"] + tally.counts["errored"]
    warnings = [_settle_total(stated.total, listed, where)]
    if stated.failed is not None:
        warnings.insert(0, settle_failures(tally, stated.failed, failed, where))
    if stated.total is None or stated.total <= listed:
        skips = tally.counts["skipped"] + tally.counts["todo"]
        known = max((stated.failed or 0) - failed, 0)
        warnings += [
            settle_skips(tally, stated.skipped or 0, skips, where),
            _settle_passes(tally, stated, where, known),
        ]
    return [words for words in warnings if words]


def settle_verdict(tally: Tally, failed: bool, words: str) -> list[str]:
    """One errored test for a run that calls itself failed (in these `words`) though no test of it did."""
    if not failed or tally.counts["failed"] + tally.counts["errored"]:
        return []
    tally.add("errored")
    tally.fail("errored", "the run calls itself failed", words)
    return [f"the run calls itself failed ({words}), though no listed test of it failed: it counts as an errored test"]


def _settle_total(stated: int | None, listed: int, where: str) -> str:
    if stated is None or stated == listed:
        return ""
    what = "the report is partial" if stated > listed else "all that are listed count"
    return f"{where} states {plural(stated, 'test')} and lists {listed}: {what}"


def settle_skips(tally: Tally, stated: int, listed: int, where: str = "the report") -> str:
    """Take the pass from as many tests as are stated to be skipped and are not listed so; the warning."""
    lack = min(stated - listed, tally.counts["passed"])
    if lack <= 0:
        return ""
    tally.counts["passed"] -= lack
    tally.counts["skipped"] += lack
    what = f"{lack} of those listed as passed count as skipped"
    return f"{where} states {plural(stated, 'skipped test')} and lists {listed}: {what}"


def _settle_passes(tally: Tally, stated: Stated, where: str, known: int) -> str:
    """Take the pass from the surplus; `known` of them count as failures that no test carries already."""
    listed = tally.counts["passed"]
    if stated.passed is None or stated.passed >= listed:
        return ""
    lack = listed - stated.passed
    tally.counts["passed"] -= lack
    tally.counts["errored"] += max(lack - known, 0)
    if lack > known:
        tally.fail(
            "errored",
            where,
            f"{plural(lack - known, 'test')} listed as passed that the report does not count as passed",
        )
    what = "the surplus does not count as passed"
    return f"{where} states {plural(stated.passed, 'passed test')} and lists {listed}: {what}"


def worse_hits(stated: Hits | None, listed: Hits, noun: str) -> tuple[Hits, str]:
    """The lower rate of the two, and a warning where they differ. 0 of 0 says nothing against the other one."""
    if stated is None or stated.whole <= 0:
        return listed, ""
    if listed.whole <= 0 or stated == listed:
        return stated, ""
    taken = min(stated, listed, key=lambda hits: hits.percent)
    if abs(stated.percent - listed.percent) < _SAME_RATE:
        return taken, ""
    return taken, (
        f"the report states {stated.hit:.0f} of {stated.whole:.0f} {noun} ({stated.percent:.1f}%) and lists "
        f"{listed.hit:.0f} of {listed.whole:.0f} ({listed.percent:.1f}%): the lower one is taken"
    )


def worse_counts(stated: Mapping[str, int | None], listed: Mapping[str, int], noun: str) -> tuple[dict[str, int], str]:
    """The larger count for each word (a severity), and a warning that names both where they differ."""
    taken = {word: max(stated.get(word) or 0, number) for word, number in listed.items()}
    pairs = ((word, stated.get(word), number) for word, number in listed.items())
    apart = [f"{theirs} {word}, lists {ours}" for word, theirs, ours in pairs if theirs not in (None, ours)]
    return taken, f"the report states {'; '.join(apart)} {noun}: the larger figure is taken" if apart else ""


def worse_count(stated: int | None, listed: int, noun: str) -> tuple[int, str]:
    """The larger count of faults, and a warning that names both where they differ."""
    if stated is None or stated == listed:
        return listed, ""
    warnings = f"the report states {plural(stated, noun)} and lists {listed}: the larger figure is taken"
    return max(stated, listed), warnings
