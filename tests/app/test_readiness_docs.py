"""The worked example of docs/readiness.md, computed again from the numbers that stand in it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from app.wording.names import names_of
from app.wording.reasons import path_text
from models.frames import COMMITS, ITEMS, OBSERVATIONS, empty_frame
from models.movement.movement import movement
from models.plan.parsing import parse_plan
from models.plan.plan import Plan
from models.readiness.score import Readiness, path_to_target, score_snapshot

PAGE = (Path(__file__).parents[2] / "docs" / "readiness.md").read_text(encoding="utf-8")
MOMENTS = {"In September": datetime(2025, 9, 8, tzinfo=UTC), "In October": datetime(2025, 10, 8, tzinfo=UTC)}


def section(heading: str) -> str:
    return re.split(r"^#+ ", PAGE.split(f" {heading}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


def rows(heading: str) -> list[dict[str, str]]:
    lines = [line for line in section(heading).splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [dict(zip(cells[0], row, strict=True)) for row in cells[2:]]


def plan() -> Plan:
    gates: dict[str, dict[str, Any]] = {}
    weights = dict(re.findall(r"(\w+) with weight (\d+)", section("By hand")))
    for row in rows("By hand"):
        comparator, threshold = row["demand"].split()
        gate = gates.setdefault(row["gate"], {"id": row["gate"], "weight": int(weights[row["gate"]]), "criterion": []})
        made = {"id": row["criterion"], "metric": f"{row['criterion']}_count", "weight": float(row["weight"])}
        made |= {"comparator": comparator, "threshold": float(threshold), "scale": row["scale"]}
        made |= {"baseline": float(row["baseline"])} if row["baseline"] else {"claim": "APPROVED"}
        gate["criterion"].append({**made, "blocker": row["blocker"] == "yes"})
    target = float(re.findall(r"The target is (\d+)", PAGE)[0])
    return parse_plan({"readiness": {"target": target}, "gate": list(gates.values())})


def observations() -> pd.DataFrame:
    found = []
    for heading, at in MOMENTS.items():
        for row in rows(heading):
            if row["figure"]:
                moment = at - timedelta(days=float(row["age"]))
                given = {"metric": f"{row['criterion']}_count", "value": float(row["figure"]), "kind": "measured"}
                found.append({**dict.fromkeys(OBSERVATIONS, ""), **given, "observed_at": moment, "recorded_at": moment})
    return pd.DataFrame(found).astype(dict(empty_frame(OBSERVATIONS).dtypes))


def score(heading: str) -> Readiness:
    return score_snapshot(observations(), plan(), MOMENTS[heading])


@pytest.mark.parametrize("heading", MOMENTS)
def test_every_row_of_the_example_is_what_the_code_says(heading: str) -> None:
    """State, attainment and points in the page are those that the page's own figures give."""
    found = {s.criterion.id: s for s in score(heading).criteria}
    for row in rows(heading):
        mine = found[row["criterion"]]
        shown = (f"{mine.attainment:.2f}", f"{mine.points:.2f}", f"{mine.points_possible:.2f}")
        assert (mine.state, *shown) == (row["state"], row["attainment"], row["points"], row["possible"])


@pytest.mark.parametrize("heading", MOMENTS)
def test_the_totals_of_the_example_follow_from_its_rows(heading: str) -> None:
    """Readiness and known weight are the sums of the table, computed without the code, and with it."""
    table = rows(heading)
    points = sum(float(row["points"]) for row in table)
    known = sum(float(row["possible"]) for row in table if row["state"] in ("passing", "failing"))
    reported = float(re.findall(r"readiness is (\d+\.\d+)", section(heading), re.IGNORECASE)[0])
    found = score(heading)
    assert min(points, 89.0) == pytest.approx(reported, abs=0.02)
    assert found.value == pytest.approx(reported, abs=0.005)
    assert found.known_weight == pytest.approx(known / 100, abs=0.0005)
    assert f"Known weight is {found.known_weight:.2f}" in section(heading)


def test_the_path_and_the_movement_of_the_example_hold() -> None:
    """The path named in the page is the one found, and its table of what moved is the movement."""
    (move,) = path_to_target(score("In October"))
    assert f"{path_text(move.what, names_of(plan()))}." in section("In October")
    since, until = MOMENTS.values()
    dated = [(since, plan())]
    found = movement(observations(), empty_frame(COMMITS), empty_frame(ITEMS), dated, since, until)
    parts = {part.id: part.points for part in found.criteria} | {"cap": found.cap, "change": found.change}
    assert {row["part"]: row["points"] for row in rows("What moved")} == {
        name: f"{points:.2f}" for name, points in parts.items()
    }
