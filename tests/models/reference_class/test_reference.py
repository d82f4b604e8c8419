"""The reference class: the shipped parameters, how they answer, how they are fitted."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from app.maintenance.refit import EFFORTS, OURS_HELD_OUT, _stored
from app.maintenance.tables import scores_table
from app.steps.date.backtest import read_efforts
from models.evaluation.learned_baselines import CONSTANT, by_fold, constant_per_day
from models.reference_class.features import DAILY, NEAR, SHAPE, daily_features, near_features, shape_features
from models.reference_class.fit import (
    _tree,
    all_columns,
    fit_blend,
    fit_linear,
    fit_trees,
    fold_of,
    rows_of,
    tree_features,
)
from models.reference_class.forest import join_trees
from models.reference_class.logistic import rising_columns
from models.reference_class.predict import (
    comparable,
    from_parameters,
    learned_from,
    parameters,
    scores,
    shipped,
    to_parameters,
)
from models.reference_class.training_cases import Learned, learn, thin
from models.series.cases import Case, asked_weights, effort_cases
from models.series.curve import GRID
from models.series.scoring import ipcw_weights

FEW = ("kiwix-android-java-kotlin", "date-fns-js-ts", "moshi-java-kotlin", "wallabag-phpstan-baseline")


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    efforts = [effort for effort in read_efforts(EFFORTS) if effort.id in FEW]
    return [case for effort in efforts for case in thin(effort_cases(effort), 12)[0]]


@pytest.fixture(scope="module")
def learned(cases: list[Case]) -> Learned:
    return learn(cases, np.ones(len(cases)))


def test_features_have_names(cases: list[Case]) -> None:
    """Every number that the model sees has a name."""
    seen = cases[0].seen

    assert len(near_features(seen)) == len(NEAR)
    assert len(shape_features(seen)) == len(SHAPE)
    assert daily_features(seen, GRID[1:]).shape == (24, len(DAILY))
    assert len(shipped().linear.weights) > rising_columns(len(DAILY))


def test_parameters_are_small_and_plain() -> None:
    """The shipped file is JSON below 1 MB and survives a round trip through the model."""
    size = len(resources.files("models").joinpath("parameters/reference.json").read_bytes())

    assert size < 1_000_000
    assert to_parameters(from_parameters(parameters())) == {
        name: parameters()[name] for name in ("linear", "trees", "blend")
    }


def test_what_knows_the_threshold_never_weighs_below_zero() -> None:
    """No weight of a column that knows the threshold or the day is negative, in the curve and in the blend."""
    model = shipped()

    assert np.all(model.linear.weights[: rising_columns(len(DAILY))] >= 0)
    assert np.all(model.blend[1:] >= 0)


def test_trees_equal_a_plain_walk() -> None:
    """The vectorised answer of the forest is the mean of walking each tree node by node."""
    trees = shipped().trees
    rows = np.random.default_rng(0).normal(size=(20, len(NEAR) + len(SHAPE) + len(DAILY) + 1)) * 3
    for row, found in zip(rows.astype(np.float32), trees.answer(rows), strict=True):
        total = 0.0
        for root in trees.roots:
            node = int(root)
            while trees.feature[node] != -1:
                goes_left = row[trees.feature[node]] <= trees.cut[node]
                node = int(trees.left[node] if goes_left else trees.right[node])
            total += trees.value[node]
        assert found == pytest.approx(total / len(trees.roots), abs=1e-12)


def test_trees_are_those_that_were_grown() -> None:
    """The exported arrays answer as the library's own forest does."""
    from sklearn.ensemble import RandomForestClassifier

    random = np.random.default_rng(0)
    features, came = random.normal(size=(400, 5)), random.random(400) < 0.4
    grower = RandomForestClassifier(n_estimators=8, min_samples_leaf=20, random_state=0).fit(features, came)
    trees = join_trees([_tree(one.tree_) for one in grower.estimators_])

    assert trees.answer(features) == pytest.approx(grower.predict_proba(features)[:, 1], abs=1e-9)


def test_fit_uses_every_part(learned: Learned) -> None:
    """A fit on a few projects gives parts whose answers rise with the day, and a blend without negative weights."""
    rows = rows_of(learned, learned)
    linear, trees = fit_linear(rows), fit_trees(rows)
    columns = all_columns(linear, trees, learned)

    assert rows.weights.sum() == pytest.approx(1.0)
    assert np.all(linear.weights[: rising_columns(len(DAILY))] >= 0)
    assert columns.shape == (len(learned.crossed), 24, 3)
    assert np.all(np.diff(columns[:, :, 0], axis=1) >= -1e-9)
    assert np.all(fit_blend(columns, learned)[1:] >= 0)
    assert tree_features(rows.moment, rows.daily, rows.days).shape[1] == len(NEAR) + len(SHAPE) + len(DAILY) + 1


def test_projects_are_never_split() -> None:
    """All cases of a project fall into one fold."""
    groups = np.array([f"p{k % 17}" for k in range(300)])
    fold = fold_of(groups)

    assert all(len(set(fold[groups == group])) == 1 for group in set(groups))
    assert len(set(fold)) == 10


def test_learned_from_all_projects_of_the_folder() -> None:
    """The shipped parameters name the projects they come from, so that scores on them can be marked as flattered."""
    assert learned_from() == {effort.group for effort in read_efforts(EFFORTS)}


def test_comparable_moments_are_counted(cases: list[Case]) -> None:
    """A forecast names how many moments of how many projects are like it, and the share that crossed."""
    moments, projects, share = comparable(cases[3].seen)

    assert moments == 200
    assert 1 < projects <= len(learned_from())
    assert 0.0 <= share <= 1.0


def test_scores_are_those_of_the_fit() -> None:
    """The scores shipped beside the parameters are those in the data folder."""
    shown_text = json.loads((EFFORTS / "scores.json").read_text(encoding="utf-8"))

    assert {name: {k: v for k, v in row.items() if k != "reliability"} for name, row in shown_text.items()} == scores()


def test_held_out_scores_keep_their_promise() -> None:
    """On held-out projects: well below AutoETS, below it recalibrated, calibrated, the 80% interval holding 80%."""
    shown_text = dict(scores())
    ours = shown_text.pop(OURS_HELD_OUT)

    assert ours["brier"] <= 0.77 * shown_text["AutoETS"]["brier"]
    assert ours["brier"] <= 0.93 * min(shown_text[name]["brier"] for name in ("AutoETS, recalibrated", CONSTANT))
    assert ours["brier"] < min(row["brier"] for row in shown_text.values())
    assert ours["calibration_error"] <= 0.015
    assert 0.77 <= ours["coverage_80"] <= 0.83


def test_the_joint_event_uses_what_is_best_on_projects_held_out() -> None:
    """Of the near ties, the simplest way to join the parts is in use, and its odds of 10% and more are true."""
    shown_text = json.loads((EFFORTS / "joint_scores.json").read_text(encoding="utf-8"))
    used = shown_text["methods"][shown_text["used"]]

    assert used["brier"] <= min(row["brier"] for row in shown_text["methods"].values()) + 5e-5
    assert used["calibration_error"] <= 0.04
    assert used["calibration_error_from_10_percent"] <= 0.08


def test_a_project_counts_once_in_every_step_of_its_age(cases: list[Case]) -> None:
    """Cases of one project and one 28-day step share its weight by series; a thinned case keeps what it represents."""
    case = cases[0]
    twin, later = replace(case, effort="twin"), cases[5]

    assert asked_weights([case]).tolist() == [1.0]
    assert asked_weights([case, twin, later], np.array([1.0, 1.0, 3.0])).tolist() == [0.5, 0.5, 3.0]


def test_a_recalibration_is_learned_from_other_projects_only() -> None:
    """Each fold's odds come from the other folds, and a recalibration undoes a bias it could see there."""
    random = np.random.default_rng(0)
    truth = np.sort(random.uniform(0.05, 0.9, (600, 24)), axis=1)
    crossed = np.where(random.random(600) < truth[:, -1], 300.0, np.inf)
    known = ipcw_weights(crossed, np.full(600, 800.0), np.ones(600), GRID[1:])
    fold = np.arange(600) % 3
    seen: list[tuple[int, int]] = []

    def constant(teach: np.ndarray, ask: np.ndarray) -> np.ndarray:
        seen.append((int((teach & ask).sum()), int((teach | ask).sum())))
        return np.tile(constant_per_day(crossed[teach], known[teach]), (int(ask.sum()), 1))

    odds = by_fold(fold, constant)
    assert seen == [(0, 600)] * 3
    assert odds[:, -1].mean() == pytest.approx(np.isfinite(crossed).mean(), abs=0.02)


def test_rivals_that_could_not_run_are_not_shown_as_measured() -> None:
    """Stored figures are kept only for exactly the same cases, and are marked as not measured in this run."""
    shown_text = json.loads((EFFORTS / "scores.json").read_text(encoding="utf-8"))
    same = next(iter(shown_text.values()))["cases_id"]

    kept = _stored({OURS_HELD_OUT: {}}, same)
    assert kept["AutoETS"]["measured_in_this_run"] is False
    assert "AutoETS (stored)" in scores_table(kept)
    assert _stored({OURS_HELD_OUT: {}}, "other cases") == {}


def test_forecast_is_light() -> None:
    """A fresh process forecasts without loading the fitting library or the warehouse."""
    code = (
        "import sys, numpy as np, pandas as pd\n"
        "from models.forecast import forecast_crossing\n"
        "s = pd.Series(np.arange(50.0), index=pd.date_range('2025-01-01', periods=50, freq='7D'))\n"
        "forecast_crossing(s, threshold=80, direction='higher')\n"
        "assert 'sklearn' not in sys.modules and 'duckdb' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).resolve().parents[3])
