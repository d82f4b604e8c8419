"""The figures and the plan at the two ends of a change, read so that they can be compared.

Figures of trees (markers, counters, files, checklists) are counted at exactly the two commits. Every other figure comes
from the warehouse: of the base those that were measured on commits that it contains, of the head the same and those of
its own commits, which speak first. What was measured on other branches is passed over.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.steps.assess import asked_of
from app.steps.change.places import path_in_repository
from app.workspace import UsageError, Workspace, consistent_read
from ingest.source import Request
from ingest.transport.git_repo import GitRepository
from models.plan.parsing import parse_plan
from models.plan.plan import Plan, PlanError

if TYPE_CHECKING:
    import pandas as pd

    from ingest.observation import Item, Observation
    from ingest.sources.git.two_trees import TwoTrees
    from models.movement.ratchet import Side
    from models.readiness.readings import Key, ObservedValue

COUNTED = frozenset({"git", "tree", "checklist"})  # sources whose figures are those of exactly one tree


@dataclass(frozen=True, slots=True)
class End:
    """One end of a change: the figures (frame SNAPSHOT), and those in force by metric and scope."""

    commit: str
    plan: Plan
    known: pd.DataFrame
    readings: Mapping[Key, ObservedValue]
    own: Set[str]

    def side(self) -> Side:
        """What the ratchet compares."""
        from models.movement.ratchet import Side

        return Side(self.plan, self.readings, self.own)


@dataclass(frozen=True, slots=True)
class Change:
    """Both ends of a change; `named` is the commit that the base's name means, `base` is where the change began."""

    at: datetime
    named: str
    base: End
    head: End
    opened: Sequence[Item]
    closed: Sequence[Item]
    notes: Sequence[str]
    baselines: Mapping[str, float]  # attainment 0 of criteria that name none, by criterion
    before_it: Set[str]  # the commits that the base contains


@consistent_read
def read_change(workspace: Workspace, base: str, head: str | None, at: datetime) -> Change:
    """Read both ends of a change. UsageError: a revision is not in the clone. SourceError: its tree is not."""
    repository = GitRepository(workspace.config.repository)
    named, tip = _commit(repository, base, "--baseline"), _commit(repository, head or "HEAD", "--head")
    # Where the clone is cut, a merge still names its parents.
    start = repository.merge_base(named, tip) or (named if named in repository.ancestors(tip) else "")
    notes = [] if start else [_no_common_commit(base)]
    start = start or named
    before, note = tables_at(workspace, repository, start)
    after = tables_at(workspace, repository, tip)[0] if head else workspace.tables
    plans = _plan_of(before, workspace), _plan_of(after, workspace)
    trees = _trees(workspace, (start, tip), (before, after), at, repository)
    notes += [note] if note else []
    notes += [_missing(trees.missing)] if trees.missing else []
    stored = _stored(workspace, plans, at)
    before_it = _with_stored_line(workspace, repository.ancestors(start))
    own = repository.ancestors(tip) - before_it
    frames = _frames(stored, trees, (before_it, own), at)
    ends = [
        End(commit, plan, frame, _readings(frame, plan), only)
        for commit, plan, frame, only in zip((start, tip), plans, frames, (frozenset[str](), own), strict=True)
    ]
    baselines = _baselines(workspace, plans, frames[0])
    return Change(at, named, ends[0], ends[1], trees.opened, trees.closed, notes, baselines, before_it)


def _commit(repository: GitRepository, revision: str, option: str) -> str:
    if commit := repository.commit_of(revision):
        return commit
    raise UsageError(
        f"{option} {revision}: not in the clone {repository.path}; "
        f"fetch it (`git fetch --depth=1 origin {revision}`), or clone with its history (fetch-depth: 0)"
    )


def _no_common_commit(base: str) -> str:
    return (
        f"the clone does not hold the commit where this change left {base}: compared with {base} itself, so what "
        f"{base} gained since counts as lost by the change; fetch more history (fetch-depth: 0)"
    )


def _missing(count: int) -> str:
    return f"{count} file versions are not in the clone: the figures that need them are unknown"


def tables_at(workspace: Workspace, repository: GitRepository, commit: str) -> tuple[Mapping[str, Any], str]:
    """The tminus.toml as it was at a commit, with a note where the one of the working tree is used instead."""
    if not workspace.path.resolve().is_relative_to(workspace.config.repository.resolve()):
        return workspace.tables, ""  # the plan is kept elsewhere: one plan for both ends
    path = path_in_repository(workspace)
    text = repository.file_at(commit, path)
    if not text:
        return workspace.tables, f"{path} is not in {commit[:10]}: the current plan is used for both ends"
    try:
        tables = tomllib.loads(text.decode("utf-8-sig"))
        parse_plan(tables)
    except (ValueError, RecursionError, PlanError):
        return workspace.tables, f"{path} of {commit[:10]} is not a valid plan: the current plan is used for both ends"
    return tables, ""


def _plan_of(tables: Mapping[str, Any], workspace: Workspace) -> Plan:
    return workspace.plan if tables is workspace.tables else parse_plan(tables)


def _trees(
    workspace: Workspace,
    commits: tuple[str, str],
    tables: tuple[Mapping[str, Any], Mapping[str, Any]],
    at: datetime,
    repository: GitRepository,
) -> TwoTrees:
    from ingest.source_table import load_source
    from ingest.sources.git.two_trees import compare_trees

    config = workspace.config
    settings = {**config.sources.get("checklist", {}), "counters": tables[1].get("counters", {})}
    if config.documents:
        settings.setdefault("files", list(config.documents))
    request = Request(config.name, config.root, repository.path, settings, "", at, lambda *_: [])
    sources = [load_source(name) for name in sorted(COUNTED - {"git"})]
    return compare_trees(request, *commits, tables[0].get("counters", {}), sources)


def _stored(workspace: Workspace, plans: Sequence[Plan], at: datetime) -> pd.DataFrame:
    """What the warehouse holds of the metrics of both plans, but for what is counted in the trees."""
    from models.frames import SNAPSHOT, check_frame, empty_frame

    wanted = asked_of(criterion for plan in plans for criterion in plan.criteria)
    if not workspace.warehouse.exists():
        return empty_frame(SNAPSHOT)
    frame = check_frame(workspace.warehouse.query("change_observations", **wanted, until=at), SNAPSHOT, "observations")
    return frame[~frame["source"].isin(COUNTED)]


def _with_stored_line(workspace: Workspace, reach: Set[str]) -> Set[str]:
    """These commits, and those before them on the stored main line: it is whole also where the clone is cut."""
    if not workspace.warehouse.exists():
        return reach
    frame = workspace.warehouse.query("commits")
    positions = dict(zip(frame["commit"].astype(str), frame["position"].astype(int), strict=True))
    last = max((position for commit, position in positions.items() if commit in reach), default=-1)
    return reach | {commit for commit, position in positions.items() if position <= last}


def _frames(
    stored: pd.DataFrame, trees: TwoTrees, commits: tuple[Set[str], Set[str]], at: datetime
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The figures of the base, and of the head: its own where it has any of a metric and scope, else the base's."""
    import pandas as pd

    before_it, own = commits
    of_base = stored[stored["commit"].isin(before_it | {""})]
    of_change = stored[stored["commit"].isin(own)]
    keys = set(of_change["metric"] + "\0" + of_change["scope"])
    others = of_base[~(of_base["metric"] + "\0" + of_base["scope"]).isin(keys)]
    base = pd.concat([of_base, _frame_of(trees.base, at)], ignore_index=True)
    return base, pd.concat([others, of_change, _frame_of(trees.head, at)], ignore_index=True)


def _frame_of(observations: Mapping[str, Iterable[Observation]], at: datetime) -> pd.DataFrame:
    """Observations of trees as a frame SNAPSHOT; a tree that is younger than the moment asked for counts from then."""
    import pandas as pd

    from models.frames import SNAPSHOT, empty_frame

    rows = [_row(source, one, at) for source, found in observations.items() for one in found if one.kind == "measured"]
    if not rows:
        return empty_frame(SNAPSHOT)
    frame = pd.DataFrame(rows)
    times = {name: pd.to_datetime(frame[name], utc=True).dt.as_unit("us") for name in ("observed_at", "recorded_at")}
    texts = {name: pd.Series("", index=frame.index, dtype="str") for name in SNAPSHOT if name not in frame.columns}
    frame = frame.assign(**times, **texts)
    named = [name for name, family in SNAPSHOT.items() if family == "text"]
    return frame.astype(dict.fromkeys(named, "str"))[list(SNAPSHOT)]


def _row(source: str, one: Observation, at: datetime) -> dict[str, object]:
    known = {
        name: getattr(one, name) for name in ("metric", "scope", "unit", "kind", "commit", "evidence", "definition")
    }
    value = float("nan") if one.value is None else one.value
    times = dict.fromkeys(("observed_at", "recorded_at"), min(one.observed_at, at))
    return {**known, **times, "value": value, "reason": one.reason, "source": source, "locator": f"git:{one.commit}"}


def _readings(frame: pd.DataFrame, plan: Plan) -> Mapping[Key, ObservedValue]:
    """The newest figure of each metric and scope, whatever its age: a change is compared with its base of any day."""
    import pandas as pd

    from models.readiness.readings import History, plan_keys

    end = pd.Timestamp.max.floor("D").tz_localize("UTC") if frame.empty else frame["observed_at"].max()
    return History(frame, plan_keys([plan])).readings(end)


def _baselines(workspace: Workspace, plans: tuple[Plan, Plan], base: pd.DataFrame) -> Mapping[str, float]:
    """The first value ever stored of criteria that name no baseline; where nothing is stored, that of the base."""
    from models.frames import SNAPSHOT, check_frame
    from models.readiness.score import baselines_from

    found: dict[str, float] = {}
    for plan in plans:
        found |= baselines_from(base, plan)
        if workspace.warehouse.exists():
            wanted = asked_of(criterion for criterion in plan.criteria if criterion.baseline is None)
            first = workspace.warehouse.query("first_observations", **wanted)
            found |= baselines_from(check_frame(first, SNAPSHOT, "first observations"), plan)
    return found
