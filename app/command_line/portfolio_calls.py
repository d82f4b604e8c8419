"""The calls behind `tminus portfolio`: pull the projects, or say how they are."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from app.answers.types.portfolio import PortfolioAnswer, PortfolioPullAnswer


def portfolio(args: Namespace) -> PortfolioPullAnswer | PortfolioAnswer:
    """Pull every project, or ask how each is."""
    from app.steps.portfolio.definition import open_portfolio

    asks_status, place = _asked(args.words)
    opened = open_portfolio(place)
    if asks_status:
        from app.steps.portfolio.status import portfolio_status

        return portfolio_status(opened, _day(args.by))
    if args.by:
        from app.workspace import UsageError

        raise UsageError("--by asks how many projects are ready: write `tminus portfolio status --by DATE`")
    from app.command_line.terminal.portfolio import progress
    from app.steps.portfolio.pull import pull_portfolio

    with progress(quiet=args.json) as watch:
        return pull_portfolio(opened, watch)


def _asked(words: list[str]) -> tuple[bool, Path]:
    """Whether the status is asked, and of which file or folder: `FILE`, `status`, or `status FILE`."""
    from pathlib import Path

    from app.workspace import UsageError

    asks_status = words[:1] == ["status"]
    places = words[asks_status:]
    if len(places) > 1:
        raise UsageError(f"one portfolio at a time, found {len(places)}: tminus portfolio [status] [FILE]")
    return asks_status, Path(places[0]) if places else Path()


def _day(text: str | None) -> date | None:
    from datetime import date

    from app.workspace import UsageError

    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise UsageError(f"--by {text!r} is not an ISO date: write 2026-03-31") from None
