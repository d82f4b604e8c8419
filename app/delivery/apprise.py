"""Handing a message to Apprise. Needs the extra `send`."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from app.delivery.address import Address
from app.workspace import UsageError
from ingest.source import TMinusError

INSTALL = 'python -m pip install "tminus[send]"'
_STATUS = re.compile(r"error=([1-5]\d\d)\b")


class DeliveryError(TMinusError):
    """A message could not be delivered."""


def refuse_unknown(address: Address) -> None:
    """Raise UsageError where Apprise is not installed, or no service has such addresses; sends nothing."""
    with _quiet():
        _service(address)


def deliver(address: Address, title: str, body: str) -> None:
    """Send a Markdown text. UsageError: not installed, or no service has such addresses. DeliveryError: refused."""
    with _quiet() as lines:
        is_sent = _service(address).notify(title=title, body=body, body_format="markdown")
    if not is_sent:
        status = next((found.group(1) for line in lines if (found := _STATUS.search(line))), "")
        answered = f"it answered {status}" if status else "no answer, or a refusal"
        raise DeliveryError(f"{address.shown} did not take the message ({answered}): check address, token and network")


def _service(address: Address) -> Any:
    try:
        import apprise
    except ImportError:
        raise UsageError(f"sending needs Apprise: {INSTALL}") from None
    service = apprise.Apprise()
    if not service.add(address.url):
        raise UsageError(f"{address.shown} is not an address that Apprise knows: see its list of services")
    return service


@contextmanager
def _quiet() -> Iterator[list[str]]:
    """Keep what Apprise logs from the terminal: its lines hold addresses."""
    log, lines = logging.getLogger("apprise"), list[str]()
    keeper = logging.Handler()
    keeper.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
    propagate, log.propagate = log.propagate, False
    log.addHandler(keeper)
    try:
        yield lines
    finally:
        log.removeHandler(keeper)
        log.propagate = propagate
