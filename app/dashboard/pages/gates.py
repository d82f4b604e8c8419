"""Gates: each gate, its criteria, the evidence with its age; then the rules, those that prevent GO first."""

import math
from collections.abc import Mapping

import pandas as pd

from app.answers.types.status import GateAnswer, StatusAnswer
from app.dashboard import alt_texts, cache
from app.dashboard import sentences as words
from app.dashboard.markup.bars import gate_bar
from app.dashboard.markup.tags import text
from app.dashboard.sheet import Sheet, page
from app.dashboard.tables import common as frames
from app.dashboard.tables.document import document_rows
from app.dashboard.tables.download import safe
from app.wording.status import not_for_go

ABOUT = "each gate, its criteria, and the evidence of each"


def show(sheet: Sheet) -> None:
    """The decision, all gates in one chart, one table per gate, the rules."""
    status = cache.status(sheet.context.key)
    sheet.lead(words.decision(status), status["decision"]["verdict"])
    gates = {"all": "All gates", **{gate["id"]: gate["title"] for gate in status["gates"]}}
    sheet.remembered(_gates, sheet.choose("Gate", gates, "gate"))


def _gates(sheet: Sheet, chosen: str) -> None:
    status = cache.status(sheet.context.key)
    bars = frames.gate_bars(status)
    if chosen == "all":
        sheet.text(alt_texts.gates_about(bars), quiet=True)
        sheet.html(_bars(bars), f"*{safe(alt_texts.gates_alt(bars))}*")
        sheet.keep("Gates", bars, markdown=False)
    for gate in status["gates"]:
        if chosen in ("all", gate["id"]):
            _gate(sheet, gate, not_for_go(status["decision"]["rules"]))
    _rules(sheet, status)
    _document(sheet, status)


def _bars(bars: pd.DataFrame) -> str:
    """One row a gate: its name, how far its evidence goes, and that in words."""
    rows = "".join(map(_bar, bars["name"], bars["done"], bars["claimed"], bars["label"], bars["claim"]))
    return f'<div class="tm-gates">{rows}</div>'


def _bar(name: str, done: float, claimed: float | None, label: str, claim: str) -> str:
    known = None if claimed is None or math.isnan(claimed) else claimed
    bar = gate_bar(done, known, f"{name}: {label} by evidence; the document says {claim}")
    return (
        f'<div class="tm-plain"><span class="tm-name">{text(name)}</span>{bar}'
        f'<span class="tm-points">{text(label)}</span></div>'
    )


def _document(sheet: Sheet, status: StatusAnswer) -> None:
    """What of the imported checklist is neither criterion nor rule."""
    rows = document_rows(status["document"])
    if not rows.empty:
        sheet.heading(
            "The document",
            "What of the imported checklist is neither criterion nor rule: boxes that contradict each other, changes "
            "that nobody has accepted (see tminus init --update), and notes. Nothing here changes the readiness.",
        )
        sheet.text_table("Document", rows)


def _gate(sheet: Sheet, gate: GateAnswer, doubts: Mapping[str, str]) -> None:
    sheet.heading(gate["title"])
    sheet.text(words.gate_sentence(gate))
    if gate["criteria"]:
        sheet.text_table(gate["title"], frames.gate_rows(gate, sheet.context.links, doubts))
    else:
        sheet.text("This gate lists no criteria yet: add `[[gate.criterion]]` tables to tminus.toml.")


def _rules(sheet: Sheet, status: StatusAnswer) -> None:
    sheet.heading(
        "GO and NO-GO rules",
        "All GO rules must hold, and no NO-GO rule may fire. A rule that the evidence cannot answer prevents GO.",
    )
    for title, chips in frames.rule_chips(status):
        sheet.html(f"<p>{title}</p>{chips}")
    with sheet.folded("Each rule with its reason"):
        sheet.text_table("Rules", frames.rule_rows(status))


with page("Gates", ABOUT) as opened:
    show(opened)
