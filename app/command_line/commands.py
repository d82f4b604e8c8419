"""The commands: one row each. The parser, the documentation and the JSON schemas are made from this table.

Their order and what each does in one line are in `names`, which `tminus --help` shows without this table.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar

from app.command_line import (
    arguments,
    calls,
    ci_arguments,
    ci_calls,
    ci_output,
    exit_codes,
    meeting_calls,
    output,
    portfolio_calls,
    process_calls,
    production_calls,
)
from app.command_line.names import HELP

Answer = TypeVar("Answer")


class Command(NamedTuple, Generic[Answer]):
    """How one command is read, answered, printed and ended."""

    name: str
    arguments: Callable[[ArgumentParser], None]  # what it takes
    step: Callable[[Namespace], Answer]  # what answers it
    show: Callable[[Answer, Namespace], None]  # how the answer is printed
    json: Callable[[Answer, Namespace], str] | None  # how the answer is written for programs; None: it is not
    exit_code: Callable[[Answer], int]
    takes_words: bool = False  # what comes behind two dashes is a command that the person types

    @property
    def help(self) -> str:
        """What it does, in one line."""
        return HELP[self.name]

    def run(self, args: Namespace) -> int:
        """Answer, print, and return the exit code."""
        answer = self.step(args)
        if self.json is not None and (getattr(args, "json", False) or getattr(args, "format", "") == "json"):
            print(self.json(answer, args), end="")
        else:
            self.show(answer, args)
        return self.exit_code(answer)


_TABLE: tuple[Command[Any], ...] = (
    Command(
        "init",
        arguments.init,
        calls.init,
        output.init,
        None,
        exit_codes.always_good,
    ),
    Command(
        "pull",
        arguments.pull,
        calls.pull,
        output.pull,
        output.answer_json,
        exit_codes.of_pull,
    ),
    Command(
        "status",
        arguments.status,
        calls.status,
        output.status,
        output.answer_json,
        exit_codes.always_good,
    ),
    Command(
        "forecast",
        arguments.forecast,
        calls.forecast,
        output.forecast,
        output.answer_json,
        exit_codes.of_forecast,
    ),
    Command(
        "moved",
        arguments.moved,
        calls.moved,
        output.moved,
        output.answer_json,
        exit_codes.always_good,
    ),
    Command(
        "review",
        arguments.review,
        meeting_calls.review,
        output.review,
        output.review_json,
        exit_codes.always_good,
    ),
    Command(
        "send",
        arguments.send,
        meeting_calls.send,
        output.send,
        output.answer_json,
        exit_codes.always_good,
    ),
    Command(
        "decide",
        arguments.decide,
        meeting_calls.decide,
        output.decide,
        output.answer_json,
        exit_codes.always_good,
    ),
    Command(
        "decisions",
        arguments.decisions,
        meeting_calls.decisions,
        output.decisions,
        output.answer_json,
        exit_codes.always_good,
    ),
    Command(
        "runbook",
        arguments.runbook,
        process_calls.runbook,
        output.runbook,
        output.answer_json,
        exit_codes.always_good,
    ),
    Command(
        "run-step",
        arguments.run_step,
        process_calls.run_step,
        output.run_step,
        output.answer_json,
        exit_codes.of_run_step,
    ),
    Command(
        "drill",
        arguments.drill,
        process_calls.drill,
        output.drill,
        output.answer_json,
        exit_codes.of_drill,
        takes_words=True,
    ),
    Command(
        "messages",
        arguments.messages,
        process_calls.messages,
        output.messages,
        output.answer_json,
        exit_codes.always_good,
    ),
    Command(
        "check",
        ci_arguments.check,
        ci_calls.check,
        output.check,
        output.answer_json,
        exit_codes.of_check,
    ),
    Command(
        "checklist",
        arguments.checklist,
        calls.checklist,
        output.checklist,
        output.answer_json,
        exit_codes.of_checklist,
    ),
    Command(
        "pr-comment",
        ci_arguments.pr_comment,
        ci_calls.pr_comment,
        ci_output.pr_comment,
        output.answer_json,
        exit_codes.always_good,
    ),
    Command(
        "lint",
        ci_arguments.lint,
        ci_calls.lint,
        ci_output.lint,
        ci_output.lint_json,
        exit_codes.of_lint,
    ),
    Command(
        "deploy",
        arguments.deploy,
        production_calls.deploy,
        output.deploy,
        output.answer_json,
        exit_codes.of_deploy,
    ),
    Command(
        "rollout",
        arguments.rollout,
        production_calls.rollout,
        output.rollout,
        output.answer_json,
        exit_codes.always_good,
    ),
    Command(
        "incident",
        arguments.incident,
        production_calls.incident,
        output.incident,
        output.answer_json,
        exit_codes.always_good,
    ),
    Command(
        "withdraw",
        arguments.withdraw,
        production_calls.withdraw,
        output.withdraw,
        output.answer_json,
        exit_codes.always_good,
    ),
    Command(
        "series",
        arguments.series,
        calls.series,
        output.series,
        output.series_json,
        exit_codes.always_good,
    ),
    Command(
        "explain",
        arguments.explain,
        calls.explain,
        output.explain,
        output.answer_json,
        exit_codes.always_good,
    ),
    Command(
        "record",
        arguments.record,
        calls.record,
        output.record,
        None,
        exit_codes.always_good,
    ),
    Command(
        "read",
        arguments.read,
        calls.read,
        output.read,
        output.answer_json,
        exit_codes.of_read,
    ),
    Command(
        "reread",
        arguments.reread,
        calls.reread,
        output.reread,
        output.answer_json,
        exit_codes.always_good,
    ),
    Command(
        "backtest",
        arguments.backtest,
        calls.backtest,
        output.backtest,
        output.answer_json,
        exit_codes.of_backtest,
    ),
    Command(
        "sql",
        arguments.sql,
        calls.sql,
        output.sql,
        output.rows_json,
        exit_codes.always_good,
    ),
    Command("export", arguments.export, calls.export, output.export, None, exit_codes.always_good),
    Command(
        "backup",
        arguments.backup,
        calls.backup,
        output.backup,
        None,
        exit_codes.always_good,
    ),
    Command(
        "warehouse",
        arguments.warehouse,
        calls.warehouse,
        output.warehouse,
        output.answer_json,
        exit_codes.always_good,
    ),
    Command(
        "doctor",
        arguments.doctor,
        calls.doctor,
        output.doctor,
        output.answer_json,
        exit_codes.of_doctor,
    ),
    Command(
        "portfolio",
        arguments.portfolio,
        portfolio_calls.portfolio,
        output.portfolio,
        output.answer_json,
        exit_codes.of_portfolio,
    ),
    Command("app", arguments.app, calls.app, output.nothing, None, exit_codes.as_returned),
    Command(
        "demo",
        arguments.demo,
        calls.demo,
        output.nothing,
        None,
        exit_codes.as_returned,
    ),
    Command(
        "mcp",
        arguments.none,
        calls.mcp,
        output.nothing,
        None,
        exit_codes.as_returned,
    ),
    Command(
        "badge",
        ci_arguments.badge,
        ci_calls.badge,
        ci_output.text_or_file,
        None,
        exit_codes.always_good,
    ),
    Command(
        "site",
        ci_arguments.site,
        ci_calls.site,
        ci_output.site,
        None,
        exit_codes.always_good,
    ),
    Command(
        "metrics",
        ci_arguments.metrics,
        ci_calls.metrics,
        ci_output.text_or_file,
        None,
        exit_codes.always_good,
    ),
    Command(
        "completion",
        ci_arguments.completion,
        ci_calls.completion,
        ci_output.text,
        None,
        exit_codes.always_good,
    ),
)
COMMANDS: dict[str, Command[Any]] = {command.name: command for command in _TABLE}
