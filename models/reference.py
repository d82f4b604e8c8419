"""The reference class: what other projects' efforts that looked like this one went on to do."""

from __future__ import annotations

import numpy as np

from models.forecast_result import Floats

# Days after the origin at which the odds are learned: today, then evenly over log-days from one week to two years.
GRID: Floats = np.concatenate([[0.0], np.geomspace(7.0, 728.0, 24)])
