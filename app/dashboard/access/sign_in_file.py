"""The file that sets up the sign-in: Streamlit's own [auth], the groups of each role, the projects of each group.

It is named by the person who starts the server, and never taken from a repository: whoever may change a repository must
not be able to choose the identity provider.
"""

from __future__ import annotations

import os
import stat
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from ingest.source import TMinusError
from ingest.table_checks import hint
from ingest.transport.addresses import is_loopback, shown_origin

Role = Literal["reader", "reviewer", "maintainer"]
ROLES: tuple[Role, ...] = ("reader", "reviewer", "maintainer")
VARIABLE = "TMINUS_SIGN_IN"  # the path, for the server process
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
CALLBACK = "/oauth2callback"
_NEEDED = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
_SHORTEST_SECRET = 32
_KEYS = ("groups_claim", "hours", *(f"{role}s" for role in ROLES))
_EVERYBODY = "*"


class SignInError(TMinusError):
    """The sign-in is not set up as it must be."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """What the file says: the public address of the pages, and the groups of each role."""

    path: Path
    origin: str  # scheme and host as a browser shows them
    groups_claim: str
    groups: Mapping[Role, tuple[str, ...]]
    hours: float  # a sign-in older than this is asked for again: groups may have changed
    projects: Mapping[str, tuple[str, ...]] | None = None  # of each group; None: whoever has a role sees all of them

    def projects_of(self, groups: frozenset[str]) -> frozenset[str] | None:
        """The projects that these groups may see together; None: all of them."""
        if self.projects is None:
            return None
        seen = {name for group, names in self.projects.items() if group in (*groups, _EVERYBODY) for name in names}
        return None if _EVERYBODY in seen else frozenset(seen)

    def role_of(self, groups: frozenset[str]) -> Role | None:
        """The highest role that one of the groups has; None: the person may not see the pages."""
        for role in reversed(ROLES):
            if any(group in groups or group == _EVERYBODY for group in self.groups[role]):
                return role
        return None


def read_sign_in(path: Path) -> SignIn:
    """The sign-in file, checked; SignInError names what is missing and the line that brings it."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        mode = path.stat().st_mode
    except (OSError, ValueError) as problem:
        raise SignInError(f"{path}: cannot be read: {getattr(problem, 'strerror', None) or problem}") from None
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SignInError(f"{path}: others may read its secrets: chmod 600 {path}")
    if find_spec("authlib") is None:
        raise SignInError("the sign-in needs Authlib: pip install 'tminus[signin]'")
    auth, ours = document.get("auth"), document.get("tminus")
    if not isinstance(auth, Mapping) or not isinstance(ours, Mapping):
        raise SignInError(f"{path}: needs the tables [auth] and [tminus]; docs/running.md shows both")
    shares = document.get("projects")
    problems = [*_auth_problems(auth), *_role_problems(ours), *_project_problems(shares)]
    if problems:
        raise SignInError(f"{path}: " + "; ".join(problems))
    groups = {role: tuple(ours.get(f"{role}s", ())) for role in ROLES}
    claim, hours = str(ours.get("groups_claim", "groups")), float(ours.get("hours", 12))
    return SignIn(path.resolve(), shown_origin(auth["redirect_uri"]), claim, groups, hours, _shares(shares))


def _auth_problems(auth: Mapping[str, Any]) -> list[str]:
    texts = {key: str(auth.get(key) or "").strip() for key in _NEEDED}
    problems = [f"auth.{key}: missing" for key, value in texts.items() if not value]
    if problems:
        return problems
    problems = [
        f"auth.{key}: must be https (http on this machine alone), found {texts[key]!r}"
        for key in ("redirect_uri", "server_metadata_url")
        if not _is_safe(texts[key])
    ]
    redirect = texts["redirect_uri"]
    if redirect.removeprefix(shown_origin(redirect)) != CALLBACK:
        problems.append(f"auth.redirect_uri: must be the address of the pages with {CALLBACK}, found {redirect!r}")
    if len(texts["cookie_secret"]) < _SHORTEST_SECRET:
        problems.append(f"auth.cookie_secret: must have {_SHORTEST_SECRET} random signs (openssl rand -hex 32)")
    return problems


def _is_safe(address: str) -> bool:
    return shown_origin(address).startswith("https://") or (address.startswith("http://") and is_loopback(address))


def _role_problems(ours: Mapping[str, Any]) -> list[str]:
    problems = [f"tminus.{key}: unknown key; known: {', '.join(_KEYS)}" for key in ours if key not in _KEYS]
    lists = {f"{role}s": ours.get(f"{role}s", []) for role in ROLES}
    problems += [
        f"tminus.{key}: must be a list of groups, found {value!r}"
        for key, value in lists.items()
        if not _is_list(value)
    ]
    hours = ours.get("hours", 12)
    if isinstance(hours, bool) or not isinstance(hours, int | float) or hours <= 0:
        problems.append(f"tminus.hours: must be a number above 0, found {hours!r}")
    if not any(lists.values()):
        problems.append('tminus.readers: no group has a role; readers = ["*"] lets in whoever can sign in')
    return problems


def _project_problems(shares: Any) -> list[str]:
    """What is wrong with [projects]: a table that nobody can read would show everything to everybody, or nothing."""
    if shares is None:
        return []
    if not isinstance(shares, Mapping):
        return [f"projects: must be a table of groups with their projects, found {shares!r}"]
    if not shares:
        return ['projects: names no group, so nobody would see a project; leave it out, or write "*" = ["*"]']
    wrong = (f"projects.{group}: must be a list of projects" for group, names in shares.items() if not _is_list(names))
    return list(wrong)


def _shares(table: Mapping[str, Any] | None) -> Mapping[str, tuple[str, ...]] | None:
    return None if table is None else {group: tuple(names) for group, names in table.items()}


def check_projects(setup: SignIn, known: Sequence[str]) -> None:
    """SignInError where [projects] names a project that this server does not show: nobody would see it."""
    for group, names in (setup.projects or {}).items():
        for name in names:
            if name not in (_EVERYBODY, *known):
                raise SignInError(f"{setup.path}: projects.{group}: no project {name!r}{hint(name, known)}")


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(group, str) and group for group in value)
