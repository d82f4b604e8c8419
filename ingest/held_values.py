"""The secret values that this process holds: whatever its environment has as a token, password or key.

Shapes find what an issuer documents. A value that is held is known as it is, so it is found whatever it looks like:
a service that repeats the token it was sent must not bring it into a message or into the warehouse.
"""

from __future__ import annotations

import base64
import json
import os
import re
from functools import lru_cache
from urllib.parse import quote

_SECRET_NAME = re.compile(
    r"TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL|(?:API|ACCESS|PRIVATE|SIGNING|ENCRYPTION|DEPLOY|MASTER|SSH)_?KEY"
    r"|(?:^|_)(?:PAT|PWD|PASS|JWT|BEARER|AUTH)$",
    re.IGNORECASE,
)
# Addresses carry a password, or a key in the place of the user: DATABASE_URL, SENTRY_DSN, HTTPS_PROXY.
_ADDRESS_NAME = re.compile(r"(?:URL|URI|DSN|PROXY)$", re.IGNORECASE)
_IN_ADDRESS = re.compile(r"://(?:[^/\s:@]*:([^/\s@]+)|([0-9A-Za-z_-]{20,}))@")
# Names that hold no secret though they look so: a path, a switch, the working folder.
_NOT_SECRET = re.compile(r"^(?:OLD)?PWD$|_(?:FILE|PATH|DIR|URL|URI|NAME|TYPE|ID|EXPIRES?|TTL)$", re.IGNORECASE)
_SHORTEST = 6  # shorter values ("true", "8080") are words, masking them would hide the text
_USER, _PASSWORD = "PROMETHEUS_USER", "PROMETHEUS_PASSWORD"


def held_values() -> tuple[bytes, ...]:
    """Each held value as it may be written: plain, percent-encoded, escaped in JSON; longest first."""
    # Looked up by name: to decode every value costs more than all the rest.
    held = [os.environ.get(name, "").strip() for name in os.environ if is_secret_name(name)]
    addresses = [os.environ.get(name, "") for name in os.environ if is_address_name(name)]
    held += filter(None, map(_secret_in, addresses))
    user, password = os.environ.get(_USER, "").strip(), os.environ.get(_PASSWORD, "").strip()
    if user and password:
        held.append(base64.b64encode(f"{user}:{password}".encode()).decode())
    return _written(tuple(sorted({value for value in held if len(value) >= _SHORTEST})))


@lru_cache(maxsize=1024)
def is_secret_name(name: str) -> bool:
    """Whether the value of a variable of this name is a secret."""
    return bool(_SECRET_NAME.search(name)) and not _NOT_SECRET.search(name)


def _secret_in(address: str) -> str:
    """The password or key in an address; "" for a plain word, which would be masked wherever it is written."""
    found = _IN_ADDRESS.search(address)
    value = (found[1] or found[2]) if found else ""
    return "" if value.isalpha() else value


@lru_cache(maxsize=1024)
def is_address_name(name: str) -> bool:
    """Whether a variable of this name may hold an address with credentials in it."""
    return bool(_ADDRESS_NAME.search(name))


@lru_cache(maxsize=8)
def _written(values: tuple[str, ...]) -> tuple[bytes, ...]:
    forms = {form for value in values for form in (value, quote(value, safe=""), json.dumps(value)[1:-1])}
    return tuple(form.encode("utf-8", "surrogateescape") for form in sorted(forms, key=lambda form: (-len(form), form)))


def mask(text: str) -> str:
    """The text with every held value replaced: for what is printed."""
    for value in held_values():
        text = text.replace(value.decode("utf-8", "surrogateescape"), "[redacted]")
    return text
