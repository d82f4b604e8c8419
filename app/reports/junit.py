"""A check as JUnit XML, which every CI shows: a suite for each gate, a case for each criterion.

What fails or got worse is a failure; what nobody knows is an error, never a pass. Only what does not apply, or what
neither side of a comparison measures, is skipped.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple
from xml.etree import ElementTree as ET

from app.answers.types.change import ComparedAnswer
from app.answers.types.status import CheckAnswer, CriterionAnswer
from app.wording.change.ratchet import before_after, outcome_text
from app.wording.numbers import quantity, wanted
from app.wording.status import STATE_WORDS

# XML 1.0 holds no other control characters, and no halves of surrogate pairs.
_NOT_XML = {*range(0x20), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF} - {0x09, 0x0A, 0x0D}
_CLEAN = dict.fromkeys(_NOT_XML, "\ufffd")
_Result = Literal["", "failure", "error", "skipped"]
_OF_STATE: dict[str, _Result] = {"passing": "", "waived": "", "failing": "failure", "not_applicable": "skipped"}
_OF_OUTCOME: dict[str, _Result] = {"worse": "failure", "not_comparable": "error", "not_measured": "skipped"}


class _Case(NamedTuple):
    suite: str
    name: str
    result: _Result
    message: str


def junit_xml(answer: CheckAnswer, project: str) -> str:
    """The report; of the ratchet where there is a baseline, else of the verdict."""
    cases = list(_ratchet_cases(answer["ratchet"]["criteria"]) if "ratchet" in answer else _verdict_cases(answer))
    root = ET.Element("testsuites", {"name": _clean(f"tminus {project}"), **_totals(cases)})
    for name in dict.fromkeys(case.suite for case in cases):
        inside = [case for case in cases if case.suite == name]
        suite = ET.SubElement(root, "testsuite", {"name": _clean(name), **_totals(inside)})
        for case in inside:
            element = ET.SubElement(suite, "testcase", {"classname": _clean(name), "name": _clean(case.name)})
            if case.result:
                ET.SubElement(element, case.result, {"message": _clean(case.message)})
            else:
                ET.SubElement(element, "system-out").text = _clean(case.message)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _totals(cases: Iterable[_Case]) -> dict[str, str]:
    results = [case.result for case in cases]
    named = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    return {"tests": str(len(results)), **{key: str(results.count(name)) for key, name in named.items()}}  # type: ignore[arg-type]


def _ratchet_cases(criteria: Iterable[ComparedAnswer]) -> Iterable[_Case]:
    for one in criteria:
        result = "" if one["accepted"] else _OF_OUTCOME.get(one["outcome"], "")
        message = ": ".join(part for part in (before_after(one), outcome_text(one)) if part)
        yield _Case("no worse than the base", one["title"], result, message)


def _verdict_cases(answer: CheckAnswer) -> Iterable[_Case]:
    for gate in answer["gates"]:
        yield from (_verdict_case(gate["title"], one) for one in gate["criteria"])


def _verdict_case(gate: str, one: CriterionAnswer) -> _Case:
    value = quantity(one["value"], one["unit"], one["threshold"])
    message = f"{STATE_WORDS[one['state']]}: {value}, needs {wanted(one)}. {one['because']}"
    is_attested = one["attested"] and one["attainment"] >= 1
    return _Case(gate, one["title"], "" if is_attested else _OF_STATE.get(one["state"], "error"), message)


def _clean(text: str) -> str:
    return text.translate(_CLEAN)
