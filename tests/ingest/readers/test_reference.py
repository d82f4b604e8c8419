"""The page on formats says what the readers are."""

from __future__ import annotations

from pathlib import Path

from ingest.observation import CATALOGUE
from ingest.readers.format_table import metrics_read, with_formats
from ingest.readers.registry import READERS

PAGE = Path(__file__).parents[3] / "docs" / "readers.md"


def test_the_table_of_formats_is_current():
    """Print it again with the command at the foot of the page."""
    assert with_formats(PAGE.read_text(encoding="utf-8")) == PAGE.read_text(encoding="utf-8")


def test_readers_give_metrics_of_the_catalogue_only():
    """A name outside of it would be stored and never found."""
    assert {metric for reader in READERS for metric in reader.metrics} <= CATALOGUE.keys()
    assert {"coverage_line_percent", "memory_growth_mb_per_hour", "secrets_count"} <= metrics_read()


def test_the_example_on_the_page_is_read():
    """What the page tells to write is what the reader takes."""
    from ingest.readers.registry import read_bytes

    example = PAGE.read_text(encoding="utf-8").partition("```json\n")[2].partition("```")[0]
    figure = read_bytes(example.encode(), "x")[0].figures[0]
    assert (figure.metric, figure.value) == ("rollback_seconds", 270)
