"""The git source against real repositories: its figures, its items, and what it does with odd ones."""

from __future__ import annotations

import random
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.source import SourceError
from tests.testing.repositories import DAY, NOW, START, Memory, add_commits, git, new_repository, pull_all

# Lines whose markers are known by construction: the twin needs no lexer.
LINES = {
    b"x = 1": (),
    b"# TODO: split this": ("TODO",),
    b"y = 2  # FIXME(bob) later": ("FIXME",),
    b's = "TODO in a string"': (),
    b"# HACK and XXX": ("HACK", "XXX"),
    b"TODO_LIST = 3  # mastodon TODOS": (),
    b"'''TODO in a docstring'''": (),
}
PATHS = {
    "src/api/a.py": ("code", "src/api"),
    "src/web/b.py": ("code", "src/web"),
    "setup.py": ("code", "."),
    "tests/test_a.py": ("tests", ""),
    "vendor/lib/c.py": ("vendored", ""),
    "env/lib/python3.12/site-packages/d.py": ("vendored", ""),
    "old.bak/e.py": ("backup", ""),
    "docs/conf.py": ("docs", ""),
    "dist/f.py": ("generated", ""),
}


def random_history(seed: int, commits: int = 30) -> list[dict[str, bytes | None]]:
    """Commits that add, edit, move and delete files."""
    chance = random.Random(seed)
    tree: dict[str, bytes] = {}
    history: list[dict[str, bytes | None]] = []
    for _ in range(commits):
        change: dict[str, bytes | None] = {}
        for path in chance.sample(list(PATHS), chance.randint(1, 3)):
            action = chance.random()
            if path in tree and action < 0.2:
                change[path] = None
            elif path in tree and action < 0.4:
                change[path], change[chance.choice(list(PATHS))] = None, tree[path]
            else:
                change[path] = b"\n".join(chance.choices(list(LINES), k=chance.randint(0, 6))) + b"\n"
        tree |= {path: content for path, content in change.items() if content is not None}
        tree = {path: content for path, content in tree.items() if change.get(path, b"") is not None}
        history.append(change)
    return history


def naive_counts(repository: Path, commit: str) -> dict[str, int]:
    """Check the commit out and look every line up."""
    found: dict[str, int] = {}
    for path in git(repository, "ls-tree", "-r", "--name-only", commit).splitlines():
        path_class, component = PATHS[path]
        content = git(repository, "show", f"{commit}:{path}").encode()
        for label in (label for line in content.splitlines() for label in LINES[line]):
            scopes = ("", component, f"marker:{label}") if path_class == "code" else (f"class:{path_class}",)
            for scope in scopes:
                found[scope] = found.get(scope, 0) + 1
    return found


@pytest.mark.parametrize("seed", range(4))
def test_every_scope_equals_a_naive_count_of_every_commit(tmp_path, seed):
    """Each figure of each commit is what a line-by-line look at the checked-out tree gives."""
    repository = new_repository(tmp_path)
    add_commits(repository, random_history(seed))
    memory = pull_all(repository)
    states = memory.carried()

    assert len(states) == 30
    for commit, state in zip(memory.commits, states, strict=True):
        assert {scope: value for scope, value in state.items() if value} == naive_counts(repository, commit.sha)


@pytest.mark.parametrize("seed", range(4))
def test_open_items_are_the_last_figures(tmp_path, seed):
    """As many items are open as the last commit counts, each at a line that holds its word."""
    repository = new_repository(tmp_path)
    tip = add_commits(repository, random_history(seed + 50))
    memory = pull_all(repository)
    last = memory.carried()[-1]

    for scope in ("", "class:tests", "class:vendored", "class:backup"):
        path_class = scope.removeprefix("class:") or "code"
        assert sum(item.path_class == path_class for item in memory.open_items()) == last.get(scope, 0)
    for item in memory.open_items():
        line = git(repository, "show", f"{tip}:{item.path}").splitlines()[item.line - 1]
        assert item.label in line


def test_the_total_is_reported_at_every_commit_and_other_scopes_when_they_change(tmp_path):
    """Scope "" has a figure a commit; a component has one when it first exists and at each change."""
    repository = new_repository(tmp_path)
    changes = [
        {"src/a/x.py": b"x = 1\n"},
        {"README.md": b"hello\n"},
        {"src/a/x.py": b"# TODO: y\n"},
        {"src/b/x.py": b"\n"},
    ]
    add_commits(repository, changes)
    memory = pull_all(repository)

    assert memory.values() == [0, 0, 1, 1]
    assert memory.values(scope="src/a") == [0, 1]
    assert memory.values(scope="src/b") == [0]
    assert memory.values(scope="class:docs") == [0]
    assert memory.values(scope="marker:TODO") == [0, 1]
    assert memory.values(scope="marker:XXX") == [0]


def test_a_marker_that_moves_between_files_stays_one_item(tmp_path):
    """A move within a commit keeps the item's id and opening, and changes its place and class."""
    repository = new_repository(tmp_path)
    text = b"# TODO: keep me together\n"
    first = add_commits(repository, [{"a.py": b"x = 1\n" + text}])
    add_commits(repository, [{"a.py": b"x = 1\n", "tests/b.py": b"\n\n" + text}], start=START + DAY)
    memory = pull_all(repository)

    (item,) = memory.items.values()
    assert (item.path, item.line, item.path_class, item.closed_at) == ("tests/b.py", 3, "tests", None)
    assert item.opened_commit == first
    assert memory.values() == [1, 0]
    assert memory.values(scope="class:tests") == [1]


def test_a_reworded_marker_stays_one_item_and_another_word_is_a_new_one(tmp_path):
    """Half of the words the same: the same item; TODO that becomes FIXME: closed and opened."""
    repository = new_repository(tmp_path)
    versions = [
        b"# TODO: fix the login page\n",
        b"# TODO: fix the login page soon\n",
        b"# FIXME: fix the login page soon\n",
    ]
    tips = [add_commits(repository, [{"a.py": text}], start=START + n * DAY) for n, text in enumerate(versions)]
    items = sorted(pull_all(repository).items.values(), key=lambda item: item.opened_at)

    assert [(i.label, i.text, i.opened_commit, i.closed_commit) for i in items] == [
        ("TODO", "fix the login page soon", tips[0], tips[2]),
        ("FIXME", "fix the login page soon", tips[2], ""),
    ]


def test_a_marker_that_comes_back_is_a_new_item(tmp_path):
    """Deleted and restored later: the first item stays closed, a second one opens."""
    repository = new_repository(tmp_path)
    add_commits(repository, [{"a.py": b"# TODO: x\n"}, {"a.py": None}, {"a.py": b"# TODO: x\n"}])
    items = pull_all(repository).items.values()

    assert sorted(item.closed_at is None for item in items) == [False, True]


def test_items_carry_who_and_when(tmp_path):
    """An item tells the author, date and commit of its opening and closing."""
    repository = new_repository(tmp_path)
    add_commits(repository, [{"a.c": b"int x; /* HACK: why */\n"}], author=b"Grace")
    tip = add_commits(repository, [{"a.c": b"int x;\n"}], author=b"Linus", start=START + DAY)
    (item,) = pull_all(repository).items.values()

    assert (item.kind, item.label, item.text, item.line) == ("marker", "HACK", "why", 1)
    assert (item.opened_by, item.closed_by, item.closed_commit) == ("Grace", "Linus", tip)
    assert item.opened_at == datetime.fromtimestamp(START, UTC)


def test_a_merge_counts_against_its_first_parent(tmp_path):
    """Work of a merged branch arrives in the merge commit, as one step of the main branch."""
    repository = new_repository(tmp_path)
    base = add_commits(repository, [{"a.py": b"x = 1\n"}])
    side = add_commits(
        repository, [{"b.py": b"# TODO: 1\n"}, {"b.py": b"# TODO: 1\n# TODO: 2\n"}], branch="side", parents=[base]
    )
    merge = add_commits(repository, [{"b.py": b"# TODO: 1\n# TODO: 2\n"}], parents=[side], start=START + 5 * DAY)
    memory = pull_all(repository)

    assert [commit.sha for commit in memory.commits] == [base, merge]
    assert memory.values() == [0, 2]


def test_links_and_submodules_are_not_read(tmp_path):
    """A symbolic link's target and a submodule's commit are no file; a file that becomes a link closes its markers."""
    repository = new_repository(tmp_path)
    add_commits(repository, [{"a.py": b"# TODO: x\n", "sub": b"1" * 40}], modes={"sub": "160000"})
    add_commits(repository, [{"a.py": b"# TODO: x"}], modes={"a.py": "120000"}, start=START + DAY)
    memory = pull_all(repository)

    assert memory.values() == [1, None]
    assert [item.closed_at is None for item in memory.items.values()] == [False]


def test_an_executable_bit_changes_nothing(tmp_path):
    """A change of mode alone keeps figures and items."""
    repository = new_repository(tmp_path)
    add_commits(repository, [{"a.py": b"# TODO: x\n"}])
    add_commits(repository, [{"a.py": b"# TODO: x\n"}], modes={"a.py": "100755"}, start=START + DAY)
    memory = pull_all(repository)

    assert memory.values() == [1, 1]
    assert len(memory.items) == 1


def test_names_that_are_no_utf8_are_kept_readable(tmp_path):
    """Paths and authors in another encoding are replaced, not refused."""
    repository = new_repository(tmp_path)
    add_commits(repository, [{"caf\udce9.py": b"# TODO: x\n"}], author=b"J\xfcrgen")
    (item,) = pull_all(repository).items.values()

    assert item.path == "caf\\xe9.py"
    assert item.opened_by == "J\ufffdrgen"


@pytest.mark.parametrize("name", ["--output=x", "a b\tc", 'q"uo\nte', "-n", "ключ", "trailing "])
def test_hostile_file_names_are_only_names(tmp_path, name):
    """A file name that looks like an option, or holds quotes and line ends, is counted like any other."""
    repository = new_repository(tmp_path)
    add_commits(repository, [{f"{name}.py": b"# TODO: x\n"}])
    (item,) = pull_all(repository).items.values()

    assert item.path == f"{name}.py"


@pytest.mark.parametrize("branch", ["--upload-pack=touch x", "-x", "a..b", "main^{/x}", "a b", "x.lock"])
def test_a_branch_name_that_git_could_misread_is_refused(tmp_path, branch):
    """An option-like or impossible branch name is one clear line, and git never sees it."""
    repository = new_repository(tmp_path)
    add_commits(repository, [{"a.py": b""}])

    with pytest.raises(SourceError, match="not a valid branch name"):
        pull_all(repository, branch=branch)


def test_an_unknown_branch_names_those_that_exist(tmp_path):
    """The refusal says what was asked and what there is."""
    repository = new_repository(tmp_path)
    add_commits(repository, [{"a.py": b""}])

    with pytest.raises(SourceError, match=r"branch 'develop' is not in .*: found main"):
        pull_all(repository, branch="develop")


def test_no_repository_is_one_line(tmp_path):
    """A folder without a repository, and one that is not there, are distinguished."""
    with pytest.raises(SourceError, match="no git repository at"):
        pull_all(tmp_path)
    with pytest.raises(SourceError, match="no folder at"):
        pull_all(tmp_path / "nowhere")


def test_a_parent_repository_is_not_read_by_mistake(tmp_path):
    """A folder inside a repository is not that repository."""
    new_repository(tmp_path)
    (tmp_path / "inner").mkdir()

    with pytest.raises(SourceError, match="no git repository at"):
        pull_all(tmp_path / "inner")


def test_an_empty_repository_is_a_warning_and_then_a_history(tmp_path):
    """Without a commit there is nothing to read; the first commit is then read like any other."""
    repository = new_repository(tmp_path)
    memory = Memory()
    for branch in ("", "main"):
        assert "no commit yet" in memory.pull(repository, branch=branch).warnings[0]
    add_commits(repository, [{"a.py": b"# TODO: x\n"}])
    memory.pull(repository)

    assert memory.values() == [1]


def test_a_commit_without_files_has_a_figure(tmp_path):
    """Empty commits, also at the root, are commits like others; without a line of code the figure is unknown."""
    repository = new_repository(tmp_path)
    add_commits(repository, [{}, {"a.py": b"# TODO: x\n"}, {}])

    assert pull_all(repository).values() == [None, 1, 1]


def test_a_bare_folder_without_config_is_a_repository(tmp_path):
    """HEAD, objects and refs are enough."""
    bare = new_repository(tmp_path / "b", "--bare")
    add_commits(bare, [{"a.py": b"# TODO: x\n"}])
    (bare / "config").unlink()

    assert pull_all(bare).values() == [1]


def test_a_detached_head_is_read_where_it_is(tmp_path):
    """Without origin/HEAD and with a detached HEAD, the history of that commit is read."""
    repository = new_repository(tmp_path)
    first = add_commits(repository, [{"a.py": b"# TODO: x\n"}])
    add_commits(repository, [{"a.py": b"\n"}], start=START + DAY)
    git(repository, "update-ref", "--no-deref", "HEAD", first)

    assert pull_all(repository).values() == [1]


def test_a_linked_worktree_is_a_repository(tmp_path):
    """A worktree, whose .git is a file, reads the objects of its main repository."""
    repository = new_repository(tmp_path / "main")
    add_commits(repository, [{"a.py": b"# TODO: x\n"}])
    git(repository, "worktree", "add", "-q", str(tmp_path / "linked"), "-b", "other")

    assert pull_all(tmp_path / "linked").values() == [1]


def test_the_remote_main_branch_wins_over_the_branch_checked_out(tmp_path):
    """In a clone with a feature branch checked out the series is that of origin/HEAD's branch."""
    origin = new_repository(tmp_path / "origin")
    add_commits(origin, [{"a.py": b"# TODO: x\n"}])
    git(tmp_path, "clone", "-q", str(origin), "clone")
    clone = tmp_path / "clone"
    tip = git(clone, "rev-parse", "HEAD")
    add_commits(clone, [{"a.py": b"\n"}], branch="feature", parents=[tip], start=START + DAY)
    git(clone, "symbolic-ref", "HEAD", "refs/heads/feature")
    assert pull_all(clone).values() == [1]

    add_commits(clone, [{"b.py": b"# TODO: ahead\n"}], start=START + 2 * DAY)
    assert pull_all(clone).values() == [1, 2]
    assert pull_all(clone, branch="feature").values() == [1, 0]


def test_a_shallow_clone_says_so_and_is_read_again_when_deepened(tmp_path):
    """The cut is a warning; after unshallowing the whole history is there."""
    origin = new_repository(tmp_path / "origin")
    add_commits(origin, [{"a.py": b"# TODO: %d\n" % number} for number in range(5)])
    git(tmp_path, "clone", "-q", "--depth", "2", f"file://{origin}", "clone")
    memory = Memory()
    harvest = memory.pull(tmp_path / "clone")
    assert len(memory.commits) == 2
    assert any("shallow" in warning for warning in harvest.warnings)

    git(tmp_path / "clone", "fetch", "-q", "--unshallow")
    assert memory.pull(tmp_path / "clone").rewritten
    assert len(memory.commits) == 5


def test_missing_blobs_are_counted_and_reported(tmp_path):
    """In a partial clone absent file versions are a warning with their number, and nothing is fetched."""
    origin = new_repository(tmp_path / "origin")
    git(origin, "config", "uploadpack.allowFilter", "true")
    add_commits(origin, [{"a.py": b"# TODO: %d\n" % number} for number in range(3)])
    git(tmp_path, "clone", "-q", "--no-checkout", "--filter=blob:none", f"file://{origin}", "clone")
    memory = Memory()
    harvest = memory.pull(tmp_path / "clone")

    assert harvest.counts["blobs_missing"] == 3
    assert any("3 of 3 file versions cannot be read" in warning for warning in harvest.warnings)


def test_a_broken_history_is_one_line(tmp_path):
    """A repository whose trees are gone is refused with git's own reason."""
    repository = new_repository(tmp_path)
    add_commits(repository, [{"a.py": b"# TODO: x\n"}, {"a.py": b"x\n"}])
    tree = git(repository, "rev-parse", "HEAD^{tree}")
    packs = list((repository / ".git/objects/pack").glob("*.pack"))
    for pack in packs:
        content = pack.read_bytes()
        for other in pack.parent.glob(pack.stem + "*"):
            other.unlink()
        git(repository, "unpack-objects", "-q", stdin=content)
    (repository / ".git/objects" / tree[:2] / tree[2:]).unlink()

    with pytest.raises(SourceError, match=r"git cannot read the history of .*: (fatal|error)"):
        pull_all(repository)


def test_binary_and_huge_files_are_skipped_and_counted(tmp_path, monkeypatch):
    """A NUL byte or a size beyond the limit makes a file data: skipped, counted, never a marker."""
    monkeypatch.setattr("ingest.sources.git.blob_scanner.LARGEST_BYTES", 1000)
    repository = new_repository(tmp_path)
    add_commits(repository, [{"a.py": b"# TODO: x\0\n", "b.py": b"# TODO: y\n" * 200, "c.py": b"# TODO: z\n"}])
    memory = Memory()
    harvest = memory.pull(repository)

    assert memory.values() == [1]
    assert (harvest.counts["blobs_binary"], harvest.counts["blobs_too_large"]) == (1, 1)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_marker_stays_open_when_its_file_changes_its_encoding(tmp_path, encoding):
    """A file that an editor saves with a byte order mark, as UTF-8 or as UTF-16, keeps its markers."""
    repository = new_repository(tmp_path)
    mark = "\ufeff" if encoding[-3:] in ("-le", "-be") else ""
    text = "Get-Item .\n# TODO: café\n"
    add_commits(repository, [{"a.ps1": text.encode()}, {"a.ps1": f"{mark}{text}".encode(encoding)}])

    assert [state[""] for state in pull_all(repository).carried()] == [1, 1]


def test_one_blob_at_paths_of_different_kinds_is_read_for_each(tmp_path):
    """The same bytes are a comment in Python, code in C and prose in a document."""
    repository = new_repository(tmp_path)
    text = b"# TODO: x\n"
    add_commits(repository, [{"a.py": text, "a.c": text, "a.md": text, "vendor/a.py": text}])
    (state,) = pull_all(repository).carried()

    assert (state[""], state["class:docs"], state["class:vendored"]) == (1, 1, 1)


def test_odd_dates_keep_the_order_of_commits(tmp_path):
    """Dates of 1970, 2099 and dates that run backwards stay in the commits; figures count in commit order."""
    repository = new_repository(tmp_path)
    dates = [0, START, START - DAY, 4_070_908_800, START + DAY]
    add_commits(repository, [{"a.py": b"# TODO: x\n" * n} for n in range(5)], dates=dates)
    memory = Memory()
    harvest = memory.pull(repository)
    seen = [o.observed_at for o in memory.observations if o.scope == ""]

    assert [int(commit.committed_at.timestamp()) for commit in memory.commits] == dates
    assert [int(at.timestamp()) for at in seen] == [START - 1, START, START, START, START + DAY]
    assert seen == sorted(set(seen))
    assert all(at <= NOW for at in seen)
    assert any("3 commits are dated" in warning for warning in harvest.warnings)


def test_commits_of_one_second_keep_their_order(tmp_path):
    """Six commits of the same second, as a rebase makes them, have six moments in their order; the last one counts."""
    repository = new_repository(tmp_path)
    add_commits(repository, [{"a.py": b"# TODO: x\n" * n} for n in (3, 1, 4, 1, 5, 2)], dates=[START] * 6)
    memory = Memory()
    memory.pull(repository)
    seen = [(o.observed_at, o.value) for o in memory.observations if o.scope == ""]

    assert [value for _, value in sorted(seen)] == [3, 1, 4, 1, 5, 2]
    assert len({at for at, _ in seen}) == 6


def test_a_hostile_configuration_starts_no_program(tmp_path):
    """Programs that a repository's configuration and attributes name are never run."""
    repository = new_repository(tmp_path)
    trap = tmp_path / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\n")
    trap.chmod(0o755)
    add_commits(repository, [{"a.py": b"# TODO: x\n", ".gitattributes": b"*.py diff=evil filter=evil\n"}])
    for key in ("core.fsmonitor", "diff.external", "diff.evil.textconv", "diff.evil.command", "filter.evil.smudge"):
        git(repository, "config", key, str(trap))
    for key, value in (
        ("core.pager", str(trap)),
        ("gpg.program", str(trap)),
        ("log.showSignature", "true"),
        ("diff.orderFile", "/nonexistent"),
        ("log.diffMerges", "off"),
        ("diff.renames", "copies"),
        ("format.pretty", "oneline"),
        ("core.sshCommand", str(trap)),
        ("core.hooksPath", str(tmp_path)),
    ):
        git(repository, "config", key, value)

    assert pull_all(repository).values() == [1]
    assert not (tmp_path / "sprung").exists()


def test_surrounding_git_variables_do_not_lead_elsewhere(tmp_path, monkeypatch):
    """Run from a hook, GIT_DIR points at another repository: ours is read all the same."""
    repository = new_repository(tmp_path / "a")
    add_commits(repository, [{"a.py": b"# TODO: x\n"}])
    other = new_repository(tmp_path / "b")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / "index"))

    assert pull_all(repository).values() == [1]


def test_environments_are_found_by_their_sign(tmp_path):
    """A folder that ever held a pyvenv.cfg is vendored in all of history, whatever its name."""
    repository = new_repository(tmp_path)
    add_commits(repository, [{"tools-env/bin/x.py": b"# TODO: x\n"}, {"tools-env/pyvenv.cfg": b"home = /usr\n"}])
    memory = pull_all(repository)

    assert memory.values() == [None, None]
    assert memory.values(scope="class:vendored") == [1]


def test_the_tree_may_say_itself_what_is_vendored(tmp_path):
    """linguist attributes of the newest commit hold for all of history and are part of the definition."""
    repository = new_repository(tmp_path)
    add_commits(repository, [{"a/x.py": b"# TODO: x\n", "vendor/y.py": b"# TODO: y\n"}])
    before = pull_all(repository)
    attributes = b"a/** linguist-vendored\nvendor/** -linguist-vendored\n"
    add_commits(repository, [{".gitattributes": attributes}], start=START + DAY)
    after = pull_all(repository)

    assert [item.path_class for item in before.open_items()] == ["code", "vendored"]
    assert [item.path_class for item in after.open_items()] == ["vendored", "code"]
    assert before.observations[0].definition != after.observations[0].definition


def test_git_that_is_not_there_is_one_line(tmp_path, monkeypatch):
    """Without a git program the refusal says to install it."""
    repository = new_repository(tmp_path)
    monkeypatch.setattr(subprocess, "run", _no_program)

    with pytest.raises(SourceError, match="install git"):
        pull_all(repository)


def _no_program(*_: object, **__: object) -> None:
    raise FileNotFoundError(2, "No such file or directory")
