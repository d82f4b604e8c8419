"""`tminus checklist`: the document of the plan, written from evidence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from app.answers.types.collect import ChecklistAnswer
from app.answers.types.status import CriterionAnswer, GateAnswer, StatusAnswer
from app.reports.writing import replace_file
from app.steps.assess import assess
from app.steps.date.question import forecasted
from app.steps.messages import messages
from app.steps.production.rollout import later_gates
from app.wording.documents import checklist as words
from app.workspace import UsageError, Workspace, consistent_read

if TYPE_CHECKING:
    from ingest.living_document.facts import CriterionFacts, DocumentFacts

MOST_BYTES = 5_000_000  # of a document; a longer one is a mistake


@consistent_read
def checklist(workspace: Workspace, output: Path | None, *, only_check: bool) -> ChecklistAnswer:
    """Write the document of the plan from evidence, to `output` or in its place.

    With `only_check` nothing is written, and the exit code is 1 when the file is not what would be written.
    """
    from app.answers.status import status_answer
    from app.steps.document import open_changes

    source, path = _places(workspace, output)
    template = path if path.exists() else source
    before = _read(template) if template and template.exists() else b""
    status = status_answer(assess(workspace, workspace.now()))
    later = later_gates(workspace, workspace.now())
    after, unplaced = _written(workspace, status, later, before, has_document=source is not None)
    is_current = path.exists() and before == after
    if not (is_current or only_check):
        replace_file(path, after)
    state: Literal["current", "written", "out of date"] = (
        "current" if is_current else "out of date" if only_check else "written"
    )
    return {
        "schema": "tminus.checklist/1",
        "at": status["at"],
        "path": str(path),
        "state": state,
        "lines": _differing(before, after),
        "unplaced": unplaced,
        "changes": open_changes(workspace),
        "exit_code": 1 if state == "out of date" else 0,
    }


def _places(workspace: Workspace, output: Path | None) -> tuple[Path | None, Path]:
    """The document that the plan was imported from (None: the plan names none, or it is gone), and where to write."""
    named = workspace.plan.document.path
    source = (workspace.path.parent / named) if named else None
    if output is not None:
        if output.is_dir():
            raise UsageError(f"cannot write the checklist to {output}: it is a folder; name a file")
        return source if source and source.is_file() else None, output
    if source is None:
        raise UsageError(
            "the plan names no document: `tminus checklist --output FILE` writes one, "
            "`tminus init --checklist FILE` imports one"
        )
    if not source.is_file():
        raise UsageError(
            f"the document of the plan is gone: {source}; correct `path` under [document], or use --output"
        )
    return source, source


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UsageError(f"{path} has more than {MOST_BYTES:,} bytes: too large for a checklist; name another file")
        return path.read_bytes()
    except OSError as problem:
        raise UsageError(f"cannot read the document {path}: {problem.strerror}") from None


def _differing(before: bytes, after: bytes) -> int:
    old, new = before.splitlines(), after.splitlines()
    return sum(one != other for one, other in zip(old, new, strict=False)) + abs(len(old) - len(new))


def _written(
    workspace: Workspace, status: StatusAnswer, later: list[GateAnswer], before: bytes, *, has_document: bool
) -> tuple[bytes, list[str]]:
    """The bytes to write, and the criteria that the document does not name."""
    from ingest.living_document.rewrite import NotTextError, named_criteria, write_document, write_summary

    every = [criterion for gate in [*status["gates"], *later] for criterion in gate["criteria"]]
    try:
        shown = named_criteria(before) if has_document else frozenset()
        more = [criterion for criterion in every if criterion["id"] not in shown]
        facts = facts_of(workspace, status, later, more)
        after = write_document(before, "", facts) if has_document else write_summary(before, facts)
    except NotTextError as problem:
        raise UsageError(f"cannot write the checklist into the document: {problem}") from None
    return after, [criterion["id"] for criterion in more]


def facts_of(
    workspace: Workspace, status: StatusAnswer, later: list[GateAnswer], more: list[CriterionAnswer]
) -> DocumentFacts:
    """All that the document shows. Days come from the evidence, so that the same evidence writes the same bytes."""
    from app.answers.forecast import crossing_answer
    from app.answers.status import next_review
    from ingest.living_document.facts import DocumentFacts, GateFacts, MessageFacts

    found = messages(workspace, workspace.now())
    simulated = {(receipt["id"], receipt["at"]) for receipt in found["receipts"] if receipt["is_simulated"]}
    newest = _newest_evidence(status, workspace)
    review = _day(next_review(workspace.plan, newest.date()))
    # The dates alone: how earlier forecasts came out is most of the work of a whole answer, and is not shown here.
    go = forecasted(workspace, newest).joint.go
    estimate = words.estimate_words(crossing_answer(go, workspace.zone))
    gates = [*status["gates"], *later]
    deployment = _day(workspace.plan.deployment_date or workspace.plan.promised)
    return DocumentFacts(
        criteria={c["id"]: _line(words.criterion_words(c)) for gate in gates for c in gate["criteria"]},
        gates={gate["id"]: GateFacts(*words.gate_words(gate)) for gate in gates},
        rules={rule["id"]: _line(words.rule_words(rule)) for rule in status["decision"]["rules"]},
        messages={m["id"]: MessageFacts(*words.message_words(m, simulated)) for m in found["messages"]},
        fields={
            "readiness": words.readiness_words(status),
            "verdict": words.verdict_words(status),
            "estimate": estimate,
            "next_review": review,
            "assessed": newest.date().isoformat(),
            "deployment": deployment,
        },
        summary=tuple(words.summary_lines(status, later, estimate, review, more)),
    )


def _day(known: date | None) -> str:
    return known.isoformat() if known else ""


def _line(found: words.LineWords) -> CriterionFacts:
    from ingest.living_document.facts import CriterionFacts

    return CriterionFacts(*found)


def _newest_evidence(status: StatusAnswer, workspace: Workspace) -> datetime:
    """When the newest figure was observed; now, where nothing is measured."""
    return max(_observed(status), default=workspace.now())


def _observed(status: StatusAnswer) -> Iterable[datetime]:
    for gate in status["gates"]:
        for criterion in gate["criteria"]:
            if criterion["evidence"]["observed_at"]:
                yield datetime.fromisoformat(criterion["evidence"]["observed_at"])
