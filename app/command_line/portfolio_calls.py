"""The calls behind `tminus portfolio`: pull the projects, or say how they are."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from app.answers.types.portfolio import LearnedAnswer, PortfolioAnswer, PortfolioPullAnswer


def portfolio(args: Namespace) -> PortfolioPullAnswer | PortfolioAnswer | LearnedAnswer:
    """Pull every project, ask how each is, or what they teach each other."""
    from app.steps.portfolio.definition import open_portfolio

    question, place = _asked(args.words)
    opened = open_portfolio(place)
    if question == "status":
        from app.steps.portfolio.status import portfolio_status

        return portfolio_status(opened, _day(args.by))
    if args.by:
        from app.workspace import UsageError

        raise UsageError("--by asks how many projects are ready: write `tminus portfolio status --by DATE`")
    if question == "learn":
        from app.steps.portfolio.learn import learn

        return learn(opened)
    from app.command_line.terminal.portfolio import progress
    from app.steps.portfolio.pull import pull_portfolio

    with progress(quiet=args.json) as watch:
        return pull_portfolio(opened, watch)


def _asked(words: list[str]) -> tuple[str, Path]:
    """What is asked (status, learn, or nothing: pull), and of which file or folder."""
    from pathlib import Path

    from app.workspace import UsageError

    question = words[0] if words[:1] in (["status"], ["learn"]) else ""
    places = words[bool(question) :]
    if len(places) > 1:
        raise UsageError(f"one portfolio at a time, found {len(places)}: tminus portfolio [status|learn] [FILE]")
    return question, Path(places[0]) if places else Path()


def _day(text: str | None) -> date | None:
    from datetime import date

    from app.workspace import UsageError

    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise UsageError(f"--by {text!r} is not an ISO date: write 2026-03-31") from None
