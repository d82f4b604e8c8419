"""The sample that `tminus demo` shows is public: it says what is simulated and nothing of where it was built."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

SAMPLE = Path(__file__).resolve().parents[3] / "data" / "samples" / "medianest"
TABLES = sorted(SAMPLE.glob("*.parquet"))
ABSOLUTE = re.compile(r"(?<![\w.:/)>*@\]{}~$-])/[\w.+-]+/[\w.+-]+")


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.stem)
def test_what_a_pull_says_names_no_folder_of_the_machine(table):
    """No text that the product itself wrote holds an absolute path; quoted documents may."""
    quoted = {"text", "excerpt", "subject", "plan"}
    with duckdb.connect() as connection:
        columns = connection.execute("describe select * from read_parquet(?)", [str(table)]).fetchall()
        own = [f'"{name}"' for name, kind, *_ in columns if kind == "VARCHAR" and name not in quoted]
        rows = connection.execute(f"select {', '.join(own)} from read_parquet(?)", [str(table)]).fetchall()
    assert rows
    assert not [value for row in rows for value in row if value and ABSOLUTE.search(value)]


def test_every_simulated_figure_says_so_in_its_evidence():
    """What no tool measured is marked as simulated wherever it can be met."""
    with duckdb.connect() as connection:
        told = connection.execute(
            "select count(*), count(*) filter (e.locator like 'simulated%') from read_parquet(?) o"
            " join read_parquet(?) e on o.evidence = e.id where o.kind = 'simulated' and not e.locator like 'git:%'",
            [str(SAMPLE / "observation.parquet"), str(SAMPLE / "evidence.parquet")],
        ).fetchone()
    assert told[0] > 100
    assert told[0] == told[1]
