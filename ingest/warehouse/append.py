"""What a source brought, into the tables: compared with what counts now, loaded through Arrow, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ingest.observation import Commit, Evidence, Item, Observation
from ingest.source import Harvest, TMinusError

if TYPE_CHECKING:
    import duckdb


# Arrow types by column name: DuckDB would guess a wrong one for a column of only NULLs.
_ARROW_TYPES = {"value": "float64", "line": "int32", "position": "int64"}


def _load(
    connection: duckdb.DuckDBPyConnection, name: str, fields: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Register `rows` as the view `name`, through Arrow: row by row is a hundred times slower."""
    import pyarrow as pa

    def arrow_type(field: str) -> pa.DataType:
        if field in _ARROW_TYPES:
            return pa.type_for_alias(_ARROW_TYPES[field])
        return pa.timestamp("us", "UTC") if field.endswith("_at") else pa.string()

    columns = zip(*rows, strict=True)
    arrays = [pa.array(column, arrow_type(field)) for field, column in zip(fields, columns, strict=True)]
    connection.register(name, pa.Table.from_arrays(arrays, names=list(fields)))


def append(
    connection: duckdb.DuckDBPyConnection, project: str, source: str, run: int, now: datetime, harvest: Harvest
) -> int:
    """Store a harvest in the open transaction; return how many observations were new.

    An observation equal in everything but recorded_at to one that counts now is not stored again. After a complete
    re-reading nothing is compared: the earlier rows are superseded by the run's `replaces`.
    """
    if harvest.rewritten:
        connection.execute('UPDATE "commit" SET position = NULL WHERE project = ? AND ? = ?', [project, source, "git"])
        connection.execute("DELETE FROM item WHERE project = ? AND source = ?", [project, source])
    _append_commits(connection, project, _redacted(harvest.commits, "subject"))
    _append_evidence(connection, now, _redacted(harvest.evidence, "excerpt"))
    _append_items(connection, project, source, harvest.items, harvest.changed_items)
    for table, rows in harvest.extra.items():
        _append_extra(connection, table, rows)
    return _append_observations(connection, project, source, run, now, harvest.observations, fresh=harvest.rewritten)


def _redacted(rows: Sequence[Any], field: str) -> list[Any]:
    """The rows without credentials in one field; a pull with nothing new compiles no pattern."""
    if not rows:
        return []
    from ingest.redaction import redact_text

    return [row._replace(**{field: redact_text(getattr(row, field))}) for row in rows]


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


def _append_observations(
    connection: duckdb.DuckDBPyConnection,
    project: str,
    source: str,
    run: int,
    now: datetime,
    observations: Sequence[Observation],
    *,
    fresh: bool,
) -> int:
    if not observations:
        return 0
    _load(connection, "incoming", Observation._fields, observations)
    key = ", ".join(_OBSERVATION_KEY)
    known = (
        "SELECT NULL WHERE false"
        if fresh
        else f"SELECT {key} FROM current_observation WHERE project = $project AND source = $source"  # noqa: S608 - own constant
    )
    before = "" if fresh else f"EXCEPT {known}"
    sql = f"""
        INSERT INTO observation (project, source, run, recorded_at, {key})
        SELECT $project, $source, $run, $now, * FROM (SELECT DISTINCT {key} FROM incoming {before})
        ORDER BY metric, scope, observed_at
    """  # noqa: S608 - own constants
    added: int = connection.execute(sql, {"project": project, "source": source, "run": run, "now": now}).fetchall()[0][
        0
    ]
    connection.unregister("incoming")
    return added


def _append_commits(connection: duckdb.DuckDBPyConnection, project: str, commits: Sequence[Commit]) -> None:
    if not commits:
        return
    _load(connection, "incoming", Commit._fields, commits)
    connection.execute('DELETE FROM "commit" WHERE project = ? AND sha IN (SELECT sha FROM incoming)', [project])
    connection.execute(
        'INSERT INTO "commit" SELECT ?, sha, position, committed_at, author, subject, merged_by FROM incoming',
        [project],
    )
    connection.unregister("incoming")


def _append_evidence(connection: duckdb.DuckDBPyConnection, now: datetime, evidence: Sequence[Evidence]) -> None:
    if not evidence:
        return
    _load(connection, "incoming", Evidence._fields, evidence)
    connection.execute(
        """INSERT INTO evidence
           SELECT DISTINCT ON (id) id, locator, sha256, tool, tool_version, excerpt, path, line, ?
           FROM incoming ANTI JOIN evidence USING (id)""",
        [now],
    )
    connection.unregister("incoming")


def _append_items(
    connection: duckdb.DuckDBPyConnection, project: str, source: str, items: Sequence[Item], changed: Sequence[Item]
) -> None:
    rows = _redacted((*items, *changed), "text")
    if not rows:
        return
    _load(connection, "incoming", Item._fields, rows)
    connection.execute(
        "DELETE FROM item WHERE project = ? AND source = ? AND id IN (SELECT id FROM incoming)", [project, source]
    )
    connection.execute("INSERT INTO item SELECT ?, ?, * FROM incoming", [project, source])
    connection.unregister("incoming")


def _append_extra(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
    if table != "blob_scan":
        raise TMinusError(f"a source handed over rows for the table {table!r}: only blob_scan is open to sources")
    if not rows:
        return
    _load(connection, "incoming", ("oid", "definition", "hits"), rows)
    connection.execute(
        """INSERT INTO blob_scan SELECT DISTINCT ON (oid, definition) oid, definition, hits
           FROM incoming ANTI JOIN blob_scan USING (oid, definition)"""
    )
    connection.unregister("incoming")
