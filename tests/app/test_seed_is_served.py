"""docs/seed-lines.md is true: the command that it names for a line of the seed really answers with that line."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from app.command_line.parser import main
from ingest.living_document.fates import line_fates

SEED = Path(__file__).parents[1] / "fixtures" / "checklist" / "staging_double_encoded.md"
# What each command that the table names is called with; `run-step` and `deploy` are acts, so their lists are asked.
ASKED = {
    "check": ("check", "--json"),
    "check --kind running": ("check", "--kind", "running", "--json"),
    "check --kind promotion": ("check", "--kind", "promotion", "--json"),
    "checklist": ("checklist",),
    "messages": ("messages", "--json"),
    "rollout": ("rollout", "--json"),
    "deploy --stage ID": ("rollout", "--json"),
    "run-step ID --yes": ("runbook", "--json"),
    "status --json": ("status", "--json"),
}


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """By command of the table its answer about the imported seed, each asked once."""
    folder = tmp_path_factory.mktemp("seed")
    document = folder / "seed.md"
    document.write_bytes(SEED.read_bytes())
    subprocess.run(["git", "init", "-q", "-b", "main", str(folder)], check=True)
    known: dict[str, str] = {}
    with pytest.MonkeyPatch.context() as here:
        here.chdir(folder)
        assert main(["init", "--checklist", "seed.md"]) == 0
        assert main(["pull", "--quiet"]) == 0

        def ask(command: str) -> str:
            if command not in known:
                answer = folder / f"{len(known)}.txt"
                known[command] = _printed(ASKED[command], answer)
                known[command] += document.read_text(encoding="utf-8") if command == "checklist" else ""
            return known[command]

        yield ask


def _printed(words: tuple[str, ...], to: Path) -> str:
    with to.open("w", encoding="utf-8") as stream, redirect_stdout(stream):
        assert main(list(words)) in (0, 1, 3)
    text = to.read_text(encoding="utf-8")
    return json.dumps(json.loads(text), ensure_ascii=False) if words[-1] == "--json" else text


def words_of(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", text.lower())) - {"x", "yes", "no"}


def test_the_named_commands_answer_with_each_line(answers: Callable[[str], str]) -> None:
    """Every word of a line is in the answer of every command that the table names for it."""
    missing = {
        (row.line, command): gone
        for row in line_fates(SEED.read_bytes(), "seed.md")
        for command in re.findall(r"`tminus ([^`]+)`", row.served_by)
        if command in ASKED and (gone := words_of(row.text) - words_of(answers(command)))
    }

    assert missing == {}
