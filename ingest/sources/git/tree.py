"""The tree source: tests, CI, licence, readme and pinned dependencies, as the tree of every commit shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from ingest.observation import CATALOGUE, Evidence, Observation
from ingest.source import Harvest, Request
from ingest.sources.git.changed_files import CommitChanges, Walk, finish, note_unreadable, read_blobs, start_walk

DEFINITION = "tree-7"
_COUNTED = {"tests": "tests_present", "ci": "ci_present", "licence": "licence_present", "readme": "readme_present"}
_PINNED = "dependencies_pinned_percent"
_OURS = ("vendored", "backup")  # what others wrote, and copies, say nothing about this project


class Tree:
    """Follows the paths of the main branch; only requirements files are opened."""

    name = "tree"

    def observe(self, request: Request) -> Harvest:
        """Return one observation a metric at the first commit, and one whenever the value changes."""
        from ingest.counting.tree_paths import kinds_of

        kinds: dict[str, frozenset[str]] = {}

        def is_wanted(path: str, path_class: str) -> bool:
            found = frozenset() if path_class in _OURS else kinds_of(path, path_class)
            if found:
                kinds[path] = found
            return bool(found)

        walk = start_walk(request, DEFINITION, is_wanted)
        return walk if isinstance(walk, Harvest) else _harvest(walk, kinds)


@dataclass(slots=True)
class _State:
    """The tree so far; `last` holds the values that were written."""

    counts: dict[str, int] = field(default_factory=dict)
    manifests: list[str] = field(default_factory=list)
    locks: list[str] = field(default_factory=list)
    requirements: dict[str, bool | None] = field(default_factory=dict)
    last: dict[str, float | None] = field(default_factory=dict)


def _harvest(walk: Walk, kinds: Mapping[str, frozenset[str]]) -> Harvest:
    state = _State(**walk.state)
    pinned = _pinned_versions(walk, kinds)
    harvest = Harvest()
    git_version = walk.repository.version()
    for step in walk.steps:
        for change in step.changes:
            _apply(state, change.path, kinds[change.path], change.old, change.new, pinned)
        if step.changes or not state.last:
            _observe_step(harvest, step, state, git_version)
    walk.state = {name: getattr(state, name) for name in _State.__dataclass_fields__}
    harvest.counts = {"files": sum(state.counts.values()), "manifests": len(state.manifests) + len(state.requirements)}
    return finish(walk, harvest)


def _pinned_versions(walk: Walk, kinds: Mapping[str, frozenset[str]]) -> dict[bytes, bool | None]:
    from ingest.counting.tree_paths import is_pinned

    wanted = (c.new for step in walk.steps for c in step.changes if "requirements" in kinds[c.path])
    found: dict[bytes, bool | None] = {}
    for oid, content in read_blobs(walk.repository, wanted):
        note_unreadable(walk, oid, content)
        found[oid] = None if content is None else is_pinned(content)
    return found


def _apply(
    state: _State, path: str, kinds: frozenset[str], old: bytes, new: bytes, pinned: Mapping[bytes, bool | None]
) -> None:
    change = bool(new) - bool(old)
    for kind in kinds & _COUNTED.keys():
        state.counts[kind] = state.counts.get(kind, 0) + change
    for kind, known in (("manifest", state.manifests), ("lock", state.locks)):
        if kind in kinds:
            if new and path not in known:
                known.append(path)
            elif not new and path in known:
                known.remove(path)
    if "requirements" in kinds:
        if new:
            state.requirements[path] = pinned.get(new, False)
        else:
            state.requirements.pop(path, None)


def _observe_step(harvest: Harvest, step: CommitChanges, state: _State, git_version: str) -> None:
    from ingest.advice.language_steps import named
    from ingest.counting.tree_paths import pinned_share, unpinned

    pinned, manifests = pinned_share(state.manifests, set(state.locks), state.requirements)
    values: dict[str, tuple[float | None, str]] = {
        metric: (float(state.counts.get(kind, 0)), "") for kind, metric in _COUNTED.items()
    }
    values[_PINNED] = _pinned_percent(pinned, manifests, state.requirements)
    loose = unpinned(state.manifests, set(state.locks), state.requirements)
    names = f"; not pinned: {named(loose)}" if loose else ""
    evidence = _evidence(step, git_version, f"{pinned} of {manifests} manifests are pinned{names}")
    changed = {metric: pair for metric, pair in values.items() if state.last.get(metric, _NEVER) != pair[0]}
    state.last.update({metric: value for metric, (value, _) in changed.items()})
    harvest.observations += [_observation(metric, *pair, step, evidence) for metric, pair in changed.items()]
    harvest.evidence += [evidence] if changed else []


_NEVER = object()


def _pinned_percent(pinned: int, manifests: int, requirements: Mapping[str, bool | None]) -> tuple[float | None, str]:
    """The share of pinned manifests; None with the reason where a file cannot be read or there is none."""
    unread = sorted(path for path, is_known in requirements.items() if is_known is None)
    if unread:
        return None, f"missing or damaged in the clone: {unread[0]}"
    return (100 * pinned / manifests, "") if manifests else (None, "no dependency manifest that a lock file pins")


def _evidence(step: CommitChanges, git_version: str, excerpt: str) -> Evidence:
    identity = sha256(f"{DEFINITION}\0{step.sha}".encode()).hexdigest()[:24]
    return Evidence(f"tree:{identity}", f"git:{step.sha}", tool="git", tool_version=git_version, excerpt=excerpt)


def _observation(metric: str, value: float | None, reason: str, step: CommitChanges, evidence: Evidence) -> Observation:
    return Observation(
        metric=metric,
        observed_at=step.at,
        value=value,
        unit=CATALOGUE[metric].unit,
        commit=step.sha,
        evidence=evidence.id,
        definition=DEFINITION,
        reason=reason,
    )


def facts_of(request: Request) -> dict[str, Any]:
    """The newest values of a whole reading, by metric: what a default plan starts from."""
    harvest = Tree().observe(request)
    return {observation.metric: observation.value for observation in harvest.observations}
