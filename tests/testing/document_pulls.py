"""A store for the document sources in tests: pulls once or in pieces and keeps what comes."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from ingest.observation import Evidence, Item, Observation
from ingest.source import Harvest, Request
from tests.testing.repositories import NOW


class Pulls:
    """Runs one source again and again with its own marker."""

    def __init__(self, source: Any, repository: Path, **settings: Any) -> None:
        self.source = source
        self.repository = repository
        self.settings = settings
        self.marker = ""
        self.observations: list[Observation] = []
        self.evidence: dict[str, Evidence] = {}
        self.items: dict[str, Item] = {}

    def pull(self, now: datetime = NOW) -> Harvest:
        """Pull once; a rewritten harvest replaces everything."""
        request = Request("p", self.repository, self.repository, self.settings, self.marker, now, self._stored)
        harvest = self.source.observe(request)
        if harvest.rewritten:
            self.observations, self.evidence, self.items = [], {}, {}
        self.observations += harvest.observations
        self.evidence |= {evidence.id: evidence for evidence in harvest.evidence}
        self.items |= {item.id: item for item in (*harvest.items, *harvest.changed_items)}
        self.marker = harvest.marker
        return harvest

    def _stored(self, query: str, *_: Any) -> list[tuple[Any, ...]]:
        """What the warehouse would answer to the source."""
        return [(item.id, item.text) for item in self.items.values() if query == "open_boxes" and not item.closed_at]

    def values(self, metric: str, scope: str = "") -> list[float | None]:
        """Values of one series in the order they came."""
        return [o.value for o in self.observations if (o.metric, o.scope) == (metric, scope)]

    def shown_text(self) -> list[tuple[Any, ...]]:
        """Claims as (value or word, path, line, commit)."""
        found = []
        for o in self.observations:
            if o.metric == "claim_removed":
                continue
            evidence = self.evidence[o.evidence]
            found.append((o.value if o.value is not None else o.reason, evidence.path, evidence.line, o.commit))
        return found
