"""What the pages say of commands, wide tables, steps of the path, and figures that do not count."""

from __future__ import annotations

import pandas as pd
import pytest

from app.dashboard.markup.style import CARDS, page_style
from app.dashboard.markup.tables import table
from app.dashboard.markup.tags import coded
from app.dashboard.tables.download import with_code
from app.wording.meeting import path_gain
from app.wording.rollout.stages import deployment_label
from app.wording.status import not_for_go
from app.wording.text import counts


@pytest.mark.parametrize(
    ("earned", "before", "then", "words"),
    [
        (2.0, 80.0, 82.0, "+2 points, then 82"),
        (0.8, 89.0, 89.0, "+0.8 points, but open blockers hold readiness at 89"),
        (1.0, 88.96, 89.96, "+1 points, then 89.96"),
        (0.5, 89.0, 93.8, "+0.5 points, and +4.3 as no blocker is open any more: then 93.8"),
    ],
)
def test_a_step_of_the_path_adds_up(earned: float, before: float, then: float, words: str) -> None:
    """The points of a step, and what the cap of open blockers takes or gives back, lead to the readiness after it."""
    assert path_gain(earned, before, then, 90) == words


@pytest.mark.parametrize("columns", [5, 6, 7, 9, 10])
def test_a_table_of_many_columns_becomes_cards_in_a_narrow_window(columns: int) -> None:
    """From six columns on each row is a card that names its cells, so nothing is cut at the right."""
    markup = table("Wide", pd.DataFrame([[f"c{k}" for k in range(columns)]], columns=[f"N{k}" for k in range(columns)]))
    kinds = {name: width for many, (name, width) in CARDS.items() if columns >= many}
    name, width = next(reversed(kinds.items()), ("", 640))
    assert f"@media (max-width: {width}px)" in markup
    assert all((kind in markup) == (kind == name) for kind, _ in CARDS.values())
    assert all(f".{kind} tr {{ display: grid" in page_style(dark=False) for kind, _ in CARDS.values())


def test_a_command_in_a_sentence_is_code_and_nothing_else_is_markup() -> None:
    """What is between backticks is shown as code; marks of others stay text, and a single backtick stays one."""
    assert coded("run `git fetch` <b>") == "run <code>git fetch</code> &lt;b&gt;"
    assert coded("a ` b") == "a ` b"
    assert with_code("run `tminus pull --by A_B` *now*") == r"run `tminus pull --by A_B` \*now\*"
    assert with_code("a ` b") == r"a \` b"


def test_figures_of_another_branch_are_named_as_such() -> None:
    """Each criterion that the rule names has the reason why its figure does not count."""
    rule = {"id": "off_branch", "holds": None, "reasons": [{"kind": "off_branch", "criteria": ["a", "b"]}]}
    answered = {**rule, "id": "readiness", "holds": False, "reasons": [{"criteria": ["c"]}]}
    words = "not for GO: its commit is not on the branch"
    assert not_for_go([rule, answered]) == {"a": words, "b": words}  # type: ignore[list-item]


def test_what_git_calls_blobs_are_versions_of_files() -> None:
    """The words of a pull are those of a reader who does not know how git stores files."""
    assert counts({"blobs": 2, "blob_bytes": 1_500_000, "blobs_binary": 1}) == (
        "2 file versions, 1.5 MB in them, 1 binary file version"
    )


@pytest.mark.parametrize(
    ("name", "label"), [("Stage 2: Application", "Stage 2"), ("Beta group", "Beta group"), (": x", ": x")]
)
def test_a_stage_has_a_short_name_in_a_chart(name: str, label: str) -> None:
    """The part before the colon names the stage, where there is one."""
    assert deployment_label(name) == label
