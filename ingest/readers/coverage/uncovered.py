"""The files of a coverage report with the most lines that no test runs: what a reader hands on beside its figures."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.readers.contract import ReadItem, item
from ingest.readers.coverage.lines import Totals

KIND = "uncovered_file"
_PACKAGED = re.compile(r"(?:[\w$]+\.)+[\w$]+\.(?:java|kt|scala|groovy)")
MOST_FILES = 200


def uncovered(files: Iterable[Totals]) -> tuple[ReadItem, ...]:
    """An item a file that is not covered whole, the most uncovered lines first; one more counts those left out.

    The counts are part of what an item is: with other counts it is another one, and the day keeps what it showed.
    """
    open_ = [file for file in files if file.path and (_missed(file) or file.branches > file.branches_hit)]
    open_.sort(key=lambda file: (-_missed(file), file.branches_hit - file.branches, file.path))
    items = [_item(file) for file in open_[:MOST_FILES]]
    if left := open_[MOST_FILES:]:
        lines = sum(_missed(file) for file in left)
        words = f"{len(left)} more files with {lines} lines that are not covered"
        items.append(item(KIND, "rest", words, "", None, words))
    return tuple(items)


def _missed(file: Totals) -> int:
    return max(round(file.lines - file.lines_hit), 0)


def _item(file: Totals) -> ReadItem:
    words = f"{_missed(file)} of {round(file.lines)} lines are not covered"
    if file.branches:
        words += f", {max(round(file.branches - file.branches_hit), 0)} of {round(file.branches)} branches"
    path = _place(file.path)
    return item(KIND, "lines", words, path, None, path, words)


def _place(path: str) -> str:
    """The path of a file that a report names by its package: org.example.Cart.java is org/example/Cart.java."""
    return re.sub(r"\.(?=.*\.\w+$)", "/", path) if _PACKAGED.fullmatch(path) else path
