"""What the tree shows: tests, CI, licence, readme and pinned dependencies, dated when they change."""

from __future__ import annotations

import random

import pytest

from ingest.counting.path_classes import classify
from ingest.counting.tree_paths import MANIFESTS, is_lock, is_pinned, kinds_of, pinned_share
from ingest.plan_drafting.tree_facts import facts_of
from ingest.sources.git.tree import Tree
from tests.testing.document_pulls import Pulls
from tests.testing.repositories import DAY, START, add_commits, new_repository

PINNED = "dependencies_pinned_percent"


def test_values_are_reported_at_the_first_commit_and_when_they_change(repository):
    """An empty tree has 0 tests and an unknown share of pinned manifests: nothing to pin is not 100%."""
    tips = [
        add_commits(repository, [files], start=START + number * DAY)
        for number, files in enumerate(
            [
                {"main.py": b"x = 1\n"},
                {"tests/test_a.py": b"", "README.md": b"#"},
                {"main.py": b"x = 2\n"},
                {"pyproject.toml": b"", ".github/workflows/ci.yml": b"", "LICENSE": b""},
                {"uv.lock": b""},
                {"tests/test_a.py": None},
            ]
        )
    ]
    pulls = Pulls(Tree(), repository)
    pulls.pull()
    assert pulls.values("tests_present") == [0, 1, 0]
    assert pulls.values("readme_present") == [0, 1]
    assert pulls.values("ci_present") == [0, 1] and pulls.values("licence_present") == [0, 1]
    assert pulls.values(PINNED) == [None, 0, 100]
    assert pulls.observations[4].reason == "no dependency manifest that a lock file pins"
    last = pulls.observations[-1]
    assert (last.commit, pulls.evidence[last.evidence].locator) == (tips[5], f"git:{tips[5]}")


@pytest.mark.parametrize(
    ("path", "kind", "expected"),
    [
        ("tests/test_x.py", "tests", {"tests"}),
        ("tests/data.bin", "tests", set()),
        (".gitlab-ci.yml", "code", {"ci"}),
        ("deep/.gitlab-ci.yml", "code", set()),
        ("Jenkinsfile", "code", {"ci"}),
        ("LICENSE-MIT", "docs", {"licence"}),
        ("sub/LICENSE", "docs", set()),
        ("COPYING", "docs", {"licence"}),
        ("LICENSES/MIT.txt", "docs", {"licence"}),
        ("readme.rst", "docs", {"readme"}),
        ("web/package.json", "code", {"manifest"}),
        ("tests/fixture/package.json", "tests", set()),
        ("package-lock.json", "generated", {"lock"}),
        ("requirements-dev.txt", "code", {"requirements"}),
    ],
)
def test_paths_say_what_they_are(path, kind, expected):
    """Each role has its own names; the same name in another place may mean nothing."""
    assert kinds_of(path, kind) == expected


@pytest.mark.parametrize(
    ("text", "pinned"),
    [
        (b"a==1\nb===2\n# note\n-r base.txt\n\n", True),
        (b"a==1\nb>=2\n", False),
        (b"a\n", False),
        (b"a @ https://example.org/a.whl\n", True),
        (b"a==1 \\\n    --hash=sha256:00\n", True),
        (b"", True),
    ],
)
def test_requirements_are_pinned_when_every_line_is(text, pinned):
    """One open range makes the file open."""
    assert is_pinned(text) is pinned


def test_a_lock_file_above_pins_the_workspaces_below():
    """A lock in the manifest's folder or any folder above counts; one beside it in another folder does not."""
    manifests = ["package.json", "apps/web/package.json", "other/Cargo.toml"]
    assert pinned_share(manifests, {"package-lock.json"}, {}) == (2, 3)
    assert pinned_share(manifests, {"apps/web/yarn.lock", "apps/Cargo.lock"}, {}) == (1, 3)
    assert pinned_share(["setup.py", "pyproject.toml"], {"uv.lock"}, {"requirements.txt": False}) == (1, 2)
    assert all(is_lock(lock.replace("*", "")) for locks in MANIFESTS.values() for lock in locks)


def test_vendored_and_copied_files_say_nothing(repository):
    """A committed package brings its own tests, licence and manifests: none of them are ours."""
    add_commits(repository, [{"node_modules/x/package.json": b"{}", "vendor/tests/test_a.py": b"", "a.py": b""}])
    pulls = Pulls(Tree(), repository)
    pulls.pull()
    assert pulls.values("tests_present") == [0] and pulls.values(PINNED) == [None]


@pytest.mark.parametrize("seed", range(3))
def test_pulling_in_pieces_equals_pulling_once_and_a_plain_look(repository, seed):
    """Random trees: the same rows either way, and the last values are those of the last tree."""
    chance = random.Random(seed)
    names = [
        *("tests/test_a.py", "tests/b_test.go", "README.md", "LICENSE", ".travis.yml", "package.json", "yarn.lock"),
        *("requirements.txt", "go.mod", "src/a.py"),
    ]
    tree: dict[str, bytes] = {}
    pieces = Pulls(Tree(), repository)
    for number in range(14):
        name = chance.choice(names)
        content = None if name in tree and chance.random() < 0.5 else chance.choice([b"a==1\n", b"a\n"])
        if content is None:
            del tree[name]
        else:
            tree[name] = content
        add_commits(repository, [{name: content}], start=START + number * DAY)
        if chance.random() < 0.3:
            pieces.pull()
    pieces.pull()
    whole = Pulls(Tree(), repository)
    whole.pull()
    assert pieces.observations == whole.observations
    latest = {o.metric: o.value for o in whole.observations}
    assert latest["tests_present"] == sum(name.startswith("tests/") for name in tree)
    assert latest["readme_present"] == ("README.md" in tree)
    manifests = [name for name in ("package.json", "go.mod", "requirements.txt") if name in tree]
    pinned = ("package.json" in tree and "yarn.lock" in tree) + (tree.get("requirements.txt") == b"a==1\n")
    assert latest[PINNED] == (100 * pinned / len(manifests) if manifests else None)
    assert whole.pull().observations == []


def test_facts_for_a_first_plan_come_from_the_newest_tree(repository):
    """Languages, bundler, tests and markers are those of the tip; vendored files are left out."""
    add_commits(
        repository,
        [
            {
                "src/a.ts": b"// TODO: one\nlet x = 1; // FIXME two\n",
                "src/b.js": b"let y = 'TODO in a string';\n",
                "package.json": b'{"devDependencies": {"vite": "^5"}}',
                "src/a.test.ts": b"// TODO not code\n",
                "node_modules/x/i.js": b"// TODO theirs\n",
                "openapi.yaml": b"openapi: 3.0.0\n",
            }
        ],
    )
    facts = facts_of(repository)
    assert (facts.languages, facts.bundler, facts.markers) == (["typescript", "javascript"], "vite", 2)
    assert (facts.tests, facts.manifests, facts.pinned, bool(facts.openapi)) == (1, 1, 0, True)


def test_facts_of_an_empty_repository_are_empty(repository):
    """A repository without a commit still gets a plan."""
    assert facts_of(repository).code_files == 0


TESTS = """
    tests/test_a.py a_test.py src/test/java/a/FooTest.java src/test/kotlin/FooTests.kt src/test/java/TestFoo.java
    pkg/a_test.go tests/integration.rs src/foo_test.rs src/a.test.ts a.spec.jsx __tests__/a.js
    spec/models/a_spec.rb test/models/a_test.rb tests/Unit/FooTest.php Foo.Tests/BarTests.cs
    Tests/FooTests/BarTests.swift test/widget_test.dart test/a_test.exs test/Foo.t.sol test/Lock.js test/lock.ts
    t/basic.t test/a.bats cypress/e2e/a.cy.ts tests/a.phpt test/a_SUITE.erl test/ASpec.hs features/a.feature
    test/runtests.jl tests/testthat/test-a.R tests/Feature/LoginTest.php test_a.rb packages/x/test/unit/core.js
    tests/test_a.cpp
"""
NO_TESTS = """
    tests/__init__.py tests/conftest.py tests/fixtures/a.py tests/data/test_x.py spec/spec_helper.rb
    test/test_helper.rb spec/rails_helper.rb tests/utils.py test/fixtures/a.js __mocks__/a.js src/latest.ts
    contest.py tests/helpers.js tests/setup.ts testdata/a_test.go tests/common/mod.rs src/attest.go jest.setup.js
    tests/a.json test/index.d.ts src/main/java/IT.txt docs/test_plan.md latest.cpp src/greatest.lua
"""


@pytest.mark.parametrize("path", TESTS.split())
def test_a_test_file_follows_a_convention_of_its_ecosystem(path):
    """Each ecosystem's names for test files are known."""
    assert "tests" in kinds_of(path, classify(path))


@pytest.mark.parametrize("path", NO_TESTS.split())
def test_helpers_fixtures_and_packages_are_no_tests(path):
    """What lies beside the tests, and names that only end alike, are not counted."""
    assert "tests" not in kinds_of(path, classify(path))


def test_a_linked_readme_is_a_readme(tmp_path):
    """A README or licence that is a symbolic link counts, in the history and in the newest tree."""
    repository = new_repository(tmp_path)
    files = {"docs/README.md": b"#", "README.md": b"docs/README.md", "LICENSE": b"docs/LICENSE", "x.py": b"docs/x"}
    add_commits(repository, [files], modes=dict.fromkeys(("README.md", "LICENSE", "x.py"), "120000"))
    pulls = Pulls(Tree(), repository)
    pulls.pull()
    assert (pulls.values("readme_present"), pulls.values("licence_present")) == ([1], [1])
    facts = facts_of(repository)
    assert (facts.readme, facts.licence, facts.code_files) == (1, 1, 0)
