"""User-defined counters: what they count, where, and how a wrong table is refused."""

from __future__ import annotations

import pytest

from ingest.counting.counters import parse_counters
from ingest.counting.path_patterns import PathPatterns
from ingest.source import SourceError
from tests.testing.repositories import DAY, START, add_commits, new_repository, pull_all


def series(tmp_path, table, commits):
    """The values of one counter over a history."""
    repository = new_repository(tmp_path)
    add_commits(repository, commits)
    (counter,) = parse_counters({"c": table})
    return pull_all(repository, counters={"c": table}).values(counter.metric, "c")


def test_matches_are_counted_in_chosen_paths(tmp_path):
    """Every match in a chosen file counts, also after a move; other files, also vendored ones, do not."""
    table = {"kind": "matches", "pattern": r": any\b", "paths": ["*.ts", "*.tsx"]}
    commits = [
        {"src/a.ts": b"let a: any, b: any; let c: anyone", "node_modules/x.ts": b"x: any", "a.js": b"x: any"},
        {"src/a.ts": None, "src/b.tsx": b"let a: any, b: any"},
        {"src/b.tsx": b"let a: string"},
    ]
    assert series(tmp_path, table, commits) == [2, 0]


def test_no_matching_file_is_unknown_and_not_zero(tmp_path):
    """Before the first and after the last matching file the figure is unknown, with the reason."""
    table = {"kind": "matches", "pattern": "x", "paths": "*.ts"}
    repository = new_repository(tmp_path)
    add_commits(repository, [{"a.py": b""}, {"a.ts": b"xx"}, {"a.ts": b""}, {"a.ts": None}])
    shown_text = [o for o in pull_all(repository, counters={"c": table}).observations if o.scope == "c"]

    assert [o.value for o in shown_text] == [None, 2, 0, None]
    assert shown_text[0].reason == "no file matches *.ts"


def test_a_file_share_needs_no_bytes(tmp_path):
    """Percent of matching files among those counted; without any the share is unknown."""
    table = {"kind": "file_share", "paths": ["src/**/*.ts"], "of": ["src/**/*.js"]}
    commits = [{"x.py": b""}, {"src/a.js": b""}, {"src/b/c.ts": b"", "dist/z.js": b""}, {"src/a.js": None}]
    assert series(tmp_path, table, commits) == [None, 0, 50, 100]


def test_a_list_is_counted_by_line(tmp_path):
    """Lines that are neither empty nor comment, or those that match the pattern."""
    commits = [
        {"base.neon": b"# c\n\nmessage: a\n count: 2\nmessage: b\n"},
        {"base.neon": b"message: b\n"},
        {"base.neon": None},
    ]
    table = {"kind": "list_length", "file": "base.neon"}
    assert series(tmp_path / "a", table, commits) == [3, 1, None]
    assert series(tmp_path / "b", {**table, "pattern": "message:"}, commits) == [2, 1, None]


def test_counters_with_the_same_file_do_not_disturb_each_other(tmp_path):
    """Several counters and the markers read one blob."""
    repository = new_repository(tmp_path)
    counters = {
        name: {"kind": "matches", "pattern": name, "paths": ["*.py", "notes"]} for name in ("any", "all", "some")
    }
    add_commits(repository, [{"a.py": b"any any all # TODO: some\n"}])
    add_commits(repository, [{"notes": b"any any all # TODO: some\n"}], start=START + DAY)
    memory = pull_all(repository, counters=counters)

    assert [memory.values("matches_count", name) for name in counters] == [[2, 4], [1, 2], [1, 2]]
    assert memory.values() == [1, 1]


@pytest.mark.parametrize(
    ("glob", "path", "matches"),
    [
        ("*.ts", "a/b.ts", True),
        ("*.ts", "a.tsx", False),
        ("src/**/*.ts", "src/a.ts", True),
        ("src/**/*.ts", "src/a/b/c.ts", True),
        ("src/**", "src2/a", False),
        ("src/*.ts", "src/a/b.ts", False),
        ("src", "src/a/b.ts", True),
        ("docs/*", "docs/a/b.md", True),
        ("a?c", "abc", True),
        ("[!a]b", "cb", True),
        ("[!a]b", "ab", False),
        ("a.c", "abc", False),
    ],
)
def test_path_patterns_are_those_of_gitignore(glob, path, matches):
    """A name matches in any folder, a path starts at the top, * stays in a folder, a folder covers what is in it."""
    assert PathPatterns([glob]).match(path) is matches


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"kind": "sum"}, r"counters\.c\.kind is 'sum': must be one of matches"),
        ({"kind": "matches", "paths": ["*"]}, r"counters\.c\.pattern is None"),
        ({"kind": "matches", "paths": ["*"], "pattern": "("}, r"counters\.c\.pattern '\(' is not a regular expression"),
        ({"kind": "matches", "pattern": "x"}, r"counters\.c\.paths is None"),
        ({"kind": "file_share", "paths": ["*"], "of": []}, r"counters\.c\.of is \[\]"),
        ({"kind": "list_length"}, r"counters\.c\.file is None"),
    ],
)
def test_a_wrong_table_is_refused_by_its_path(table, message):
    """The refusal names the table, what was found and what would do."""
    with pytest.raises(SourceError, match=message):
        parse_counters({"c": table})
