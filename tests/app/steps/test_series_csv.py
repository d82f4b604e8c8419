"""CSV files as spreadsheets of any language write them: one reading for `read` and for `forecast --csv`."""

from __future__ import annotations

import pytest

from app.steps.date.csv_series import read_series
from app.workspace import UsageError
from ingest.readers.registry import read_bytes

ROWS = {
    "comma": ("date,value\n2025-01-01,12.5\n2025-01-08,1234.5\n", [12.5, 1234.5]),
    "semicolon": ("date;value\n2025-01-01;12.5\n2025-01-08;1234.5\n", [12.5, 1234.5]),
    "semicolon and decimal comma": ("date;value\n2025-01-01;12,5\n2025-01-08;1.234,5\n", [12.5, 1234.5]),
    "tab and decimal comma": ("date\tvalue\n2025-01-01\t12,5\n2025-01-08\t1234,5\n", [12.5, 1234.5]),
    "with a mark": ("\ufeffdate;value\r\n2025-01-01;0,5\r\n2025-01-08;7\r\n", [0.5, 7]),
    "whole numbers": ("date;value\n2025-01-01;12\n2025-01-08;1\n", [12, 1]),
    "negative": ("date;value\n2025-01-01;-0,5\n2025-01-08;1\n", [-0.5, 1]),
    "quoted": ('date,value\n2025-01-01,"12.5"\n2025-01-08,1\n', [12.5, 1]),
    "a gap": ("date;value\n2025-01-01;12,5\n2025-01-05;\n2025-01-08;1,5\n", [12.5, 1.5]),
}


@pytest.mark.parametrize("what", ROWS)
def test_a_series_is_read_as_its_language_writes_it(tmp_path, what):
    """Separator and decimal sign are those of the header and the cells."""
    body, values = ROWS[what]
    path = tmp_path / "series.csv"
    path.write_text(body, encoding="utf-8")
    assert list(read_series(path)) == values


@pytest.mark.parametrize("cell", ["12,5", "soon", "1,2,3"])
def test_a_cell_that_is_not_a_number_is_named(tmp_path, cell):
    """A value that cannot be read stops with file and line, and is never dropped in silence."""
    path = tmp_path / "series.csv"
    path.write_text(f'date,value\n2025-01-01,1\n2025-01-02,"{cell}"\n')
    with pytest.raises(UsageError, match=r"series\.csv:3: value is"):
        read_series(path)


@pytest.mark.parametrize(
    ("delimiter", "cell", "value"), [(";", "12,5", 12.5), ("\t", "1.234,5", 1234.5), (",", "12.5", 12.5)]
)
def test_the_generic_reader_takes_the_same_cells(delimiter, cell, value):
    """A figure of a spreadsheet is the same for both."""
    body = f"metric{delimiter}value\nrollback_seconds{delimiter}{cell}\n"
    (reading,) = read_bytes(body.encode(), "f.csv")
    assert reading.figures[0].value == value
