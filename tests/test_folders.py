"""The rooms stay apart: who may import whom, and what models may not touch."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FORBIDDEN = {
    "ingest": {"app", "models", "streamlit", "sklearn"},
    "models": {"ingest", "app", "duckdb", "streamlit", "git", "subprocess", "os", "pathlib", "io", "urllib"}
    | {"requests", "httpx", "socket", "shutil", "tempfile", "time"},
    "app": {"git", "urllib", "requests", "httpx"},
}
CLOCKS = {"now", "today", "utcnow", "time", "monotonic", "perf_counter"}
# The one folder that joins ingest and models; the others of the app see one of them at most.
JOINING = "app/steps/"
MAINTAINERS: set[str] = set()


def _files(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


def _imports(tree: ast.AST, *, running: bool = True) -> Iterator[tuple[str, int]]:
    """Top-level names of all imports; those under `if TYPE_CHECKING` only when `running` is False."""
    skipped = {
        id(inner)
        for node in ast.walk(tree)
        if running and isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from ((alias.name.split(".")[0], node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0], node.lineno


def strangers(room: str, source: str, name: str = "file") -> list[str]:
    """Every import that the room may not make, with its place."""
    tree = ast.parse(source)
    return [f"{name}:{line} imports {top}" for top, line in _imports(tree, running=False) if top in FORBIDDEN[room]]


def clock_readings(source: str, name: str = "file") -> list[str]:
    """Every call that reads a clock or opens a file, with its place."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if (isinstance(node.func, ast.Attribute) and called in CLOCKS) or called == "open":
                found.append(f"{name}:{node.lineno} calls {called}()")
    return found


@pytest.mark.parametrize("room", sorted(FORBIDDEN))
def test_no_room_imports_what_it_must_not(room: str) -> None:
    """Each room imports only what its door lets in."""
    found = [row for path in _files(room) for row in strangers(room, path.read_text(), str(path.relative_to(ROOT)))]

    assert found == []


def test_models_read_no_clock_and_no_file() -> None:
    """Models get their moment and their data as arguments."""
    found = [row for p in _files("models") for row in clock_readings(p.read_text(), str(p.relative_to(ROOT)))]

    assert found == []


def test_one_folder_joins_ingest_and_models() -> None:
    """Outside the joining folder, no file of the app runs code of both rooms."""
    both = set()
    for path in _files("app"):
        tops = {top for top, _ in _imports(ast.parse(path.read_text()))}
        if {"ingest", "models"} <= tops:
            both.add(path.relative_to(ROOT).as_posix())

    assert {path for path in both if not path.startswith(JOINING)} <= MAINTAINERS


def test_the_guard_sees_a_planted_stranger() -> None:
    """A planted import and a planted clock are both reported."""
    assert strangers("models", "import duckdb") == ["file:1 imports duckdb"]
    assert clock_readings("import datetime\ndatetime.datetime.now()") == ["file:2 calls now()"]


def test_tests_have_no_init_files_that_shadow_the_rooms() -> None:
    """No __init__.py stands under tests, and no file of the app has a room's name."""
    assert list((ROOT / "tests").rglob("__init__.py")) == [
        path for path in (ROOT / "tests").rglob("__init__.py") if "plugin_package" in path.parts
    ]
    assert not [name for name in ("ingest", "models", "app", "data") if (ROOT / "app" / f"{name}.py").exists()]
