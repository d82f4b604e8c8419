"""`tminus lint` names every problem with its place, and `tminus completion` works in a real shell."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.command_line.commands import COMMANDS
from app.command_line.parser import main

BAD = """\
[project]
nam = "shop"

[[gate]]
id = "g"
[[gate.criterion]]
id = "cover"
metric = "coverage_line_percent"
comparator = "<="
threshold = "80"

[[rule]]
id = "r"
kind = "go"
needs = ["g", "cove"]

[sources.githb]
repository = "a/b"

[sources.artifacts]
path = ["reports"]
"""


def test_every_problem_has_file_line_and_column(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Problems of the project, the plan, its names and the sources, all at once, in the order of the file."""
    (tmp_path / "tminus.toml").write_text(BAD)
    monkeypatch.chdir(tmp_path)
    assert main(["lint"]) == 2
    out = capsys.readouterr()
    places = [line.split(": ", 1)[0] for line in out.out.splitlines()]
    assert places == [f"tminus.toml:{place}" for place in ("2:1", "9:1", "10:1", "15:15", "17:1", "20:1", "21:1")]
    assert "needs a number, found text" in out.out
    assert 'no criterion or gate is called "cove"; did you mean "cover"?' in out.out
    assert "unknown source (did you mean 'github'?)" in out.out
    assert out.err == "tminus.toml: 7 errors, 0 warnings\n"


def test_lint_stores_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No warehouse, no plan version, no file appears."""
    (tmp_path / "tminus.toml").write_text(BAD)
    monkeypatch.chdir(tmp_path)
    main(["lint", "--json"])
    assert [path.name for path in tmp_path.iterdir()] == ["tminus.toml"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"[project\n", "1:9: error: not TOML"),
        (b"name = '\xff'\n", "1:9: error: not TOML: not UTF-8"),
        (b"", "1:1: error: gate: the plan has no gates"),
        (b"[[gates]]\nid='g'\n", "1:1: error: gates: unknown table (did you mean 'gate'?)"),
    ],
)
def test_a_file_that_is_no_plan_says_where(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, expected: str
) -> None:
    """A syntax error, a byte that is not UTF-8, an empty file, a misspelt table."""
    path = tmp_path / "tminus.toml"
    path.write_bytes(content)
    assert main(["lint", str(path)]) == 2
    assert f"{path}:{expected}" in capsys.readouterr().out


def test_a_misspelt_metric_is_a_warning_with_the_name_that_was_meant(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing would ever measure it. One of the catalogue, and one of another source with its unit, are left alone."""
    rows = [("coverage_line_percnt", "percent"), ("orders_lost_count", ""), ("orders_late_count", "orders")]
    rows += [("coverage_line_percent", "")]
    text = '[[gate]]\nid = "g"\n'
    for number, (metric, unit) in enumerate(rows):
        text += f'[[gate.criterion]]\nid = "c{number}"\nmetric = "{metric}"\ncomparator = ">="\nthreshold = 1\n'
        text += f'unit = "{unit}"\n' if unit else ""
    path = tmp_path / "tminus.toml"
    path.write_text(text)

    assert main(["lint", str(path), "--json"]) == 0
    problems = json.loads(capsys.readouterr().out)["problems"]
    assert [(one["line"], one["level"]) for one in problems] == [(5, "warning"), (11, "warning")]
    assert "(did you mean 'coverage_line_percent'?)" in problems[0]["message"]
    assert "no built-in source measures it" in problems[1]["message"]


def test_a_checklist_that_contradicts_itself_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A ticked box above an unticked one is an error, the same box twice a warning, a text without boxes an error."""
    path = tmp_path / "CHECK.md"
    path.write_text("# Gate\n\n- [x] all done\n  - [ ] but not this\n- [ ] twice\n- [ ] twice\n")
    assert main(["lint", str(path), "--json"]) == 2
    problems = json.loads(capsys.readouterr().out)["problems"]
    assert [(p["line"], p["level"]) for p in problems] == [(4, "error"), (6, "warning")]
    path.write_text("# Only words\n")
    assert main(["lint", str(path)]) == 2
    path.write_text("- [ ] one\n")
    assert main(["lint", str(path)]) == 0


def test_a_file_that_is_missing_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """One line, exit code 2."""
    assert main(["lint", "no/such.toml"]) == 2
    assert capsys.readouterr().err == "tminus lint: no/such.toml cannot be read: No such file or directory\n"


def test_the_schema_is_printed_for_editors(capsys: pytest.CaptureFixture[str]) -> None:
    """`tminus lint --schema` prints what docs/schemas holds, with or without --json."""
    assert main(["lint", "--schema"]) == 0
    printed = capsys.readouterr().out
    assert json.loads(printed)["title"] == "tminus.toml"
    main(["lint", "--schema", "--json"])
    assert capsys.readouterr().out == printed


def completed(tmp_path: Path, words: str, folder: Path) -> list[str]:
    """What a real bash offers for the last of the words."""
    script = tmp_path / "tminus.bash"
    script.write_bytes(
        subprocess.run([sys.executable, "-m", "tminus", "completion", "bash"], check=True, capture_output=True).stdout
    )
    typed = words.split(" ")
    array = " ".join(f'"{word}"' for word in typed)
    ask = f"source {script}; COMP_WORDS=({array}); COMP_CWORD={len(typed) - 1}; _tminus; "
    ask += 'printf "%s\\n" "${COMPREPLY[@]}"'
    done = subprocess.run(["bash", "--norc", "-c", ask], check=True, capture_output=True, text=True, cwd=folder)
    return sorted(done.stdout.split())


def test_bash_completes_commands_options_choices_and_files(tmp_path: Path) -> None:
    """A real bash offers every command, the options of one, their choices, and files where a file belongs."""
    folder = tmp_path / "here"
    folder.mkdir()
    (folder / "plan.toml").write_text("")
    assert set(COMMANDS) <= set(completed(tmp_path, "tminus ", folder))
    assert completed(tmp_path, "tminus fore", folder) == ["forecast"]
    assert "--baseline" in completed(tmp_path, "tminus check --", folder)
    assert completed(tmp_path, "tminus check --annotations ", folder) == ["github", "gitlab"]
    assert completed(tmp_path, "tminus completion ", folder) == ["bash", "fish", "zsh"]
    assert completed(tmp_path, "tminus lint ", folder) == ["plan.toml"]
    assert completed(tmp_path, "tminus check --config ", folder) == ["plan.toml"]
    assert completed(tmp_path, "tminus check --baseline ", folder) == []


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_the_other_shells_accept_their_script(tmp_path: Path, shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The script names every command, and the shell reads it without complaint where it is installed."""
    assert main(["completion", shell]) == 0
    text = capsys.readouterr().out
    assert all(name in text for name in COMMANDS)
    if not shutil.which(shell):
        pytest.skip(f"no {shell} on this machine: its script was not run")
    (tmp_path / "script").write_text(text)
    subprocess.run([shell, "-n", str(tmp_path / "script")], check=True, capture_output=True)
