"""Addresses on the forge, from every form that a remote is written in."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.forge import FORGE_KINDS, forge_of
from ingest.transport.git_repo import GitRepository
from tests.testing.repositories import git

SHA = "9e6497d7867a3db08e6c842747ab87510268f7c5"
BASES = {
    "https://github.com/a/b": (
        "https://github.com/a/b.git",
        "https://github.com/a/b/",
        "http://github.com/a/b",
        "git@github.com:a/b.git",
        "github.com:a/b",
        "ssh://git@github.com/a/b.git",
        "ssh://git@ssh.github.com:443/a/b.git",
        "git://github.com/a/b.git",
        "https://x-access-token:ghp_secret@github.com/a/b.git",
    ),
    "https://gitlab.com/g/sub/b": ("git@gitlab.com:g/sub/b.git", "https://gitlab.com/g/sub/b.git"),
    "https://gitlab.example.org/g/b": ("ssh://git@gitlab.example.org:2222/g/b.git",),
    "https://gitlab.example.org:8443/g/b": ("https://gitlab.example.org:8443/g/b.git",),
    "https://bitbucket.org/a/b": ("git@bitbucket.org:a/b.git", "https://me@bitbucket.org/a/b.git"),
    "https://codeberg.org/a/b": ("https://codeberg.org/a/b.git",),
    "https://dev.azure.com/o/p/_git/r": (
        "https://o@dev.azure.com/o/p/_git/r",
        "git@ssh.dev.azure.com:v3/o/p/r",
        "https://o.visualstudio.com/p/_git/r",
        "https://o.visualstudio.com/DefaultCollection/p/_git/r",
        "o@vs-ssh.visualstudio.com:v3/o/p/r",
    ),
    "https://dev.azure.com/o/My%20Project/_git/r": ("https://dev.azure.com/o/My%20Project/_git/r",),
}


@pytest.mark.parametrize(("base", "remote"), [(base, remote) for base, forms in BASES.items() for remote in forms])
def test_every_form_of_a_remote_gives_the_address_of_its_repository(base: str, remote: str) -> None:
    """Https, ssh and scp-like remotes of one repository give one address, without user, password or suffix."""
    forge = forge_of(remote)

    assert forge is not None
    assert forge.base == base


@pytest.mark.parametrize(
    "remote", ["", "/srv/git/b.git", "../b", "file:///srv/b.git", "git@example.org:a/b.git", "https://example.org/a/b",
               "C:\\work\\b", "https://github.com", "https://[bad/a/b", "javascript:alert(1)"]
)  # fmt: skip
def test_an_unknown_host_gives_no_link(remote: str) -> None:
    """A local path, a host whose forge is unknown and a broken address give no link rather than a wrong one."""
    assert forge_of(remote) is None


def test_an_unknown_host_is_linked_when_its_kind_is_configured() -> None:
    """With the kind in tminus.toml the remote is enough; with an address there, the remote is not asked."""
    own = forge_of("git@code.example.org:team/b.git", kind="gitea")
    other = forge_of("", "https://code.example.org/team/b", "gitlab")

    assert own is not None
    assert own.commit(SHA) == f"https://code.example.org/team/b/commit/{SHA}"
    assert other is not None
    assert other.file("src/a.ts", SHA, 7) == f"https://code.example.org/team/b/-/blob/{SHA}/src/a.ts#L7"


def test_files_are_linked_at_their_commit_and_line() -> None:
    """Each forge writes the line in its own way; signs of a path that an address reserves are escaped."""
    addresses = {
        kind: forge.file("src/a b#1.ts", SHA, 7)
        for kind in FORGE_KINDS
        if kind != "azure" and (forge := forge_of("https://h.example/a/b", kind=kind))
    }

    assert addresses["github"] == f"https://h.example/a/b/blob/{SHA}/src/a%20b%231.ts#L7"
    assert addresses["bitbucket"].endswith(f"/src/{SHA}/src/a%20b%231.ts#lines-7")
    assert addresses["gitea"].endswith(f"/src/commit/{SHA}/src/a%20b%231.ts#L7")
    azure = forge_of("git@ssh.dev.azure.com:v3/o/p/r")
    assert azure is not None
    assert azure.file("a.ts", SHA, 7).startswith(f"https://dev.azure.com/o/p/_git/r?path=/a.ts&version=GC{SHA}&line=7")


@given(st.text(max_size=60))
def test_any_remote_gives_a_web_address_or_none(remote: str) -> None:
    """Whatever is configured as a remote, a link is https or http, and holds no quote, bracket or space."""
    forge = forge_of(remote, kind="github")

    if forge is not None:
        address = forge.commit(SHA)
        assert address.startswith(("https://", "http://"))
        assert not set(address) & set("\"'<> \\")


def test_the_remote_of_a_repository_is_asked(repository: Path) -> None:
    """Origin is taken before other remotes; a repository without any has no forge."""
    read = GitRepository(repository)
    assert read.remote() == ""

    for name, address in (("backup", "git@example.org:x/y.git"), ("origin", "git@github.com:a/b.git")):
        git(repository, "remote", "add", name, address)
    assert read.remote() == "git@github.com:a/b.git"
