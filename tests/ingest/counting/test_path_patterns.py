"""Path patterns choose what git itself chooses."""

from __future__ import annotations

import subprocess

import pytest

from ingest.counting.path_classes import LinguistAttributes
from ingest.counting.path_patterns import PathPatternError, PathPatterns

PATHS = ["a.ts", "a.tsx", "src/a.ts", "src/api/a.ts", "src/api/a.test.ts", "docs/a.md", "docs/x/b.md", "x/docs/c.md"]
LISTS = [
    ["*.ts"],
    ["src/*.ts"],
    ["src/**/*.ts"],
    ["src/**"],
    ["src"],
    ["docs/"],
    ["/docs"],
    ["docs/*"],
    ["**/docs/*.md"],
    ["*.ts", "!*.test.ts"],
    ["!*.ts", "a.*"],
    ["[!a].md"],
    ["src/?pi/*"],
    ["*"],
]


def git(folder, *words, stdin=""):
    """What git prints."""
    done = subprocess.run(["git", "-C", str(folder), *words], input=stdin, capture_output=True, text=True, check=False)
    return done.stdout


@pytest.mark.parametrize("patterns", LISTS, ids=str)
def test_patterns_choose_what_gitignore_chooses(tmp_path, patterns):
    """The patterns of tminus.toml have the rules of .gitignore."""
    git(tmp_path, "init", "-q")
    (tmp_path / ".gitignore").write_text("\n".join(patterns) + "\n")
    chosen = git(tmp_path, "check-ignore", "--no-index", "--stdin", stdin="\n".join(PATHS)).splitlines()

    assert [path for path in PATHS if PathPatterns(patterns).match(path)] == chosen


@pytest.mark.parametrize("pattern", [patterns[0] for patterns in LISTS if not patterns[0].startswith("!")])
def test_attributes_hold_for_the_paths_that_git_gives_them(tmp_path, pattern):
    """A line of .gitattributes classes the same paths as `git check-attr`."""
    git(tmp_path, "init", "-q")
    line = f"{pattern} linguist-generated\n"
    (tmp_path / ".gitattributes").write_text(line)
    answers = git(tmp_path, "check-attr", "linguist-generated", *PATHS).splitlines()
    attributes = LinguistAttributes(line.encode())

    assert [attributes(path) == "generated" for path in PATHS] == [answer.endswith(": set") for answer in answers]


@pytest.mark.parametrize("text", ["", "# a comment", "/", "a["])
def test_a_text_that_is_not_a_pattern_is_refused(text):
    """What git passes over silently is an error that names the text."""
    with pytest.raises(PathPatternError, match="is not a path pattern"):
        PathPatterns([text])
