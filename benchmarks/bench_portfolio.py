"""A portfolio pulled side by side against one project after the other, from the same mirrors.

    python -m benchmarks.bench_portfolio FOLDER [JOBS]

FOLDER holds bare repositories (one level or two below). Each round pulls all of them into empty warehouses. Printed are
the seconds of the clock, their ratio, the largest memory of a child process, and whether the stored figures are equal.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
from pathlib import Path

from app.steps.portfolio.definition import Portfolio, Project
from app.steps.portfolio.pull import pull_portfolio
from app.steps.portfolio.status import portfolio_status

MOST = 24


def portfolio_of(folder: Path, root: Path, jobs: int) -> Portfolio:
    """The bare repositories below the folder, each mirrored into `root`."""
    found = sorted({head.parent for head in [*folder.glob("*/HEAD"), *folder.glob("*/*/HEAD")]})[:MOST]
    projects = []
    for place in found:
        name = (place.parent.name if place.name == "repo" else place.name).replace("+", ".").removesuffix(".git")
        config = root / "projects" / name / "tminus.toml"
        projects.append(Project(name, config, str(place.resolve()), root / "mirrors" / f"{name}.git"))
    return Portfolio(root, "bench", tuple(projects), jobs)


def round_of(folder: Path, jobs: int) -> tuple[float, dict[str, tuple[object, ...]]]:
    """Seconds of the clock, and the figures of each project."""
    with tempfile.TemporaryDirectory() as place:
        portfolio = portfolio_of(folder, Path(place), jobs)
        seconds = pull_portfolio(portfolio)["seconds"]
        answer = portfolio_status(portfolio)
    return seconds, {
        p["name"]: (p["readiness"], p["known_weight"], p["verdict"], p["error"]) for p in answer["projects"]
    }


def main() -> None:
    """One after the other, then side by side."""
    folder, jobs = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else os.cpu_count() or 1
    alone, first = round_of(folder, 1)
    together, second = round_of(folder, jobs)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{len(first)} projects: one after the other {alone:.1f} s, {jobs} at once {together:.1f} s")
    print(f"ratio {alone / together:.2f}; largest process {peak:.0f} MB; figures equal: {first == second}")


if __name__ == "__main__":
    main()
