"""Pulling in pieces equals pulling at once; a rewritten history and changed rules are noticed."""

from __future__ import annotations

import random
import sys

import pytest

from ingest.pull import store_harvest
from ingest.source import Request
from ingest.sources.git.source import GitHistory
from ingest.warehouse.database import Warehouse
from tests.ingest.sources.git.test_git_history import random_history
from tests.testing.repositories import DAY, NOW, START, Memory, add_commits, git, new_repository, pull_all

COUNTERS = {
    "assignments": {"kind": "matches", "pattern": r"^\w = ", "paths": ["src/**/*.py", "*.py"]},
    "api": {"kind": "file_share", "paths": ["src/api/**"], "of": ["*.py"]},
    "list": {"kind": "list_length", "file": "setup.py"},
}


@pytest.mark.parametrize("seed", range(6))
def test_pulling_in_pieces_equals_pulling_once(tmp_path, seed):
    """Whatever the pieces: the same figures, commits and items, open and closed, in every detail."""
    repository = new_repository(tmp_path)
    history = random_history(seed + 100, 40)
    chance = random.Random(seed)
    piecewise = Memory()
    done = 0
    while done < len(history):
        step = chance.randint(1, 12)
        add_commits(repository, history[done : done + step], start=START + done * DAY)
        assert not piecewise.pull(repository, counters=COUNTERS).rewritten
        done += step
    whole = pull_all(repository, counters=COUNTERS)

    assert piecewise.observations == whole.observations
    assert piecewise.commits == whole.commits
    assert piecewise.items == whole.items
    assert piecewise.marker == whole.marker


def test_pulling_twice_adds_nothing(tmp_path):
    """Without a new commit there is nothing to store, and the marker stays."""
    repository = new_repository(tmp_path)
    add_commits(repository, random_history(1))
    memory = pull_all(repository, counters=COUNTERS)
    marker = memory.marker
    harvest = memory.pull(repository, counters=COUNTERS)

    assert (harvest.observations, harvest.commits, harvest.items, harvest.extra) == ([], [], [], {})
    assert harvest.marker == marker


def test_nothing_new_loads_nothing_heavy(tmp_path, monkeypatch):
    """A pull with nothing new imports neither GitPython nor the lexers."""
    repository = new_repository(tmp_path)
    add_commits(repository, random_history(1, 3))
    memory = pull_all(repository)
    for name in [
        name for name in sys.modules if name == "git" or name.startswith(("git.", "ingest.sources.git.read_history"))
    ]:
        monkeypatch.delitem(sys.modules, name)
    memory.pull(repository)

    assert "git" not in sys.modules
    assert "ingest.sources.git.read_history" not in sys.modules


def test_only_new_blobs_are_read(tmp_path):
    """The second pull reads the one file version that is new."""
    repository = new_repository(tmp_path)
    add_commits(repository, random_history(2))
    memory = pull_all(repository)
    add_commits(repository, [{"new.py": b"# TODO: unseen before\n"}], start=START + 99 * DAY)

    assert memory.pull(repository).counts["blobs"] == 1


def test_a_force_push_is_noticed_and_read_again(tmp_path):
    """When the old tip is no longer part of the history everything is read again, and says so."""
    repository = new_repository(tmp_path)
    add_commits(repository, [{"a.py": b"# TODO: x\n"}, {"a.py": b"# TODO: x\n# TODO: y\n"}])
    memory = pull_all(repository)
    git(repository, "update-ref", "refs/heads/main", git(repository, "rev-parse", "main~1"))
    add_commits(repository, [{"b.py": b"# HACK: z\n"}], start=START + 5 * DAY)
    harvest = memory.pull(repository)

    assert harvest.rewritten
    assert any("read again" in warning for warning in harvest.warnings)
    assert memory.values() == [1, 2]
    assert memory.items == pull_all(repository).items


def test_a_reset_to_an_older_commit_is_noticed(tmp_path):
    """A branch that lost its newest commits is a rewritten history too."""
    repository = new_repository(tmp_path)
    add_commits(repository, [{"a.py": b"# TODO: x\n"}, {"a.py": b"\n"}])
    memory = pull_all(repository)
    git(repository, "update-ref", "refs/heads/main", git(repository, "rev-parse", "main~1"))

    assert memory.pull(repository).rewritten
    assert memory.values() == [1]


def test_the_old_tip_as_a_second_parent_is_a_rewritten_main_line(tmp_path):
    """A merge that makes the old main line a side branch changes the first-parent history: read again."""
    repository = new_repository(tmp_path)
    base = add_commits(repository, [{"a.py": b"\n"}])
    old = add_commits(repository, [{"a.py": b"# TODO: x\n"}], start=START + DAY)
    memory = pull_all(repository)
    other = add_commits(repository, [{"b.py": b"\n"}], branch="other", parents=[base], start=START + 2 * DAY)
    add_commits(repository, [{"a.py": b"# TODO: x\n"}], branch="merged", parents=[other, old], start=START + 3 * DAY)
    git(repository, "update-ref", "refs/heads/main", "refs/heads/merged")

    assert memory.pull(repository).rewritten
    assert memory.values() == [0, 0, 1]


def test_a_changed_counter_is_a_new_definition_and_read_again(tmp_path):
    """Another pattern under the same name: another definition, the whole history again."""
    repository = new_repository(tmp_path)
    add_commits(repository, [{"a.py": b"any\nany\nall\n"}, {"a.py": b"any\n"}])
    memory = Memory()
    counters = {"word": {"kind": "matches", "pattern": "any", "paths": ["*.py"]}}
    memory.pull(repository, counters=counters)
    first = memory.observations[-1].definition
    assert memory.values("matches_count", "word") == [2, 1]

    counters["word"]["pattern"] = "a.l"
    assert memory.pull(repository, counters=counters).rewritten
    assert memory.values("matches_count", "word") == [1, 0]
    assert memory.observations[-1].definition != first


def test_a_new_environment_or_attribute_is_read_again(tmp_path):
    """What changes the class of old paths changes the definition, so the whole history is counted again."""
    repository = new_repository(tmp_path)
    add_commits(repository, [{"tool/x.py": b"# TODO: x\n"}])
    memory = pull_all(repository)
    add_commits(repository, [{"tool/pyvenv.cfg": b"home\n"}], start=START + DAY)
    assert memory.pull(repository).rewritten
    add_commits(repository, [{".gitattributes": b"*.rb linguist-generated\n"}], start=START + 2 * DAY)
    assert memory.pull(repository).rewritten
    add_commits(repository, [{"other.py": b"\n"}], start=START + 3 * DAY)
    assert not memory.pull(repository).rewritten

    assert memory.values() == [None, None, None, 0]


def test_a_history_that_begins_without_a_date_is_dated_by_what_follows(tmp_path):
    """A root of 1970 comes just before the first real date, also when that comes with a later pull."""
    repository = new_repository(tmp_path)
    add_commits(repository, [{"a.py": b"\n"}], dates=[0])
    memory = pull_all(repository)
    add_commits(repository, [{"a.py": b"# TODO: x\n"}], start=START)
    memory.pull(repository)

    moments = [o.observed_at for o in memory.observations if o.scope == ""]
    assert [int(at.timestamp()) for at in moments] == [START - 1, START]


def test_an_unreadable_marker_means_reading_everything(tmp_path):
    """A marker of another version is no marker."""
    repository = new_repository(tmp_path)
    add_commits(repository, [{"a.py": b"# TODO: x\n"}])
    memory = Memory()
    memory.marker = '{"what": 1}'
    memory.pull(repository)

    assert memory.values() == [1]


def test_the_warehouse_gives_back_what_the_next_pull_needs(tmp_path):
    """Through the real warehouse, with its own queries, two pulls leave what one leaves."""
    repository = new_repository(tmp_path / "repository")
    history = random_history(7, 20)
    warehouse = Warehouse(tmp_path / "w.duckdb", "p")
    marker = ""
    for start in (0, 12):
        add_commits(repository, history[start : start + 12], start=START + start * DAY)
        request = Request("p", tmp_path, repository, {"counters": COUNTERS}, marker, NOW, warehouse.rows)
        harvest = GitHistory().observe(request)
        assert not harvest.rewritten
        marker = harvest.marker
        store_harvest(warehouse, "git", harvest, NOW)
    whole = pull_all(repository, counters=COUNTERS)

    assert marker == whole.marker
    with warehouse.reading() as connection:
        items = connection.execute("SELECT id, text, path, line, closed_commit FROM item").fetchall()
        values = connection.execute("SELECT count(*), sum(value) FROM current_observation").fetchone()
    assert set(items) == {(i.id, i.text, i.path, i.line, i.closed_commit) for i in whole.items.values()}
    assert values == (len(whole.observations), sum(o.value or 0 for o in whole.observations))
