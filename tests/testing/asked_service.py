"""A source of a service, pulled into a warehouse of its own against a local server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from ingest.pull import store_harvest
from ingest.source import Harvest, Request
from ingest.transport.http_client import RetryPolicy
from ingest.warehouse.database import Warehouse


class ServicePuller:
    """Pulls one source as `tminus pull` does; `waited` are the seconds that it would have slept."""

    def __init__(self, source: Callable[..., Any], folder: Path, **settings: Any) -> None:
        self.waited: list[float] = []
        self.source = source(patience=RetryPolicy(read_seconds=2), sleep=self.waited.append)
        self.folder = folder
        self.settings = settings
        self.warehouse = Warehouse(folder / "warehouse.duckdb", "shop")

    def ask(self, now: datetime) -> Harvest:
        """What a pull at this moment would store; SourceError as the source raises it."""
        marker = dict(self.warehouse.rows("markers", "shop")).get(self.source.name, "")
        stored = self.warehouse.rows
        request = Request("shop", self.folder, self.folder, self.settings, marker, now, stored, payloads=None)
        harvest: Harvest = self.source.observe(request)
        return harvest

    def pull(self, now: datetime) -> Harvest:
        """Ask, and store what came."""
        harvest = self.ask(now)
        store_harvest(self.warehouse, self.source.name, harvest, now)
        return harvest

    def values(self, harvest: Harvest) -> dict[Any, float | None]:
        """Value by metric, or by metric and scope."""
        return {(o.metric, o.scope) if o.scope else o.metric: o.value for o in harvest.observations}

    def items(self) -> list[tuple[Any, ...]]:
        """Text, address, when opened and closed of every item, oldest first."""
        sql = "SELECT text, path, opened_at::DATE::VARCHAR, closed_at::DATE::VARCHAR FROM item ORDER BY opened_at, text"
        with self.warehouse.reading() as connection:
            connection.execute("SET TimeZone = 'UTC'")
            return connection.execute(sql).fetchall()
