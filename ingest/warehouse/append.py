"""What a source brought, into the tables: cleaned and loaded before the file is opened, then written in short steps."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from itertools import product
from typing import TYPE_CHECKING, Any

from ingest.observation import Commit, Deployment, Evidence, Item, Observation, SampleSeries, impossible
from ingest.source import Harvest, TMinusError
from ingest.warehouse.database import with_literals
from ingest.warehouse.process import append_found

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

# Rows of one transaction: 0.15 s for the widest table on a quiet machine, 0.8 s beside a pull and five browsers on two
# processors, so that nobody waits a second for the file.
CHUNK_ROWS = 10_000
# Arrow types by column name: DuckDB would guess a wrong one for a column of only NULLs.
_ARROW_TYPES = {"value": "float64", "line": "int32", "position": "int64"}
# The columns that hold words of other people. Names of metrics, units and hashes are ours.
_WORDS = {
    Commit: ("author", "subject"),
    Evidence: ("locator", "excerpt", "path"),
    Item: ("text", "path", "opened_by", "closed_by"),
    Observation: ("metric", "scope", "unit", "reason"),  # reports of a team's own name their metrics and units
}


@dataclass(slots=True)
class AppendStep:
    """Rows for one transaction, as Arrow tables; a step repeated or left out by a killed pull leaves nothing wrong."""

    commits: pa.Table | None = None
    evidence: pa.Table | None = None
    items: pa.Table | None = None
    observations: pa.Table | None = None
    samples: pa.Table | None = None
    deployments: list[Deployment] = field(default_factory=list)
    extra: dict[str, pa.Table] = field(default_factory=dict)


@dataclass(slots=True)
class Prepared:
    """A harvest without credentials, cut into steps. The last one also takes what must be seen at once."""

    steps: list[AppendStep]
    rewritten: bool
    last_together: int = 1  # so many of the last steps belong into one transaction


def prepare(harvest: Harvest) -> Prepared:
    """Clean and load a harvest; touches no file.

    What fits in one step is one. Figures are sorted by their moment, so that equal ones are in one step or in
    neighbouring ones. After a complete re-reading the earlier rows count until the run's row is written: items and
    commits are in the last step then.
    """
    _refuse_other_tables(harvest)
    observations = sorted(map(_plausible, harvest.observations), key=lambda row: row.observed_at)
    parts: list[AppendStep] = []
    _spread(parts, "evidence", _tables(Evidence, Evidence._fields, harvest.evidence))
    _spread(parts, "observations", _tables(Observation, Observation._fields, observations))
    for rows in harvest.extra.values():
        tables = [_arrow(("oid", "definition", "hits"), chunk) for chunk in _chunks(rows)]
        parts += [AppendStep(extra={"blob_scan": table}) for table in tables]
    _spread(parts, "samples", _sample_tables(harvest.samples))
    if harvest.deployments:
        parts.append(AppendStep(deployments=harvest.deployments))
    seen_at_once: list[AppendStep] = []
    _spread(seen_at_once, "commits", _tables(Commit, Commit._fields, harvest.commits))
    _spread(seen_at_once, "items", _tables(Item, Item._fields, (*harvest.items, *harvest.changed_items)))
    if sum(map(_rows, [*parts, *seen_at_once])) + len(harvest.deployments) <= CHUNK_ROWS:
        return Prepared([_joined([*parts, *seen_at_once])], rewritten=harvest.rewritten)
    if harvest.rewritten:
        return Prepared([*parts, *seen_at_once], rewritten=True, last_together=max(len(seen_at_once), 1))
    return Prepared([*seen_at_once, *parts], rewritten=False)


def _refuse_other_tables(harvest: Harvest) -> None:
    for table in harvest.extra:
        if table != "blob_scan":
            raise TMinusError(f"a source handed over rows for the table {table!r}: only blob_scan is open to sources")


def _plausible(row: Observation) -> Observation:
    """The figure as it is, or unknown with the reason where it cannot be true, whatever report gave it."""
    why = "" if row.kind == "claimed" else impossible(row.metric, row.value)
    return row._replace(value=None, reason=why) if why else row


def _spread(steps: list[AppendStep], name: str, tables: Sequence[pa.Table]) -> None:
    """Put small tables together into one step, large ones into steps of their own."""
    for table in tables:
        if not steps or getattr(steps[-1], name) is not None or _rows(steps[-1]) + table.num_rows > CHUNK_ROWS:
            steps.append(AppendStep())
        setattr(steps[-1], name, table)


def _joined(steps: Sequence[AppendStep]) -> AppendStep:
    """All of a small harvest in one step: each transaction opens the file and writes it out. No two have one table."""
    whole = AppendStep()
    for step, one in product(steps, fields(AppendStep)):
        if (rows := getattr(step, one.name)) is not None and len(rows):
            setattr(whole, one.name, rows)
    return whole


def _rows(step: AppendStep) -> int:
    tables = (step.commits, step.evidence, step.items, step.observations, step.samples, *step.extra.values())
    return sum(table.num_rows for table in tables if table is not None)


def _chunks(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (rows[start : start + CHUNK_ROWS] for start in range(0, len(rows), CHUNK_ROWS))


def _tables(kind: type, fields: Sequence[str], rows: Sequence[Any]) -> list[pa.Table]:
    """The rows as Arrow tables of at most CHUNK_ROWS, without credentials in the columns that hold words."""
    if not rows:  # a pull with nothing new loads no library and compiles no pattern
        return []
    from ingest.redaction import redact_texts

    columns = [list(column) for column in zip(*rows, strict=True)]
    for name in _WORDS[kind]:
        place = fields.index(name)
        columns[place] = redact_texts(columns[place])
    clean = list(zip(*columns, strict=True))
    return [_arrow(fields, chunk) for chunk in _chunks(clean)]


def _sample_tables(series: Sequence[SampleSeries]) -> list[pa.Table]:
    """Every sample as a row, in Arrow tables of at most CHUNK_ROWS."""
    if not series:
        return []
    import pyarrow as pa

    from ingest.redaction import redact_text

    parts = []
    for one in series:
        length = len(one.seconds)
        moments = pa.array([round(at * 1e6) for at in one.seconds], pa.timestamp("us", "UTC"))
        columns = {"metric": redact_text(one.metric), "scope": redact_text(one.scope), "unit": redact_text(one.unit)}
        columns |= {"kind": one.kind, "definition": one.definition, "evidence": one.evidence}
        arrays = [pa.array([text] * length, pa.string()) for text in columns.values()]
        arrays += [moments, pa.array(one.values, pa.float64()), pa.array([one.step] * length, pa.float64())]
        parts.append(pa.Table.from_arrays(arrays, names=[*columns, "sampled_at", "value", "step"]))
    whole = pa.concat_tables(parts)
    return [whole.slice(start, CHUNK_ROWS) for start in range(0, whole.num_rows, CHUNK_ROWS)]


def _arrow(fields: Sequence[str], rows: Sequence[Sequence[Any]]) -> pa.Table:
    """The rows as one Arrow table: row by row DuckDB loads a hundred times slower."""
    import pyarrow as pa

    def arrow_type(field_name: str) -> pa.DataType:
        if field_name in _ARROW_TYPES:
            return pa.type_for_alias(_ARROW_TYPES[field_name])
        return pa.timestamp("us", "UTC") if field_name.endswith("_at") else pa.string()

    columns = zip(*rows, strict=True)
    arrays = [pa.array(column, arrow_type(name)) for name, column in zip(fields, columns, strict=True)]
    return pa.Table.from_arrays(arrays, names=list(fields))


def append(
    connection: duckdb.DuckDBPyConnection,
    project: str,
    source: str,
    run: int,
    now: datetime,
    step: AppendStep,
    *,
    rewritten: bool,
) -> int:
    """Store one step in the open transaction; return how many observations were new.

    An observation equal in everything but recorded_at to one that was recorded last for its moment is not stored again.
    One that was corrected since is: a value that comes back is a correction of the correction. After a complete
    re-reading only those of the same run are compared: the earlier rows are superseded by the run's `replaces`.
    """
    _append_commits(connection, project, step.commits)
    _append_evidence(connection, now, step.evidence)
    _append_items(connection, project, source, step.items)
    _append_blob_scan(connection, step.extra.get("blob_scan"))
    _append_samples(connection, project, source, now, step.samples)
    if step.deployments:
        append_found(connection, project, step.deployments, now)
    return _append_observations(connection, project, source, run, now, step.observations, fresh=rewritten)


def begin_run(connection: duckdb.DuckDBPyConnection) -> int:
    """Return the number of the next run; figures of a run that was killed before its row was written keep theirs.

    Only figures of a later run than the newest row are looked for: by its statistics every older block and file is
    passed over, while the highest number of all figures would be read from all of them at each pull.
    """
    newest = int(connection.execute("SELECT coalesce(max(id), 0) FROM source_run").fetchall()[0][0])
    left = f"SELECT coalesce(max(run), {newest}) FROM observation WHERE run > {newest}"  # noqa: S608 - a number
    return int(connection.execute(left).fetchall()[0][0]) + 1


def record_run(connection: duckdb.DuckDBPyConnection, run: dict[str, Any]) -> None:
    """Write the row of one run of a source; in the transaction of its rows."""
    values = {**run, "counts": json.dumps(run["counts"]), "warnings": json.dumps(run["warnings"])}
    sql = f"INSERT INTO source_run ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})"  # noqa: S608 - own names
    connection.execute(with_literals(sql, tuple(values.values())))


def forget_superseded(connection: duckdb.DuckDBPyConnection, project: str, source: str) -> None:
    """Take the items of a source and, of git, the commits' places on the branch away: they are handed over again."""
    connection.execute('UPDATE "commit" SET position = NULL WHERE project = ? AND ? = ?', [project, source, "git"])
    connection.execute("DELETE FROM item WHERE project = ? AND source = ?", [project, source])


_OBSERVATION_KEY = (
    "metric",
    "scope",
    "observed_at",
    "value",
    "reason",
    "unit",
    "kind",
    '"commit"',
    "evidence",
    "definition",
)

_OBSERVATION_MOMENT = "metric, scope, kind, observed_at"


def _append_observations(
    connection: duckdb.DuckDBPyConnection,
    project: str,
    source: str,
    run: int,
    now: datetime,
    rows: pa.Table | None,
    *,
    fresh: bool,
) -> int:
    if rows is None:
        return 0
    connection.register("incoming", rows)
    key = ", ".join(_OBSERVATION_KEY)
    # Only rows of the same stretch of time can be equal; DuckDB passes over the others without reading them.
    # Of a moment the rows that were recorded last are known; where one comes that differs, all of them are stored
    # together, so that the order of recording stays that in which the source gave them.
    known = f"""
        SELECT {key} FROM {"observation" if fresh else "current_observation"}
        WHERE project = $project AND source = $source {"AND run = $run" if fresh else ""}
          AND observed_at BETWEEN (SELECT min(observed_at) FROM incoming) AND (SELECT max(observed_at) FROM incoming)
        QUALIFY recorded_at = max(recorded_at) OVER (PARTITION BY {_OBSERVATION_MOMENT})
    """  # noqa: S608 - own constants
    sql = f"""
        INSERT INTO observation (project, source, run, recorded_at, {key})
        SELECT $project, $source, $run, $now, {key} FROM (SELECT DISTINCT {key} FROM incoming)
        WHERE ({_OBSERVATION_MOMENT}) IN (
            SELECT ({_OBSERVATION_MOMENT}) FROM (SELECT DISTINCT {key} FROM incoming EXCEPT {known})
        )
        ORDER BY metric, scope, observed_at
    """  # noqa: S608 - own constants
    added: int = connection.execute(sql, {"project": project, "source": source, "run": run, "now": now}).fetchall()[0][
        0
    ]
    connection.unregister("incoming")
    return added


_SAMPLE_KEY = "metric, scope, sampled_at, value, unit, kind, evidence, step, definition"


def _append_samples(
    connection: duckdb.DuckDBPyConnection, project: str, source: str, now: datetime, rows: pa.Table | None
) -> None:
    """Samples that are not there yet; another value for a known moment is a correction, recorded later."""
    if rows is None:
        return
    connection.register("incoming", rows)
    known = f"""
        SELECT {_SAMPLE_KEY} FROM sample WHERE project = $project AND source = $source
          AND sampled_at BETWEEN (SELECT min(sampled_at) FROM incoming) AND (SELECT max(sampled_at) FROM incoming)
        QUALIFY row_number() OVER (
            PARTITION BY metric, scope, definition, sampled_at ORDER BY recorded_at DESC, rowid DESC
        ) = 1
    """  # noqa: S608 - own constants
    sql = f"""
        INSERT INTO sample (project, source, recorded_at, {_SAMPLE_KEY})
        SELECT $project, $source, $now, * FROM (SELECT DISTINCT {_SAMPLE_KEY} FROM incoming EXCEPT {known})
        ORDER BY metric, scope, sampled_at
    """  # noqa: S608 - own constants
    connection.execute(sql, {"project": project, "source": source, "now": now})
    connection.unregister("incoming")


def _append_commits(connection: duckdb.DuckDBPyConnection, project: str, rows: pa.Table | None) -> None:
    if rows is None:
        return
    connection.register("incoming", rows)
    connection.execute('DELETE FROM "commit" WHERE project = ? AND sha IN (SELECT sha FROM incoming)', [project])
    connection.execute(
        'INSERT INTO "commit" SELECT ?, sha, position, committed_at, author, subject, merged_by FROM incoming',
        [project],
    )
    connection.unregister("incoming")


def _append_evidence(connection: duckdb.DuckDBPyConnection, now: datetime, rows: pa.Table | None) -> None:
    if rows is None:
        return
    connection.register("incoming", rows)
    connection.execute(
        """INSERT INTO evidence
           SELECT DISTINCT ON (id) id, locator, sha256, tool, tool_version, excerpt, path, line, ?
           FROM incoming ANTI JOIN evidence USING (id)""",
        [now],
    )
    connection.unregister("incoming")


def _append_items(connection: duckdb.DuckDBPyConnection, project: str, source: str, rows: pa.Table | None) -> None:
    if rows is None:
        return
    connection.register("incoming", rows)
    connection.execute(
        "DELETE FROM item WHERE project = ? AND source = ? AND id IN (SELECT id FROM incoming)", [project, source]
    )
    connection.execute("INSERT INTO item SELECT ?, ?, * FROM incoming", [project, source])
    connection.unregister("incoming")


def _append_blob_scan(connection: duckdb.DuckDBPyConnection, rows: pa.Table | None) -> None:
    if rows is None:
        return
    connection.register("incoming", rows)
    connection.execute(
        """INSERT INTO blob_scan SELECT DISTINCT ON (oid, definition) oid, definition, hits
           FROM incoming ANTI JOIN blob_scan USING (oid, definition)"""
    )
    connection.unregister("incoming")
