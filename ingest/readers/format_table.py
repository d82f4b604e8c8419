"""The table of formats for docs/readers.md, printed from the readers themselves."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.observation import CATALOGUE
from ingest.readers.contract import Reader
from ingest.readers.registry import READERS

_FIRST = "<!-- formats: printed by ingest.readers.format_table, checked by a test -->"
_LAST = "<!-- end of formats -->"


def formats_table(readers: Sequence[Reader] = READERS) -> str:
    """One row a reader: the name for `hint`, the format, whose output was tried, and the metrics."""
    rows = ["| reader | format | tried with | metrics |", "| --- | --- | --- | --- |"]
    for reader in readers:
        metrics = ", ".join(f"`{metric}`" for metric in reader.metrics) or "any of the catalogue"
        rows.append(f"| `{reader.name}` | {reader.title} | {reader.tools} | {metrics} |")
    return "\n".join(rows)


def with_formats(page: str) -> str:
    """The page with its table of formats as it is now."""
    before, _, rest = page.partition(_FIRST)
    after = rest.partition(_LAST)[2]
    return f"{before}{_FIRST}\n{formats_table()}\n{_LAST}{after}"


def metrics_read() -> frozenset[str]:
    """Metrics of the catalogue that some reader gives."""
    return frozenset(metric for reader in READERS for metric in reader.metrics) & CATALOGUE.keys()
