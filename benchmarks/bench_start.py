"""Times whole processes: `tminus --help`, the sample's answers, a pull with nothing new, `status` on a million rows.

    python benchmarks/bench_start.py [--repository PATH] [--rows N]

Without a repository one of 40,000 commits is made. Each figure is the median of several runs; the help is given as a
ratio to `python -c pass` of the same run, the sample's answers to the import of what they need (duckdb, pandas), the
pull and the status to `python -c "import duckdb"`.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.synthetic import PLAN, fill_warehouse, make_history  # noqa: E402

RUNS = 9


def seconds(command: list[str], runs: int = RUNS, **options: str) -> float:
    """Median wall time of a command's whole process, after one run that is not counted."""
    times = []
    for _ in range(runs + 1):
        began = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **options)
        times.append(time.perf_counter() - began)
    return statistics.median(times[1:])


def tminus(*arguments: str) -> list[str]:
    """The command as it is installed beside this interpreter."""
    return [str(Path(sys.executable).with_name("tminus")), *arguments]


def row(what: str, value: float, against: str, floor: float, must: str) -> None:
    """One line of the table."""
    print(f"{what:<48} {value:7.3f} s   {value / floor:5.1f}x of {against:<22} must: {must}")


def main() -> None:
    """Print a line a figure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repository", type=Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    arguments = parser.parse_args()
    bare = seconds([sys.executable, "-c", "pass"], 25)
    row("tminus --help", seconds(tminus("--help"), 25), "python -c pass", bare, "<= 8x, goal 4x")
    duckdb = seconds([sys.executable, "-c", "import duckdb"])
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        _answers(folder)
        repository = arguments.repository or make_history(folder / "history.git", 40_000)
        _pull(folder / "pull", repository.resolve(), duckdb)
        _status(folder / "status", arguments.rows, duckdb)


def _answers(folder: Path) -> None:
    """The answers that the weekly meeting asks for, on the sample."""
    subprocess.run(tminus("demo", "--no-app"), cwd=folder, check=True, stdout=subprocess.DEVNULL)
    sample = next(folder.rglob("tminus.toml"))
    floor = seconds([sys.executable, "-c", "import duckdb, pandas, pyarrow"])
    for name in ("status", "forecast", "moved", "review"):
        value = seconds(tminus(name), cwd=str(sample.parent))
        row(f"{name} of the sample", value, "importing what it needs", floor, "-")


def _pull(folder: Path, repository: Path, floor: float) -> None:
    folder.mkdir()
    text = f'[project]\nname = "bench"\nrepository = "{repository}"\n[[gate]]\nid = "g"\ntitle = "G"\n'
    criterion = '[[gate.criterion]]\nid = "c"\ntitle = "C"\nmetric = "todo_count"\ncomparator = "<="\nthreshold = 0\n'
    (folder / "tminus.toml").write_text(text + criterion + 'unit = "markers"\n')
    began = time.perf_counter()
    subprocess.run(tminus("pull"), cwd=folder, check=True, stdout=subprocess.DEVNULL)
    print(f"{'first pull, all sources':<48} {time.perf_counter() - began:7.3f} s")
    again = seconds(tminus("pull"), cwd=str(folder))
    row("pull with nothing new", again, "python -c import duckdb", floor, "<= 0.8 s, goal 0.4 s")


def _status(folder: Path, rows: int, floor: float) -> None:
    folder.mkdir()
    (folder / "tminus.toml").write_text(PLAN)
    fill_warehouse(folder / "warehouse.duckdb", rows)
    value = seconds(tminus("status"), cwd=str(folder))
    row(f"status on {rows:,} observations", value, "python -c import duckdb", floor, "<= 2 s, goal 1 s")


if __name__ == "__main__":
    main()
