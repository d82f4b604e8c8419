"""File types that are not read for markers are named."""

from __future__ import annotations

from ingest.sources.git.unread_types import unread_sentence, unread_types
from ingest.transport.git_repo import GitRepository
from tests.testing.repositories import Memory, add_commits, new_repository


def test_a_pull_names_the_file_types_that_it_does_not_read(tmp_path):
    """Endings without a known comment syntax are named with their number, most files first; data is not."""
    repository = new_repository(tmp_path)
    names = ["a.zzz", "b.zzz", "c.qqq", "d.py", "e.png", "f.json", "bin/run", "vendor/x.yyy", "g.haml"]
    tip = add_commits(repository, [dict.fromkeys(names, b"TODO\n")])
    assert unread_types(GitRepository(repository), tip) == [(".zzz", 2), (".qqq", 1)]
    [warning] = Memory().pull(repository).warnings
    assert unread_sentence([(".cff", 1)]) == "1 file of an unknown type is not read for markers: .cff (1)"
    assert warning == "3 files of unknown types are not read for markers: .zzz (2), .qqq (1)"
