"""What T-minus writes into a document can always be distinguished from what people wrote."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.living_document.facts import CriterionFacts, DocumentFacts, GateFacts
from ingest.living_document.rewrite import NotTextError, write_document, write_summary
from ingest.living_document.versions import digest_of
from ingest.plan_drafting.from_checklist import plan_from_checklist, traced_plan
from ingest.readers.documents.checklist import read_checklist
from ingest.readers.documents.document_text import editable
from ingest.readers.documents.marks import boxed, remark, replaced, restored
from ingest.source import TMinusError

FIXTURES = Path(__file__).parents[2] / "fixtures" / "checklist"
WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=30)


def facts_for(data: bytes, holds: bool | None) -> DocumentFacts:
    """Facts that change every value that the document can show."""
    document = read_checklist(data, "doc.md")
    mapping, _, trace = traced_plan(document, name="x")
    line = CriterionFacts(holds is True, holds, "77%", "7 of 9 parts hold", "measured")
    names = {name for names in trace.criteria.values() for name in names}
    keys = ("readiness", "verdict", "estimate", "next_review", "assessed", "deployment")
    return DocumentFacts(
        dict.fromkeys(names, line),
        {gate["id"]: GateFacts("FAILING", "12%", holds) for gate in mapping["gate"]},
        {rule["id"]: line for rule in mapping.get("rule", [])},
        dict.fromkeys(keys, "2026-01-02"),
        ("", "## From the evidence", "", "- Verdict: NO-GO", ""),
    )


def people_wrote(data: bytes) -> str:
    return "".join(editable(data)[0])


@pytest.mark.parametrize("name", sorted(path.name for path in FIXTURES.glob("*.md")))
@pytest.mark.parametrize("holds", [True, False, None])
def test_writing_twice_changes_nothing_and_loses_nothing(name: str, holds: bool | None) -> None:
    """A written document is written again as it is, reads back as people wrote it, and makes the same plan."""
    data = (FIXTURES / name).read_bytes()
    facts = facts_for(data, holds)
    written = write_document(data, "doc.md", facts)

    assert write_document(written, "doc.md", facts) == written
    assert people_wrote(written).rstrip("\r\n") == people_wrote(data).rstrip("\r\n")
    assert digest_of(written) == digest_of(data)
    mapping = plan_from_checklist(read_checklist(data, "doc.md"), name="x")[0]
    assert plan_from_checklist(read_checklist(written, "doc.md"), name="x")[0] == mapping


def test_every_kind_of_value_of_the_seed_is_written() -> None:
    """Boxes, status lines, completion, matrix, readiness, verdict, estimate and review show the evidence."""
    data = (FIXTURES / "staging_double_encoded.md").read_bytes()
    text = write_document(data, "doc.md", facts_for(data, True)).decode()

    assert (
        "- [x] **Core API Endpoints Functional** <!-- tminus -->*measured*<!-- /tminus --> <!-- tminus box: [ ] [x] -->"
        in text
    )
    assert (
        "**Current Status:** <!-- tminus -->7 of 9 parts hold<!-- was: 39+ TODO markers, core routes stubbed -->"
        in text
    )
    assert "**Completion:** <!-- tminus -->12%<!-- was: 35% -->" in text
    assert (
        "| **Test Coverage** | <!-- tminus -->77%<!-- was: 3.4% --> | >15% | <!-- tminus -->✅<!-- was: ❌ -->" in text
    )
    assert "**Current Readiness:** <!-- tminus -->2026-01-02<!-- was: 23% --> | **Target Readiness:** >90%" in text
    assert "RECOMMENDATION: <!-- tminus -->2026-01-02<!-- was: ❌ BLOCKED -->**" in text
    assert "Deployment Ready:** <!-- tminus -->2026-01-02" in text
    assert "- ✅ Rollback procedures validated <!-- tminus -->*measured*<!-- /tminus -->" in text


def test_a_box_that_somebody_changes_afterwards_is_theirs() -> None:
    """A tick that differs from the one that was written is a change of the document, and only that one."""
    line = "- [x] Backups verified"
    cleared = boxed(line, False)

    assert restored(cleared) == line
    assert restored(cleared.replace("- [ ]", "- [x]", 1)) == line
    assert restored(boxed("- [ ] Backups", True).replace("- [x]", "- [ ]", 1)) == "- [ ] Backups"


def test_code_and_kept_parts_are_never_touched() -> None:
    """Between the marks that keep it, and in code, nothing is written."""
    data = (
        b"# R\n\n## Gate 1: A\n\n- [ ] Done one\n<!-- tminus:keep -->\n- [ ] Done two\n**Status:** mine\n"
        b"<!-- tminus:/keep -->\n\n```\n- [ ] Done one\n```\n"
    )
    text = write_document(data, "doc.md", facts_for(data, True)).decode()

    assert "- [x] Done one" in text
    assert "\n- [ ] Done two\n**Status:** mine\n" in text
    assert "```\n- [ ] Done one\n```" in text


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf# R\r\n\r\n- [ ] Backups verified\r\n- [x] Logs kept\r\n",
        "# R\n\n- [ ] Backups verified\n".encode("utf-16"),
        b"# R\n\n- [ ] Backups verified",
        b"# R\n\n- [ ] Caf\xe9 open\n",
        b"# R\n\n" + (b"- [ ] box " + b"y" * 100 + b"\n") * 400,
        b"# R\n\n- [ ] " + b"x" * 50_000 + b"\n",
    ],
)
def test_encodings_line_ends_and_sizes_are_kept(data: bytes) -> None:
    """BOM, CRLF, UTF-16, a missing last line end, Windows bytes, very long documents: all read back as they were."""
    facts = facts_for(data, True)
    written = write_document(data, "doc.md", facts)

    assert people_wrote(written).rstrip("\r\n") == people_wrote(data).rstrip("\r\n")
    assert written[:2] == data[:2]
    assert (b"\r\n" in written) == (b"\r\n" in data)
    assert write_document(written, "doc.md", facts) == written


def test_bytes_that_are_no_text_are_refused() -> None:
    """A binary file is not written into."""
    with pytest.raises(NotTextError, match="NUL"):
        write_document(b"\x7fELF\x00\x00\x01", "doc.md", DocumentFacts({}, {}, {}, {}))


def test_a_plan_without_a_document_has_its_own_part_beside_a_persons_text() -> None:
    """Only the part between the marks is replaced."""
    facts = DocumentFacts({}, {}, {}, {}, ("", "- Verdict: NO-GO", ""))
    first = write_summary(b"", facts)
    second = write_summary(b"# Mine\n\nwords\n" + first, facts)

    assert second == b"# Mine\n\nwords\n" + first
    assert b"- Verdict: NO-GO" in first


@given(st.lists(WORDS, min_size=1, max_size=4), WORDS, st.booleans())
@settings(max_examples=200, deadline=None)
def test_any_words_come_back(lines: list[str], new: str, tick: bool) -> None:
    """Values, remarks and boxes of any words are restored, however hostile the words are."""
    text = "\n".join(lines)
    if "tminus" in text or "<!--" in text:
        return
    marked = "\n".join(replaced(line, "new") + remark(new) for line in lines)

    assert restored(marked) == text
    assert restored(boxed(f"- [x] {lines[0]}", tick)) == f"- [x] {lines[0]}"


FRAGMENTS = st.sampled_from(
    [
        *(
            "# Gate 1: A",
            "## GO criteria",
            "## NO-GO",
            "### Phase 2: Roll",
            "## Post-deployment",
            "- [ ] coverage >15%",
        ),
        *(
            "- [x] done",
            "  - [ ] no secrets",
            "  - **Current Status:** 3 failing",
            "**Status:** BLOCKED | **Completion:** 3%",
        ),
        *(
            "| Factor | Current | Required | Status |",
            "|---|---|---|---|",
            "| API | 65% | >95% | ❌ |",
            "| a \\| b | | >1% | |",
        ),
        *(
            "```",
            "text <!-- comment -->",
            "> - [ ] quoted",
            "* [X] big",
            "1. [ ] numbered  ",
            "",
            "- 6/7 tests failing",
        ),
        *(
            "**DECISION: GO**",
            "Next Review: weekly",
            "<!-- tminus:keep -->",
            "<!-- tminus:/keep -->",
            "- [ ] a -- b -->",
        ),
    ]
)


@given(st.lists(FRAGMENTS, max_size=20), st.sampled_from([True, False, None]))
@settings(max_examples=150, deadline=None)
def test_any_document_survives_writing(lines: list[str], holds: bool | None) -> None:
    """Whatever the parts are: writing is stable, loses nothing, and makes the same plan when read again."""
    data = "\n".join(lines).encode()
    try:
        facts = facts_for(data, holds)
    except TMinusError:
        return
    written = write_document(data, "doc.md", facts)

    assert write_document(written, "doc.md", facts) == written
    assert people_wrote(written).rstrip("\n") == people_wrote(data).rstrip("\n")
