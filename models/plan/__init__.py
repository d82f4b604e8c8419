"""The plan: gates, criteria, rules, waivers, and its parser.

>>> from models.plan.parsing import parse_plan
>>> criterion = {"id": "line", "metric": "coverage_line_percent", "comparator": ">=", "threshold": 80}
>>> plan = parse_plan({"readiness": {"target": 90}, "gate": [{"id": "tests", "criterion": [criterion]}]})
>>> plan.target, [gate.id for gate in plan.gates]
(90.0, ['tests'])

A plan with problems is refused, with all of them:

>>> parse_plan({"gate": [{"id": "tests", "criterion": [{"id": "line", "metric": "m", "comparator": "=>"}]}]})
Traceback (most recent call last):
    ...
models.plan.plan.PlanError: gate[0].criterion[0].comparator: found '=>'; needs one of >  >=  <  <=  ==
gate[0].criterion[0].threshold: is missing
"""
