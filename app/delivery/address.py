"""Where a message goes: an address of Apprise, kept out of files, output and the list of processes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from app.workspace import UsageError

_SCHEMA = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
# Kinds of address whose secret, if any, is a user and password: all others carry a token in the address itself.
_PLAIN = frozenset({"json", "jsons", "xml", "xmls", "form", "forms", "syslog"})


class Address(NamedTuple):
    """An address, and the form in which it may be shown."""

    url: str
    shown: str


def address_of(to: str, environment: Mapping[str, str]) -> Address:
    """The address that `to` gives, or that the environment variable of that name holds.

    UsageError: the variable is not set or holds no address, or a secret was written on the command line.
    """
    if to.isascii() and to.isidentifier():
        url = environment.get(to, "").strip()
        if not url:
            raise UsageError(f"--to {to}: there is no environment variable {to}: set it to an address of Apprise")
        return Address(url, f"{to} ({_schema(url, to)}://…)")
    schema = _schema(to, "--to")
    if schema not in _PLAIN or "@" in to:
        raise UsageError(
            f"an address of {schema}:// holds a secret: put it into an environment variable and name that, "
            "for example --to TMINUS_SEND_URL"
        )
    return Address(to, f"{schema}://…")


def _schema(url: str, where: str) -> str:
    found = _SCHEMA.match(url)
    if not found:
        raise UsageError(f"{where}: not an address: it begins with a service, such as slack://, mailto:// or json://")
    return found.group(1).lower()
