"""What the sources of a service have in common: a checked table, a client with its memory, a count of requests."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from ingest.source import Harvest, Request
from ingest.sources.settings import checked
from ingest.transport.etag_cache import ETagCache
from ingest.transport.http_client import Client, RetryPolicy, Service


@dataclass(frozen=True, slots=True)
class ServiceSource(ABC):
    """A service that is asked over HTTP, configured by the table of its name; its key `api` is the address."""

    defaults: ClassVar[Mapping[str, Any]]

    name: str
    patience: RetryPolicy = field(default_factory=RetryPolicy)
    sleep: Callable[[float], None] = time.sleep

    @abstractmethod
    def service(self, api: str) -> Service:
        """How to ask the service at this address."""

    @abstractmethod
    def read(self, client: Client, request: Request, given: dict[str, Any]) -> Harvest:
        """What is new; `given` is the checked table."""

    def observe(self, request: Request) -> Harvest:
        """Ask the service for what is new since the marker; SourceError when it cannot be read."""
        given = checked(f"sources.{self.name}", request.settings, self.defaults)
        memory = ETagCache(request.payloads / "pages" if request.payloads else None)
        with Client(self.service(given["api"]), memory, self.patience, self.sleep) as client:
            harvest = self.read(client, request, given)
            harvest.counts["requests"] = client.requests
        return harvest
