"""Mirrors: made whole or not at all, never by a protocol that runs a program."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.source import SourceError
from ingest.transport.mirrors import check_url, update_mirror
from tests.testing.repositories import add_commits, git, new_repository


@pytest.mark.parametrize(
    "url",
    ["https://host.example/a/b", "ssh://git@host.example/a", "git@host.example:a/b.git", "file:///srv/a", "/srv/a"],
)
def test_the_usual_addresses_are_taken(url):
    """https, ssh, file, the short form of ssh, and a path."""
    check_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "ext::sh -c 'touch x'",
        "--upload-pack=touch x",
        "http://host.example/a",
        "https://token@host.example/a",
        "https://user:secret@host.example/a",
        "fd::17",
        "relative/path",
        "/srv/a\nb",
        "",
    ],
)
def test_other_addresses_are_refused(url):
    """A protocol that runs a program, an option of git, an open line, or credentials in the address."""
    with pytest.raises(SourceError) as refused:
        check_url(url)
    assert "secret" not in str(refused.value)


def test_a_failed_clone_leaves_nothing(tmp_path: Path):
    """Nothing is left under the name of the mirror, so the next pull starts afresh."""
    with pytest.raises(SourceError, match="git clone failed"):
        update_mirror(str(tmp_path / "none"), tmp_path / "mirrors" / "a.git", 30)
    assert list((tmp_path / "mirrors").iterdir()) == []


def test_a_mirror_of_another_repository_is_refused(tmp_path: Path):
    """An address that was changed in the portfolio does not mix two histories."""
    for name in ("a", "b"):
        new_repository(tmp_path / name)
        add_commits(tmp_path / name, [{"x.py": name.encode()}])
    update_mirror(str(tmp_path / "a"), tmp_path / "m.git", 30)
    with pytest.raises(SourceError, match=r"mirrors .*, not "):
        update_mirror(str(tmp_path / "b"), tmp_path / "m.git", 30)


def test_hooks_and_templates_of_the_origin_never_run(tmp_path: Path):
    """A hook that the origin holds leaves no trace when it is mirrored."""
    origin, marker = tmp_path / "origin", tmp_path / "ran"
    new_repository(origin)
    add_commits(origin, [{"x.py": b"x"}])
    for hook in ("post-checkout", "post-update", "pre-auto-gc", "reference-transaction"):
        script = Path(git(origin, "rev-parse", "--absolute-git-dir").strip()) / "hooks" / hook
        script.parent.mkdir(exist_ok=True)
        script.write_text(f"#!/bin/sh\ntouch {marker}\n")
        script.chmod(0o755)
    update_mirror(str(origin), tmp_path / "m.git", 30)
    update_mirror(str(origin), tmp_path / "m.git", 30)
    assert not marker.exists()
