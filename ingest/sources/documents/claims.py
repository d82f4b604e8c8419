"""The claims source: what documents state about readiness and its date, from the commit that brought the words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from typing import Any, NamedTuple

from ingest.observation import Evidence, Observation
from ingest.readers.documents.line_memory import LineMemory
from ingest.source import Harvest, Request
from ingest.sources.git.changed_files import ChangedFile, CommitChanges, Walk, finish, is_listed, start_walk, versions
from ingest.sources.git.merged_authors import LineAuthors, LineKey
from ingest.sources.settings import checked

DEFAULTS: dict[str, object] = {"files": []}
DEFINITION = "claims-2"
_DOCUMENTS = (".md", ".mdx", ".markdown", ".rst", ".txt", ".adoc")
# JSON is read where its name says that it is a report: settings and data speak of "ready" for other reasons.
_REPORT_WORDS = ("readiness", "report", "status", "summary", "assessment", "audit", "scorecard", "validation")
_CLASSES = ("code", "docs", "tests")
_METRIC = "readiness_claim_percent"
# A document of this kind may claim something, whether it ever did or not; a large text file is often data.
_PROSE = (".md", ".mdx", ".markdown", ".rst", ".adoc")
UNREADABLE = "unknown: the document could not be read (missing or damaged in the clone, or too large)"
_REMOVED = "claim_removed"  # the words of a claim left their document
_TIMELINE, _TIMELINE_DEFINITION = "timeline_claim_days", "timelines-1"

# The place of the sentence in a key: (value, word, excerpt) of a claim, (words, excerpt, days, until) of a timeline.
_EXCERPT_PLACE = {3: 2, 4: 1}
# One claim as this source compares it: the words that make it the same claim when the line moves.
Key = tuple[object, ...]


class Claims:
    """Reads the documents of every commit; `files` narrows them to named files or globs."""

    name = "claims"

    def observe(self, request: Request) -> Harvest:
        """Return the claims that new commits brought; unchanged and moved words are not new claims."""
        files = tuple(checked("sources.claims", request.settings, DEFAULTS)["files"])
        rules = "|".join((DEFINITION, _TIMELINE_DEFINITION, *files))
        walk = start_walk(request, rules, lambda path, kind: _is_document(path, kind, files))
        return walk if isinstance(walk, Harvest) else _harvest(request, walk)


def _is_document(path: str, kind: str, files: tuple[str, ...]) -> bool:
    if files:
        return is_listed(path, files)
    lowered = path.lower()
    if kind not in _CLASSES:
        return False
    if lowered.endswith(_DOCUMENTS):
        return True
    name = lowered.rpartition("/")[2]
    return name.endswith(".json") and any(word in name for word in _REPORT_WORDS)


def _harvest(request: Request, walk: Walk) -> Harvest:
    reader = _ClaimReader()
    versions_read = _claims_by_version(request, walk, reader)
    claims = versions_read.claims
    harvest = Harvest(counts={"documents": len({c.path for step in walk.steps for c in step.changes})})
    with LineAuthors(walk.repository, walk.sides, reader.keys_in) as authors:
        for step in _readable_steps(walk, versions_read, harvest):
            for change, claim in _new_claims(step, claims):
                if not _is_over(step, claim):
                    _add(harvest, step, change, claim, _writer(authors, step, change, claim))
            for change, key, taken_over in _left_claims(step, claims):
                _add_removal(harvest, step, change.path, _excerpt(key), repr(key), taken_over)
    if versions_read.unread:
        missing = len(versions_read.unread)
        harvest.warnings.append(
            f"{missing} document version{'s' * (missing != 1)} could not be read: missing in the clone, or too large"
        )
    harvest.counts["claims"] = sum(o.metric != _REMOVED and o.reason != UNREADABLE for o in harvest.observations)
    return finish(walk, harvest)


def _readable_steps(walk: Walk, read: _Versions, harvest: Harvest) -> Iterator[CommitChanges]:
    """The steps between versions that could be read; what could not is unknown, and its claims neither go nor come.

    The cursor keeps the last readable version of each document whose newest one could not be read.
    """
    readable = {path: oid.encode() for path, oid in walk.state.get("unreadable", {}).items()}
    for step in walk.steps:
        changes = []
        for change in step.changes:
            before = readable.pop(change.path, None)
            old = change.old if before is None else before
            if change.new not in read.unread:
                changes.append(change._replace(old=old))
                if before is not None:
                    _add_removal(harvest, step, change.path, UNREADABLE, UNREADABLE, "")
            elif _may_claim(read, change.path, old):
                readable[change.path] = old
                if before is None:
                    _add_unreadable(harvest, step, change.path)
        yield step._replace(changes=changes)
    walk.state = {"unreadable": {path: oid.decode() for path, oid in sorted(readable.items())}}


def _may_claim(read: _Versions, path: str, last_readable: bytes) -> bool:
    return path.lower().endswith(_PROSE) or bool(read.claims.get((last_readable, _is_json(path))))


def _add_unreadable(harvest: Harvest, step: CommitChanges, path: str) -> None:
    """One row that says that nobody knows what the document claims from here on."""
    identity = f"claim:{sha256(f'{step.sha}|{path}|unreadable'.encode('utf-8', 'replace')).hexdigest()[:24]}"
    harvest.evidence.append(Evidence(identity, path, excerpt=UNREADABLE, path=path))
    harvest.observations.append(
        Observation(
            metric=_METRIC,
            observed_at=step.at,
            value=None,
            unit="percent",
            scope=path,
            kind="claimed",
            commit=step.sha,
            evidence=identity,
            definition=DEFINITION,
            reason=UNREADABLE,
        )
    )


def _writer(authors: LineAuthors, step: CommitChanges, change: ChangedFile, claim: Any) -> str:
    """Who wrote the sentence, where a merge brought it; empty where the commit's author did."""
    if not step.merge:
        return ""
    return authors.writer(step.merge, LineKey(change.path, _METRIC, repr(_key(claim)), claim.line))


def _is_over(step: CommitChanges, claim: Any) -> bool:
    """Whether it names a day that was over when it was written: a report of a date, no timeline."""
    from ingest.readers.documents.timelines import Timeline

    return isinstance(claim, Timeline) and claim.days_from(step.at.date()) is None


def _json_or_text(walk: Walk) -> dict[bytes, set[bool]]:
    """Whether each file version has a JSON path, another one, or both."""
    kinds: dict[bytes, set[bool]] = {}
    for change in (change for step in walk.steps for change in step.changes):
        for oid in (change.old, change.new):
            kinds.setdefault(oid, set()).add(_is_json(change.path))
    return kinds


class _Versions(NamedTuple):
    """What each file version claims. The same bytes read differently as JSON, so that is part of the key."""

    claims: dict[tuple[bytes, bool], list[Any]]
    unread: frozenset[bytes]


def _claims_by_version(request: Request, walk: Walk, reader: _ClaimReader) -> _Versions:
    kinds = _json_or_text(walk)
    found: dict[tuple[bytes, bool], list[Any]] = {}
    unread = set()
    earlier = [oid.encode() for oid in walk.state.get("unreadable", {}).values()]
    for number, (oid, content) in enumerate(versions(walk, earlier)):
        if content is None:
            unread.add(oid)
            continue
        if number % 500 == 0:
            request.progress(number, len(kinds), "document versions")
        for is_json in kinds.get(oid, (False, True)):
            if claims := reader.claims(content, is_json):
                found[oid, is_json] = claims
    return _Versions(found, frozenset(unread))


class _ClaimReader:
    """Reads the claims of file versions; a version whose lines are known to hold none is not read."""

    def __init__(self) -> None:
        self._lines = LineMemory(_may_hold)

    def claims(self, content: bytes, is_json: bool) -> list[Any]:
        """Claims and timelines of one version, each in the order of its lines."""
        from ingest.readers.documents.claims import MOST_BYTES, read_claims
        from ingest.readers.documents.timelines import read_timelines

        if is_json:
            return list(read_claims(content, "a.json"))
        if len(content) > MOST_BYTES or not self._lines.may_hold(content):
            return []
        return [*read_claims(content, "a.md"), *read_timelines(content)]

    def keys_in(self, content: bytes, path: str) -> Iterator[tuple[str, str]]:
        """The claims of one version as `LineAuthors` compares them."""
        return ((_METRIC, repr(_key(claim))) for claim in self.claims(content, _is_json(path)))


def _may_hold(line: bytes) -> bool:
    from ingest.readers.documents.claims import line_may_claim
    from ingest.readers.documents.timelines import read_timelines

    # Of a line with a zero byte the readers ask where in the document it is: not to be judged alone.
    return b"\0" in line or line_may_claim(line.decode("utf-8", "replace")) or bool(read_timelines(line))


def _is_json(path: str) -> bool:
    return path.lower().endswith(".json")


def _new_claims(step: CommitChanges, claims: dict[tuple[bytes, bool], list[Any]]) -> Iterator[tuple[ChangedFile, Any]]:
    """Claims whose words the commit brought: those that stood in the old version, or left another file, are not new."""
    before = {change.path: _claims_at(claims, change.path, change.old) for change in step.changes}
    after = {change.path: _claims_at(claims, change.path, change.new) for change in step.changes}
    moved = Counter(key for path in before for key in (before[path] - after[path]).elements())
    for change in step.changes:
        known = Counter(before[change.path])
        for claim in claims.get((change.new, _is_json(change.path)), ()):
            key = _key(claim)
            if known[key] > 0:
                known[key] -= 1
            elif moved[key] > 0:
                moved[key] -= 1
            else:
                yield change, claim


def _left_claims(
    step: CommitChanges, claims: dict[tuple[bytes, bool], list[Any]]
) -> Iterator[tuple[ChangedFile, Key, str]]:
    """Claims whose words left a document, and the document that took them over where one did."""
    before = {change.path: _claims_at(claims, change.path, change.old) for change in step.changes}
    after = {change.path: _claims_at(claims, change.path, change.new) for change in step.changes}
    for change in step.changes:
        for key in before[change.path] - after[change.path]:
            gained = (path for path in after if after[path][key] > before[path][key])
            yield change, key, next(gained, "")


def _add_removal(harvest: Harvest, step: CommitChanges, path: str, excerpt: str, key: str, taken_over: str) -> None:
    """One row that the words left; its evidence repeats them, which is how it finds its claim."""
    text = _redacted(excerpt)
    digest = sha256(f"{step.sha}\0{path}\0{key}".encode("utf-8", "replace")).hexdigest()
    identity = f"claim-removed:{digest[:24]}"
    harvest.evidence.append(Evidence(identity, path, excerpt=text, path=path))
    harvest.observations.append(
        Observation(
            metric=_REMOVED,
            observed_at=step.at,
            value=1.0,
            unit="claims",
            scope=path,
            kind="claimed",
            commit=step.sha,
            evidence=identity,
            definition=DEFINITION,
            reason=taken_over,
        )
    )


def _excerpt(key: Key) -> str:
    """The sentence of a claim."""
    return str(key[_EXCERPT_PLACE[len(key)]])


def _redacted(text: str) -> str:
    from ingest.redaction import redact

    return redact(text.encode("utf-8", "replace"))[0].decode("utf-8", "replace")


def _claims_at(claims: dict[tuple[bytes, bool], list[Any]], path: str, oid: bytes) -> Counter[Key]:
    return Counter(_key(claim) for claim in claims.get((oid, _is_json(path)), ()))


def _key(claim: Any) -> Key:
    """All that a claim says; not the line it says it on."""
    return tuple(claim[1:])


def _add(harvest: Harvest, step: CommitChanges, change: ChangedFile, claim: Any, writer: str) -> None:
    text = _redacted(claim.excerpt)
    digest = sha256(f"{step.sha}\0{change.path}\0{claim.line}\0{text}".encode("utf-8", "replace")).hexdigest()
    identity = f"claim:{digest[:24]}"
    if harvest.evidence[-1:] == [] or harvest.evidence[-1].id != identity:
        locator = f"{change.path}:{claim.line}"
        harvest.evidence.append(
            Evidence(identity, locator, tool=writer, excerpt=text, path=change.path, line=claim.line)
        )
    metric, value, unit, reason, definition = _figure(step, claim)
    harvest.observations.append(
        Observation(
            metric=metric,
            observed_at=step.at,
            value=value,
            unit=unit,
            scope=change.path,
            kind="claimed",
            commit=step.sha,
            evidence=identity,
            definition=definition,
            reason=reason,
        )
    )


def _figure(step: CommitChanges, claim: Any) -> tuple[str, float | None, str, str, str]:
    """Metric, value, unit, words and counting rule: of a readiness, or of the days until it is promised."""
    from ingest.readers.documents.timelines import Timeline

    if isinstance(claim, Timeline):
        days = claim.days_from(step.at.date())
        return _TIMELINE, float(days or 0), "days", f"says {claim.words}", _TIMELINE_DEFINITION
    return _METRIC, claim.value, "percent", f"says {claim.word}" if claim.word else "", DEFINITION
