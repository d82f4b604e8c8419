"""What went wrong on the wire, in words a person can use."""

from __future__ import annotations

import json

from ingest.redaction import redact


def in_words(problem: Exception) -> str:
    """Why no whole answer came."""
    import httpx

    if isinstance(problem, httpx.TimeoutException):
        return "did not answer in time"
    if isinstance(problem, httpx.ConnectError):
        return f"cannot be reached ({str(problem) or 'no connection'})"
    return "broke off half way"


def message_of(body: bytes) -> str:
    """The service's own words, when it sent some: one line, at most 120 characters, no credentials."""
    try:
        answer = json.loads(redact(body[:20_000])[0])
    except ValueError:
        return ""
    if not isinstance(answer, dict):
        return ""
    said = next((answer[key] for key in ("message", "error", "error_description") if answer.get(key)), "")
    return f" ({' '.join(str(said).split())[:120]})" if said else ""
