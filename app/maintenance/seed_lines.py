"""docs/seed-lines.md: what became of each line of the staging checklist that this project began with."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

SEED = Path(__file__).resolve().parents[2] / "tests" / "fixtures" / "checklist" / "staging_double_encoded.md"


def seed_lines_page(note: str) -> str:
    """The table, made from the document itself."""
    from ingest.living_document.fates import line_fates

    rows = line_fates(SEED.read_bytes(), "staging_deployment_checklist.md")
    counts = Counter(row.fate for row in rows)
    total = ", ".join(f"{counts[fate]} {fate}" for fate in ("used", "attested", "displayed", "nowhere"))
    about = (
        f"Every line of the staging checklist with words in it, headings apart: {len(rows)} lines, {total}. "
        "*Used* is measured, computed, written or run by a command; *attested* is a criterion of its own that a named "
        "person vouches for; *displayed* is only shown."
    )
    head = ["| line | document | fate | in the plan | served by |", "| --- | --- | --- | --- | --- |"]
    body = [f"| {row.line} | {_cell(row.text)} | {row.fate} | {_cell(row.became)} | {row.served_by} |" for row in rows]
    return "\n\n".join(["# The lines of the seed", note, about, "\n".join(head + body)]) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*").replace("[", "\\[").strip()
