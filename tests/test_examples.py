"""The examples in docstrings are true."""

from __future__ import annotations

import doctest
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def _modules_with_examples() -> list[str]:
    paths = [path for room in ("app", "ingest", "models") for path in sorted((ROOT / room).rglob("*.py"))]
    with_examples = [path.relative_to(ROOT) for path in paths if ">>> " in path.read_text(encoding="utf-8")]
    return [path.as_posix().removesuffix(".py").removesuffix("/__init__").replace("/", ".") for path in with_examples]


MODULES = _modules_with_examples()
# The packages whose door has an example; a new one joins by having it.
DOORS = {"app.wording", "ingest", "ingest.counting", "ingest.plan_drafting", "ingest.readers", "ingest.transport"} | {
    "models.forecast", "models.plan", "models.readiness", "models.reference_class"
}  # fmt: skip


@pytest.mark.parametrize("name", MODULES)
def test_examples_run_as_shown(name: str) -> None:
    """Every example of a docstring gives what is printed below it."""
    failed, tried = doctest.testmod(import_module(name), optionflags=doctest.NORMALIZE_WHITESPACE)

    assert tried > 0
    assert failed == 0


def test_the_doors_have_examples() -> None:
    """Each package that others enter shows how, in an example that runs."""
    assert set(MODULES) >= DOORS
