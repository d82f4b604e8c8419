"""The wheel holds the three rooms whole, and the sample."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("ingest", "models", "app")


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """What is inside a wheel that is built from a clean copy."""
    copy = tmp_path_factory.mktemp("wheel") / "tree"
    skip = shutil.ignore_patterns(
        ".*", "build", "dist", "*.egg-info", "__pycache__", "tests", "notebooks", "benchmarks"
    )
    shutil.copytree(ROOT, copy, ignore=skip)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", "dist", "."]
    subprocess.run(command, cwd=copy, check=True, capture_output=True)
    with zipfile.ZipFile(next((copy / "dist").glob("*.whl"))) as wheel:
        return set(wheel.namelist())


def test_every_file_of_the_rooms_is_inside(names: set[str]) -> None:
    """No page, query or schema is lost on the way into the wheel."""
    wanted = {
        path.relative_to(ROOT).as_posix()
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.suffix in (".py", ".sql", ".json", ".typed") and "__pycache__" not in path.parts
    }

    assert wanted - names == set()


def test_only_the_rooms_are_inside(names: set[str]) -> None:
    """The wheel brings three packages, the command and its own description, nothing else."""
    assert {name.split("/")[0] for name in names} == {*ROOMS, "tminus.py", "tminus-0.1.0.dist-info"}


def test_the_sample_is_inside(names: set[str]) -> None:
    """`tminus demo` finds its data in an installed wheel."""
    assert {"app/_data/samples/medianest/observation.parquet", "app/_data/samples/medianest/imported.toml"} <= names
