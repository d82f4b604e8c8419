"""Code-scanning alerts as findings by severity over time: each alert states when it was opened and closed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from ingest.observation import Evidence, Item, Observation
from ingest.readers.contract import one_line
from ingest.readers.text.report_paths import component
from ingest.source import Harvest
from ingest.sources.ci.runs import moment, table, whole

SCOPE = "code-scanning"  # apart from what scanners report in artifacts: the two count differently
DEFINITION = "code-scanning-2"
SEVERITIES = ("critical", "high", "medium", "low")
# Rules without a security severity have the level of a linter.
_LEVELS = {"error": "high", "warning": "medium", "note": "low", "none": "low"}


_CLOSED = frozenset({"fixed", "dismissed", "auto_dismissed", "closed"})


class Alert(NamedTuple):
    """One alert; `closed` is None while it is open. Dismissed counts as closed: somebody looked and gave a reason."""

    number: str
    severity: str
    opened: datetime
    closed: datetime | None
    row: dict[str, Any]


def alert_harvest(rows: Sequence[Any] | None, now: datetime, reason: str = "") -> Harvest:
    """The counts at every moment at which one changed, and now; `rows` None: unknown, for the `reason`.

    A row that is not an alert makes the counts of now unknown. An alert without a date counts from now on.
    """
    harvest = Harvest()
    digest = hashlib.sha256(json.dumps(rows, sort_keys=True, default=str).encode() + reason.encode()).hexdigest()
    proof = Evidence(f"github:alerts:{digest[:20]}", "code-scanning/alerts", "" if rows is None else digest, "github")
    harvest.evidence.append(proof)
    if rows is None:
        harvest.observations = [_figure(severity, now, None, proof.id, reason) for severity in SEVERITIES]
        return harvest
    alerts = _alerts(rows, now)
    damaged = len(rows) - len(alerts)
    unknown = f"{damaged} of {len(rows)} rows of the answer are not alerts" if damaged else ""
    harvest.warnings = _alert_warnings(alerts, len(rows), unknown)
    for severity in SEVERITIES:
        own = [alert for alert in alerts if alert.severity == severity]
        harvest.observations += _counts_over_time(severity, own, now, proof.id, unknown)
    harvest.items = [_item(alert) for alert in alerts]
    harvest.counts = {"alerts": len(alerts)}
    return harvest


def _alerts(rows: Sequence[Any], now: datetime) -> list[Alert]:
    return [_alert(row, now) for row in rows if isinstance(row, dict)]


def _alert_warnings(alerts: Sequence[Alert], rows: int, unknown: str) -> list[str]:
    undated = sum(1 for alert in alerts if moment(alert.row.get("created_at")) is None)
    warnings = []
    if undated:
        warnings.append(f"{undated} of {rows} code-scanning alerts have no date: they count from now on")
    if unknown:
        warnings.append(f"code scanning is unknown: {unknown}")
    return warnings


def _counts_over_time(
    severity: str, alerts: Sequence[Alert], now: datetime, evidence: str, unknown: str
) -> Iterator[Observation]:
    """The open alerts of one severity whenever their number changed, and now; `unknown`: why now is unknown."""
    moments = {alert.opened for alert in alerts} | {alert.closed for alert in alerts if alert.closed}
    for at in sorted({at for at in moments if at <= now} | {now}):
        if unknown and at == now:
            yield _figure(severity, at, None, evidence, unknown)
        else:
            yield _figure(severity, at, float(open_at(alerts, at)), evidence)


def open_at(alerts: Sequence[Alert], at: datetime) -> int:
    """How many are open at a moment; one that opens and closes in the same moment is not."""
    return sum(alert.opened <= at and (alert.closed is None or alert.closed > at) for alert in alerts)


def _alert(row: dict[str, Any], now: datetime) -> Alert:
    """The alert; one that is not called closed is open, one without a date came now."""
    opened = moment(row.get("created_at")) or now
    rule = table(row.get("rule"))
    level = _LEVELS.get(str(rule.get("severity")), "medium")
    severity = str(rule.get("security_severity_level")).lower()
    closed = None
    if str(row.get("state")) in _CLOSED:
        # A fixed alert may have been dismissed before: the first closing is the one that counts.
        closings = [moment(row.get(key)) for key in ("fixed_at", "dismissed_at")]
        closed = min((c for c in closings if c), default=opened)
    return Alert(_number(row), severity if severity in SEVERITIES else level, opened, closed, row)


def _number(row: dict[str, Any]) -> str:
    """The number as text; without one, a name that stays the same while the alert does."""
    number = whole(row.get("number"))
    if number is not None:
        return str(number)
    written = str(row.get("number") or "").strip()
    if written.isdecimal():
        return written.lstrip("0") or "0"
    place = table(table(row.get("most_recent_instance")).get("location"))
    words = f"{row.get('html_url')}|{row.get('created_at')}|{table(row.get('rule')).get('id')}|{place}"
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:16]


def _figure(severity: str, at: datetime, value: float | None, evidence: str, reason: str = "") -> Observation:
    metric = f"findings_{severity}_count"
    return Observation(metric, at, value, "findings", SCOPE, "measured", "", evidence, DEFINITION, reason)


def _item(alert: Alert) -> Item:
    row = alert.row
    rule = table(row.get("rule"))
    instance = table(row.get("most_recent_instance"))
    place = table(instance.get("location"))
    path, line = str(place.get("path") or ""), whole(place.get("start_line"))
    return Item(
        id=f"code-scanning:{alert.number}",
        kind="finding",
        label=alert.severity,
        text=one_line(rule.get("description") or rule.get("id") or f"alert {alert.number}"),
        path=path,
        line=line,
        scope=component(path),
        path_class="code",
        opened_at=alert.opened,
        opened_commit=str(instance.get("commit_sha") or "") if alert.closed is None else "",
        closed_at=alert.closed,
        closed_by=str(table(row.get("dismissed_by")).get("login") or ""),
    )
