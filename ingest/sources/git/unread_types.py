"""Which file types of the newest tree are not read for markers, so that their 0 is not taken for a figure."""

from __future__ import annotations

from collections import Counter

from ingest.counting.path_classes import LinguistAttributes, classify
from ingest.counting.syntax_by_name import family_of
from ingest.transport.git_repo import GitRepository

_SHOWN = 10


def unread_types(repository: GitRepository, commit: str) -> list[tuple[str, int]]:
    """Return (ending, number of files) of code whose comments nobody knows here, most files first.

    Formats known to be data, and files without an ending (their first line decides), are left out.
    """
    attributes = LinguistAttributes(repository.file_at(commit, ".gitattributes"))
    names = repository.read("ls-tree", "-r", "-z", "--name-only", "--full-tree", commit).split(b"\0")
    endings: Counter[str] = Counter()
    for path in (name.decode("utf-8", "replace") for name in names if name):
        name = path.rpartition("/")[2]
        stem, _, ending = name.rpartition(".")
        if stem and not family_of(path) and classify(path, (), attributes or None) == "code":
            endings[f".{ending.lower()}"] += 1
    return sorted(endings.items(), key=lambda pair: (-pair[1], pair[0]))


def unread_sentence(found: list[tuple[str, int]]) -> str:
    """Name the types in one line; "" when there is none."""
    if not found:
        return ""
    total = sum(count for _, count in found)
    shown = ", ".join(f"{ending} ({count})" for ending, count in found[:_SHOWN])
    more = f" and {len(found) - _SHOWN} more types" if len(found) > _SHOWN else ""
    files = "1 file of an unknown type is" if total == 1 else f"{total:,} files of unknown types are"
    return f"{files} not read for markers: {shown}{more}"
