"""Counts markers at random commits in another way and compares with the series of the git source.

    python benchmarks/check_markers.py REPOSITORY [REPOSITORY ...] [--commits 10] [--seed 1] [--own-tables]

The other way: `git archive` of the whole tree, and every file tokenised from its first byte to its last: Python by the
standard library's tokenizer, all else by pygments, where it knows the language; markup, prose and the rest by the
product's own token tables without its short cuts (with --own-tables: all but Python). Only the path classes are taken
from the product. Differences are printed file by file.
"""

from __future__ import annotations

import argparse
import io
import random
import re
import subprocess
import sys
import tarfile
import tokenize
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ingest.counting.comment_search import commented
from ingest.counting.comment_syntax import family_named
from ingest.counting.markers import find_markers, looks_generated
from ingest.counting.path_classes import LinguistAttributes, classify
from ingest.counting.syntax_by_name import family_of, family_of_content
from ingest.source import Request
from ingest.sources.git.blob_scanner import LARGEST_BYTES
from ingest.sources.git.cursor import GitCursor
from ingest.sources.git.source import GitHistory

MARKER = re.compile(r"(?<![A-Za-z0-9_])(?:TODO|FIXME|HACK|XXX)(?![A-Za-z0-9_])", re.ASCII)


def main() -> int:
    """Compare every repository named; exit 1 when any commit differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--commits", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--own-tables", action="store_true")
    options = parser.parse_args()
    differing = [check(path, options.commits, options.seed, options.own_tables) for path in options.repositories]
    return 1 if any(differing) else 0


def check(path: Path, number: int, seed: int, own_tables: bool) -> int:
    """Compare one repository; return the number of commits that differ."""
    harvest = GitHistory().observe(Request("check", path, path, {}, "", datetime.now(UTC), lambda *_: []))
    series = states(harvest)
    environments = GitCursor.parse(harvest.marker).environments
    tip = harvest.commits[-1].sha
    attributes = LinguistAttributes(git(path, "cat-file", "blob", f"{tip}:.gitattributes"))
    chosen = random.Random(seed).sample(harvest.commits, min(number, len(harvest.commits)))
    differing = 0
    for commit in sorted(chosen, key=lambda commit: commit.position):
        ours = series[commit.sha]
        theirs, disputed = independent_count(path, commit.sha, environments, attributes, own_tables)
        same = {k: v for k, v in ours.items() if v} == {k: v for k, v in theirs.items() if v}
        differing += not same
        print(f"{path} {commit.sha[:10]} {'same' if same else 'DIFFERENT'} ours={ours} other={dict(theirs)}")
        for line in disputed if not same else ():
            print(f"    {line}")
    return differing


def states(harvest) -> dict[str, dict[str, int]]:
    """Every commit's figures of the classes, carried forward."""
    counted: dict[str, list] = {}
    for row in harvest.observations:
        if row.metric == "todo_count" and (row.scope == "" or row.scope.startswith("class:")):
            counted.setdefault(row.commit, []).append((row.scope.removeprefix("class:") or "code", int(row.value)))
    state: dict[str, int] = {}
    found = {}
    for commit in harvest.commits:
        state |= dict(counted.get(commit.sha, ()))
        found[commit.sha] = dict(state)
    return found


def independent_count(
    path: Path, sha: str, environments: list[str], attributes: LinguistAttributes, own_tables: bool
) -> tuple[Counter, list[str]]:
    """Count in the whole tree of a commit, class by class; also the files that the product counts otherwise."""
    total: Counter = Counter()
    disputed = []
    for name, content in tree(path, sha):
        if len(content) > LARGEST_BYTES or b"\0" in content[:8000] or not MARKER.search(content.decode("latin-1")):
            continue
        family = family_of(name) or family_of_content(content)
        count = count_in(content, family, "" if own_tables else name)
        if count != (ours := len(find_markers(content, family))):
            disputed.append(f"{name}: {ours}, the other way {count}")
        path_class = classify(name, environments, attributes)
        if path_class in {"code", "tests"} and looks_generated(content):
            path_class = "generated"
        total[path_class] += count
    return total, disputed


def tree(path: Path, sha: str):
    """Yield (name, bytes) of the regular files of a commit, from an archive or, for a partial clone, file by file."""
    archive = subprocess.run(
        ["git", f"--git-dir={git_dir(path)}", "-c", "core.attributesFile=/dev/null", "archive", "--format=tar", sha],
        capture_output=True,
        check=False,
    )
    if archive.returncode == 0 and b"export-ignore" not in git(path, "cat-file", "blob", f"{sha}:.gitattributes"):
        with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as bundle:
            for member in bundle:
                if member.isreg():
                    yield member.name, bundle.extractfile(member).read()
        return
    for line in git(path, "ls-tree", "-r", "-z", sha).split(b"\0"):
        meta, _, name = line.partition(b"\t")
        if meta.startswith(b"100"):
            yield name.decode("utf-8", "backslashreplace"), git(path, "cat-file", "blob", meta.split()[2].decode())


@cache
def count_in(content: bytes, family: str, name: str) -> int:
    """Count the markers in the comments of one file, with a tokenizer that reads all of it."""
    if family == "none":
        return 0
    if family == "prose":
        return len(MARKER.findall(content.decode("latin-1")))
    if family == "python" and (count := count_python(content)) is not None:
        return count
    if (
        name
        and family not in {"html", "markup", "vue", "svelte", "none"}
        and (count := count_pygments(content, name)) is not None
    ):
        return count
    rules = replace(family_named(family or family_of_content(content)), openers=None, sign=b"")
    words = [match.span() for match in MARKER.finditer(content.decode("latin-1"))]
    return sum(1 for _ in commented(content, words, rules, 0, len(content)))


def count_python(content: bytes) -> int | None:
    """Count with the standard library's tokenizer; None where it refuses the file (Python 2, broken indentation)."""
    try:
        tokens = list(tokenize.tokenize(io.BytesIO(content).readline))
    except (SyntaxError, tokenize.TokenError, ValueError):
        return None
    return sum(len(MARKER.findall(token.string)) for token in tokens if token.type == tokenize.COMMENT)


def count_pygments(content: bytes, name: str) -> int | None:
    """Count with pygments; None where it is not installed or does not know the language."""
    try:
        from pygments.lexers import get_lexer_for_filename
        from pygments.token import Comment
        from pygments.util import ClassNotFound
    except ImportError:
        return None
    try:
        lexer = get_lexer_for_filename(name.rpartition("/")[2], stripnl=False)
    except ClassNotFound:
        return None
    text = content.decode("utf-8", "replace")
    tokens = lexer.get_tokens(text)
    comments = "".join(value if kind in Comment and kind not in Comment.Preproc else "\n" for kind, value in tokens)
    return len(MARKER.findall(comments))


def git_dir(path: Path) -> Path:
    """The git directory of a path."""
    return path / ".git" if (path / ".git").exists() else path


def git(path: Path, *arguments: str) -> bytes:
    """Run git and return its bytes, empty where it says no."""
    return subprocess.run(["git", f"--git-dir={git_dir(path)}", *arguments], capture_output=True, check=False).stdout


if __name__ == "__main__":
    sys.exit(main())
