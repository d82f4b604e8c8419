"""What all answers on a terminal share: console, plain tables, days, the notice of simulated data."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.command_line.safe_output import visible
from app.wording.text import day
from ingest.held_values import mask

STYLES = {
    "passing": "green",
    "failing": "red",
    "missing": "yellow",
    "unknown": "yellow",
    "stale": "yellow",
    "claimed": "yellow",
    "attested": "cyan",
    "waived": "cyan",
    "not_applicable": "dim",
}
PIPED_WIDTH = 140


class _SafeConsole(Console):
    """A console that shows foreign control characters, and masks held secrets before a line is folded."""

    def render_str(self, text: str, **how: Any) -> Text:
        return super().render_str(visible(mask(text)), **how)


def make_console() -> Console:
    """A console as wide as the terminal; plain text of a fixed width when piped."""
    piped = not sys.stdout.isatty()
    return _SafeConsole(width=PIPED_WIDTH if piped else None, highlight=False, soft_wrap=False)


def make_table(*columns: str, right: Sequence[str] = ()) -> Table:
    """A table without lines; a header only where a column has a name."""
    table = Table(box=None, pad_edge=False, show_header=any(columns), header_style="dim", padding=(0, 2, 0, 0))
    for column in columns:
        justify = "right" if column in right else "left"
        table.add_column(column, justify=justify, overflow="fold")  # type: ignore[arg-type]
    return table


def when(text: str) -> str:
    """The day of an ISO timestamp."""
    return day(datetime.fromisoformat(text))


def note_simulated(console: Console, *, simulated: bool) -> None:
    """A notice where part of the values is simulated."""
    if simulated:
        console.print("[yellow]Part of these values is simulated sample data; each such row says so.[/]")
