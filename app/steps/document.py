"""The document that the plan was imported from: what changed in it since, and what of that is taken into the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.workspace import UsageError, Workspace

if TYPE_CHECKING:
    from app.answers.types.collect import ProposalAnswer, UpdateAnswer
    from ingest.living_document.difference import Proposal

ALL = "all"


def open_changes(workspace: Workspace) -> list[str]:
    """The ids of changes of the document that are not in the plan; nothing where it cannot be compared."""
    from ingest.living_document.versions import digest_of

    named = workspace.plan.document
    path = workspace.path.parent / named.path
    if not named.digest or not path.is_file():
        return []
    try:
        data = path.read_bytes()
        if digest_of(data) == named.digest:
            return []
        found, base = _proposals(workspace, path, data)
    except (UsageError, OSError):
        return [f"document:{named.path} cannot be read"]
    return [proposal.id for proposal in found] if base != "not found" else [f"document:{named.path}"]


def document_values(path: Path, data: bytes, folder: Path) -> dict[str, Any]:
    """`path` and `digest` for the [document] table of a plan in `folder`."""
    from ingest.living_document.versions import digest_of

    place = path.resolve()
    inside = place.is_relative_to(folder.resolve())
    named = place.relative_to(folder.resolve()).as_posix() if inside else place.as_posix()
    return {"path": named, "digest": digest_of(data)}


def update(workspace: Workspace, document: Path, accept: Sequence[str], *, dismiss: bool) -> UpdateAnswer:
    """Compare the document with its imported version and with the plan; write what is accepted into tminus.toml.

    `accept` holds ids of proposals, or "all" (conflicts with edits of the plan are accepted by their id only). With
    `dismiss` what is left is dropped: the document of today is the one that later changes are compared with.
    """
    data = read_document(document)
    every, base = _proposals(workspace, document, data)
    accepted = _chosen(every, accept)
    left = [proposal for proposal in every if proposal not in accepted]
    _write(workspace, accepted, document_values(document, data, workspace.path.parent) if dismiss or not left else {})
    if dismiss or not left:
        _keep(workspace, data)
    return {
        "schema": "tminus.update/1",
        "path": str(workspace.path),
        "document": str(document),
        "base": base,
        "proposals": [] if dismiss else list(map(_answer, left)),
        "accepted": list(map(_answer, accepted)),
        "dismissed": list(map(_answer, left)) if dismiss else [],
    }


def _write(workspace: Workspace, accepted: Sequence[Proposal], values: Mapping[str, Any]) -> None:
    """Write the plan where it changes; a plan that would not be valid is left as it was."""
    from ingest.living_document.toml_edit import with_accepted, with_document

    before = workspace.path.read_text(encoding="utf-8")
    text = with_document(with_accepted(before, accepted), values) if values else with_accepted(before, accepted)
    if text != before:
        _refuse_invalid(text, workspace.path)
        from app.reports.writing import replace_file

        replace_file(workspace.path, text.encode("utf-8"))


def _keep(workspace: Workspace, data: bytes) -> None:
    from ingest.living_document.versions import keep_version

    keep_version(workspace.config.warehouse.parent, data)


def _chosen(every: Sequence[Proposal], accept: Sequence[str]) -> list[Proposal]:
    known = {proposal.id for proposal in every}
    unknown = sorted(set(accept) - known - {ALL})
    if unknown:
        listed = ", ".join(sorted(known)) or "none"
        raise UsageError(f"no such change of the document: {', '.join(unknown)}; open are {listed}")
    free = {proposal.id for proposal in every if not proposal.is_conflict} if ALL in accept else set()
    return [proposal for proposal in every if proposal.id in free.union(accept)]


def _refuse_invalid(text: str, path: Path) -> None:
    """What is accepted may leave the plan without something that the rest names."""
    from ingest.living_document.toml_edit import tables_of
    from models.plan.parsing import parse_plan
    from models.plan.plan import PlanError

    try:
        parse_plan(tables_of(text))
    except PlanError as problem:
        raise UsageError(
            f"{path} was not changed: with these changes the plan is not valid; accept what belongs together\n{problem}"
        ) from None


def read_document(path: Path) -> bytes:
    """The bytes of a checklist; UsageError where there is no file that can be read."""
    if path.exists() and not path.is_file():
        raise UsageError(f"cannot read the checklist {path}: it is not a regular file")
    try:
        return path.read_bytes()
    except OSError as problem:
        raise UsageError(f"cannot read the checklist {path}: {problem.strerror}") from None


def _proposals(workspace: Workspace, path: Path, data: bytes) -> tuple[list[Proposal], Any]:
    """What changed, and where the earlier version was found. Without it, every difference from the plan is a change."""
    from ingest.living_document.difference import proposals_of
    from ingest.living_document.versions import version_with

    named, config = workspace.plan.document, workspace.config
    then, base = (
        version_with(named.digest, config.warehouse.parent, config.repository, path)
        if named.digest
        else (None, "not found")
    )
    now = _mapping(data, path)
    return proposals_of(_mapping(then, path) if then is not None else workspace.tables, now, workspace.tables), base


def _mapping(data: bytes, path: Path) -> Mapping[str, Any]:
    from ingest.plan_drafting.from_checklist import plan_from_checklist
    from ingest.readers.documents.checklist import read_checklist

    return plan_from_checklist(read_checklist(data, path.name), name="")[0]


def _answer(proposal: Proposal) -> ProposalAnswer:
    return {
        "id": proposal.id,
        "kind": proposal.kind,
        "table": proposal.table,
        "title": proposal.title,
        "field": proposal.field,
        "then": _text(proposal.then),
        "now": _text(proposal.now),
        "plan": _text(proposal.plan),
        "is_conflict": proposal.is_conflict,
    }


def _text(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else str(value)
