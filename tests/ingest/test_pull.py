"""A pull stores everything once, whole or not at all, and one failing source stops no other."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest import source_table
from ingest.config import parse_config
from ingest.observation import Observation
from ingest.pull import PullReport, pull
from ingest.source import Harvest, Request, SourceError
from ingest.warehouse.database import Warehouse
from tests.testing.pulls import make_repository, stored

NOW = datetime(2025, 9, 8, tzinfo=UTC)


def config_for(root: Path, **tables: object) -> object:
    return parse_config({"project": {"name": "p"}, **tables}, root)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_repository(tmp_path_factory.mktemp("history") / "r", 120)


class Steady:
    """A source that brings one figure."""

    name = "steady"

    def observe(self, request: Request) -> Harvest:
        figure = Observation("tests_total", NOW, float(len(request.marker) + 1), "tests")
        return Harvest(observations=[figure], marker=request.marker + "x")


class Failing:
    """A source that cannot be read."""

    name = "failing"

    def observe(self, request: Request) -> Harvest:
        raise SourceError("asked for the report, found none: let CI write it")


class Broken:
    """A source with a defect."""

    name = "broken"

    def observe(self, request: Request) -> Harvest:
        raise ZeroDivisionError("division by zero")


@pytest.fixture
def three_sources(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    here = {c.name: (f"{__name__}:{c.__name__}", True) for c in (Failing, Broken, Steady)}
    monkeypatch.setitem(sys.modules, __name__, sys.modules[__name__])
    monkeypatch.setattr(source_table, "available_sources", lambda: here)
    monkeypatch.setattr(source_table, "BUILT_IN", tuple((name, *how) for name, how in here.items()))
    yield


@pytest.mark.usefixtures("three_sources")
def test_a_failing_source_stops_no_other(tmp_path: Path) -> None:
    """One source that fails and one with a defect are two lines; the third is stored."""
    report = pull(config_for(tmp_path), now=NOW)

    assert [source.ok for source in report.sources] == [False, False, True]
    assert report.sources[0].error == "asked for the report, found none: let CI write it"
    assert report.sources[1].error == "source 'broken' failed: ZeroDivisionError: division by zero"
    assert report.rows_added == 1


@pytest.mark.usefixtures("three_sources")
def test_a_failed_run_keeps_the_marker(tmp_path: Path) -> None:
    """After a failure the next run is asked to go on from where the last success ended."""
    config = config_for(tmp_path)
    pull(config, now=NOW, only=["steady"])
    pull(config, now=NOW, only=["failing"])
    pull(config, now=NOW, only=["steady"])

    markers = dict(Warehouse(config.warehouse, "p").rows("markers", "p"))
    assert markers == {"steady": "xx"}


def test_an_unknown_source_is_named_with_the_known_ones(tmp_path: Path) -> None:
    """Asking for a source nobody answers to says which there are."""
    with pytest.raises(SourceError, match="unknown source 'gti'; known are git, tree"):
        pull(config_for(tmp_path), now=NOW, only=["gti"])


def test_pulling_twice_equals_pulling_once(repository: Path, tmp_path: Path) -> None:
    """A second pull of an unchanged repository adds not one row."""
    config = config_for(tmp_path, project={"name": "p", "repository": str(repository)})
    first: PullReport = pull(config, now=NOW)
    once = stored(config.warehouse)
    second = pull(config, now=NOW)

    assert all(source.ok for source in first.sources), [source.error for source in first.sources]
    assert first.rows_added > 100
    assert second.rows_added == 0
    assert stored(config.warehouse) == once


def test_pulling_in_parts_equals_pulling_whole(repository: Path, tmp_path: Path) -> None:
    """A history pulled at three moments is stored as the same history pulled once."""
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", str(repository), str(clone)], check=True)
    tip = subprocess.run(["git", "-C", str(clone), "rev-parse", "HEAD"], capture_output=True, check=True, text=True)
    parts = config_for(tmp_path / "parts", project={"name": "p", "repository": str(clone), "branch": "main"})
    for reach in (f"{tip.stdout.strip()}~80", f"{tip.stdout.strip()}~33", tip.stdout.strip()):
        subprocess.run(["git", "-C", str(clone), "reset", "-q", "--hard", reach], check=True)
        report = pull(parts, now=NOW)
        assert [source.error for source in report.sources if not source.ok] == []
    whole = config_for(tmp_path / "whole", project={"name": "p", "repository": str(clone), "branch": "main"})
    pull(whole, now=NOW)

    assert stored(parts.warehouse) == stored(whole.warehouse)


def test_installed_packages_are_searched_only_for_a_source_that_somebody_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With built-in sources alone no entry point is looked up; the name of another one asks for them."""
    asked = []
    monkeypatch.setattr(source_table, "available_sources", lambda: asked.append(1) or {"mine": ("x:Y", False)})
    source_table.chosen_sources(config_for(tmp_path), ["git"])
    assert not asked
    assert source_table.chosen_sources(config_for(tmp_path), ["mine"]) == ["mine"]
    assert asked


class Telling:
    """A plug-in that tells the address of its last request, as libraries do in their errors."""

    name = "telling"
    address = "https://ci.example/api?private_token=glpat-" + "a1B2c3d4" * 3

    def observe(self, request: Request) -> Harvest:
        if not request.marker:
            return Harvest(marker="again", warnings=[f"503 for {self.address}"])
        raise ConnectionError(f"401 Client Error\nfor url: {self.address}")


def test_no_token_that_a_source_tells_is_shown_or_stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Errors and warnings of a source, a plug-in's too, lose their credentials before anybody reads them."""
    known = {"telling": (f"{__name__}:Telling", True)}
    monkeypatch.setattr(source_table, "available_sources", lambda: known)
    monkeypatch.setattr(source_table, "BUILT_IN", tuple((name, *how) for name, how in known.items()))
    config = config_for(tmp_path)
    reports = [pull(config, now=NOW).sources[0] for _ in range(2)]
    rows = Warehouse(config.warehouse, "p").ask("SELECT error, warnings FROM source_run ORDER BY id")
    for shown_text in (*reports[0].warnings, reports[1].error, *rows["error"], *map(str, rows["warnings"])):
        assert "glpat-" not in shown_text
        assert "\n" not in shown_text
    assert reports[0].warnings[0].startswith("503 for https://ci.example/api?private_token=")
    assert reports[1].error.startswith("source 'telling' failed: ConnectionError: 401 Client Error for url: https://ci")
