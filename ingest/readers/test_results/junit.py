"""JUnit XML in its dialects: cases are counted as elements, since the attributes of many tools are wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from xml.etree.ElementTree import Element

from ingest.readers.contract import Reader, ReadError, Reading, count, number
from ingest.readers.test_results.junit_suites import settle_suites
from ingest.readers.test_results.tally import METRICS, Outcome, Tally
from ingest.readers.text.durations import UNSURE, has_decimal_comma, is_unsure, seconds_of
from ingest.readers.text.xml import parse_xml, root_of

_NOT_RUN = frozenset({"notrun", "disabled", "skipped", "ignored", "suppressed"})
_RAN = frozenset(
    {"run", "passed", "pass", "success", "successful", "succeeded", "ok", "completed", "complete", "done", "true"}
)
_NO_TAGS: frozenset[str] = frozenset()
_LETTER = re.compile(r"[a-z]")
_HOOK = re.compile(r'"(?:before|after) (?:all|each)" hook')  # of mocha: written as cases that no suite counts
_BY_CHOICE = ("Disabled", "SKIP_")  # CTest's reasons not to run a test; all others of it are failures
_FLAKY = frozenset({"flakyFailure", "flakyError"})  # Surefire: failed first, passed in the end


class JUnitCase(NamedTuple):
    """One <testcase> element."""

    identity: tuple[int, str, str]  # number of the suite element, class, name
    outcome: Outcome
    flaky: bool
    element: Element


def _detect(head: bytes, name: str) -> float:
    tag, attributes = root_of(head)
    foreign = "check.sourceforge.net" in attributes  # Check's own format, whose tests are no cases
    return 0.95 if tag in ("testsuites", "testsuite") and not foreign else 0.0


def _uncounted(cases: Iterable[JUnitCase]) -> int:
    """The todo cases without any element: their suite does not count them."""
    return sum(1 for case in cases if case.outcome == "todo" and not len(case.element))


def _refuse_unlisted(root: Element) -> None:
    """Suites that state tests, and list neither a case nor an error of their own, leave the results unknown."""
    suites = [root, *root.iter("testsuite")]
    stated = max(count(suite.get("tests")) or 0 for suite in suites)
    outside = any(child.tag in ("error", "failure") for suite in suites for child in suite)
    if stated and not outside:
        raise ReadError(f"the suites state {stated} tests and list none of them: which ones passed is unknown")


def read_junit(data: bytes, name: str) -> Reading:
    """Every case once, also in nested suites; todo cases that a suite leaves out of its own count are reported apart.

    What a suite reports outside its cases, or counts and no case carries, is an errored test.
    """
    root = parse_xml(data)
    if root.tag not in ("testsuites", "testsuite"):
        raise ReadError(f"expected <testsuites>, found <{root.tag[:40]}>")
    cases = list(_cases(root))
    if not cases:
        _refuse_unlisted(root)
    kept, reruns, warnings = _without_reruns(cases)
    tally = Tally(flaky=reruns + sum(case.flaky for case in kept))
    decimal_comma = has_decimal_comma(case.element.get("time", "") for case in kept)
    for case in kept:
        _count(tally, case, decimal_comma)
    if unnamed := _unnamed_skips(root, tally):
        warnings.append(f"{unnamed} skipped tests have no mark of their own: counted, not named")
    if todo := _uncounted(kept):
        warnings.append(f"{todo} cases without a result that their suite does not count: taken as todo")
    warnings += settle_suites(root, {id(case.element): case.outcome for case in cases}, tally)
    return Reading("junit", _tool(root), "", tally.figures(), tuple(tally.items), tuple(warnings))


def _unnamed_skips(root: Element, tally: Tally) -> int:
    """xUnit.net states how many tests it skipped and writes each like one that passed, which it must not become."""
    own = root.find("properties/property[@name='skipped']") if root.tag == "testsuites" else None
    unnamed = 0 if own is None else (count(own.get("value")) or 0) - tally.counts["skipped"]
    unnamed = max(0, min(int(unnamed), tally.counts["passed"]))
    tally.counts["passed"] -= unnamed
    tally.counts["skipped"] += unnamed
    return unnamed


def _cases(root: Element) -> Iterator[JUnitCase]:
    suites = [root, *root.iter("testsuite")] if root.tag == "testsuites" else list(root.iter("testsuite"))
    for nth, suite in enumerate(suites):
        own = [child for child in suite if child.tag == "testcase"]
        todo = _todo_cases(suite, own)
        for element in own:
            outcome: Outcome = "todo" if id(element) in todo else _outcome(element)
            identity = (nth, element.get("classname", ""), element.get("name", ""))
            flaky = len(element) > 0 and any(child.tag in _FLAKY for child in element)
            yield JUnitCase(identity, outcome, flaky, element)


def _todo_cases(suite: Element, own: list[Element]) -> set[int]:
    """jest-junit writes a todo as a case without any result and leaves it out of `tests`: the surplus gives it away."""
    declared = count(suite.get("tests"))
    surplus = len(own) - (declared or 0) - sum(1 for e in own if _HOOK.search(e.get("name", "")))
    if not declared or surplus <= 0:
        return set()
    silent = [e for e in own if len(e) == 0 and number(e.get("time", "0")) == 0]
    return {id(element) for element in silent[-surplus:]}


def _is_risky(element: Element) -> bool:
    """PHPUnit up to 9: a test that asserts nothing, and fails nothing."""
    return all(child.get("type", "").endswith("RiskyTestError") for child in element if child.tag == "error")


def _outcome(element: Element) -> Outcome:
    """A case with several <failure> elements is one failed test; a failure weighs more than a skip, but for todos."""
    tags = {child.tag for child in element} if len(element) else _NO_TAGS
    if "skipped" in tags:
        return _skipped(element, tags)
    if "failure" in tags:
        return "failed"
    if "error" in tags:
        return "skipped" if _is_risky(element) else "errored"
    words = {element.get("status", "").lower(), element.get("result", "").lower()}
    if words & _NOT_RUN:
        return "skipped"
    return next((each for each in map(_by_status, sorted(words)) if each != "passed"), "passed")


def _by_status(status: str) -> Outcome:
    """The outcome of a case without a child that says it; a word that nobody knows may be a failure's."""
    if status in ("fail", "failed", "failure"):
        return "failed"
    return "passed" if status in _RAN or not _LETTER.search(status) else "errored"


def _skipped(element: Element, tags: frozenset[str] | set[str]) -> Outcome:
    """What a case with a <skipped> is; the failure of one that is marked as not done yet was expected."""
    own = element.find("skipped")
    kind, message = ("", "") if own is None else (own.get("type", ""), own.get("message", ""))
    if kind == "todo":  # node:test
        return "todo"
    if "!mayfail" in message or "!shouldfail" in message:  # Catch2
        return "skipped"
    if "failure" in tags:
        return "failed"
    return "errored" if "error" in tags or _could_not_run(element, message) else "skipped"


def _could_not_run(element: Element, message: str) -> bool:
    """CTest: no program, or a fixture that failed."""
    return element.get("status") == "notrun" and bool(message) and not message.startswith(_BY_CHOICE)


def _is_rerun(group: Sequence[JUnitCase]) -> bool:
    """Whether every case but the last one failed, and none is skipped: only a failed test is run again."""
    ran = all(case.outcome in ("passed", "failed", "errored") for case in group)
    return ran and all(case.outcome != "passed" for case in group[:-1])


def _without_reruns(cases: list[JUnitCase]) -> tuple[list[JUnitCase], int, list[str]]:
    """Reruns written as further cases of the same name, joined: the last result counts, and a late pass is flaky.

    Only a failed test is run again. When a name passed twice, names do not identify tests here (parametrised tests) and
    nothing is joined: no failure may hide behind a namesake that passed.
    """
    groups: dict[tuple[int, str, str], list[JUnitCase]] = {}
    for case in cases:
        groups.setdefault(case.identity, []).append(case)
    repeated = [group for group in groups.values() if len(group) > 1]
    if not repeated:
        return cases, 0, []
    if not all(_is_rerun(group) for group in repeated):
        return cases, 0, [f"{len(repeated)} test names are listed more than once: each is counted"]
    kept = [group[-1] for group in groups.values()]
    flaky = sum(1 for group in repeated if group[-1].outcome == "passed")
    return kept, flaky, [f"{len(repeated)} tests were run again: the last result counts"]


def _count(tally: Tally, case: JUnitCase, decimal_comma: bool | None) -> None:
    element = case.element
    tally.add(case.outcome, seconds_of(element.get("time"), decimal_comma))
    if is_unsure(element.get("time"), decimal_comma):
        tally.no_time = UNSURE
    if case.outcome in ("failed", "errored"):
        _, group, title = case.identity
        path = element.get("file") or (group if "/" in group and "." in group.rpartition("/")[2] else "")
        own = group if group not in ("", path, title) else ""
        tally.fail(case.outcome, f"{own} {title}".strip(), _message(element), path, element.get("line"))


def _message(element: Element) -> str:
    own = f"::{element.get('name', '')}"  # PHPUnit repeats the name of the test before its message
    for child in element:
        if child.tag in ("failure", "error", "skipped"):
            return child.get("message") or next((line for line in _lines(child.itertext()) if own not in line), "")
    return ""


def _lines(texts: Iterable[str]) -> Iterator[str]:
    return (line.strip() for text in texts for line in text[:2000].splitlines() if line.strip())


def _tool(root: Element) -> str:
    """Whose dialect it is, where the names of the suites show it."""
    names = {root.get("name", ""), *(suite.get("name", "") for suite in list(root.iter("testsuite"))[:3])}
    for known in ("pytest", "jest", "vitest", "schemathesis", "mocha", "playwright", "phpunit"):
        if any(known in name.lower() for name in names):
            return known
    return "junit"


READERS = (
    Reader(
        "junit",
        "JUnit XML",
        "pytest 6.2 and 9.2, jest-junit 17.0, vitest 5.1, schemathesis 4.32, Surefire 2.22, Ant 1.10, JUnit 5.9,"
        " PHPUnit 9.6, GoogleTest 1.12, CTest 3.25, Catch2 2.13, bats 1.8, node 20 and 26, xUnit.net 2.4, RSpec,"
        " minitest, Robot Framework 3.2, 4.1, 7.5",
        METRICS,
        _detect,
        read_junit,
    ),
)
