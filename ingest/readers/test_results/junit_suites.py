"""The suites of a JUnit report against their cases: errors outside of any case, and counts that no case carries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from ingest.readers.contract import count
from ingest.readers.test_results.agreement import plural, settle_failures, settle_skips
from ingest.readers.test_results.tally import Outcome, Tally

MOST_WARNINGS = 4
_FAULTS = frozenset({"failure", "error", "rerunFailure", "rerunError", "flakyFailure", "flakyError"})
_AGAIN = frozenset({"rerunFailure", "rerunError", "flakyFailure", "flakyError"})  # each is one test more for Surefire
_FAILED = frozenset({"failed", "errored"})


@dataclass(slots=True)
class _Below:
    """What lies in a suite and those inside it; `tests` and `skips`: the larger of what is listed and what they state.

    The last three are sums over every level: some tools count nested suites once for each suite around them.
    """

    cases: int = 0
    tests: int = 0
    faults: int = 0
    skips: int = 0
    stated_tests: int = 0
    stated_faults: int = 0
    stated_skips: int = 0

    def add(self, other: _Below) -> None:
        """Take in a suite that lies inside."""
        for key in self.__slots__:
            setattr(self, key, getattr(self, key) + getattr(other, key))


def settle_suites(root: Element, outcomes: Mapping[int, Outcome], tally: Tally) -> list[str]:
    """Add what no case carries to the tally, innermost suite first, so that nothing is added twice; the warnings.

    `outcomes` are those of all case elements, by their id().
    """
    suites = [root, *root.iter("testsuite")] if root.tag == "testsuites" else list(root.iter("testsuite"))
    below: dict[int, _Below] = {}
    found: list[str] = []
    for suite in reversed(suites):  # the children of a suite follow it
        own = _own_cases(suite, outcomes)
        for inner in suite:
            if inner.tag == "testsuite":
                own.add(below[id(inner)])
        outside = _outside(suite, tally)
        own.faults += outside
        own.tests += outside
        found += _settle(suite, own, tally, suite is root)
        below[id(suite)] = own
    more = len(found) - MOST_WARNINGS
    found.reverse()
    return found if more <= 0 else [*found[:MOST_WARNINGS], f"{plural(more, 'more suite')} of that kind"]


def _own_cases(suite: Element, outcomes: Mapping[int, Outcome]) -> _Below:
    own = _Below()
    for element in suite:
        if element.tag == "testcase":
            own.cases += 1
            outcome = outcomes.get(id(element))
            marks = [child.tag for child in element if child.tag in _FAULTS] if len(element) else []
            own.faults += max(len(marks), outcome in _FAILED)
            own.skips += outcome in ("skipped", "todo")
            own.tests += 1 + sum(tag in _AGAIN for tag in marks)
    return own


def _outside(suite: Element, tally: Tally) -> int:
    """Errors of the suite itself: a class that does not load, a fixture that breaks."""
    faults = [child for child in suite if child.tag in ("error", "failure")]
    for fault in faults:
        lines = [line.strip() for line in (fault.text or "").splitlines() if line.strip()]
        tally.add("errored")
        tally.fail("errored", _name(suite), fault.get("message") or (lines[0] if lines else ""), suite.get("file", ""))
    return len(faults)


def _settle_faults(failed: int, own: _Below, tally: Tally, where: str) -> list[str]:
    """Count the failures that a suite states and does not list."""
    if failed <= own.faults or failed == own.stated_faults:
        return []
    warning = settle_failures(tally, failed, own.faults, where)
    own.faults = failed
    return [warning]


def _settle(suite: Element, own: _Below, tally: Tally, is_root: bool) -> list[str]:
    """Compare the counts of one suite with what lies in it; `own` then holds what has been accounted for."""
    tests, failed, skipped = _stated_counts(suite)
    where = "the report" if is_root else f"suite {_name(suite)}"
    warnings = _settle_faults(failed, own, tally, where)
    if tests is not None and tests > own.tests and tests != own.stated_tests:
        warnings.append(f"{where} states {plural(tests, 'test')} and lists {own.cases}: the report is partial")
        own.tests = tests
    elif tests == own.cases and skipped > own.skips + own.faults and skipped != own.stated_skips:
        # CTest counts what could not run among both.
        warnings.append(settle_skips(tally, skipped, own.skips, where))
        own.skips = skipped
    own.stated_skips += skipped
    own.stated_tests += tests or 0
    own.stated_faults += failed
    return list(filter(None, warnings))


def _stated_counts(suite: Element) -> tuple[int | None, int, int]:
    """The tests, the failures with the errors, and the skips that a suite states; tests None when it states none.

    Crystal calls its failures `failed`.
    """
    keys = ("failures", "failed", "errors", "skipped", "disabled", "ignored")
    failures, failed, errors, *skips = (count(suite.get(key)) or 0 for key in keys)
    return count(suite.get("tests")), max(failures, failed) + errors, sum(skips)


def _name(suite: Element) -> str:
    return suite.get("name", "") or "without a name"
