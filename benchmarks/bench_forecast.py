"""Speed of the forecast: a fresh process to its first answer, later answers, and the joint event of twelve criteria.

Run as `python -m benchmarks.bench_forecast`. Prints wall time; the first answer also against importing pandas.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from models.forecast import CriterionHistory, forecast_crossing, forecast_readiness  # noqa: E402

FIRST = (
    "import numpy as np, pandas as pd\n"
    "from models.forecast import forecast_crossing\n"
    "s = pd.Series(np.arange(60.0), index=pd.date_range('2025-01-01', periods=60, freq='7D'))\n"
    "forecast_crossing(s, threshold=90, direction='higher')"
)


def process_seconds(code: str) -> float:
    """Best of three fresh processes."""
    return min(seconds(lambda: subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)) for _ in range(3))


def seconds(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def history(seed: int, days: int) -> pd.Series:
    """A burn-down of one value a day with stalls and steps."""
    random = np.random.default_rng(seed)
    steps = random.exponential(1.0, days) * (random.random(days) < 0.2)
    index = pd.date_range("2024-01-01", periods=days, freq="D", tz="UTC")
    return pd.Series(300 - np.cumsum(steps), index=index)


def main() -> None:
    imports, first = process_seconds("import numpy, pandas"), process_seconds(FIRST)
    print(
        f"first answer, whole process: {first:.2f} s ({first / imports:.1f}x importing numpy and pandas); must <= 5 s"
    )
    for days in (60, 700, 3000):
        series = history(days, days)
        forecast_crossing(series, threshold=10, direction="lower")
        times = [seconds(lambda s=series: forecast_crossing(s, threshold=10, direction="lower")) for _ in range(20)]
        print(f"later answer, {days} observations: median {np.median(times) * 1000:.0f} ms; must <= 50 ms")
    parts = [CriterionHistory(f"c{k}", history(k, 300), 200.0, "lower", None, 100 / 12) for k in range(12)]
    origin = parts[0].history.index[-1]
    taken = seconds(lambda: forecast_readiness(parts, target=90, origin=origin))
    print(f"readiness and GO over 12 criteria: {taken * 1000:.0f} ms")


if __name__ == "__main__":
    main()
