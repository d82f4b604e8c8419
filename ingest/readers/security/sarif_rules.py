"""The rules of a SARIF run: which one a result names, by id or by place, and the level that the run gave it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ingest.readers.contract import count
from ingest.readers.text.json import mapping, objects, text

NO_RULE = "no rule"


class SarifRule(NamedTuple):
    """What a run knows about one rule."""

    level: str
    score: object
    words: str


class _Place(NamedTuple):
    """Where a rule is listed: 0 is the driver, 1 the first extension; then its number in that list."""

    part: int
    nth: int


class SarifRules:
    """All rules of a run. A result may name its rule by id, by its place in a list, or by both (SARIF 2.1.0, 3.52)."""

    def __init__(self, run: Mapping[str, Any]) -> None:
        tool = mapping(run.get("tool"))
        self._parts = [mapping(tool.get("driver")), *objects(tool.get("extensions"))]
        self._ids: dict[_Place, str] = {}
        self._rules: dict[_Place, SarifRule] = {}
        self._by_id: dict[str, _Place] = {}
        for number, part in enumerate(self._parts):
            for index, rule in enumerate(objects(part.get("rules"))):
                place = _Place(number, index)
                self._ids[place] = text(rule.get("id"))
                self._rules[place] = _rule(rule)
                self._by_id.setdefault(self._ids[place], place)
        for call in objects(run.get("invocations")):
            self._override(objects(call.get("ruleConfigurationOverrides")))

    def of(self, result: Mapping[str, Any]) -> tuple[str, SarifRule]:
        """The id of the rule of a result, and what the run knows about it."""
        named = mapping(result.get("rule"))
        stated = text(result.get("ruleId")) or text(named.get("id"))
        index = count(named.get("index", result.get("ruleIndex")))
        place = self._place(stated, index, named)
        rule = SarifRule("warning", None, "") if place is None else self._rules[place]
        return stated or (self._ids[place] if place else "") or NO_RULE, rule

    def _place(self, stated: str, index: int | None, named: Mapping[str, Any]) -> _Place | None:
        """The place that is given, unless another id is listed there; else that of the id or of the id around it."""
        if index is not None:
            given = _Place(self._part(mapping(named.get("toolComponent"))), index)
            listed = self._ids.get(given)
            if listed is not None and (not stated or stated == listed or stated.startswith(f"{listed}/")):
                return given
        around = stated.rpartition("/")[0]
        return self._by_id.get(stated) or self._by_id.get(around) if stated else None

    def _part(self, component: Mapping[str, Any]) -> int:
        index = count(component.get("index"))
        if index is not None:
            return index + 1
        keys = [key for key in ("guid", "name") if text(component.get(key))]
        found = (n for n, part in enumerate(self._parts) if any(part.get(key) == component[key] for key in keys))
        return next(found, 0)

    def _override(self, overrides: Iterable[Mapping[str, Any]]) -> None:
        """Take the level that the caller of the tool gave a rule in place of its default."""
        for override in overrides:
            named = mapping(override.get("descriptor"))
            place = self._place(text(named.get("id")), count(named.get("index")), named)
            level = text(mapping(override.get("configuration")).get("level"))
            if place is not None and level:
                self._rules[place] = self._rules[place]._replace(level=level)


def _rule(rule: Mapping[str, Any]) -> SarifRule:
    level = text(mapping(rule.get("defaultConfiguration")).get("level")) or "warning"
    score = mapping(rule.get("properties")).get("security-severity")
    words = text(mapping(rule.get("shortDescription")).get("text")) or text(rule.get("name"))
    return SarifRule(level, score, words)
