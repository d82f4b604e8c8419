"""Every page that shows figures of the fit shows those that the fit wrote."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

from app.maintenance import refit
from app.maintenance.refit import DECISION, DOCS, EFFORTS, PAGES, ROOT
from app.maintenance.tables import docs_tables, write_docs
from app.steps.date.forecast import reference_record
from app.wording.track_record import reference_words

NOTEBOOK = ROOT / "notebooks" / "forecast_method.ipynb"
MARKED = [(DOCS, "scores"), (DOCS, "unseen"), (DOCS, "joint"), (DECISION, "fit"), (DECISION, "joint")]


def index() -> list[dict[str, str]]:
    with (EFFORTS / "index.csv").open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


@pytest.mark.parametrize(("page", "mark"), MARKED, ids=lambda part: part if isinstance(part, str) else part.stem)
def test_a_page_shows_the_table_that_the_fit_writes(page: Path, mark: str) -> None:
    """Between its marks each page has the table of the stored scores, to the last character."""
    assert f"<!-- {mark} -->\n{docs_tables(EFFORTS)[mark]}\n<!-- /{mark} -->" in page.read_text(encoding="utf-8")


def test_a_fit_writes_its_tables_into_both_pages(tmp_path: Path) -> None:
    """Figures that were changed by hand are replaced, and the text around them is kept."""
    copies = []
    for page in PAGES:
        copy = tmp_path / page.name
        copy.write_text(re.sub(r"0\.\d{4}", "0.9999", page.read_text(encoding="utf-8")), encoding="utf-8")
        copies.append(copy)
    before = [copy.read_text(encoding="utf-8").splitlines()[0] for copy in copies]
    write_docs(copies, EFFORTS)

    for page, mark in MARKED:
        text = (tmp_path / page.name).read_text(encoding="utf-8")
        assert f"<!-- {mark} -->\n{docs_tables(EFFORTS)[mark]}\n<!-- /{mark} -->" in text
    assert before == [copy.read_text(encoding="utf-8").splitlines()[0] for copy in copies]


def test_the_data_page_counts_what_the_index_lists() -> None:
    """The page about the reference efforts names as many projects and series as there are."""
    projects, series = len({row["source_repo"] for row in index()}), len(index())
    page = (EFFORTS / "README.md").read_text(encoding="utf-8")

    assert page.splitlines()[2].startswith(
        f"How {projects} public projects really got from a start to a goal: {series} "
    )
    assert {path.stem for path in EFFORTS.glob("*.csv")} == {"index", *(row["id"] for row in index())}


def test_the_decision_names_the_figures_of_the_unseen_test() -> None:
    """The sentence about the 28 unseen projects has the stored ratios and calibration error."""
    test = json.loads((EFFORTS / "unseen_scores.json").read_text(encoding="utf-8"))["tests"][2]
    shown_text = " ".join(DECISION.read_text(encoding="utf-8").split())
    ours = test["methods"]["T-minus"]
    plain, by_day = (
        ours["brier"] / test["methods"][name]["brier"] for name in ("AutoETS", "AutoETS, recalibrated by day")
    )

    assert f"{test['projects']} of these projects were a test" in shown_text
    assert f"had {plain:.2f} of the Brier score of AutoETS on them, {by_day:.2f} of that" in shown_text
    assert f"a calibration error of {ours['calibration_error']:.3f}" in shown_text


def test_the_forecast_page_and_the_command_show_the_scores_of_the_fit() -> None:
    """The sentence on the track record of the method has the stored figures of our model."""
    scores = json.loads((EFFORTS / "scores.json").read_text(encoding="utf-8"))
    ours = next(iter(scores.values()))
    shown_text = reference_words({"reference": reference_record()})

    assert f"Tested on {ours['cases']:,} moments" in shown_text
    assert f"mean error of the odds {100 * ours['calibration_error']:.1f} percentage points" in shown_text
    assert f"inside the 80% interval {ours['coverage_80']:.0%} of the time" in shown_text


def test_the_notebook_has_no_figures_of_its_own() -> None:
    """It reads the stored scores and keeps no output, so it cannot differ from them."""
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    source = "\n".join("".join(cell["source"]) for cell in cells)

    assert all(not cell.get("outputs") for cell in cells)
    assert 'EFFORTS / "scores.json"' in source
    assert not re.search(r"0\.0\d{2}", source)


def test_recalibrations_that_could_not_be_fitted_are_those_of_the_same_moments() -> None:
    """A fit without AutoETS keeps the stored recalibrations only where it scores exactly the same moments."""
    scores = json.loads((EFFORTS / "scores.json").read_text(encoding="utf-8"))
    same = next(iter(scores.values()))["cases_id"]

    assert "AutoETS, recalibrated" in refit._stored_baselines(same)
    assert refit._stored_baselines("other moments") == {}
