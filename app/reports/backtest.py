"""A backtest as files: a table, and a reliability plot as SVG."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from app.answers.types.backtest import BacktestAnswer, ReliabilityBin
from app.reports.writing import write_report

_SIDE, _EDGE = 360, 52  # of the plot and around it, in pixels
_COLOURS = ("#0b5c8f", "#b35900", "#6b4c9a", "#4d6b34", "#8a8f98")


def write_files(answer: BacktestAnswer, folder: Path) -> list[Path]:
    """Write backtest.md, backtest.json and reliability.svg."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = {
        "backtest.md": table_of(answer),
        "backtest.json": json.dumps(answer, indent=2, allow_nan=False, default=str) + "\n",
        "reliability.svg": reliability_plot(answer["reliability"]),
    }
    for name, text in pages.items():
        write_report(folder / name, text)
    return [folder / name for name in pages]


def table_of(answer: BacktestAnswer) -> str:
    """The scores as a Markdown table, best first."""
    from app.reports.markdown import table
    from app.wording.track_record import SCORES, score_cell, scores_explained

    columns = answer["columns"]
    rows = [[score_cell(method, column) for column in columns] for method in answer["methods"]]
    heads = [SCORES[column][0] for column in columns]
    notes = [f"- {name}: left out, {why}" for name, why in answer["skipped"].items()]
    return "\n".join(
        ["# Backtest", "", answer["because"], "", table(heads, rows), "", scores_explained(columns), "", *notes, ""]
    )


def reliability_plot(tables: Mapping[str, Sequence[ReliabilityBin]]) -> str:
    """Mean forecast against observed frequency, one line per method; on the diagonal the odds were right."""
    size = _SIDE + 2 * _EDGE
    middle = _EDGE + _SIDE / 2
    box = f"0 0 {size + 170} {size}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" font-family="system-ui" font-size="12">',
        "<title>Reliability: forecast odds against observed frequency</title>",
        f'<rect x="{_EDGE}" y="{_EDGE}" width="{_SIDE}" height="{_SIDE}" fill="none" stroke="#c9ced6"/>',
        f'<path d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}" stroke="#8a8f98" stroke-dasharray="4 4"/>',
        f'<text x="{middle}" y="{size - 12}" text-anchor="middle">mean forecast</text>',
        f'<text x="16" y="{middle}" text-anchor="middle" transform="rotate(-90 16 {middle})">observed frequency</text>',
    ]
    for k in range(0, 101, 25):
        parts.append(f'<text x="{_x(k / 100)}" y="{_EDGE + _SIDE + 18}" text-anchor="middle">{k}%</text>')
        parts.append(f'<text x="{_EDGE - 8}" y="{_y(k / 100) + 4}" text-anchor="end">{k}%</text>')
    for number, (method, rows) in enumerate(tables.items()):
        parts += _line(method, rows, _COLOURS[number % len(_COLOURS)], number)
    return "\n".join([*parts, "</svg>", ""])


def _line(method: str, rows: Sequence[ReliabilityBin], colour: str, number: int) -> list[str]:
    points = " ".join(f"{_x(row['forecast']):.1f},{_y(row['observed']):.1f}" for row in rows)
    place = _EDGE + 16 + 20 * number
    dash = "" if number == 0 else f' stroke-dasharray="{2 + 3 * number} 3"'
    return [
        f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>',
        f'<text x="{_EDGE + _SIDE + 16}" y="{place}" fill="{colour}">{escape(method)}</text>',
    ]


def _x(share: float) -> float:
    return _EDGE + _SIDE * share


def _y(share: float) -> float:
    return _EDGE + _SIDE * (1 - share)
