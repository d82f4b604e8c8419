"""Every reason of the models has one sentence that a reader of the meeting understands, and a value for programs."""

from __future__ import annotations

import json
import math
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

import pytest

from app.answers.reasons import reason_value
from app.wording.movement_reasons import grade_text
from app.wording.reasons import rule_reasons_text, rule_text
from models.reasons.criterion import NeverMeasured
from models.reasons.decision import CriterionDecides
from models.reasons.every import Reason
from models.reasons.kinds import ReasonKind
from models.reasons.movement import EXACT, NOT_COMPARABLE, Grade, GradeKind
from tests.testing.reason_examples import DAY, GOLD, NAMES, members, text


@pytest.mark.parametrize(("reason", "sentence"), GOLD, ids=lambda part: getattr(part, "kind", ""))
def test_every_reason_reads_as_agreed(reason: Any, sentence: str) -> None:
    """The sentence of each reason is the one of the table."""
    assert text(reason) == sentence


def test_no_kind_of_reason_is_without_a_sentence() -> None:
    """Each member of ReasonKind belongs to one dataclass of the union, and the table has an example of it."""
    every = members(Reason)

    assert sorted(part.kind for part in every) == sorted(ReasonKind)  # type: ignore[attr-defined]
    assert {type(reason) for reason, _ in GOLD} == every


@pytest.mark.parametrize("reason", [reason for reason, _ in GOLD], ids=lambda reason: reason.kind)
def test_a_reason_is_a_value_for_programs(reason: Any) -> None:
    """As JSON a reason has its kind and all of its values, and nothing that JSON cannot hold."""
    value = json.loads(json.dumps(reason_value(reason), allow_nan=False))

    assert is_dataclass(reason)
    assert set(value) == {"kind", *(field.name for field in fields(reason))}
    assert value["kind"] == reason.kind


def test_an_unknown_id_is_shown_as_it_is() -> None:
    """A criterion that the plan no longer has is named by its id; long lists are cut after five names."""
    assert NAMES.criterion("gone") == "gone"
    assert NAMES.listed("abcdefghi") == "Line coverage, Bundle size, c, d, e and 4 more"


def test_what_a_rule_has_never_measured_is_named_once() -> None:
    """Titles in one clause after what is known; an attestation that has run out keeps its own words."""
    unknown = [CriterionDecides(name, NeverMeasured("tests_failed")) for name in ("a", "b")]
    expired = CriterionDecides("c", NeverMeasured("x_count", "A. Bee", date(2026, 3, 31)))

    assert rule_reasons_text(unknown, NAMES) == "nothing measures Line coverage and Bundle size"
    assert rule_reasons_text([*unknown[:1], expired], NAMES) == (
        "c: no value of x_count yet; the attestation by A. Bee expired on 31 Mar 2026; nothing measures Line coverage"
    )


def test_rules_of_every_plan_have_a_text() -> None:
    """The rules that the plan does not write have a text of their own; a plan's rule keeps its words."""
    assert rule_text("readiness", "", 90.0) == "readiness is at least 90"
    assert rule_text("blockers", "", 90.0) == "every blocker holds"
    assert rule_text("measured", "", math.nan) == "every value is measured, none simulated"
    assert rule_text("attested", "", 25.0) == "at most 25% of the points are attested"
    assert rule_text("candidate", "", 3) == "evidence is at most 3 commits behind the candidate"
    assert rule_text("go-1", "CI is green", 90.0) == "CI is green"


def test_a_grade_names_commits_in_short() -> None:
    """Grades are written as other programs read them."""
    first, last = "a" * 40, "b" * 40
    assert grade_text(EXACT) == "exact"
    assert grade_text(NOT_COMPARABLE) == "not comparable"
    assert grade_text(Grade(GradeKind.WITHIN, first, last, 3)) == "within aaaaaaaaaa..bbbbbbbbbb (3 commits)"
    assert grade_text(Grade(GradeKind.NEAR, last=last)) == "near bbbbbbbbbb"
    assert grade_text(Grade(GradeKind.NEAR, day=DAY)) == "near 2026-03-31"
