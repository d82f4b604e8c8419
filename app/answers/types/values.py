"""The values that answers are made of. The pairs behind a type go into its JSON schema."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

Moment: TypeAlias = Annotated[str, ("format", "date-time")]
Day: TypeAlias = Annotated[str, ("format", "date")]
Percent: TypeAlias = Annotated[float, ("minimum", 0), ("maximum", 100)]
Fraction: TypeAlias = Annotated[float, ("minimum", 0), ("maximum", 1)]
NotNegative: TypeAlias = Annotated[float, ("minimum", 0)]
Odds: TypeAlias = Annotated[float, ("exclusiveMinimum", 0), ("exclusiveMaximum", 1)]

Comparator: TypeAlias = Literal[">", ">=", "<", "<=", "=="]
State: TypeAlias = Literal["passing", "failing", "missing", "stale", "claimed", "not_applicable", "waived"]
GateStatus: TypeAlias = Literal["passing", "conditional", "failing", "unknown", "not_applicable"]
Kind: TypeAlias = Literal["measured", "claimed", "simulated"]
Verdict: TypeAlias = Literal["GO", "CONDITIONAL GO", "NO-GO"]
ConditionKind: TypeAlias = Literal["waiver", "attestation", "tolerance"]
Risk: TypeAlias = Literal["", "critical", "high", "moderate", "low"]  # empty: the plan names none
RuleKind: TypeAlias = Literal["go", "no-go"]
Outcome: TypeAlias = Literal["dated", "holds", "not_at_this_rate", "not_enough_evidence"]
Direction: TypeAlias = Literal["higher", "lower"]
# A reason as values: `kind` names it, the other keys depend on the kind.
ReasonValue: TypeAlias = dict[str, object]
Cell: TypeAlias = str | float | bool | None
