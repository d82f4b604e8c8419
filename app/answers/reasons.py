"""Reasons of the models as JSON: `kind` and the values, beside the sentence that app/wording makes of them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Any

from app.answers.types.values import ReasonValue

if TYPE_CHECKING:
    from models.reasons.every import Reason
    from models.reasons.kinds import ReasonBase


def reason_value(reason: Reason | ReasonBase) -> ReasonValue:
    """`{"kind": ..., **values}`; reasons within reasons likewise, dates in ISO form, unknown numbers null."""
    value: ReasonValue = _plain(reason)
    return value


def reason_values(reasons: Iterable[Reason]) -> list[ReasonValue]:
    """Several reasons, in their order."""
    return [reason_value(reason) for reason in reasons]


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        kind = {"kind": value.kind.value} if hasattr(value, "kind") and isinstance(value.kind, Enum) else {}
        return kind | {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value.isoformat() if isinstance(value, date) else value
