"""What `github` and `gitlab` have in common: the runs since the marker."""

from __future__ import annotations

from typing import Any

from ingest.source import Harvest, Request
from ingest.sources.ci.pull_runs import CiPull, Forge, ci_settings
from ingest.sources.ci.runs import RunLedger


def read_runs(request: Request, forge: Forge, given: dict[str, Any]) -> Harvest:
    """The runs of a forge since the marker of the request."""
    return CiPull(request, forge, ci_settings(given), RunLedger.parse(request.marker)).run()
