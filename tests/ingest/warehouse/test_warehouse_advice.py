"""What a newer DuckDB advises is for those who write this code: no answer begins with it."""

from __future__ import annotations

import warnings

import pyarrow as pa

from ingest.warehouse import database as warehouse


class _Advising:
    """A result that warns as DuckDB 2 does, whatever version is installed."""

    def to_arrow_table(self) -> pa.Table:
        text = "Arrow output on a DB-API result makes an extra copy of the rows, use con.sql(query) instead."
        warnings.warn(text, UserWarning, stacklevel=2)
        return pa.table({"a": [1]})


def test_an_answer_does_not_begin_with_advice_to_programmers() -> None:
    """Reading a frame is silent under DuckDB 2, too."""
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        frame = warehouse.as_frame(_Advising())
    assert frame["a"].tolist() == [1]
    assert heard == []
