"""Answers into the small frames that tables and charts show; every number comes from an answer."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from datetime import date

import pandas as pd

from app.answers.blockers import criteria_of
from app.answers.types.explain import MoveAnswer
from app.answers.types.status import ClaimAnswer, CriterionAnswer, EvidenceAnswer, GateAnswer, StatusAnswer
from app.dashboard.markup.links import Links
from app.dashboard.markup.tags import Drawn, Linked, chip, text
from app.wording import numbers
from app.wording.next_steps import is_decided_by_parts, next_step
from app.wording.numbers import earned, number, points, quantity
from app.wording.status import STATE_SIGNS, STATE_WORDS, UNKNOWN_STATES, how_old, with_lag
from app.wording.text import people, sentence, shorten
from models.claims import with_evidence

HOLDS = {True: "✓ holds", False: "✗ fails", None: "? unknown"}
FIRES = {True: "✓ does not fire", False: "✗ fires", None: "? unknown"}
GATE_WORDS = {
    "passing": "✓ passing",
    "conditional": "◐ conditional",
    "failing": "✗ failing",
    "unknown": "? unknown",
    "not_applicable": "– not applicable",
}
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*%")


URGENCY = ("failing", "missing", "stale", "claimed", "waived", "passing", "not_applicable")


def by_urgency(criteria: Sequence[CriterionAnswer]) -> list[CriterionAnswer]:
    """Bad news first: open blockers, what fails, what is unknown, then the rest; in the order of the plan within."""
    is_open = ("failing", "missing", "stale", "claimed")
    return sorted(
        criteria,
        key=lambda c: (
            not (c["blocker"] and c["state"] in is_open),
            URGENCY.index("passing" if is_attested(c) else c["state"]),
        ),
    )


def is_attested(criterion: CriterionAnswer) -> bool:
    """Whether it earns its points because a named person attests it."""
    return criterion["attested"] and criterion["state"] == "claimed"


def state(criterion: CriterionAnswer) -> str:
    """Sign and word of a state, readable without its colour."""
    if is_attested(criterion):
        return f"{STATE_SIGNS['attested']} attested"
    return f"{STATE_SIGNS[criterion['state']]} {STATE_WORDS[criterion['state']]}"


def value(criterion: CriterionAnswer) -> str:
    """The value of a criterion, rounded so that it stays on its side of the threshold."""
    if criterion["value"] is None:
        return "by its parts" if is_decided_by_parts(criterion) else "not measured"
    return quantity(criterion["value"], criterion["unit"], criterion["threshold"])


def counted_state(criterion: CriterionAnswer, doubts: Mapping[str, str]) -> str:
    """The state, or that the figure does not count for GO (see `not_for_go`)."""
    return "? not for GO" if criterion["id"] in doubts else state(criterion)


def counted_now(criterion: CriterionAnswer, doubts: Mapping[str, str]) -> str | Drawn:
    """The value beside the demand; struck where it does not count for GO."""
    words = now_and_needs(criterion)
    if criterion["id"] not in doubts:
        return words
    needs = text(wanted(criterion)).replace(" ", "\u00a0")
    return Drawn(f"{words} ({doubts[criterion['id']]})", f"<s>{text(value(criterion))}</s>, {needs}")


def _evidence_of(criterion: CriterionAnswer, parents: Container[str]) -> str:
    return criterion["because"] if criterion["id"] in parents else evidence_words(criterion)


def points_words(criterion: CriterionAnswer) -> str:
    """Points earned of those possible: "6.7 of 7.5"; a dash where it has no weight."""
    return (
        " of ".join(earned(criterion["points"], criterion["points_possible"])) if criterion["points_possible"] else "–"
    )


def wanted(criterion: CriterionAnswer) -> str:
    """The demand of a criterion, as on the command line."""
    return numbers.wanted(criterion)


def now_and_needs(criterion: CriterionAnswer) -> str:
    """The current value beside the demand."""
    needs = wanted(criterion)
    return value(criterion) if needs == "–" else f"{value(criterion)}, {needs}"


def whole(history: pd.DataFrame) -> pd.DataFrame:
    """Readiness by week: at, readiness, measured."""
    rows = history[history["criterion"] == ""]
    measured = [f"{share:.0%}" for share in rows["known_weight"]]
    return pd.DataFrame({"at": rows["at"], "readiness": rows["readiness"], "measured": measured}).reset_index(drop=True)


def gate_rows(gate: GateAnswer, links: Links, doubts: Mapping[str, str] | None = None) -> pd.DataFrame:
    """The criteria of a gate with their evidence; a criterion with parts shows how many of them hold.

    `doubts`: see `not_for_go`. Where no document says anything about the gate, there is no column for it.
    """
    doubts = doubts or {}
    titles = {criterion["id"]: criterion["title"] for criterion in gate["criteria"]}
    parents = {criterion["parent"] for criterion in gate["criteria"]}
    rows = pd.DataFrame(
        [
            {
                "State": counted_state(c, doubts),
                "Criterion": Linked(_criterion_words(c, titles), links.criterion(c["id"])),
                "Now, needs": counted_now(c, doubts),
                "Points": points_words(c),
                "The document says": shorten(ticked(c["claim"]), 70) or "–",
                "Evidence": Linked(
                    "; ".join(filter(None, [doubts.get(c["id"]), _evidence_of(c, parents)])),
                    links.commit(c["evidence"]["commit"]),
                ),
            }
            for c in by_urgency(gate["criteria"])
        ]
    )
    is_silent = not any(c["claim"] for c in gate["criteria"])
    return rows.drop(columns="The document says", errors="ignore") if is_silent else rows


def ticked(claim: str) -> str:
    """What a document says, with its boxes as boxes: "☐ open", "☑ done"."""
    return claim.replace("[ ]", "☐").replace("[x]", "☑").replace("[X]", "☑")


def _criterion_words(criterion: CriterionAnswer, titles: Mapping[str, str]) -> str:
    """The title, what it is a part of, and who is informed while it fails."""
    words = criterion["title"] + (" (blocker)" if criterion["blocker"] else "")
    words += f", part of {titles[criterion['parent']]}" if criterion["parent"] in titles else ""
    return words + (f"; level {criterion['level']}, informed: {criterion['informed']}" if criterion["informed"] else "")


def evidence_words(criterion: CriterionAnswer) -> str:
    """Where the value can be checked and how old it is, or that there is none."""
    where = place(criterion["evidence"])
    if is_attested(criterion):
        return criterion["because"]
    if not where:
        return "none yet" if criterion["metric"] else "nothing measures it"
    return f"{with_lag(where, criterion['evidence'])}, {how_old(criterion['evidence'])}"


def place(evidence: EvidenceAnswer) -> str:
    """Where a value can be checked, with a short commit; simulated values are marked."""
    shown = short_hashes(evidence["locator"].removeprefix("file:"))
    shown = f"commit {shown.removeprefix('git:')}" if shown.startswith("git:") else shown
    is_marked = shown.startswith("simulated")
    return f"{shown} (simulated)" if evidence["kind"] == "simulated" and not is_marked else shown


def short_hashes(text: str) -> str:
    """A text with its commit hashes cut to ten characters."""
    return re.sub(r"\b([0-9a-f]{10})[0-9a-f]{30}\b", r"\1", text)


def gate_bars(status: StatusAnswer) -> pd.DataFrame:
    """Completion of each gate beside the percentage that its document claims."""
    return pd.DataFrame(
        [
            {
                "name": gate["title"],
                "done": gate["completion"],
                "full": 100.0,
                "label": f"{number(gate['completion'])}%",
                "claimed": _claimed(gate["claim"]),
                "claim": gate["claim"] or "nothing",
            }
            for gate in status["gates"]
        ]
    )


def _claimed(claim: str) -> float | None:
    percent = _PERCENT.search(claim)
    return float(percent.group(1)) if percent else None


def rule_rows(status: StatusAnswer) -> pd.DataFrame:
    """The rules, those that prevent GO first."""
    order = {False: 0, None: 1, True: 2}
    rules = sorted(status["decision"]["rules"], key=lambda rule: order[rule["holds"]])
    return pd.DataFrame(
        [
            {
                "Answer": (HOLDS if rule["kind"] == "go" else FIRES)[rule["holds"]],
                "Kind": rule["kind"].upper(),
                "Rule": rule["text"],
                "Because": shorten(rule["because"], 400),
            }
            for rule in rules
        ]
    )


def rule_chips(status: StatusAnswer) -> list[tuple[str, str]]:
    """(what the rules do, their chips): those that prevent GO, those that nothing answers, those that hold."""
    groups = (
        (False, "Prevents GO", "bad", "✗"),
        (None, "No evidence answers it", "warn", "?"),
        (True, "In order", "good", "✓"),
    )
    found = []
    for holds, title, tone, sign in groups:
        rules = [rule for rule in status["decision"]["rules"] if rule["holds"] is holds]
        chips = [chip(f"{sign} {rule['kind'].upper()}: {rule['text']}", tone, rule["because"]) for rule in rules]
        if chips:
            items = "".join(f"<li>{words}</li>" for words in chips)
            found.append((f"{title} ({len(rules)})", f'<ul class="tm-chips">{items}</ul>'))
    return found


def unmeasured_rows(status: StatusAnswer) -> pd.DataFrame:
    """Criteria without fresh evidence that nobody attests, the most points first, with the next step."""
    return pd.DataFrame(
        [
            {
                "State": state(c),
                "Criterion": c["title"],
                "Points at stake": number(c["points_possible"] - c["points"]),
                "How to measure it": next_step(c)[1],
            }
            for c in unmeasured(status)
        ]
    )


def unmeasured(status: StatusAnswer) -> list[CriterionAnswer]:
    """Criteria without fresh evidence that nobody attests, the most points first."""
    every = criteria_of(status).values()
    unknown = [c for c in every if c["state"] in UNKNOWN_STATES and not is_attested(c)]
    return sorted(unknown, key=lambda c: -c["points_possible"])


def attested_rows(status: StatusAnswer) -> pd.DataFrame:
    """Criteria that earn points because a named person attests them."""
    return pd.DataFrame(
        [
            {
                "Criterion": c["title"],
                "Points": number(c["points"]),
                "Attested by": sentence(c["because"]),
            }
            for c in criteria_of(status).values()
            if is_attested(c)
        ]
    )


def path_rows(path: Sequence[MoveAnswer]) -> pd.DataFrame:
    """The cheapest path to the target, one step per row."""
    return pd.DataFrame(
        [
            {
                "Do this": f"{order}. " + _step(move),
                "Points": points(move["points"]),
                "Readiness then": number(move["readiness"]),
                "Proof": move["proof"],
            }
            for order, move in enumerate(path, 1)
        ]
    )


def _step(move: MoveAnswer) -> str:
    return sentence(move["what"]) + (" It is a blocker." if move["blocker"] else "")


def line_words(line: float | None) -> str:
    """The line behind a path."""
    return "" if line is None or pd.isna(line) else f":{int(line)}"


def standing_words(claim: ClaimAnswer) -> str:
    """Whether the line is in the newest commit, or when it left: "yes", "removed 2025-09-08", "moved to b.md"."""
    if claim["removed_at"] is None:
        return "yes"
    return f"moved to {claim['moved_to']}" if claim["moved_to"] else f"removed {claim['removed_at'][:10]}"


def claim_rows(claims: Sequence[ClaimAnswer], readiness: pd.DataFrame) -> pd.DataFrame:
    """Claims, newest first, each beside what the evidence of its week showed."""
    frame = pd.DataFrame(
        [
            {
                "at": pd.Timestamp(claim["at"]),
                "day": pd.Timestamp(claim["at"]).tz_localize(None).floor("D"),  # the team's own day
                "value": claim["value"],
                "says": claim_words(claim),
                "text": claim["text"],
                "place": f"{claim['path']}{line_words(claim['line'])}",
                "commit": claim["commit"],
                "path": claim["path"],
                "line": claim["line"],
                "author": people(claim),
                "in_newest_commit": standing_words(claim),
                "metric": claim["metric"],
            }
            for claim in claims
        ]
    )
    if frame.empty:
        return frame
    frame["at"] = frame["at"].astype("datetime64[us, UTC]")
    frame["value"] = frame["value"].astype(float)
    return with_evidence(frame, readiness)


def claim_words(claim: ClaimAnswer) -> str:
    """What a claim says, short."""
    if claim["value"] is None:
        return str(claim["says"]) or "–"
    return quantity(claim["value"], claim["unit"])


def days_between(later: str | None, earlier: str | None) -> int | None:
    """Days from one ISO date to another; None when either is missing."""
    if not later or not earlier:
        return None
    return (date.fromisoformat(later) - date.fromisoformat(earlier)).days
