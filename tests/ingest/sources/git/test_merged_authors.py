"""Who wrote what a merge brought: compared with git blame on histories with merges."""

from __future__ import annotations

import subprocess

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.testing.repositories import DAY, START, add_commits, git, new_repository, pull_all

PEOPLE = (b"Ada", b"Bo", b"Cyd", b"Dov")


def merge(repository, branch, author=b"Merger", files=None, day=90):
    """Merge a branch into main, with the files as the merge leaves them; return the merge commit."""
    other = git(repository, "rev-parse", branch)
    mine = git(repository, "rev-parse", "main")
    base = git(repository, "merge-base", "main", branch)
    changed = git(repository, "diff", "--name-only", base, branch).splitlines()
    brought = {path: show(repository, branch, path) for path in changed} | (files or {})
    start = START + day * DAY
    assert mine != other
    return add_commits(repository, [brought], author=author, start=start, parents=[other])


def show(repository, commit, path):
    """The file's bytes; None where there is none."""
    done = subprocess.run(["git", "show", f"{commit}:{path}"], cwd=repository, capture_output=True, check=False)
    return None if done.returncode else done.stdout


def branch_off(repository, name):
    git(repository, "branch", "-f", name, "main")


def items_of(repository):
    return list(pull_all(repository).items.values())


def test_the_author_of_merged_work_is_who_wrote_it(tmp_path):
    """A marker that came with a merge names its writer, and who merged it beside it; its removal likewise."""
    repo = new_repository(tmp_path / "r")
    add_commits(repo, [{"a.py": b"x = 1\n"}])
    branch_off(repo, "side")
    add_commits(repo, [{"a.py": b"x = 1\n# TODO one\n"}], branch="side", author=b"Ada", start=START + 9 * DAY)
    add_commits(repo, [{"a.py": b"x = 2\n# TODO one\n"}], branch="side", author=b"Bo", start=START + 10 * DAY)
    first = merge(repo, "side")
    branch_off(repo, "more")
    add_commits(repo, [{"a.py": b"x = 2\n"}], branch="more", author=b"Cyd", start=START + 99 * DAY)
    second = merge(repo, "more", day=120)
    [item] = items_of(repo)
    assert (item.opened_by, item.opened_merged_by, item.opened_commit) == ("Ada", "Merger", first)
    assert (item.closed_by, item.closed_merged_by, item.closed_commit) == ("Cyd", "Merger", second)


def test_a_marker_follows_its_file_through_a_rename_on_the_branch(tmp_path):
    """Who renamed the file on the branch did not write the marker."""
    repo = new_repository(tmp_path / "r")
    add_commits(repo, [{"a.py": b"x = 1\n"}])
    branch_off(repo, "side")
    body = b"".join(b"line_%d = 1\n" % n for n in range(30)) + b"# TODO one\n"
    add_commits(repo, [{"b.py": body}], branch="side", author=b"Ada", start=START + 9 * DAY)
    add_commits(repo, [{"b.py": None, "c.py": body}], branch="side", author=b"Bo", start=START + 10 * DAY)
    merge(repo, "side")
    assert [(i.path, i.opened_by) for i in items_of(repo)] == [("c.py", "Ada")]


def test_what_the_merge_itself_wrote_is_its_authors(tmp_path):
    """A marker that no merged commit has was written while merging."""
    repo = new_repository(tmp_path / "r")
    add_commits(repo, [{"a.py": b"x = 1\n"}])
    branch_off(repo, "side")
    add_commits(repo, [{"a.py": b"x = 2\n"}], branch="side", author=b"Ada", start=START + 9 * DAY)
    merge(repo, "side", files={"a.py": b"x = 2\n# TODO solve\n"})
    [item] = items_of(repo)
    assert (item.opened_by, item.opened_merged_by) == ("Merger", "Merger")


def test_a_merge_names_the_authors_of_its_commits(tmp_path):
    """The commit's row names who worked on the branch, most commits first, and who merged."""
    repo = new_repository(tmp_path / "r")
    add_commits(repo, [{"a.py": b"x = 1\n"}])
    branch_off(repo, "side")
    for number, author in enumerate((b"Ada", b"Bo", b"Ada", b"Cyd", b"Dov")):
        add_commits(repo, [{"b.py": b"%d\n" % number}], branch="side", author=author, start=START + (9 + number) * DAY)
    merge(repo, "side")
    commit = pull_all(repo).commits[-1]
    assert (commit.author, commit.merged_by) == ("Ada, Bo and 2 others", "Merger")


STEP = st.tuples(
    st.sampled_from(["main", "side", "other"]),
    st.sampled_from(["add", "drop", "merge", "sync", "rebranch"]),
    st.integers(0, 5),
    st.sampled_from(PEOPLE),
)


@given(steps=st.lists(STEP, min_size=6, max_size=12))
@settings(max_examples=12, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
def test_authors_equal_git_blame_on_any_history_with_merges(tmp_path_factory, steps):
    """The author of every open marker is the one that blame names for its line."""
    repo = new_repository(tmp_path_factory.mktemp("r"))
    build(repo, steps)
    for item in items_of(repo):
        if item.closed_at is None:
            assert item.opened_by == blamed(repo, item), steps


def build(repo, steps):
    """Play the steps: each line of the file is a marker of its own, added once and dropped at most once."""
    lines = {"main": ["start = 1"]}
    add_commits(repo, [{"a.py": text(lines["main"])}], author=b"Root")
    for name in ("side", "other"):
        branch_off(repo, name)
        lines[name] = list(lines["main"])
    for number, (branch, action, where, author) in enumerate(steps):
        own, start = lines[branch], START + (10 + number) * DAY
        if action == "add":
            own[1:] = sorted([*own[1:], f"# TODO line{where}{number:02}"])
        elif action == "drop" and len(own) > 1:
            own.pop(1 + where % (len(own) - 1))
        elif action == "rebranch" and branch != "main":
            git(repo, "branch", "-f", branch, "main")
            lines[branch] = list(lines["main"])
            continue
        elif action in ("merge", "sync") and branch != "main":
            into, of = ("main", branch) if action == "merge" else (branch, "main")
            lines[into] = combined(repo, into, of)
            parent = git(repo, "rev-parse", of)
            add_commits(
                repo, [{"a.py": text(lines[into])}], branch=into, author=b"Merger", start=start, parents=[parent]
            )
            continue
        else:
            continue
        add_commits(repo, [{"a.py": text(own)}], branch=branch, author=author, start=start)


def combined(repo, into, of):
    """Merge line by line: what either side added stays, what either side dropped goes."""
    base = git(repo, "merge-base", into, of)
    old, mine, theirs = (show(repo, ref, "a.py").decode().splitlines() for ref in (base, into, of))
    gone = {line for line in old if line not in mine or line not in theirs}
    kept = [line for line in mine if line not in gone]
    added = [line for line in theirs[1:] if line not in kept and line not in gone]
    return [kept[0], *sorted([*kept[1:], *added])]


def text(lines):
    return "".join(f"{line}\n" for line in lines).encode()


def blamed(repo, item):
    """The author that git blame names for the marker's line in main."""
    answer = git(repo, "blame", "--line-porcelain", f"-L{item.line},{item.line}", "main", "--", item.path)
    return next(line.removeprefix("author ") for line in answer.splitlines() if line.startswith("author "))
