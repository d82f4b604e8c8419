"""Gates: each gate, its criteria, the evidence with its age; then the rules, those that stand against GO first."""

from collections.abc import Mapping
from typing import Any

from app.dashboard import alt_texts as chart_words
from app.dashboard import cache as page_data
from app.dashboard import charts
from app.dashboard import sentences as words
from app.dashboard.sheet import Sheet, choose, page
from app.dashboard.tables import common as frames

ABOUT = "from the gate to the figure that proves it"


def show(sheet: Sheet) -> None:
    """Decision, gates at a glance, one table a gate, the rules."""
    status = page_data.status(sheet.context.key)
    sheet.lead(words.decision(status), status["decision"]["verdict"])
    gates = {"all": "All gates", **{gate["id"]: gate["title"] for gate in status["gates"]}}
    chosen = choose("Gate", gates, "gate")
    bars = frames.gate_bars(status)
    if chosen == "all":
        sheet.say(chart_words.gates_about(bars), quiet=True)
        sheet.chart("Gates", charts.gates_chart(bars), chart_words.gates_alt(bars), bars)
    for gate in status["gates"]:
        if chosen in ("all", gate["id"]):
            _gate(sheet, gate)
    _rules(sheet, status)


def _gate(sheet: Sheet, gate: Mapping[str, Any]) -> None:
    sheet.head(gate["title"])
    sheet.say(words.gate_sentence(gate))
    if gate["criteria"]:
        sheet.words(gate["title"], frames.gate_rows(gate))
    else:
        sheet.say("This gate lists no criteria yet: add `[[gate.criterion]]` tables to tminus.toml.")


def _rules(sheet: Sheet, status: Mapping[str, Any]) -> None:
    sheet.head(
        "GO and NO-GO rules",
        "All GO rules must hold; any NO-GO rule that fires blocks. A rule that nobody can answer is not a pass.",
    )
    sheet.words("Rules", frames.rule_rows(status))


with page("Gates", ABOUT) as opened:
    show(opened)
