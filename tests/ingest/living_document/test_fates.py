"""What becomes of each line of a checklist: nothing is lost, and little is only shown."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from ingest.living_document.fates import line_fates

FIXTURES = Path(__file__).parents[2] / "fixtures" / "checklist"


def test_the_seed_is_used_or_attested_line_by_line() -> None:
    """Of its 188 lines of substance at most 15 are only displayed, and none is nowhere."""
    rows = line_fates((FIXTURES / "staging_double_encoded.md").read_bytes(), "seed.md")
    counts = Counter(row.fate for row in rows)

    assert len(rows) == 188
    assert counts["displayed"] <= 15
    assert counts["nowhere"] == 0
    assert all(row.became and row.served_by for row in rows)


@pytest.mark.parametrize("name", sorted(path.name for path in FIXTURES.glob("*.md")))
def test_no_line_of_any_checklist_is_nowhere(name: str) -> None:
    """Each line with words in it is somewhere in the plan."""
    rows = line_fates((FIXTURES / name).read_bytes(), name)

    assert [row for row in rows if row.fate == "nowhere"] == []


@pytest.mark.parametrize(
    ("line", "step"),
    [(135, "security-validation"), (136, "security-validation"), (171, "verify-rollback-success"), (110, "kubectl-r")],
)
def test_a_command_is_found_by_its_whole_line(line: int, step: str) -> None:
    """Not as a part of another address, and a comment above commands is no gate of the same name."""
    rows = {row.line: row for row in line_fates((FIXTURES / "staging_double_encoded.md").read_bytes(), "seed.md")}

    assert rows[line].became.startswith(f"[[runbook.step]] {step}")
