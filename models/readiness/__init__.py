"""Observations and a plan in, readiness and decision out.

What is not measured earns nothing, and its weight stays in the denominator:

>>> from datetime import UTC, datetime
>>> import pandas as pd
>>> from models.frames import OBSERVATIONS
>>> from models.plan.parsing import parse_plan
>>> from models.readiness.score import score_snapshot
>>> line = {"id": "line", "metric": "coverage_line_percent", "comparator": ">=", "threshold": 80, "baseline": 0}
>>> leaks = {"id": "leaks", "metric": "memory_growth_mb_per_hour", "comparator": "<", "threshold": 1}
>>> plan = parse_plan({"gate": [{"id": "tests", "criterion": [line, leaks]}]})
>>> at = datetime(2026, 1, 2, tzinfo=UTC)
>>> row = dict.fromkeys(OBSERVATIONS, "") | {"metric": "coverage_line_percent", "value": 80.0, "kind": "measured"}
>>> snapshot = pd.DataFrame([row | {"observed_at": pd.Timestamp(at), "recorded_at": pd.Timestamp(at)}])
>>> readiness = score_snapshot(snapshot, plan, at)
>>> readiness.value, [(score.criterion.id, score.state) for gate in readiness.gates for score in gate.criteria]
(50.0, [('line', 'passing'), ('leaks', 'missing')])
"""
