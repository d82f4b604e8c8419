"""Downloads and words: foreign text is inert in Markdown, and no cell of a CSV is a formula."""

from __future__ import annotations

import csv
import io
import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from app.dashboard.tables.download import file_name, markdown_table, safe
from app.reports.spreadsheet import csv_text, neutral
from app.wording.numbers import pace

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=60)


@given(TEXT)
def test_safe_text_is_only_text(text: str) -> None:
    """Whatever the words, Markdown finds no link, picture, code, emphasis or HTML in them."""
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parseInline(f"x {safe(text)} y")

    assert {child.type for child in tokens[0].children or []} <= {"text", "text_special"}


@pytest.mark.parametrize(
    "text", ["see http://evil.example/x", "www.evil.example", "mail root@evil.example", "HTTPS://evil.example"]
)
def test_bare_addresses_stay_text(text: str) -> None:
    """A renderer that links bare addresses finds none."""
    shown = safe(text).replace("\\", "")

    assert not re.search(r"(https?://|www\.)[-\w]", shown, re.IGNORECASE)
    assert not re.search(r"\w@\w", shown)


@given(TEXT.filter(lambda text: "\r" not in text))
def test_no_cell_of_a_csv_is_a_formula(cell: str) -> None:
    """A spreadsheet that opens the file runs nothing, and every word is still there."""
    written = csv_text(pd.DataFrame({"a": [cell], "b": ["end"]}))
    shown = list(csv.reader(io.StringIO(written, newline="")))[1][0]

    assert shown in (cell, f"'{cell}")
    assert shown.startswith("'") or not shown.strip().startswith(("=", "@", "+cmd", "-cmd"))


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        (" =1", "' =1"),
        ("\t=1", "'\t=1"),
        ("-2.5", "-2.5"),
        ("+7%", "+7%"),
        ("−2.5", "−2.5"),
        ("plain", "plain"),
        (-2.5, -2.5),
    ],
)
def test_formulas_are_quoted_and_numbers_are_not(cell: object, expected: object) -> None:
    """Only what a spreadsheet would run is quoted."""
    assert neutral(cell) == expected


def test_unknown_is_an_empty_cell() -> None:
    """A figure that nobody knows is empty, never nan and never 0."""
    frame = pd.DataFrame({"value": [1.5, float("nan")], "at": [pd.Timestamp("2025-09-08", tz="UTC"), pd.NaT]})

    assert csv_text(frame) == "value,at\n1.5,2025-09-08T00:00:00+00:00\n,\n"


def test_markdown_table_keeps_its_columns() -> None:
    """A cell with bars and line breaks does not break its row."""
    table = markdown_table(pd.DataFrame({"a": ["x | y\nz"], "b": ["<b>"]}))

    assert table.splitlines()[2] == r"| x \| y z | \<b\> |"


def test_file_names_are_plain() -> None:
    """A project's name becomes a plain file name."""
    assert file_name("Media/Nest ..", "Claims vs evidence", "2025-09-08") == "media-nest-claims-vs-evidence-2025-09-08"


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (0.514, "percent", "+0.51 percentage points a week"),
        (-43_800_000.0, "bytes", "−43.8 MB a week"),
        (-0.003, "tests", "−<0.01 tests a week"),
        (0.0, "tests", "no change"),
        (None, "tests", "unknown"),
        (float("nan"), "tests", "unknown"),
        (2.25, "percent", "+2.2 percentage points a week"),
    ],
)
def test_pace_has_a_sign_and_never_reads_as_nothing(value: float | None, unit: str, expected: str) -> None:
    """A small pace is small, not zero; no change says so in words."""
    assert pace(value, unit) == expected
