"""The commands: one row each. The parser, the documentation and the JSON schemas are made from this table."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar

from app.command_line import arguments, calls, exit_codes, meeting_calls, output

Answer = TypeVar("Answer")


class Command(NamedTuple, Generic[Answer]):
    """How one command is read, answered, printed and ended."""

    name: str
    help: str
    arguments: Callable[[ArgumentParser], None]  # what it takes
    step: Callable[[Namespace], Answer]  # what answers it
    show: Callable[[Answer, Namespace], None]  # how the answer is printed
    json: Callable[[Answer, Namespace], str] | None  # how the answer is written for programs; None: it is not
    exit_code: Callable[[Answer], int]

    def run(self, args: Namespace) -> int:
        """Answer, print, and return the exit code."""
        answer = self.step(args)
        if self.json is not None and wants_json(args):
            print(self.json(answer, args), end="")
        else:
            self.show(answer, args)
        return self.exit_code(answer)


def wants_json(args: Namespace) -> bool:
    """Whether the answer is for programs."""
    return bool(getattr(args, "json", False)) or getattr(args, "format", "") == "json"


_TABLE: tuple[Command[Any], ...] = (
    Command(
        "init",
        "write a commented tminus.toml, from the tree or from a checklist",
        arguments.init,
        calls.init,
        output.init,
        None,
        exit_codes.always_good,
    ),
    Command(
        "pull",
        "read what is new: git history, checklists, claims, CI and files",
        arguments.pull,
        calls.pull,
        output.pull,
        output.answer_json,
        exit_codes.of_pull,
    ),
    Command(
        "status",
        "how ready, gate by gate, with evidence",
        arguments.status,
        calls.status,
        output.status,
        output.answer_json,
        exit_codes.always_good,
    ),
    Command(
        "forecast",
        "when readiness reaches its target and every GO rule holds",
        arguments.forecast,
        calls.forecast,
        output.forecast,
        output.answer_json,
        exit_codes.of_forecast,
    ),
    Command(
        "moved",
        "what moved, and which commits moved it",
        arguments.moved,
        calls.moved,
        output.moved,
        output.answer_json,
        exit_codes.always_good,
    ),
    Command(
        "review",
        "the weekly review as Markdown, HTML or JSON",
        arguments.review,
        meeting_calls.review,
        output.review,
        output.review_json,
        exit_codes.always_good,
    ),
    Command(
        "send",
        "send the review, or only what changed, to Slack, Teams, mail or a webhook",
        arguments.send,
        meeting_calls.send,
        output.send,
        output.answer_json,
        exit_codes.always_good,
    ),
    Command(
        "decide",
        "write down a decision of the meeting, with owner and day",
        arguments.decide,
        meeting_calls.decide,
        output.decide,
        output.answer_json,
        exit_codes.always_good,
    ),
    Command(
        "decisions",
        "the decisions with the evidence since; close one",
        arguments.decisions,
        meeting_calls.decisions,
        output.decisions,
        output.answer_json,
        exit_codes.always_good,
    ),
    Command(
        "check",
        "for CI: exit 0 on GO, 1 when a gate fails, 3 without evidence",
        arguments.check,
        calls.check,
        output.check,
        output.answer_json,
        exit_codes.of_check,
    ),
    Command(
        "series",
        "one metric over time",
        arguments.series,
        calls.series,
        output.series,
        output.series_json,
        exit_codes.always_good,
    ),
    Command(
        "explain",
        "where a criterion's points come from, and the cheapest path to the target",
        arguments.explain,
        calls.explain,
        output.explain,
        output.answer_json,
        exit_codes.always_good,
    ),
    Command(
        "record",
        "store one value by hand or from a CI job",
        arguments.record,
        calls.record,
        output.record,
        None,
        exit_codes.always_good,
    ),
    Command(
        "read",
        "what a report file would yield, without storing it",
        arguments.read,
        calls.read,
        output.read,
        output.answer_json,
        exit_codes.of_read,
    ),
    Command(
        "reread",
        "read the kept raw reports again with the current readers",
        arguments.reread,
        calls.reread,
        output.reread,
        output.answer_json,
        exit_codes.always_good,
    ),
    Command(
        "backtest",
        "how good such forecasts have been",
        arguments.backtest,
        calls.backtest,
        output.backtest,
        output.answer_json,
        exit_codes.of_backtest,
    ),
    Command(
        "sql",
        "query the warehouse with SQL, read-only",
        arguments.sql,
        calls.sql,
        output.sql,
        output.rows_json,
        exit_codes.always_good,
    ),
    Command(
        "export",
        "write the warehouse to files",
        arguments.export,
        calls.export,
        output.export,
        None,
        exit_codes.always_good,
    ),
    Command(
        "backup",
        "copy the warehouse to a file, checked and whole",
        arguments.backup,
        calls.backup,
        output.backup,
        None,
        exit_codes.always_good,
    ),
    Command(
        "doctor",
        "what is wrong or missing, each with the next step",
        arguments.doctor,
        calls.doctor,
        output.doctor,
        output.answer_json,
        exit_codes.of_doctor,
    ),
    Command(
        "app", "serve the dashboard on loopback", arguments.app, calls.app, output.nothing, None, exit_codes.as_returned
    ),
    Command(
        "demo",
        "the whole product on bundled data, without network",
        arguments.demo,
        calls.demo,
        output.nothing,
        None,
        exit_codes.as_returned,
    ),
)

COMMANDS: dict[str, Command[Any]] = {command.name: command for command in _TABLE}
