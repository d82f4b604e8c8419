"""The days at which odds are learned and scored."""

import numpy as np

from models.forecast_result import Floats

# Today, then evenly over log-days from one week to two years.
GRID: Floats = np.concatenate([[0.0], np.geomspace(7.0, 728.0, 24)])
