"""Who may see and write: the sign-in file, roles by group, and the names that the server answers to."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from app.dashboard.access.people import person_of
from app.dashboard.access.sign_in_file import SignInError, read_sign_in
from app.dashboard.entry.guard import is_ours
from app.dashboard.serve import ServingError, access_of, command
from tests.testing.identity_provider import sign_in_text

NOW = 1_800_000_000.0
WHOLE = sign_in_text("https://id.example", "https://tminus.example")


def written(folder: Path, text: str, mode: int = 0o600) -> Path:
    """A sign-in file with this text."""
    path = folder / "sign-in.toml"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def test_a_whole_file_gives_address_and_roles(tmp_path: Path) -> None:
    """The public address comes from the redirect, and the highest role of all groups counts."""
    setup = read_sign_in(written(tmp_path, WHOLE))

    assert setup.origin == "https://tminus.example"
    roles = [setup.role_of(frozenset(groups)) for groups in (["x"], ["team"], ["team", "leads"], ["admins", "team"])]
    assert roles == [None, "reader", "reviewer", "maintainer"]


@pytest.mark.parametrize(
    ("found", "instead", "problem"),
    [
        ('client_id = "tminus"', "", "auth.client_id: missing"),
        ("https://tminus.example", "http://tminus.example", "auth.redirect_uri: must be https"),
        ("https://id.example", "http://id.example", "auth.server_metadata_url: must be https"),
        ("/oauth2callback", "/oauth2/callback", "with /oauth2callback, found"),
        ("c" * 40, "short", "openssl rand -hex 32"),
        ('readers = ["team"]', 'readers = "team"', "must be a list of groups"),
        ('readers = ["team"]', 'viewers = ["team"]', "tminus.viewers: unknown key"),
        ("[tminus]", "[other]", "needs the tables [auth] and [tminus]"),
        ("[auth]", "[auth", "cannot be read"),
        ("[tminus]", "[projects]\nteam = 'shop'\n[tminus]", "projects.team: must be a list of projects"),
        ("[tminus]", "[projects]\n[tminus]", "projects: names no group"),
    ],
)
def test_a_wrong_file_is_one_clear_line(tmp_path: Path, found: str, instead: str, problem: str) -> None:
    """Whatever would leave the pages open, or nobody in, is refused before a server starts."""
    with pytest.raises(SignInError, match=re.escape(problem)):
        read_sign_in(written(tmp_path, WHOLE.replace(found, instead)))


def test_a_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    """Its secrets let anybody sign in as anybody."""
    with pytest.raises(SignInError, match="chmod 600"):
        read_sign_in(written(tmp_path, WHOLE, 0o644))


def test_a_file_without_a_group_lets_nobody_in_and_is_refused(tmp_path: Path) -> None:
    """A star lets in everybody who can sign in, and has to be written."""
    roles = WHOLE[: WHOLE.index("readers")]
    with pytest.raises(SignInError, match="no group has a role"):
        read_sign_in(written(tmp_path, roles))

    assert read_sign_in(written(tmp_path, roles + 'readers = ["*"]')).role_of(frozenset()) == "reader"


def test_projects_are_seen_by_the_groups_that_are_named(tmp_path: Path) -> None:
    """Groups add up, a star means everybody or for everything, and without the table all is seen."""
    shares = '[projects]\nshop-team = ["shop"]\ncash-team = ["cash", "till"]\nplatform = ["*"]\n"*" = ["open"]\n'
    setup = read_sign_in(written(tmp_path, WHOLE + shares))
    asked = (["team"], ["shop-team", "cash-team"], ["platform"])
    assert [setup.projects_of(frozenset(groups)) for groups in asked] == [
        {"open"},
        {"open", "shop", "cash", "till"},
        None,
    ]
    claims = {"sub": "u1", "iss": "https://id.example", "iat": NOW, "groups": ["team", "shop-team"]}
    who = person_of(setup, claims, NOW)
    assert [who.may_see(name) for name in ("shop", "open", "cash")] == [True, True, False]
    assert not person_of(setup, {**claims, "groups": ["shop-team"]}, NOW).may_see("shop")  # no role

    everybody = read_sign_in(written(tmp_path, WHOLE))
    assert everybody.projects_of(frozenset()) is None


def test_a_project_that_the_server_does_not_show_is_refused_at_the_start(tmp_path: Path) -> None:
    """A misspelt name would hide a project from its own team."""
    setup = read_sign_in(written(tmp_path, WHOLE + '[projects]\nteam = ["shop", "chekout"]\n'))
    with pytest.raises(SignInError, match=r"projects.team: no project 'chekout' \(did you mean 'checkout'\?\)"):
        access_of("127.0.0.1", str(setup.path), ["shop", "checkout"])
    access_of("127.0.0.1", str(setup.path), ["shop", "chekout"])


def test_an_open_address_needs_a_sign_in(tmp_path: Path) -> None:
    """Without a sign-in the pages are served on loopback only; with one, the child gets address and secrets."""
    with pytest.raises(ServingError, match="without a sign-in"):
        access_of("0.0.0.0", "")
    with pytest.raises(SignInError, match="No such file"):
        access_of("0.0.0.0", str(tmp_path / "none.toml"))

    path = written(tmp_path, WHOLE)
    line = command(tmp_path / "tminus.toml", 8501, access_of("0.0.0.0", str(path)))
    assert "--server.address=0.0.0.0" in line
    assert f"--secrets.files={path}" in line
    closed = command(tmp_path / "tminus.toml", 8501)
    assert "--server.address=127.0.0.1" in closed


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, ("Rolf <rolf@x.example>", "reviewer")),
        ({"groups": "team"}, ("Rolf <rolf@x.example>", "reader")),
        ({"groups": None}, ("Rolf <rolf@x.example>", None)),
        ({"groups": {"leads": True}}, ("Rolf <rolf@x.example>", None)),
        ({"name": None, "email": None}, ("u1", "reviewer")),
        ({"iat": NOW - 13 * 3600}, ("", None)),
        ({"iat": None}, ("", None)),
        ({"iat": "soon"}, ("", None)),
        ({"sub": ""}, ("", None)),
    ],
)
def test_the_person_is_what_the_token_says(tmp_path: Path, change: dict[str, Any], expected: tuple[str, Any]) -> None:
    """Name and role come from fresh claims alone; an old token, or one of nobody, is nobody."""
    claims = {"sub": "u1", "iss": "https://id.example", "iat": NOW - 60, "name": "Rolf", "email": "rolf@x.example"}
    who = person_of(read_sign_in(written(tmp_path, WHOLE)), {**claims, "groups": ["leads"], **change}, NOW)

    assert (who.name, who.role) == expected
    assert who.may_write == (who.role == "reviewer")


@pytest.mark.parametrize(
    ("host", "origin", "public", "ours"),
    [
        ("tminus.example", "https://tminus.example", "https://tminus.example", True),
        ("tminus.example", None, "https://tminus.example", True),
        ("tminus.example", "https://evil.example", "https://tminus.example", False),
        ("tminus.example", "http://tminus.example", "https://tminus.example", False),
        ("evil.example", "https://evil.example", "https://tminus.example", False),
        ("tminus.example", None, "", False),
        ("127.0.0.1:8501", None, "https://tminus.example", True),
    ],
)
def test_the_public_name_is_the_only_other_one(host: str, origin: str | None, public: str, ours: bool) -> None:
    """With a sign-in the server answers to loopback names and to the address of its redirect, to no other."""
    headers = [(name, value.encode()) for name, value in ((b"host", host), (b"origin", origin)) if value is not None]

    assert is_ours({"type": "http", "headers": headers, "server": ("127.0.0.1", 8501)}, public) is ours
