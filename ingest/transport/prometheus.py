"""Prometheus's HTTP API, as far as T-minus asks it: one expression over a stretch of time."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from ingest.source import TMinusError
from ingest.transport.failures import RefusedError, UnreachableError
from ingest.transport.http_client import Client, Service
from ingest.transport.trusted_hosts import check_receiver

# Prometheus gives up by itself before we do, and says so: silence would look like a server that is away.
_TIMEOUT = "25s"


class QueryError(TMinusError):
    """Prometheus does not answer this expression; the message is the reason beside the NULL."""


class Series(NamedTuple):
    """One series of an answer; seconds since 1970 and values as Prometheus gave them (NaN included)."""

    labels: Mapping[str, str]
    seconds: list[float]
    values: list[float]


def service(url: str, tenant: str = "", environment: Mapping[str, str] | None = None) -> Service:
    """How to ask: with a bearer token, or with a user and password; `tenant` is one of Mimir or Cortex."""
    variables = os.environ if environment is None else environment
    token = variables.get("PROMETHEUS_TOKEN", "").strip()
    user = variables.get("PROMETHEUS_USER", "").strip()
    headers = {"Accept": "application/json", "User-Agent": "tminus"}
    if tenant:
        headers["X-Scope-OrgID"] = tenant
    hint = "PROMETHEUS_TOKEN, or PROMETHEUS_USER and PROMETHEUS_PASSWORD"
    if user or token:
        check_receiver("Prometheus", "prometheus", url, (variables.get("PROMETHEUS_URL", ""),), hint, variables)
    if user and not token:
        login = f"{user}:{variables.get('PROMETHEUS_PASSWORD', '').strip()}"
        basic = f"Basic {base64.b64encode(login.encode()).decode()}"
        return Service("Prometheus", url, headers, token=basic, token_hint=hint)
    return Service("Prometheus", url, headers, token=f"Bearer {token}" if token else "", token_hint=hint)


def query_range(client: Client, query: str, start: datetime, end: datetime, step: float) -> bytes:
    """The raw answer for `query` between two moments; QueryError when Prometheus refuses the expression."""
    params = {
        "query": query,
        "start": f"{start.timestamp():.3f}",
        "end": f"{end.timestamp():.3f}",
        "step": f"{step:g}",
        "timeout": _TIMEOUT,
    }
    try:
        return client.get("api/v1/query_range", params).body
    except RefusedError as problem:
        if problem.status in (400, 422):
            raise QueryError(str(problem)) from None
        raise
    except UnreachableError as problem:  # it is there, and this one expression is too much for it
        if _answer_of(problem.body).get("errorType") in ("timeout", "canceled", "execution"):
            raise QueryError(str(problem)) from None
        raise


def warnings_of(body: bytes) -> list[str]:
    """What the server itself has to say against its answer, such as a store that did not take part in it."""
    message = _answer_of(body).get("warnings")
    return [" ".join(str(line).split())[:200] for line in message[:5]] if isinstance(message, list) else []


def _answer_of(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def parse_range(body: bytes) -> list[Series]:
    """Read a range answer; an error body or anything else is a QueryError."""
    try:
        answer = json.loads(body)
    except ValueError:
        raise QueryError("Prometheus answered no JSON: check sources.prometheus.url") from None
    if not isinstance(answer, dict) or answer.get("status") != "success":
        message = answer.get("error", "") if isinstance(answer, dict) else ""
        raise QueryError(f"Prometheus answered with an error: {str(message)[:160] or 'no message'}")
    data = answer.get("data")
    if not isinstance(data, dict) or data.get("resultType") != "matrix":
        raise QueryError("Prometheus answered no range of values")
    try:
        return [_series(row) for row in data["result"]]
    except (KeyError, TypeError, ValueError, AttributeError):
        raise QueryError("Prometheus's answer is damaged") from None


def _series(row: Any) -> Series:
    if "values" not in row and "histograms" in row:
        raise QueryError("the expression answers with histograms: take a number of them, such as histogram_quantile")
    pairs = [(float(at), float(value)) for at, value in row["values"]]
    labels = {str(name): str(value) for name, value in row["metric"].items()}
    return Series(labels, [at for at, _ in pairs], [value for _, value in pairs])
