"""The commands: one row each. The parser, the documentation and the JSON schemas are made from this table."""

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
    takes_words: bool = False  # what comes behind two dashes is a command that the person types

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
        "runbook",
        "the steps of the runbooks, each with its last run",
        arguments.runbook,
        process_calls.runbook,
        output.runbook,
        output.answer_json,
        exit_codes.always_good,
    ),
    Command(
        "run-step",
        "run one runbook step that you confirm, and keep what came of it",
        arguments.run_step,
        process_calls.run_step,
        output.run_step,
        output.answer_json,
        exit_codes.of_run_step,
    ),
    Command(
        "drill",
        "time a rollback drill until the health check answers",
        arguments.drill,
        process_calls.drill,
        output.drill,
        output.answer_json,
        exit_codes.of_drill,
        takes_words=True,
    ),
    Command(
        "messages",
        "who has to be informed around the deployment, and what was sent",
        arguments.messages,
        process_calls.messages,
        output.messages,
        output.answer_json,
        exit_codes.always_good,
    ),
    Command(
        "check",
        "for CI: exit 0 on GO, 1 when a gate fails, 3 without evidence",
        ci_arguments.check,
        ci_calls.check,
        output.check,
        output.answer_json,
        exit_codes.of_check,
    ),
    Command(
        "checklist",
        "write the document of the plan from evidence",
        arguments.checklist,
        calls.checklist,
        output.checklist,
        output.answer_json,
        exit_codes.of_checklist,
    ),
    Command(
        "pr-comment",
        "what a change moves, as the comment on its pull request",
        ci_arguments.pr_comment,
        ci_calls.pr_comment,
        ci_output.pr_comment,
        output.answer_json,
        exit_codes.always_good,
    ),
    Command(
        "lint",
        "whether plan and checklist are sound, each problem with its line",
        ci_arguments.lint,
        ci_calls.lint,
        ci_output.lint,
        ci_output.lint_json,
        exit_codes.of_lint,
    ),
    Command(
        "deploy",
        "record a deployment to a stage, or a rollback; refused on NO-GO",
        arguments.deploy,
        production_calls.deploy,
        output.deploy,
        output.answer_json,
        exit_codes.of_deploy,
    ),
    Command(
        "rollout",
        "the current stage, what holds it, and the windows since the deployment",
        arguments.rollout,
        production_calls.rollout,
        output.rollout,
        output.answer_json,
        exit_codes.always_good,
    ),
    Command(
        "incident",
        "record an incident, or that it is resolved",
        arguments.incident,
        production_calls.incident,
        output.incident,
        output.answer_json,
        exit_codes.always_good,
    ),
    Command(
        "withdraw",
        "take back an event that was recorded by mistake; it stays visible",
        arguments.withdraw,
        production_calls.withdraw,
        output.withdraw,
        output.answer_json,
        exit_codes.always_good,
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
        "export", "write all rows to files", arguments.export, calls.export, output.export, None, exit_codes.always_good
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
        "warehouse",
        "copy a warehouse between a file and a lake, or tidy a lake",
        arguments.warehouse,
        calls.warehouse,
        output.warehouse,
        output.answer_json,
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
        "portfolio",
        "many projects: pull them side by side, and how each is, worst first",
        arguments.portfolio,
        portfolio_calls.portfolio,
        output.portfolio,
        output.answer_json,
        exit_codes.of_portfolio,
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
    Command(
        "mcp",
        "answer agents over the Model Context Protocol, read-only",
        arguments.none,
        calls.mcp,
        output.nothing,
        None,
        exit_codes.as_returned,
    ),
    Command(
        "badge",
        "readiness, verdict or odds as a badge: SVG, or JSON for a badge service",
        ci_arguments.badge,
        ci_calls.badge,
        ci_output.text_or_file,
        None,
        exit_codes.always_good,
    ),
    Command(
        "site",
        "write a static site: the current review, the frozen ones, badges",
        ci_arguments.site,
        ci_calls.site,
        ci_output.site,
        None,
        exit_codes.always_good,
    ),
    Command(
        "metrics",
        "status and forecast as OpenMetrics text, for Prometheus",
        ci_arguments.metrics,
        ci_calls.metrics,
        ci_output.text_or_file,
        None,
        exit_codes.always_good,
    ),
    Command(
        "completion",
        "print the completion script of a shell",
        ci_arguments.completion,
        ci_calls.completion,
        ci_output.text,
        None,
        exit_codes.always_good,
    ),
)
COMMANDS: dict[str, Command[Any]] = {command.name: command for command in _TABLE}
