"""Models give reasons as values: no module of models holds a sentence, apart from docstrings and errors."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

MODELS = Path(__file__).parents[2] / "models"
# Two words, or a word beside a blank: what a sentence, or a piece of one, looks like.
_PROSE = re.compile(r"[A-Za-z]{2,}[,;:]? +\S|\S[,;:]? +[A-Za-z]{2,}|^ ?[A-Za-z]{2,}[,;:]? $|^ [A-Za-z]{2,}")
# file: the literals it may hold, or None for any. Each with its reason.
ALLOWED: dict[str, set[str] | None] = {
    "plan/parsing.py": None,  # the problems of a plan and its notes quote TOML paths
    "plan/tables.py": None,  # the same
    "plan/criterion_parsing.py": None,  # the same
    "plan/rollout_parsing.py": None,  # the same
    "plan/parents.py": None,  # the same
    "plan/ratchet_parsing.py": None,  # the same
    "plan/doubtful.py": None,  # the same
    "plan/better_direction.py": None,  # names of metrics, apart by blanks
    "frames.py": {"datetime64[us, UTC]", " is ", ", needs "},  # a dtype; the message of FrameError
    "readiness/score.py": {"datetime64[us, UTC]"},  # a dtype
    "portfolio/overview.py": {"CONDITIONAL GO"},  # the same
    "readiness/decision.py": {"CONDITIONAL GO"},  # a verdict, a code in answers
    "readiness/attainment.py": {"required "},  # how imported documents write a demand
    "forecast/joint.py": {"not applicable"},  # a state, as older callers write it
    "forecast/slip.py": {"model change", "plan edits", "new evidence", "lost evidence"},  # codes in answers
    **dict.fromkeys(("evaluation/joint_scores.py", "evaluation/learned_baselines.py")),  # names of methods
    "series/baselines.py": {"straight line", "13-week line"},  # names of methods, codes in answers
    "reference_class/features.py": None,  # names of the columns that the shipped model was fitted with
}


def prose(source: str) -> Iterator[str]:
    """Every string literal that reads like a sentence or a piece of one, outside docstrings and raise statements."""
    tree = ast.parse(source)
    spared = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in spared
        if is_text and _PROSE.search(node.value):
            yield node.value


def test_models_hold_no_sentence() -> None:
    """Outside the list above, no module of models holds a piece of a sentence."""
    found = []
    for path in sorted(MODELS.rglob("*.py")):
        allowed = ALLOWED.get(path.relative_to(MODELS).as_posix(), set())
        literals = set(prose(path.read_text(encoding="utf-8")))
        found += [f"{path.relative_to(MODELS)}: {text!r}" for text in sorted(literals - (allowed or set()))] * (
            allowed is not None
        )

    assert found == []


def test_every_exception_is_still_needed() -> None:
    """The list of exceptions names no file and no literal that is gone."""
    for name, allowed in ALLOWED.items():
        literals = set(prose((MODELS / name).read_text(encoding="utf-8")))
        assert literals, name
        assert allowed is None or allowed == literals, name


def test_the_guard_finds_a_planted_sentence() -> None:
    """A returned sentence, a piece of an f-string and a stored reason are found; docstrings and errors are not."""
    planted = '''
def why(n):
    """A docstring may say what it likes."""
    if n < 0:
        raise ValueError(f"n must not be negative, not {n}")
    return f"{n} days are left", f"attested by {n}", {"because": "nothing measures it", "kind": "days", "a": " "}
'''

    assert list(prose(planted)) == [" days are left", "attested by ", "nothing measures it"]
