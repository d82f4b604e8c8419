"""Three ways: the imported document, the document of today, the plan; and edits of the plan's text."""

from __future__ import annotations

import copy
import tomllib
from typing import Any

import pytest

from ingest.living_document.difference import proposals_of
from ingest.living_document.toml_edit import with_accepted, with_document
from ingest.plan_drafting.from_checklist import plan_from_checklist, plan_text
from ingest.readers.documents.checklist import read_checklist
from models.plan.parsing import parse_plan

DOCUMENT = """# Release

## Gate 1: Tests

- [ ] Suite healthy
  - [ ] Line coverage >= 70%
  - [ ] Flaky tests quarantined

## Gate 2: Operations

- [ ] Backups verified
- [ ] On-call rota published

## GO criteria

- Line coverage >= 70%
- Backups verified
"""


def imported(text: str) -> dict[str, Any]:
    return plan_from_checklist(read_checklist(text.encode(), "doc.md"), name="x")[0]


def changes(new: str, plan: dict[str, Any] | None = None) -> dict[str, tuple[str, bool]]:
    then = imported(DOCUMENT)
    found = proposals_of(then, imported(new), plan or copy.deepcopy(then))
    return {proposal.id: (proposal.kind, proposal.is_conflict) for proposal in found}


def test_the_same_document_proposes_nothing() -> None:
    """Neither does one in which lines only moved."""
    assert changes(DOCUMENT) == {}
    assert changes(DOCUMENT.replace("# Release\n", "# Release\n\nSome words.\n\nMore words.\n")) == {}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("- [ ] Backups", "- [x] Backups", {"criterion:backups-verified.claim": ("change", False)}),
        ("- [ ] On-call rota published\n", "", {"criterion:on-call-rota-published": ("remove", False)}),
        ("- [ ] On-call", "- [ ] DNS switched\n- [ ] On-call", {"criterion:dns-switched": ("add", False)}),
        (
            "On-call rota published",
            "On-call rota is published",
            {
                "criterion:on-call-rota-published.title": ("change", False),
                "criterion:on-call-rota-published.claim": ("change", False),
            },
        ),
        (
            "- [ ] Line coverage >= 70%",
            "- [ ] Line coverage >= 80%",
            {
                "criterion:test-coverage.threshold": ("change", False),
                "criterion:test-coverage.claim": ("change", False),
            },
        ),
        ("- Backups verified\n", "- Nobody is on leave\n- Backups verified\n", {"rule:go-2-2": ("add", False)}),
    ],
)
def test_each_kind_of_change_is_a_proposal(old: str, new: str, expected: dict[str, tuple[str, bool]]) -> None:
    """Ticks, thresholds, titles, added and removed lines: each is named once, under the ids of the plan."""
    found = changes(DOCUMENT.replace(old, new, 1))

    assert expected.items() <= found.items()
    assert len(found) <= len(expected) + 1


def test_an_edit_of_the_plan_at_the_same_place_is_a_conflict() -> None:
    """What a person has edited is never replaced by "all"; what the plan has already is no proposal."""
    plan = imported(DOCUMENT)
    row = plan["gate"][0]["criterion"][1]
    row["threshold"] = 90
    new = DOCUMENT.replace("- [ ] Line coverage >= 70%", "- [ ] Line coverage >= 80%")

    assert changes(new, plan)["criterion:test-coverage.threshold"] == ("change", True)
    row["threshold"] = 80
    assert "criterion:test-coverage.threshold" not in changes(new, plan)


def test_accepting_everything_makes_the_plan_that_an_import_would_make() -> None:
    """Apart from ids and places that the plan keeps, the text is valid and proposes nothing more."""
    new = (
        DOCUMENT.replace("- [ ] Backups verified\n", "- [x] Backups verified\n- [ ] DNS switched (owner: Mika)\n")
        .replace(">= 70%", ">= 75%")
        .replace("- [ ] On-call rota published\n", "")
    ) + "\n## Gate 3: Legal\n\n- [ ] Terms signed\n"
    then, now = imported(DOCUMENT), imported(new)
    text = plan_text(then)
    found = proposals_of(then, now, then)
    edited = with_accepted(text, found)
    tables = tomllib.loads(edited)

    assert proposals_of(then, now, tables) == []
    parse_plan(tables)
    assert [gate["id"] for gate in tables["gate"]] == ["tests", "operations", "legal"]
    assert tables["gate"][1]["criterion"][-1]["owner"] == "Mika"


def test_comments_and_hand_edits_survive() -> None:
    """Only the accepted value changes; comments, spaces and other keys stay as people wrote them."""
    then = imported(DOCUMENT)
    text = (
        plan_text(then)
        .replace("target = 90", "target = 85   # agreed in May")
        .replace("[readiness]", "[readiness] # x")
    )
    now = imported(DOCUMENT.replace("- [ ] Backups", "- [x] Backups"))
    edited = with_accepted(text, proposals_of(then, now, tomllib.loads(text)))

    changed = [(a, b) for a, b in zip(text.splitlines(), edited.splitlines(), strict=True) if a != b]
    assert changed == [('  claim = "[ ] Backups verified"', '  claim = "[x] Backups verified"')]
    assert "target = 85   # agreed in May" in edited
    assert tomllib.loads(with_document(edited, {"digest": "abc"}))["document"]["digest"] == "abc"
