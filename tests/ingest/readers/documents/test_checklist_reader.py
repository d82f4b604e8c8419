"""The Markdown checklist reader: structure, repaired text, accounted lines, and input that means harm."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.readers.documents.checkboxes import read_boxes
from ingest.readers.documents.checklist import ranges, read_checklist
from ingest.readers.documents.checklist_model import Code, Listing, Paragraph, Table
from ingest.readers.documents.document_text import decode, plain, repair
from tests.testing.effort import effort

FOLDER = Path(__file__).parents[3] / "fixtures" / "checklist"
STAGING = FOLDER / "staging_double_encoded.md"


def staging():
    return read_checklist(STAGING.read_bytes(), "staging.md")


def test_every_heading_of_the_document_is_a_section_with_its_lines():
    """All 30 headings come back in order, each with the level and the line it has in the file."""
    document = staging()
    raw = STAGING.read_text(encoding="utf-8").splitlines()
    expected = []
    in_code = False
    for number, line in enumerate(raw, 1):
        in_code ^= line.startswith("```")
        if line.startswith("#") and not in_code:
            expected.append((number, len(line) - len(line.lstrip("#"))))
    assert [(s.line, s.level) for s in document.sections] == expected
    assert document.sections[3].title == "🟡 GATE 2: SECURITY VALIDATION (MOSTLY PASSING)"


def test_no_line_with_words_is_unaccounted_for():
    """Each line that is not blank belongs to a heading, a rule or a block."""
    document = staging()
    covered = {s.line for s in document.sections}
    for section in document.sections:
        for block in section.blocks:
            covered.update(range(block.line, block.end + 1))
    loose = [n for n, line in enumerate(document.lines, 1) if line.strip() not in ("", "---") and n not in covered]
    assert loose == []
    assert document.unplaced == ()


def test_double_encoded_text_is_repaired_and_the_original_kept():
    """Every sign comes back, also those of which the encoding dropped a byte; the file's own words stay readable."""
    document = staging()
    assert document.lines[0] == "# ✅ STAGING DEPLOYMENT CHECKLIST - MEDIANEST"
    assert "❌ BLOCKED" in document.lines[10] and "⚠️ CONDITIONAL" in document.lines[34]
    assert {"🎯", "🎪", "🔍", "🏁"} <= {line[3] for line in document.lines if line.startswith("## ")}
    assert document.original[0].startswith("# âœ… STAGING")
    assert not any(sign in line for line in document.lines for sign in ("âŒ", "ğŸ", "âœ"))
    assert "39 lines were double-encoded" in document.warnings[0]


@pytest.mark.parametrize("text", ["café naïve – “ok” ❌ ñ", "İstanbul'da ağaç", "日本語", "naïve ï", "plain", "ğ Ş"])
def test_text_that_is_right_stays_as_it_is(text):
    """Repair touches nothing that is not double-encoded."""
    assert repair(text) == text


def test_boxes_are_counted_at_every_depth():
    """Ticked and unticked boxes equal a plain search over the lines."""
    document = staging()
    lines = STAGING.read_text(encoding="utf-8").splitlines()
    assert len(document.boxes) == sum(line.lstrip().startswith(("- [ ]", "- [x]")) for line in lines) == 73
    assert sum(bool(box.checked) for box in document.boxes) == sum("- [x]" in line for line in lines)
    assert document.done_percent == pytest.approx(100 * 28 / 73)


def test_a_ticked_parent_with_an_unticked_child_is_a_contradiction():
    """Both contradictions of the document are reported with their lines."""
    found = [(c.parent_line, c.parent, c.child_line) for c in staging().contradictions]
    assert found == [(37, "Authentication System Secure", 41), (75, "API Documentation Current", 79)]


def test_tables_code_and_fields_are_kept_apart():
    """The matrix is a table, commands are code, and `**Status:** ...` is a field."""
    document = staging()
    kinds = [type(block) for section in document.sections for block in section.blocks]
    assert (kinds.count(Table), kinds.count(Code), kinds.count(Listing)) == (1, 8, 13)
    table = document.sections[9 + 1].tables[0] if document.sections[10].tables else None
    table = table or next(t for s in document.sections for t in s.tables)
    assert table.header == ("Factor", "Current", "Required", "Status", "Blocker?")
    assert table.rows[3].cells[:3] == ("Memory Stability", "Leaking", "<10MB/hr")
    assert [(f.label, f.value) for f in document.sections[2].fields] == [("Status", "BLOCKED"), ("Completion", "35%")]


def test_boxes_in_quotes_and_html_count_and_boxes_in_code_do_not():
    """Quotes and details elements hold real boxes; a fenced example does not."""
    document = read_checklist((FOLDER / "odd_signs.md").read_bytes())
    assert [box.text for box in document.boxes] == [
        "inside a quote",
        "done in a quote",
        '測試 🚀 "quotes" and \\backslash\\ …',
        "=SUM(A1:A9)",
    ]
    assert document.unplaced == ((19, 19),)


def test_the_fast_box_reader_agrees_with_the_parser():
    """On every fixture both find the same boxes at the same lines."""
    for path in sorted(FOLDER.glob("*.md")):
        document = read_checklist(path.read_bytes())
        slow = [(box.line, box.text, box.checked) for box in document.boxes]
        assert [(b.line, b.text, b.checked) for b in read_boxes(path.read_bytes())] == slow, path.name


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_byte_order_marks_change_nothing(ending, mark):
    """The same document in any dress reads the same."""
    text = ending.join(["# A", "", "- [x] done", "  - [ ] open", "", "Status: **BLOCKED**"])
    document = read_checklist(mark + text.encode())
    assert [(b.text, b.checked, b.line) for b in document.boxes] == [("done", True, 3), ("open", False, 4)]
    assert document.sections[0].fields[0].value == "BLOCKED"


def test_other_encodings_are_read_and_reported():
    """UTF-16 with its mark and Windows-1252 without any come back as text; NUL bytes are left out."""
    assert read_checklist("# Tür\n- [x] a\n".encode("utf-16")).sections[0].title == "Tür"
    old = read_checklist("# Tür\n- [x] a\n".encode("cp1252"))
    assert old.sections[0].title == "Tür" and "not UTF-8" in old.warnings[0]
    nul = read_checklist(b"# A\x00B\n- [ ] x\x00y\n")
    assert nul.sections[0].title == "AB" and nul.boxes[0].text == "xy" and "NUL" in nul.warnings[0]


HOSTILE = {
    "500 levels": b"".join(b" " * (2 * i) + b"- [ ] level\n" for i in range(500)),
    "nested in one line": b"- " * 5000 + b"[x] a",
    "quotes": b">" * 100_000 + b" a",
    "one line of 5 MB": b"- [ ] " + b"a*_`[" * 1_000_000,
    "brackets": b"[" * 200_000,
    "columns": b"|" * 100_000 + b"\n" + b"|-" * 50_000,
    "all bytes": bytes(range(256)) * 2000,
    "open tags": b"<a " * 6000,
    "comments": b"<!-- " * 4000,
    "references": b"[a]: " * 3000,
    "damage": ("ğŸ" * 9000).encode(),
    "lines of damage": b"".join(f"ğŸ{n}\n".encode() for n in range(60_000)),
    "5 MB": STAGING.read_bytes() * 480,
    "empty": b"",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_documents_are_read_in_time(name):
    """Whatever the bytes, an answer comes with bounded effort and without an exception."""
    answers = []
    assert effort(lambda: answers.append(read_checklist(HOSTILE[name]))) < 200
    document = answers[0]
    assert document.done_percent is None or 0 <= document.done_percent <= 100
    read_boxes(HOSTILE[name][:100_000])


def test_500_levels_keep_all_their_boxes():
    """Nesting too deep for the parser is flattened and reported, and no box is lost."""
    document = read_checklist(HOSTILE["500 levels"])
    assert len(document.boxes) == 500
    assert "indented beyond 48 columns" in document.warnings[0]


def test_what_is_too_long_to_read_is_unplaced_and_reported():
    """The end of a document of 5 MB is named with its lines, never passed over in silence."""
    document = read_checklist(HOSTILE["5 MB"])
    assert document.unplaced[-1][1] == len(document.original)
    assert "were not read: the document is longer than a checklist" in document.warnings[0]


def test_nothing_to_tick_is_not_all_done():
    """A document without boxes has no percentage."""
    assert read_checklist(b"# Only words\n").done_percent is None


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_bytes_give_a_document(data):
    """No input raises, and all line numbers lie inside the document."""
    document = read_checklist(data)
    for box in document.boxes:
        assert 1 <= box.line <= box.end <= len(document.lines)
    assert all(1 <= first <= last <= len(document.original) for first, last in document.unplaced)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 3)), max_size=20))
@settings(max_examples=80, deadline=None)
def test_contradictions_equal_a_plain_search(rows):
    """Parents and children found by the reader are those that the indentation shows."""
    rows = [(done, depth if index else 0) for index, (done, depth) in enumerate(rows)]
    for index in range(1, len(rows)):  # a level deeper than its parent by more than one would be code
        rows[index] = (rows[index][0], min(rows[index][1], rows[index - 1][1] + 1))
    text = "\n".join(f"{'  ' * depth}- [{'x' if done else ' '}] b{i}" for i, (done, depth) in enumerate(rows))
    expected = set()
    for i, (done, depth) in enumerate(rows):
        for j in range(i + 1, len(rows)):
            if rows[j][1] <= depth:
                break
            if done and not rows[j][0]:
                expected.add((i + 1, j + 1))
    document = read_checklist(text.encode())
    assert {(c.parent_line, c.child_line) for c in document.contradictions} == expected


def test_ranges_group_neighbours():
    """Ascending numbers become runs."""
    assert ranges([1, 2, 3, 5, 9, 10]) == ((1, 3), (5, 5), (9, 10))
    assert ranges([]) == ()


def test_blocks_know_their_code_lines():
    """A line of code carries the number it has in the file."""
    document = staging()
    code = next(block for section in document.sections for block in section.blocks if isinstance(block, Code))
    assert code.language == "bash"
    for number, line in code.lines:
        assert document.lines[number - 1] == line


def test_plain_text_loses_marks_and_keeps_comparisons():
    """Bold, links and tags go; `<10MB` stays."""
    assert plain("**Load** [time](http://x) <b>now</b> `<5s` \\| <10MB") == "Load time now <5s | <10MB"
    assert decode(b"a\nb").lines == ("a", "b")
    assert isinstance(read_checklist(b"word").sections[0].blocks[0], Paragraph)
