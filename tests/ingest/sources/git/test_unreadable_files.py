"""File versions that are missing or damaged make figures unknown, until they can be read again."""

from __future__ import annotations

import pytest

from tests.testing.repositories import DAY, START, Memory, add_commits, git, new_repository, pull_all

COUNTERS = {"mocks": {"kind": "matches", "paths": "*.py", "pattern": "mock"}}
HISTORY = [
    {"a.py": b"x = 1  # TODO one\n", "lib/b.py": b"# FIXME two\n", "README.md": b"hello\n"},
    {"a.py": b"mock = 1  # TODO one\n# HACK three\n"},
    {"a.py": b"mock = 1\n# HACK three\n"},
]


@pytest.fixture
def origin(tmp_path):
    repository = new_repository(tmp_path / "origin")
    git(repository, "config", "uploadpack.allowFilter", "true")
    git(repository, "config", "uploadpack.allowAnySHA1InWant", "true")
    add_commits(repository, HISTORY)
    return repository


def figures(memory):
    return [(o.metric, o.scope, o.commit, o.value) for o in memory.observations]


def states(memory):
    return sorted((i.label, i.text, i.opened_commit, i.closed_commit) for i in memory.items.values())


def test_a_partial_clone_has_unknown_figures_until_it_is_whole(tmp_path, origin):
    """Without the files nothing is 0 and nothing closes; when they come, the next pull equals that of a whole clone."""
    git(tmp_path, "clone", "-q", "--no-checkout", "--filter=blob:none", f"file://{origin}", "clone")
    clone = tmp_path / "clone"
    git(clone, "remote", "set-url", "origin", "file:///nowhere")
    memory = Memory()
    memory.pull(clone, counters=COUNTERS)
    shown_text = [o for o in memory.observations if not o.scope.startswith("class:")]
    assert {o.value for o in shown_text} == {None}
    assert all("missing or damaged" in o.reason for o in shown_text)
    assert not memory.pull(clone, counters=COUNTERS).commits

    git(clone, "remote", "set-url", "origin", f"file://{origin}")
    git(clone, "fetch", "-q", "--refetch", "--no-filter", "origin")
    assert memory.pull(clone, counters=COUNTERS).rewritten
    whole = pull_all(origin, counters=COUNTERS)
    assert figures(memory) == figures(whole)
    assert states(memory) == states(whole)
    assert not memory.pull(clone, counters=COUNTERS).commits


@pytest.mark.parametrize("harm", ["missing", "damaged"])
def test_one_unreadable_file_leaves_items_open_and_the_other_figures_known(origin, harm):
    """Only the figures of the commit with the unreadable file are unknown; repaired, all of them are right."""
    loosen(origin)
    whole = pull_all(origin, counters=COUNTERS)
    place = object_of(origin, "main~1:a.py")
    kept = place.read_bytes()
    place.unlink()
    if harm == "damaged":
        place.write_bytes(kept[:12] + b"\0\0\0\0" + kept[16:])
    memory = Memory()
    harvest = memory.pull(origin, counters=COUNTERS)

    assert memory.values() == [2, None, 2]
    assert memory.values(scope="lib") == [1]
    assert memory.values("matches_count", "mocks") == [0, None, 1]
    assert any("1 of" in warning and "cannot be read" in warning for warning in harvest.warnings)
    one = next(item for item in memory.items.values() if item.label == "TODO")
    assert one.closed_commit == git(origin, "rev-parse", "main")
    place.unlink(missing_ok=True)
    place.write_bytes(kept)
    memory.pull(origin, counters=COUNTERS)
    assert figures(memory) == figures(whole)
    assert states(memory) == states(whole)


def test_a_new_commit_with_an_unreadable_file_keeps_its_items_open(origin):
    """A pull that goes on from the last one closes nothing that it cannot see, and later pulls stay unknown."""
    memory = pull_all(origin)
    add_commits(origin, [{"a.py": b"unreadable = 1\n"}, {"lib/c.py": b"y = 1\n"}], start=START + 9 * DAY)
    loosen(origin)
    object_of(origin, "main:a.py").unlink()
    memory.pull(origin)
    assert memory.values()[-2:] == [None, None]
    assert {item.text for item in memory.open_items()} == {"two", "three"}
    add_commits(origin, [{"a.py": b"# HACK three\n"}], start=START + 20 * DAY)
    memory.pull(origin)
    assert memory.values()[-1] == 2


def test_without_a_line_of_code_the_count_is_unknown(tmp_path):
    """A repository of prose and settings earns no figure; the first code file gives one."""
    repository = new_repository(tmp_path / "r")
    add_commits(repository, [{"README.md": b"hello\n", ".gitignore": b"x\n", "a/__init__.py": b""}])
    memory = pull_all(repository)
    assert memory.values() == [None]
    assert memory.observations[0].reason == "no line of code in the tree"
    add_commits(repository, [{"a/x.py": b"x = 1\n"}], start=START + DAY)
    memory.pull(repository)
    assert memory.values() == [None, 0]
    assert memory.values(scope="marker:TODO") == [None, 0]


def loosen(repository):
    """Unpack all objects, so that one can be harmed."""
    for pack in list((repository / ".git/objects/pack").glob("*.pack")):
        content = pack.read_bytes()
        for other in pack.parent.glob(pack.stem + "*"):
            other.unlink()
        git(repository, "unpack-objects", "-q", stdin=content)


def object_of(repository, name):
    """The file that holds an object."""
    oid = git(repository, "rev-parse", name)
    return repository / ".git/objects" / oid[:2] / oid[2:]
