"""What each command prints: its answer as text, as JSON or as CSV. The printers load rich, so each is imported late."""

from __future__ import annotations

import sys
from argparse import Namespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from app.answers.types.backtest import BacktestAnswer
    from app.answers.types.collect import (
        ChecklistAnswer,
        ExportedTable,
        InitReport,
        PullAnswer,
        RecordReport,
        RereadAnswer,
        UpdateAnswer,
    )
    from app.answers.types.delivery import SendAnswer
    from app.answers.types.doctor import DoctorAnswer
    from app.answers.types.explain import ExplainAnswer
    from app.answers.types.files import ReadAnswer, WarehouseCopyAnswer, WarehouseTidyAnswer
    from app.answers.types.forecast import FileForecastAnswer, ForecastAnswer
    from app.answers.types.meeting import DecideAnswer, DecisionsAnswer
    from app.answers.types.movement import MovedAnswer
    from app.answers.types.portfolio import LearnedAnswer, PortfolioAnswer, PortfolioPullAnswer
    from app.answers.types.process import (
        DrillAnswer,
        DrillsAnswer,
        MessageDraftAnswer,
        MessagesAnswer,
        MessageSentAnswer,
        RunbookAnswer,
        StepRunAnswer,
    )
    from app.answers.types.review import MeetingAnswer, ReviewAnswer
    from app.answers.types.rollout import ActAnswer, DeployAnswer, RolloutAnswer, WithdrawAnswer
    from app.answers.types.status import CheckAnswer, StatusAnswer

# --- JSON ----------------------------------------------------------------------------------------------------------


def answer_json(answer: Any, _args: Namespace) -> str:
    """An answer as JSON; NaN and infinity are errors, not numbers."""
    import json

    return json.dumps(answer, indent=2, allow_nan=False, default=str) + "\n"


def rows_json(frame: pd.DataFrame, _args: Namespace) -> str:
    """The rows of a table as JSON objects."""
    return str(frame.to_json(orient="records", date_format="iso", indent=2)) + "\n"


def series_json(frame: pd.DataFrame, args: Namespace) -> str:
    """The points of one metric, or the list of what is stored."""
    from app.answers.files import series_answer

    return answer_json(series_answer(frame), args) if args.metric else rows_json(frame, args)


# --- text ----------------------------------------------------------------------------------------------------------


def nothing(_answer: object, _args: Namespace) -> None:
    """For commands that print while they run."""


def init(report: InitReport | UpdateAnswer, _args: Namespace) -> None:
    """What was written, or what changed in the document."""
    from app.answers.types.collect import InitReport
    from app.command_line.terminal.checklist import show_update
    from app.command_line.terminal.collect import show_init

    if isinstance(report, InitReport):
        show_init(report)
    else:
        show_update(report)


def checklist(answer: ChecklistAnswer, _args: Namespace) -> None:
    """What became of the document."""
    from app.command_line.terminal.checklist import show_checklist

    show_checklist(answer)


def pull(answer: PullAnswer, args: Namespace) -> None:
    """What each source brought."""
    from app.command_line.terminal.collect import show_pull

    show_pull(answer, quiet=args.quiet)


def status(answer: StatusAnswer, args: Namespace) -> None:
    """The verdict, the gates, the rules, the claims."""
    from app.command_line.terminal.status import show_status

    show_status(answer, everything=args.all)


def check(answer: CheckAnswer, _args: Namespace) -> None:
    """The verdict with its reasons."""
    from app.command_line.terminal.status import show_check

    show_check(answer)


def forecast(answer: ForecastAnswer | FileForecastAnswer, _args: Namespace) -> None:
    """The date with its odds."""
    from app.command_line.terminal.forecast import show_file_forecast, show_forecast

    if "file" in answer:
        show_file_forecast(answer)
    else:
        show_forecast(answer)


def portfolio(answer: PortfolioPullAnswer | PortfolioAnswer | LearnedAnswer, _args: Namespace) -> None:
    """What each project brought, how each is, or what they teach each other."""
    from app.command_line.terminal.portfolio import show_learned, show_portfolio, show_pulls

    if answer["schema"] == "tminus.portfolio/1":
        show_portfolio(answer)
    elif answer["schema"] == "tminus.portfolio_learned/1":
        show_learned(answer)
    else:
        show_pulls(answer)


def moved(answer: MovedAnswer, _args: Namespace) -> None:
    """The moves with their commits."""
    from app.command_line.terminal.movement import show_moved

    show_moved(answer)


def review(answer: MeetingAnswer, args: Namespace) -> None:
    """The review, printed or written to a file that is never left half-written; or what is frozen."""
    from app.command_line.terminal.meeting import show_compared, show_frozen

    if isinstance(answer, str):  # a frozen review, byte for byte
        _printed_or_written(_as_pdf(answer) if args.format == "pdf" else answer, args.output)
    elif answer["schema"] == "tminus.review/1":
        _review_and_charts(answer, args)
    elif answer["schema"] == "tminus.review_compared/1":
        show_compared(answer)
    else:
        show_frozen(answer)


def _review_and_charts(answer: ReviewAnswer, args: Namespace) -> None:
    from pathlib import Path

    from app.reports.writing import render, write_pictures

    page = _as_pdf(render(answer, "html")) if args.format == "pdf" else render(answer, args.format)
    if args.charts:
        for place in write_pictures(answer, Path(args.charts)):
            print(f"wrote {place}")
    if args.output or not args.charts:
        _printed_or_written(page, args.output)


def _as_pdf(html: str) -> bytes:
    from app.reports.pdf import pdf_bytes

    return pdf_bytes(html)


def send(answer: SendAnswer, _args: Namespace) -> None:
    """What was sent, or would be."""
    from app.command_line.terminal.meeting import show_sent

    show_sent(answer)


def review_json(answer: MeetingAnswer, args: Namespace) -> str:
    """The review as JSON; a frozen one as it was stored."""
    return answer if isinstance(answer, str) else answer_json(answer, args)


def _printed_or_written(page: str | bytes, file: str | None) -> None:
    from pathlib import Path

    from app.reports.writing import write_report
    from app.workspace import UsageError

    if file:
        write_report(Path(file), page)
        print(f"wrote {file}")
    elif isinstance(page, str):
        sys.stdout.write(page)
    else:
        raise UsageError("a PDF is not text: add --output review.pdf")


def decide(answer: DecideAnswer, args: Namespace) -> None:
    """The decision as it was written."""
    from app.command_line.terminal.meeting import show_written

    show_written(answer, args.text, args.owner, args.due)


def decisions(answer: DecisionsAnswer | DecideAnswer, args: Namespace) -> None:
    """The decisions, or what became of the one that was closed."""
    from app.command_line.terminal.meeting import show_decisions

    if answer["schema"] == "tminus.decisions/1":
        show_decisions(answer, only_open=args.open)
    else:
        print(f"{answer['id']}: {'carried over, still open' if args.outcome == 'carried' else args.outcome}")


def runbook(answer: RunbookAnswer, _args: Namespace) -> None:
    """The steps with their last runs."""
    from app.command_line.terminal.process import show_runbook

    show_runbook(answer)


def run_step(answer: StepRunAnswer, _args: Namespace) -> None:
    """What came of a step."""
    from app.command_line.terminal.process import show_step_run

    show_step_run(answer)


def drill(answer: DrillAnswer | DrillsAnswer, _args: Namespace) -> None:
    """What came of a drill, or the state of all."""
    from app.command_line.terminal.process import show_drill, show_drills

    if answer["schema"] == "tminus.drill/1":
        show_drill(answer)
    else:
        show_drills(answer)


def messages(answer: MessagesAnswer | MessageDraftAnswer | MessageSentAnswer, _args: Namespace) -> None:
    """The messages, a draft as it can be pasted, or the receipt."""
    from app.command_line.terminal.process import show_messages, show_sent

    if answer["schema"] == "tminus.message_draft/1":
        print(f"{answer['subject']}\n\n{answer['text']}")
    elif answer["schema"] == "tminus.message_sent/1":
        show_sent(answer)
    else:
        show_messages(answer)


def series(frame: pd.DataFrame, args: Namespace) -> None:
    """The points of a metric, or what is stored."""
    from app.command_line.terminal.tables import show_frame, show_series

    if not args.metric:
        show_frame(frame, as_csv=args.csv)
    elif args.csv:
        show_frame(frame[["observed_at", "value", "commit", "scope", "kind"]], as_csv=True)
    else:
        show_series(frame, every_scope=args.scope is None)


def explain(answer: ExplainAnswer, _args: Namespace) -> None:
    """The arithmetic of each criterion, and the path to the target."""
    from app.command_line.terminal.explain import show_explanation

    show_explanation(answer)


def record(report: RecordReport, args: Namespace) -> None:
    """Whether the value was new, and a warning where no criterion reads it."""
    if report.warning:
        print(f"warning: {report.warning}", file=sys.stderr)
    print(f"recorded {report.metric} = {args.value}" if report.is_new else "identical value already recorded")


def read(answer: ReadAnswer, _args: Namespace) -> None:
    """What each file would yield."""
    from app.command_line.terminal.collect import show_read

    show_read(answer)


def reread(answer: RereadAnswer, _args: Namespace) -> None:
    """What is read differently."""
    from app.command_line.terminal.collect import show_reread

    show_reread(answer)


def backtest(answer: BacktestAnswer, _args: Namespace) -> None:
    """The scores of each method."""
    from app.command_line.terminal.tables import show_backtest

    show_backtest(answer)


def sql(frame: pd.DataFrame, args: Namespace) -> None:
    """The rows of a query."""
    from app.command_line.terminal.tables import show_frame

    show_frame(frame, as_csv=args.csv)


def export(tables: list[ExportedTable], _args: Namespace) -> None:
    """The files that were written."""
    for table in tables:
        print(f"{table.rows:>9,} rows  {table.path}")


def backup(written: tuple[str, int], _args: Namespace) -> None:
    """The copy that was written."""
    print(f"wrote {written[0]}: {written[1]:,} bytes, every block read back")


def warehouse(answer: WarehouseCopyAnswer | WarehouseTidyAnswer, _args: Namespace) -> None:
    """What was copied, or what the lake consists of now."""
    if answer["schema"] == "tminus.warehouse_copy/1":
        for table in answer["tables"]:
            print(f"{table['table']}: {table['rows']:,} rows, the same on both sides")
        print(f"copied {answer['rows']:,} rows from {answer['source']} to {answer['target']}")
        return
    # Few rows are kept in the catalogue until a lake is tidied.
    grown = " (rows of the catalogue are files now)" if answer["files_after"] > answer["files_before"] else ""
    print(f"files of data: {answer['files_before']:,}, now {answer['files_after']:,}{grown}")
    print(f"snapshots: {answer['snapshots_before']:,}, now {answer['snapshots_after']:,}")
    print(f"{answer['files_removed']:,} old files removed; frozen reviews compared: {answer['frozen_reviews']:,}")


def doctor(answer: DoctorAnswer, _args: Namespace) -> None:
    """The findings with their next steps."""
    from app.command_line.terminal.tables import show_doctor

    show_doctor(answer)


def show_answers(status: StatusAnswer, forecast: ForecastAnswer, moved: MovedAnswer) -> None:
    """The three main answers one below the other, for `tminus demo`."""
    from app.command_line.terminal.forecast import show_forecast
    from app.command_line.terminal.movement import show_moved
    from app.command_line.terminal.status import show_status

    show_status(status)
    show_forecast(forecast)
    show_moved(moved)


def rollout(answer: RolloutAnswer, _args: Namespace) -> None:
    """The stages, and what holds them."""
    from app.command_line.terminal.rollout import show_rollout

    show_rollout(answer)


def deploy(answer: DeployAnswer, _args: Namespace) -> None:
    """What was recorded, or why not."""
    from app.command_line.terminal.rollout import show_deploy

    show_deploy(answer)


def incident(answer: ActAnswer, _args: Namespace) -> None:
    """The incident as it was recorded."""
    from app.command_line.terminal.rollout import show_incident

    show_incident(answer)


def withdraw(answer: WithdrawAnswer, _args: Namespace) -> None:
    """What was withdrawn, or the events that can be."""
    from app.command_line.terminal.rollout import show_withdrawn

    show_withdrawn(answer)
