"""The person behind a session: who it is, which role, and whether an act is allowed."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from app.dashboard.access.sign_in_file import VARIABLE, Role, SignIn, SignInError, read_sign_in

SECONDS_AN_HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Person:
    """Who looks at the pages. Without a sign-in nobody is known and all is allowed: the server is on loopback."""

    name: str = ""
    role: Role | None = "maintainer"
    signed: Mapping[str, str] = field(default_factory=dict)  # what the identity provider stated; empty without one
    projects: frozenset[str] | None = None  # those that the person may see; None: all

    @property
    def is_known(self) -> bool:
        """Whether the name comes from a sign-in, and therefore cannot be typed."""
        return bool(self.signed)

    @property
    def may_write(self) -> bool:
        """Whether the person may decide and freeze."""
        return self.role in ("reviewer", "maintainer")

    def may_see(self, project: str) -> bool:
        """Whether a project is shown to the person at all."""
        return self.role is not None and (self.projects is None or project in self.projects)


@cache
def sign_in() -> SignIn | None:
    """The sign-in of this server; None where it has none. Read once: a changed file counts from the next start."""
    place = os.environ.get(VARIABLE, "")
    return read_sign_in(Path(place)) if place else None


def person() -> Person:
    """The person of this session, from the sign-in alone; a Person without a role may see nothing."""
    setup = sign_in()
    if setup is None:
        return Person()
    if not st.user.is_logged_in:
        return Person(role=None)
    return person_of(setup, st.user.to_dict(), time.time())


def person_of(setup: SignIn, claims: Mapping[str, Any], now: float) -> Person:
    """The person of the claims of an identity token; nobody when it is too old, or without a subject."""
    issued = claims.get("iat")
    is_fresh = isinstance(issued, int | float) and now - issued < setup.hours * SECONDS_AN_HOUR
    texts = {key: str(claims.get(key) or "") for key in ("sub", "iss", "email", "name", "preferred_username")}
    if not is_fresh or not texts["sub"]:
        return Person(role=None)
    groups = _groups(claims.get(setup.groups_claim))
    role = setup.role_of(groups)
    signed = {"subject": texts["sub"], "issuer": texts["iss"], "role": role or "none"}
    return Person(_shown_name(texts), role, signed, setup.projects_of(groups))


def _shown_name(texts: Mapping[str, str]) -> str:
    """The name with the mail address, as far as the token has them; else its subject."""
    name = next(filter(None, (texts[key] for key in ("name", "preferred_username", "email", "sub"))))
    mail = texts["email"]
    return f"{name} <{mail}>" if mail and mail != name else name


def _groups(value: Any) -> frozenset[str]:
    """The groups of a claim: a list, or one text."""
    if isinstance(value, str):
        return frozenset({value})
    return frozenset(str(group) for group in value) if isinstance(value, list | tuple) else frozenset()


def admitted(addresses: Sequence[str]) -> bool:
    """Whether the pages may be drawn; else draw what the person can do: sign in, or ask for a group.

    `addresses` are those of the pages: a link to any of them leads to the sign-in, and not to a page that is missing.
    """
    who = person()
    if who.role is not None:
        if who.is_known:
            with st.sidebar:
                st.caption(f"Signed in as {who.name}, {who.role}")
                st.button("Sign out", on_click=st.logout, type="tertiary", key="sign-out")
        return True
    _hidden_pages(addresses)
    if who.is_known:
        setup = sign_in()
        claim = setup.groups_claim if setup else ""
        st.error(f"**{who.name}, you have no role here.** Your sign-in has no group that may read these pages.")
        st.markdown(f"Ask who runs this server: it reads the claim `{claim}` of your identity provider.")
        st.button("Sign out", on_click=st.logout, key="sign-out")
    else:
        st.title("T-minus")
        st.markdown("Sign in to see the review.")
        st.button("Sign in", on_click=st.login, type="primary", key="sign-in")
    return False


def without_project(addresses: Sequence[str]) -> None:
    """What somebody sees who has a role, and whose groups see no project here."""
    _hidden_pages(addresses)
    st.error(f"**{person().name}, no project is shown to your groups.**")
    st.markdown(
        "Ask who runs this server: the table `[projects]` of its sign-in file names the projects of each group."
    )


def _hidden_pages(addresses: Sequence[str]) -> None:
    pages = [st.Page(_nothing, title="T-minus", url_path=one or None, default=not one) for one in addresses]
    st.navigation(pages, position="hidden")


def _nothing() -> None:
    """A page without content: the frame alone is drawn."""


def writer(typed: str = "") -> Person:
    """Who writes: from the sign-in, where there is one, whatever was typed. SignInError: the role may only read."""
    who = person()
    if not who.may_write:
        raise SignInError(f"your role is {who.role or 'none'}: a reviewer writes decisions and freezes reviews")
    return who if who.is_known else Person(typed.strip())
