"""Whether plans and checklists are sound: every problem with its place. Nothing is stored, no service is asked."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from app.answers.types.doctor import LintAnswer, LintProblem
from app.workspace import UsageError, find_config
from ingest.config import ConfigError, parse_config
from ingest.toml_places import Place, error_place, place_of, toml_places
from models.plan.parsing import parse_plan
from models.plan.plan import PlanError

_Level = Literal["error", "warning"]
_MARKDOWN = (".md", ".mdx", ".markdown", ".mdown")
_RESEMBLES = (
    0.8  # names that differ in a few letters: `errors_critical_count` is not meant as `incidents_critical_count`
)
# Tables of tminus.toml; any other name at the top is read by nobody.
TABLES = (
    *("project", "counters", "sources", "readiness", "gate", "rule", "waiver", "stage", "runbook", "drill"),
    *("message", "escalation", "document", "ratchet"),
)


def lint(files: Sequence[Path]) -> LintAnswer:
    """Check the files; without any: the tminus.toml of this folder or above, with the documents that it names."""
    chosen = list(files) or _usual_files()
    problems = [problem for file in chosen for problem in _problems(file)]
    return {
        "schema": "tminus.lint/1",
        "files": [str(file) for file in chosen],
        "problems": sorted(problems, key=lambda p: (p["file"], p["line"], p["column"], p["message"])),
    }


def _usual_files() -> list[Path]:
    plan = _shown(find_config(Path.cwd()))
    try:
        project = tomllib.loads(plan.read_text(encoding="utf-8-sig")).get("project", {})
        documents = [plan.parent / str(name) for name in project.get("documents", [])]
    except (OSError, ValueError, AttributeError, TypeError, RecursionError):
        documents = []  # the plan's own problems say why
    return [plan, *(file for file in documents if file.suffix.lower() in _MARKDOWN and file.is_file())]


def _shown(path: Path) -> Path:
    """As an editor or a CI wants it: below the current folder where it is there."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _problems(file: Path) -> list[LintProblem]:
    try:
        content = file.read_bytes()
    except OSError as problem:
        raise UsageError(f"{file} cannot be read: {problem.strerror}") from None
    return _of_checklist(file, content) if file.suffix.lower() in _MARKDOWN else _of_plan(file, content)


def _problem(file: Path, place: Place, message: str, path: str = "", level: _Level = "error") -> LintProblem:
    line, column = place
    return {"file": str(file), "line": line, "column": column, "level": level, "path": path, "message": message}


def _of_plan(file: Path, content: bytes) -> list[LintProblem]:
    """Syntax first; then the tables of the project, the sources and the plan, all at once."""
    try:
        text = content.decode("utf-8-sig")
        tables = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as problem:
        place, why = error_place(problem, content)
        return [_problem(file, place, f"not TOML: {why}")]
    errors, notes = _problems_of(tables, file.resolve().parent)
    places = toml_places(text)
    return [*_placed(file, errors, places, "error"), *_placed(file, notes, places, "warning")]


def _problems_of(tables: Mapping[str, Any], folder: Path) -> tuple[list[str], list[str]]:
    from ingest.sources.built_in_settings import source_problems
    from ingest.table_checks import hint

    errors = [f"{key}: unknown table{hint(key, TABLES)}" for key in tables if key not in TABLES]
    notes: list[str] = []
    try:
        parse_config(tables, folder)
    except ConfigError as problem:
        errors += problem.problems
    sources = tables.get("sources", {})
    if isinstance(sources, Mapping):
        errors += source_problems(sources)
    try:
        notes += parse_plan(tables).notes
    except PlanError as problem:
        errors += [one for one in problem.problems if one.partition(":")[0] not in tables or "unknown table" not in one]
    return errors, [*notes, *_strange_metrics(tables)]


def _strange_metrics(tables: Mapping[str, Any]) -> Iterable[str]:
    """Metrics outside the catalogue: one that resembles a known name, or for which the criterion states no unit.

    A source of your own or `tminus record --unit` may bring any metric, so these are warnings.
    """
    from ingest.observation import CATALOGUE

    for path, criterion in _criteria(tables):
        metric = criterion.get("metric")
        if not isinstance(metric, str) or not metric or metric in CATALOGUE:
            continue
        near = get_close_matches(metric, CATALOGUE, n=1, cutoff=_RESEMBLES)
        if near:
            yield f"{path}.metric: {metric!r} is not in the catalogue (did you mean {near[0]!r}?)"
        elif not criterion.get("unit"):
            yield (
                f"{path}.metric: {metric!r} is not in the catalogue: no built-in source measures it; "
                "where your own source does, state its unit"
            )


def _criteria(tables: Mapping[str, Any]) -> Iterable[tuple[str, Mapping[str, Any]]]:
    """Each criterion with its TOML path; other values are skipped: the parser of the plan reports them."""
    for path, gate in _tables_in(tables, "gate", "gate"):
        yield from _tables_in(gate, "criterion", f"{path}.criterion")


def _tables_in(parent: Mapping[str, Any], key: str, path: str) -> Iterable[tuple[str, Mapping[str, Any]]]:
    rows = parent.get(key)
    for number, row in enumerate(rows if isinstance(rows, list) else []):
        if isinstance(row, Mapping):
            yield f"{path}[{number}]", row


def _placed(file: Path, texts: Iterable[str], places: dict[str, Place], level: _Level) -> Iterable[LintProblem]:
    for text in texts:
        path, _, message = text.partition(": ")
        yield _problem(file, place_of(path, places), message, path, level)


def _of_checklist(file: Path, content: bytes) -> list[LintProblem]:
    """What a reader of the checklist would trip over: contradictions, the same box twice, nothing to tick."""
    from ingest.readers.documents.checklist import read_checklist

    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        return [_problem(file, error_place(problem, content)[0], "not UTF-8")]
    document = read_checklist(content, str(file))
    found = [
        _problem(
            file,
            Place(c.child_line, 1),
            f"unticked, but the box above it on line {c.parent_line} is ticked: {c.child!r} below {c.parent!r}",
        )
        for c in document.contradictions
    ]
    if not document.boxes and not any(section.tables for section in document.sections):
        found.append(_problem(file, Place(1, 1), "no task box (- [ ]) and no table: nothing to check off"))
    return found + _twice(file, document)


def _twice(file: Path, document: Any) -> list[LintProblem]:
    found: list[LintProblem] = []
    for section in document.sections:
        first: dict[str, int] = {}
        for box in (box for entry in section.entries for box in entry.boxes()):
            if box.text in first:
                words = f"the same box as on line {first[box.text]}: {box.text!r}"
                found.append(_problem(file, Place(box.line, 1), words, level="warning"))
            first.setdefault(box.text, box.line)
    return found
