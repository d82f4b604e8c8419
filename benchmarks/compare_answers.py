"""Compares the answers of two checkouts in `--json`: what a change of the code did to keys and values.

    python benchmarks/compare_answers.py BEFORE AFTER [REPOSITORY ...] [--python-before PATH] [--python-after PATH]
                                         [--by-key]

BEFORE and AFTER are folders of checkouts; a commit of this repository may be given instead, and is checked out into a
worktree of its own. Each side answers on the bundled sample, with and without its simulated weeks, and on a copy of
each repository, pulled by that side with a plan drafted by BEFORE and a fixed clock. Printed are the differences of
keys and values; sentences (strings with spaces on both sides) are listed apart, because their wording may change.
With --by-key each key of a command is one line: how many were added, removed or changed, and one of them.
Exit code: 0 when no key and no value differs, 1 otherwise.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = (
    ["status", "--all"],
    ["forecast"],
    ["forecast", "--by", "2027-10-31", "--odds", "80%"],
    ["moved"],
    ["moved", "--since", "2025-09-15"],
    ["review"],
    ["check"],
    ["explain"],
    ["doctor"],
)
# Same to nine digits is the same: another order of summation changes the last bits of a float.
TOLERANCE = 1e-9
# Runs in the interpreter of one side: many commands cost one start.
DRIVER = """
import contextlib, io, json, os, sys
checkout, folder, commands = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
sys.path.insert(0, checkout)
os.chdir(folder)
import tminus
answers = []
for command in commands:
    sys.argv = ["tminus", *command]
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = tminus.main()
        except SystemExit as stop:
            code = stop.code
    answers.append([code, out.getvalue(), err.getvalue()])
json.dump(answers, sys.stdout)
"""


@dataclass(frozen=True)
class Side:
    """One checkout and the interpreter that has its dependencies."""

    name: str
    checkout: Path
    python: Path

    def run(self, folder: Path, commands: Sequence[Sequence[str]]) -> list[tuple[int, str, str]]:
        """(exit code, standard output, errors) of each command, run in the folder."""
        done = subprocess.run(
            [str(self.python), "-c", DRIVER, str(self.checkout), str(folder), json.dumps(commands)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"{self.name} ({self.checkout}) broke in {folder}:\n{done.stderr}")
        answers = json.loads(done.stdout)
        return [
            (code, out.replace(str(folder), "FOLDER"), err.replace(str(folder), "FOLDER")) for code, out, err in answers
        ]


@dataclass(frozen=True)
class Difference:
    """One place of one answer where the sides differ."""

    command: str
    place: str
    before: Any
    after: Any

    @property
    def is_wording(self) -> bool:
        """Say whether both are sentences."""
        return all(isinstance(value, str) and " " in value for value in (self.before, self.after))

    def __str__(self) -> str:
        return f"  {self.command}: {self.place}\n    before: {_short(self.before)}\n    after:  {_short(self.after)}"


MISSING = "(missing)"


def differences(command: str, before: Any, after: Any, place: str = "$") -> Iterator[Difference]:
    """Every key and value that differs, with its path in the document."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted({*before, *after}):
            yield from differences(command, before.get(key, MISSING), after.get(key, MISSING), f"{place}.{key}")
    elif isinstance(before, list) and isinstance(after, list):
        for number in range(max(len(before), len(after))):
            pair = [side[number] if number < len(side) else MISSING for side in (before, after)]
            yield from differences(command, *pair, f"{place}[{number}]")
    elif not _same(before, after):
        yield Difference(command, place, before, after)


def _same(before: Any, after: Any) -> bool:
    if isinstance(before, float) and isinstance(after, (int, float)) and not isinstance(after, bool):
        return math.isclose(before, after, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return type(before) is type(after) and bool(before == after)


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 200 else f"{text[:197]}..."


def compare(sides: Sequence[Side], folders: Sequence[Path]) -> list[Difference]:
    """The differences of all answers; each side works in its own folder."""
    plain = [[*command, "--json"] for command in COMMANDS]
    answers = [side.run(folder, plain) for side, folder in zip(sides, folders, strict=True)]
    more = _per_criterion(answers[0][0][1])
    answers = [[*first, *side.run(folder, more)] for first, side, folder in zip(answers, sides, folders, strict=True)]
    commands = [" ".join(command[:-1]) for command in [*plain, *more]]
    return [found for name, *pair in zip(commands, *answers, strict=True) for found in _compare_one(name, *pair)]


def _per_criterion(status: str) -> list[list[str]]:
    """`explain` for every criterion and `series` for every metric of a status."""
    criteria = [criterion for gate in json.loads(status)["gates"] for criterion in gate["criteria"]]
    metrics = sorted({(found["metric"], found.get("scope") or "") for found in criteria if found.get("metric")})
    explain = [["explain", criterion["id"], "--json"] for criterion in criteria]
    return explain + [["series", name, *(["--scope", scope] if scope else []), "--json"] for name, scope in metrics]


def _compare_one(command: str, before: tuple[int, str, str], after: tuple[int, str, str]) -> Iterator[Difference]:
    if before[0] != after[0]:
        yield Difference(command, "exit code", before[0], after[0])
    try:
        documents = json.loads(before[1]), json.loads(after[1])
    except json.JSONDecodeError:
        yield from differences(command, before[1] + before[2], after[1] + after[2], "output")
        return
    yield from differences(command, *documents)


def demo_folders(side: Side, place: Path) -> list[Path]:
    """The bundled sample laid out by one side: with its simulated weeks, and without."""
    place.mkdir(parents=True)
    for code, _, problem in side.run(place, [["demo", "--no-app"], ["demo", "--no-app", "--real"]]):
        if code:
            raise SystemExit(f"{side.name}: tminus demo ended with {code}: {problem}")
    return [place / ".tminus" / "demo" / kind for kind in ("programme", "real")]


def repository_folders(sides: Sequence[Side], repository: Path, place: Path) -> list[Path]:
    """A clone per side, pulled by it; the plan is BEFORE's draft, with the day of the last commit as its clock."""
    folders = [place / side.name for side in sides]
    for folder in folders:
        subprocess.run(["git", "clone", "--quiet", str(repository), str(folder)], check=True)
    last = subprocess.run(
        ["git", "-C", str(folders[0]), "log", "-1", "--format=%cI"], check=True, capture_output=True, text=True
    ).stdout.strip()
    _must(sides[0], folders[0], ["init"])
    plan = (folders[0] / "tminus.toml").read_text(encoding="utf-8")
    for side, folder in zip(sides, folders, strict=True):
        dated = plan.replace("[project]\n", f"[project]\nas_of = {last}\n", 1)
        (folder / "tminus.toml").write_text(dated, encoding="utf-8")
        _must(side, folder, ["pull"])
    return folders


def _must(side: Side, folder: Path, command: list[str]) -> None:
    code, _, problem = side.run(folder, [command])[0]
    if code:
        raise SystemExit(f"{side.name}: tminus {' '.join(command)} ended with {code}: {problem}")


def side_of(name: str, given: str, python: str | None, place: Path) -> Side:
    """A checkout by its folder, or by a commit of this repository in a worktree of its own."""
    checkout = Path(given).resolve()
    if not checkout.is_dir():
        checkout = place / f"checkout-{name}"
        subprocess.run(["git", "-C", str(ROOT), "worktree", "add", "--detach", str(checkout), given], check=True)
    own = checkout / ".venv" / "bin" / "python"
    return Side(name, checkout, Path(python) if python else own if own.is_file() else Path(sys.executable))


def report(name: str, found: Sequence[Difference]) -> int:
    """Print the differences of one folder; return how many are in keys and values."""
    wording = [one for one in found if one.is_wording]
    values = [one for one in found if not one.is_wording]
    print(f"== {name}: {len(values)} differences in keys and values, {len(wording)} in wording")
    print(*values, *(["  -- wording", *wording] if wording else []), sep="\n")
    return len(values)


def report_by_key(name: str, found: Sequence[Difference]) -> int:
    """Print a line for each key of a command, keys and values alone; return how many differences there are."""
    kinds: dict[tuple[str, str, str], list[Difference]] = {}
    for one in (one for one in found if not one.is_wording):
        change = "added" if one.before == MISSING else "removed" if one.after == MISSING else "changed"
        kinds.setdefault((one.command.split()[0], re.sub(r"\[\d+\]", "[]", one.place), change), []).append(one)
    values = sum(map(len, kinds.values()))
    print(f"== {name}: {values} differences in keys and values, {len(found) - values} in wording")
    for (command, place, change), several in sorted(kinds.items()):
        print(
            f"  {command}: {place} {change} {len(several)}: {_short(several[0].before)} -> {_short(several[0].after)}"
        )
    return values


def main() -> int:
    """Compare on the sample and on every repository."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("before")
    parser.add_argument("after")
    parser.add_argument("repositories", nargs="*", type=Path, metavar="REPOSITORY")
    parser.add_argument("--python-before", help="interpreter of BEFORE (default: its .venv, else this one)")
    parser.add_argument("--python-after", help="interpreter of AFTER (default: its .venv, else this one)")
    parser.add_argument("--by-key", action="store_true", help="one line a key of a command")
    asked = parser.parse_args()
    show = report_by_key if asked.by_key else report
    place = Path(tempfile.mkdtemp(prefix="compare-answers-"))
    try:
        sides = [
            side_of("before", asked.before, asked.python_before, place),
            side_of("after", asked.after, asked.python_after, place),
        ]
        samples = [demo_folders(side, place / f"sample-{side.name}") for side in sides]
        total = sum(show(f"sample {pair[0].name}", compare(sides, pair)) for pair in zip(*samples, strict=True))
        for repository in asked.repositories:
            folders = repository_folders(sides, repository, place / f"pulled-{repository.name}")
            total += show(str(repository), compare(sides, folders))
    finally:
        for checkout in place.glob("checkout-*"):
            subprocess.run(["git", "-C", str(ROOT), "worktree", "remove", "--force", str(checkout)], check=False)
        shutil.rmtree(place, ignore_errors=True)
    return int(total > 0)


if __name__ == "__main__":
    sys.exit(main())
