"""The distributions of the forecast agree with scipy's, and a forecast does not load scipy."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from models.distributions import expit, normal_cdf, normal_quantile

WIDE = np.r_[-800.0, -37.0, np.linspace(-9, 9, 400), 37.0, 800.0]


@pytest.mark.parametrize(("ours", "theirs"), [(expit, "expit"), (normal_cdf, "ndtr")])
def test_cumulated_probabilities_agree_with_scipy(ours, theirs) -> None:
    """From one end of the floats to the other, in any shape, without a warning."""
    from scipy import special

    shaped = WIDE.reshape(-1, 4)

    np.testing.assert_allclose(ours(shaped), getattr(special, theirs)(shaped), rtol=1e-12, atol=1e-300)


def test_quantiles_agree_with_scipy_and_are_finite_at_zero() -> None:
    """A generator may give 0, never 1: its quantile is far out, not infinite."""
    from scipy import special

    chances = np.r_[1e-12, np.linspace(0.001, 0.999, 500), 1 - 1e-12]

    np.testing.assert_allclose(normal_quantile(chances), special.ndtri(chances), rtol=1e-12, atol=1e-15)
    assert -9 < normal_quantile(np.zeros(1))[0] < -8


def test_a_forecast_loads_neither_scipy_nor_sklearn() -> None:
    """What only fitting needs is not paid for by who asks for a date."""
    code = "import sys, models.forecast, models.forecast.slip, models.forecast.what_if; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()

    assert "models.reference_class.predict" in loaded
    assert not {"scipy", "sklearn"} & {name.split(".")[0] for name in loaded}
