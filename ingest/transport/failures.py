"""What went wrong on the wire, in words a person can use."""

from __future__ import annotations

import json

from ingest.redaction import redact
from ingest.source import SourceError

# Where services put their own words; of GitHub's validation the list says more than the message.
_MESSAGES = ("errors", "errorMessages", "message", "error", "error_description", "detail")


class RefusedError(SourceError):
    """The service answered, and its answer is no."""

    def __init__(self, message: str, status: int, *, by_service: bool = True) -> None:
        super().__init__(message)
        self.status = status
        self.by_service = by_service  # False: the store of its files answered so


class PostponedError(SourceError):
    """The service asks for a longer wait than a pull should take; the next pull goes on."""


class UnreachableError(SourceError):
    """No whole answer came, after several attempts; `body` is what the last one held, when there was one."""

    def __init__(self, message: str, body: bytes = b"") -> None:
        super().__init__(message)
        self.body = body


class TooLargeError(SourceError):
    """The answer is larger than the cap."""


def in_words(problem: Exception) -> str:
    """Why no whole answer came."""
    import httpx

    if isinstance(problem, httpx.TimeoutException):
        return "did not answer in time"
    if isinstance(problem, httpx.ProxyError):
        return f"cannot be reached through the proxy of the environment ({str(problem)[:80]})"
    if isinstance(problem, httpx.ConnectError):
        message = str(problem) or "no connection"
        own = "; for an authority of your own set SSL_CERT_FILE" if "CERTIFICATE_VERIFY_FAILED" in message else ""
        return f"cannot be reached ({message}{own})"
    return "broke off half way"


def message_of(body: bytes) -> str:
    """The service's own words, when it sent some: one line, at most 120 characters, no credentials."""
    try:
        answer = json.loads(redact(body[:20_000])[0])
    except ValueError:
        return ""
    if not isinstance(answer, dict):
        return ""
    message = next((answer[key] for key in _MESSAGES if answer.get(key)), "")
    if isinstance(message, list):  # Jira's texts; Sonar's and GitHub's tables
        first = message[0]
        message = first.get("msg") or first.get("message") if isinstance(first, dict) else first
    return f" ({' '.join(str(message).split())[:120]})" if message else ""
