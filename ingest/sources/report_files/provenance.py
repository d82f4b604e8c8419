"""Which commit and which moment a report file belongs to, and who states it.

The first that states it wins: a sidecar (`report.xml.tminus.json` with commit and at), the CI's variables, the path
(a folder named by a full hash or a date), and for the time at last the file's own stamp.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from ingest.sources.report_files.current_ci_job import FULL_HASH, CiJob, moment_with_zone

# What unpacks an archive may write the time of another zone: a file must be older than that to be older for certain.
_ZONES = timedelta(days=1)
SIDECAR = ".tminus.json"
_SHA = FULL_HASH
_DATE = re.compile(r"(?<!\d)(20\d\d-[01]\d-[0-3]\d)(?:T(\d\d)[:-]?(\d\d)(?:[:-]?(\d\d))?Z?)?(?!\d)")
# A folder of one run alone: a commit (a short hash holds a digit and a letter), a day, a number that may follow a word.
_SHORT_SHA = re.compile(r"^(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,40}$", re.IGNORECASE)
_RUN = re.compile(r"^(?:(?:run|build|job|pipeline|workflow|attempt)[-_.#]?\d+|\d{3,})$", re.IGNORECASE)
_DAY = re.compile(r"^20\d\d[01]\d[0-3]\d(?:[T_-]?\d{4,6}Z?)?$")


class Provenance(NamedTuple):
    """Commit and time of a file; `stated_by` names where they are from."""

    commit: str
    at: datetime
    stated_by: str
    is_stated: bool  # False: the time is only the file's own stamp


class _Statement(NamedTuple):
    who: str
    commit: str = ""
    at: datetime | None = None


def lasting_place(place: str) -> str:
    """The place without the folders that name a commit, a date or a run, so that a series goes on in the next run."""
    *folders, name = place.split("/")
    return "/".join([*(folder for folder in folders if not _is_passing(folder)), name])


def _is_passing(folder: str) -> bool:
    if _SHA.match(folder.lower()) or _SHORT_SHA.match(folder) or _RUN.match(folder) or _DAY.match(folder):
        return True
    dated = _DATE.search(folder)
    return dated is not None and not re.search(r"[A-Za-z]{2,}", folder.replace(dated[0], ""))


def provenance(path: Path, place: str, now: datetime, job: CiJob | None = None) -> tuple[Provenance, list[str]]:
    """Where the file belongs, and what was wrong on the way there; `job` is the CI job that reads it."""
    problems: list[str] = []
    statements = [*_sidecar(path, problems), *_ci(job, path, problems), *_path(place)]
    commit = next((s for s in statements if s.commit), None)
    timed = next((s for s in statements if s.at and _is_past(s, now, problems)), None)
    at = timed.at if timed and timed.at else _stamp(path, now, problems)
    return Provenance(commit.commit if commit else "", at, _origins(commit, timed), timed is not None), problems


def _origins(commit: _Statement | None, timed: _Statement | None) -> str:
    """Where the commit and the time of a file come from, in words."""
    from_commit = f"commit from {commit.who}" if commit else "no commit known"
    return f"{from_commit}, " + (f"time from {timed.who}" if timed else "time from the file's own stamp")


def _is_past(statement: _Statement, now: datetime, problems: list[str]) -> bool:
    if statement.at is None or statement.at <= now:
        return True
    problems.append(f"{statement.who} states a time to come ({statement.at.isoformat()}): not used")
    return False


def _stamp(path: Path, now: datetime, problems: list[str]) -> datetime:
    at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    if at <= now:
        return at
    problems.append("its own stamp lies in the future: the time of this pull is used")
    return now


def _sidecar(path: Path, problems: list[str]) -> Iterator[_Statement]:
    sidecar = path.with_name(path.name + SIDECAR)
    if not sidecar.is_file() or sidecar.is_symlink():
        return
    try:
        content = json.loads(sidecar.read_bytes()[:100_000])
    except (OSError, ValueError, RecursionError) as problem:
        problems.append(f"its sidecar cannot be read: {str(problem)[:80]}")
        return
    yield _sidecar_statement(content if isinstance(content, dict) else {}, problems)


def _sidecar_statement(content: Mapping[str, Any], problems: list[str]) -> _Statement:
    commit, stamp = str(content.get("commit") or "").lower(), str(content.get("at") or "")
    at = moment_with_zone(stamp)
    if commit and not _SHA.match(commit):
        problems.append("commit in its sidecar is not a full hash: not used")
        commit = ""
    if stamp and at is None:
        problems.append("at in its sidecar is not an ISO time with a zone: not used")
    return _Statement("its sidecar", commit, at)


def _ci(job: CiJob | None, path: Path, problems: list[str]) -> Iterator[_Statement]:
    """What the job states; not of a file that is older than its commit, as a cache or an earlier run leaves them."""
    if job is None:
        return
    written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    if job.committed_at is not None and written < job.committed_at - _ZONES:
        problems.append(
            f"written on {written:%Y-%m-%d}, before the commit {job.commit[:9]} of this job: not its report"
        )
        return
    yield _Statement(job.stated_by, job.commit, None)
    if job.at:
        yield _Statement(f"the pipeline of {job.service}", "", job.at)


def _path(place: str) -> Iterator[_Statement]:
    """The innermost folder or name that says something; a bare date means the end of that day."""
    parts = place.lower().split("/")
    commit = next((part for part in reversed(parts) if _SHA.match(part)), "")
    dated = next((found for part in reversed(place.split("/")) if (found := _DATE.search(part))), None)
    yield _Statement("its path", commit, _date(dated) if dated else None)


def _date(found: re.Match[str]) -> datetime | None:
    clock = f"{found[2]}:{found[3]}:{found[4] or '00'}" if found[2] else "23:59:59"
    return moment_with_zone(f"{found[1]}T{clock}+00:00")
