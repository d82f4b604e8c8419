"""The newest commit of the main branch is found in few processes, and is the one that git names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.transport.git_repo import GitRepository
from tests.testing.repositories import add_commits, git, new_repository


def _worktree(repository: Path) -> Path:
    git(repository, "worktree", "add", "-q", "-b", "other", "../linked")
    return repository.parent / "linked"


def _aliased(repository: Path) -> Path:
    git(repository, "symbolic-ref", "refs/heads/alias", "refs/heads/main")
    git(repository, "symbolic-ref", "HEAD", "refs/heads/alias")
    return repository


def _named_head(repository: Path) -> Path:
    add_commits(repository, [{"b.py": b"y = 2\n"}], branch="HEAD")
    return repository


def _packed(repository: Path) -> Path:
    git(repository, "pack-refs", "--all")
    return repository


SHAPES: dict[str, Callable[[Path], Path]] = {
    "plain": lambda repository: repository,
    "packed": _packed,
    "worktree": _worktree,
    "alias": _aliased,
    "a branch named HEAD": _named_head,
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_tip_is_what_git_names(repository: Path, shape: str) -> None:
    """On a branch, in a linked worktree, behind an alias, beside a branch with the name HEAD."""
    add_commits(repository, [{"a.py": b"x = 1\n"}])
    place = SHAPES[shape](repository)

    expected = (git(place, "symbolic-ref", "HEAD"), git(place, "rev-parse", "--verify", "HEAD"))
    assert GitRepository(place).tip() == expected


def test_a_detached_and_an_empty_repository(repository: Path) -> None:
    """Without a branch the commit is that of HEAD; without a commit there is no tip."""
    assert GitRepository(repository).tip() is None
    commit = add_commits(repository, [{"a.py": b"x = 1\n"}])
    git(repository, "update-ref", "--no-deref", "HEAD", commit)
    assert GitRepository(repository).tip() == ("HEAD", commit)


def test_a_clone_follows_the_branch_of_its_origin(repository: Path) -> None:
    """What origin/HEAD names counts, whatever is checked out."""
    commit = add_commits(repository, [{"a.py": b"x = 1\n"}])
    git(repository.parent, "clone", "-q", str(repository), "clone")
    git(repository.parent / "clone", "checkout", "-q", "-b", "feature")
    git(repository.parent / "clone", "branch", "-q", "-D", "main")
    assert GitRepository(repository.parent / "clone").tip() == ("refs/remotes/origin/main", commit)


def test_refs_in_tables_are_asked_for(tmp_path: Path) -> None:
    """Where git keeps refs in tables, a clone follows its origin as well."""
    try:
        repository = new_repository(tmp_path / "r", "--ref-format=reftable")
    except AssertionError:
        pytest.skip("this git has no tables of refs")
    commit = add_commits(repository, [{"a.py": b"x = 1\n"}])
    git(tmp_path, "clone", "-q", "--ref-format=reftable", str(repository), "clone")
    git(tmp_path / "clone", "checkout", "-q", "-b", "feature")
    assert GitRepository(tmp_path / "clone").tip() == ("refs/heads/main", commit)
