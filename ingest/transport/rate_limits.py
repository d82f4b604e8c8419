"""What rate-limit headers ask for, in seconds."""

from __future__ import annotations

import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime


def limit_wait(status: int, headers: Mapping[str, str], body: bytes) -> float | None:
    """Return how many seconds a rate limit asks to wait; None when the answer is not a rate limit.

    Times are compared with the service's own clock (its Date header) where it sends one.
    """
    if status not in (403, 429):
        return None
    if "retry-after" in headers:
        return _seconds(headers["retry-after"], _date(headers))
    for prefix in ("x-ratelimit", "ratelimit"):
        if headers.get(f"{prefix}-remaining") == "0" and f"{prefix}-reset" in headers:
            reset = _number(headers[f"{prefix}-reset"])
            return 60.0 if reset is None else max(reset - _date(headers), 0.0) + 1.0
    text = body[:2000].lower()
    # The second is how older servers of GitHub Enterprise call it.
    secondary = status == 429 or b"secondary rate limit" in text or b"abuse detection" in text
    return 60.0 if secondary else None


def _seconds(retry_after: str, now: float) -> float:
    number = _number(retry_after)
    if number is not None:
        return max(number, 0.0)
    try:
        return max(parsedate_to_datetime(retry_after).timestamp() - now, 0.0)
    except (ValueError, OverflowError):
        return 60.0


def _number(text: str) -> float | None:
    """A finite number of seconds, or None: a header may hold anything."""
    return float(text) if text.strip().isdecimal() and len(text) < 16 else None


def _date(headers: Mapping[str, str]) -> float:
    try:
        return parsedate_to_datetime(headers["date"]).timestamp()
    except (KeyError, ValueError, OverflowError):
        return time.time()
