"""The exit code of a command, from its answer: 0 good, 1 gate failed, 2 usage, 3 not enough evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.answers.types.backtest import BacktestAnswer
    from app.answers.types.collect import ChecklistAnswer, PullAnswer
    from app.answers.types.doctor import DoctorAnswer, LintAnswer
    from app.answers.types.files import ReadAnswer
    from app.answers.types.forecast import FileForecastAnswer, ForecastAnswer
    from app.answers.types.portfolio import LearnedAnswer, PortfolioAnswer, PortfolioPullAnswer
    from app.answers.types.process import DrillAnswer, DrillsAnswer, StepRunAnswer
    from app.answers.types.rollout import DeployAnswer
    from app.answers.types.status import CheckAnswer

GOOD, GATE_FAILED, USAGE, NO_EVIDENCE = 0, 1, 2, 3
INTERRUPTED = 130  # as a shell has it after Ctrl-C


def always_good(_answer: object) -> int:
    """0: an answer was given."""
    return GOOD


def as_returned(code: int) -> int:
    """The exit code of the server."""
    return code


def of_pull(answer: PullAnswer) -> int:
    """2 when every source failed; one failing source does not fail the command."""
    return USAGE if answer["sources"] and not any(source["ok"] for source in answer["sources"]) else GOOD


def of_check(answer: CheckAnswer) -> int:
    """0 on GO, 1 when something fails, 3 when only evidence is missing."""
    return answer["exit_code"]


def of_checklist(answer: ChecklistAnswer) -> int:
    """1 with --check when the document is out of date."""
    return answer["exit_code"]


def of_deploy(answer: DeployAnswer) -> int:
    """0 when it is recorded, 1 when the stage is refused, 3 when only evidence or time is missing."""
    return answer["exit_code"]


def of_forecast(answer: ForecastAnswer | FileForecastAnswer) -> int:
    """3 when the evidence gives no date; of a what-if, when it gives none under the changes."""
    outcome = answer["outcome"]
    if "what_if" in answer:
        outcome = answer["what_if"]["outcome"]
    return NO_EVIDENCE if outcome == "not_enough_evidence" else GOOD


def of_read(answer: ReadAnswer) -> int:
    """3 when no file yields a value."""
    values = (value["value"] for file in answer["files"] for value in file["observations"])
    return GOOD if any(value is not None for value in values) else NO_EVIDENCE


def of_backtest(answer: BacktestAnswer) -> int:
    """3 when there was nothing to score."""
    return GOOD if answer["methods"] else NO_EVIDENCE


def of_portfolio(answer: PortfolioPullAnswer | PortfolioAnswer | LearnedAnswer) -> int:
    """2 when no project could be pulled, or read; one that fails does not fail the command. 3: too little to learn."""
    if answer["schema"] == "tminus.portfolio_learned/1":
        return GOOD if answer["enough"] else NO_EVIDENCE
    return USAGE if all(project["error"] for project in answer["projects"]) else GOOD


def of_doctor(answer: DoctorAnswer) -> int:
    """2 when something is wrong."""
    return USAGE if any(finding["level"] == "error" for finding in answer["findings"]) else GOOD


def of_run_step(answer: StepRunAnswer) -> int:
    """0 when the step succeeded or was done by hand, 1 when it failed, 2 when nobody confirmed it."""
    codes = {"succeeded": GOOD, "done_by_hand": GOOD, "not_run": USAGE, "interrupted": INTERRUPTED}
    return codes.get(answer["outcome"], GATE_FAILED)


def of_drill(answer: DrillAnswer | DrillsAnswer) -> int:
    """Of one drill: 0 when it counts, 1 when not; of the list: 0."""
    if answer["schema"] == "tminus.drills/1" or answer["run"]["counts"]:
        return GOOD
    return INTERRUPTED if answer["run"]["outcome"] == "interrupted" else GATE_FAILED


def of_lint(answer: LintAnswer | str) -> int:
    """2 when something is wrong; warnings are not."""
    if isinstance(answer, str):
        return GOOD
    return USAGE if any(problem["level"] == "error" for problem in answer["problems"]) else GOOD
