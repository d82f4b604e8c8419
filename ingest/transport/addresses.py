"""Web addresses: which belong together, which may be shown, where the next page is."""

from __future__ import annotations

from urllib.parse import urlsplit

from ingest.source import SourceError

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def without_query(url: str) -> str:
    """The address without query, fragment and credentials: what may be shown and stored."""
    parts = urlsplit(url)
    return f"{shown_origin(url)}{parts.path}" if parts.netloc else url.split("?", maxsplit=1)[0]


def is_loopback(url: str) -> bool:
    """Say whether the address is on this machine."""
    return urlsplit(url).hostname in LOOPBACK


def check_base(name: str, base: str, token: bool, hint: str) -> None:
    """Refuse a base that is not an address, holds credentials, or would carry a token in the clear."""
    parts = urlsplit(base)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SourceError(f"{name}: {base!r} is not an address; write it as https://host/path")
    if parts.username or parts.password:
        raise SourceError(f"{name}: take the credentials out of the address and use {hint}")
    if token and parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise SourceError(f"{name}: {base} is not https, a token would travel in the clear: use https")


def check_token(name: str, token: str, hint: str) -> None:
    """Refuse what no header can carry, without showing it: a line break comes with a token from a file."""
    if not (token.isascii() and token.isprintable()):
        raise SourceError(f"{name}: {hint} holds a line break or a sign that no token has: set it again")


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port, the usual port filled in."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = -1
    return parts.scheme, (parts.hostname or "").lower(), port or (443 if parts.scheme == "https" else 80)


def shown_origin(url: str) -> str:
    """The origin as a reader knows it, the usual port left out."""
    scheme, host, port = origin(url)
    usual = port == (443 if scheme == "https" else 80)
    host = f"[{host}]" if ":" in host else host
    return f"{scheme}://{host}" if usual else f"{scheme}://{host}:{port}"
