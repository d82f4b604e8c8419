"""What a path says about a repository: a test, CI configuration, licence, readme, dependency manifest or lock file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Set
from fnmatch import fnmatchcase

# Files that are often a link to the real one, and are what they are called all the same.
NAMED_LINK = re.compile(rb"(?:readme|licen[cs]e|copying)(?:[._-][^/]*)?", re.IGNORECASE)
# A test file by the convention of its ecosystem, wherever it lies.
_TEST_NAME = re.compile(
    r"(?:^test_[^/]*\.py|_tests?\.py"  # pytest, unittest
    r"|(?:Test|Tests|TestCase|IT|Spec|Suite|Specs)\.(?:java|kt|kts|scala|groovy)|^Test[A-Z]\w*\.(?:java|kt|scala|groovy)"
    r"|_test\.go|_test\.rs|^tests?\.rs"
    r"|[.-](?:test|tests|spec|cy|e2e|unit|integration)\.[cm]?[jt]sx?|\.(?:test|spec)\.(?:vue|svelte|coffee)"
    r"|_(?:spec|test)\.rb|^test_[^/]*\.rb|(?:Test|Spec|Cest|Cept)\.php|\.phpt"
    r"|(?:Tests?|Specs?|Facts)\.(?:cs|fs|vb)|Tests?\.(?:swift|m|mm)|Spec\.swift|_test\.dart|_test\.exs?"
    r"|\.t\.sol|\.bats|\.t|_SUITE\.erl|_tests?\.erl|(?:Spec|Test|Tests)\.hs|_test\.(?:clj|cljs|cljc)"
    r"|(?:(?:^|[_-])(?:unit)?tests?|[a-z]Tests?)\.(?:c|cc|cpp|cxx|ml|lua|nim|zig|d|cr|jl)|^test[_-][^/]*\.(?:c|cc|cpp|cxx|ml|lua|jl|r|R|sh|nim|d|zig)"
    r"|_spec\.(?:lua|cr)|\.(?:feature|robot|Tests\.ps1)|Test\.elm|test-[^/]*\.R|\.(?:tftest|tofutest)\.hcl|_test\.rego)$"
)
# Folders in which every program is a test where the file's name alone does not say so.
_TEST_FOLDER_CODE = re.compile(
    r"(?:^|/)(?:tests|test|__tests__|spec|specs|e2e)/(?:[^/]+/)*[^/]+\.(?:[cm]?[jt]sx?)$"  # mocha, hardhat, node --test
    r"|(?:^|/)tests/[^/]+\.rs$|(?:^|/)t/(?:[^/]+/)*[^/]+\.t$|(?:^|/)Tests/(?:[^/]+/)*[^/]*Tests?[^/]*\.swift$"
    r"|(?:^|/)cypress/(?:e2e|integration)/(?:[^/]+/)*[^/]+\.[cm]?[jt]sx?$|(?:^|/)tests?/(?:[^/]+/)*runtests\.jl$"
    r"|(?:^|/)tests?/testthat/[^/]+\.[rR]$"
    r"|(?:^|/)templates/tests/[^/]+\.ya?ml$|(?:^|/)(?:unit)?tests?/(?:[^/]+/)*[^/]+_test\.ya?ml$"  # of Helm charts
    r"|(?:^|/)molecule/[^/]+/molecule\.ya?ml$"
)
_NO_TEST = re.compile(
    r"(?:^|/)(?:__init__|conftest|setup|_?helpers?|utils?|fixtures?|common|index|global[-_]?setup|jest\.setup|setup[-_]?tests?|vitest[-_.]\w+(?:-\w+)*|test[-_]?(?:utils?|helpers?)|"
    r"spec[-_]?helper|rails_helper|test_helper|support|mocha|karma\.conf|\w+\.config|\w+\.d)\.\w+$"
    r"|(?:^|/)(?:fixtures?|__fixtures__|__mocks__|mocks?|testdata|test[-_]data|support|helpers?|data|snapshots|__snapshots__|resources|utils)/",
    re.IGNORECASE,
)
_NO_TEST_FOLDER = re.compile(
    r"(?:^|/)(?:fixtures?|__fixtures__|__mocks__|testdata|test[-_]data|snapshots|__snapshots__|src/(?:main|\w*test\w*)/resources)/",
    re.IGNORECASE,
)
# Samples below a folder of tests. Elsewhere, and where folders are packages (com/acme/data), the name decides.
_SAMPLE_FOLDER = re.compile(r"(?:^|/)(?:tests?|specs?|__tests__)/(?:.*/)?(?:resources|data)/", re.IGNORECASE)
_IN_PACKAGE = re.compile(r"\.(?:java|kts?|scala|groovy|cs|fs|vb|swift)$")
# pytest collects these, though other languages name helpers so.
_COLLECTED = re.compile(r"^(?:test_[^/]*|[^/]*_test)\.py$")
_CI = re.compile(
    r"^(?:\.github/workflows/[^/]+\.ya?ml|\.gitlab-ci\.ya?ml|\.circleci/config\.ya?ml|\.?azure-pipelines(?:/.*|[^/]*)\.ya?ml|"
    r"Jenkinsfile(?:\.[^/]+)?|\.travis\.ya?ml|\.?appveyor\.ya?ml|\.drone\.ya?ml|bitbucket-pipelines\.ya?ml|\.buildkite/.*\.ya?ml|"
    r"\.woodpecker(?:/.*)?\.ya?ml|\.cirrus\.(?:ya?ml|star)|\.(?:forgejo|gitea)/workflows/[^/]+\.ya?ml|\.builds?/[^/]+\.ya?ml|"
    r"\.build\.ya?ml|\.semaphore/.*\.ya?ml|\.teamcity/.*|buildspec\.ya?ml|cloudbuild\.ya?ml|\.azure-pipelines/.*\.ya?ml)$",
    re.IGNORECASE,
)
_LICENCE = re.compile(
    r"^(?:(?:un)?licen[cs]es?|copying|copyright)(?:[._-][^/]*)?$|^licen[cs]es/[^/]+$"
    r"|^[a-z0-9.]+[-_](?:un)?licen[cs]e(?:\.[^/]*)?$",  # MIT-LICENSE, as Rails names it
    re.IGNORECASE,
)
_README = re.compile(r"^readme(?:[._-][^/]*)?$", re.IGNORECASE)

# Manifest -> lock files that pin it, in its folder or (workspaces) in one above.
MANIFESTS: dict[str, tuple[str, ...]] = {
    "package.json": (
        *("package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lockb", "bun.lock"),
        *("deno.lock", "rush.json"),
    ),
    "pyproject.toml": (
        "poetry.lock",
        "uv.lock",
        "pdm.lock",
        "pylock*.toml",
        "requirements*.lock",
        "pixi.lock",
        "conda-lock.yml",
    ),
    "Pipfile": ("Pipfile.lock",),
    "setup.py": ("poetry.lock", "uv.lock", "pdm.lock", "pylock*.toml", "requirements*.lock"),
    "Cargo.toml": ("Cargo.lock",),
    "go.mod": ("go.sum",),
    "Gemfile": ("Gemfile.lock",),
    "composer.json": ("composer.lock",),
    "pubspec.yaml": ("pubspec.lock",),
    "mix.exs": ("mix.lock",),
    "Package.swift": ("Package.resolved",),
    "deno.json": ("deno.lock",),
    "flake.nix": ("flake.lock",),
    "build.gradle": ("gradle.lockfile", "libs.versions.toml", "gradle/libs.versions.toml"),
    "build.gradle.kts": ("gradle.lockfile", "libs.versions.toml", "gradle/libs.versions.toml"),
}
_LOCKS = tuple(dict.fromkeys(lock for locks in MANIFESTS.values() for lock in locks))
_EXACT_LOCKS = frozenset(lock for lock in _LOCKS if "*" not in lock)
_REQUIREMENTS = re.compile(
    r"(?:^|/)requirements(?:[._-][\w.-]+)?\.txt$|(?:^|/)requirements/[\w.-]+\.txt$", re.IGNORECASE
)
_LOOSE_LINE = re.compile(rb"^(?!#|-|\s*$)(?![^#;]*(?:===?|@\s*\S+|\.whl|://))", re.MULTILINE)


# What a generator copies into new projects: its dependencies are chosen and locked there.
_TEMPLATE_FOLDER = re.compile(r"(?:^|/)(?:templates?|skeletons?|\{\{[^/]*\}\})/", re.IGNORECASE)


def kinds_of(path: str, path_class: str) -> frozenset[str]:
    """The roles of a path: "tests", "ci", "licence", "readme", "manifest", "lock", "requirements"."""
    roles = {role for role, pattern in _BY_PATH.items() if pattern.match(path)}
    if path_class in ("tests", "code") and is_test(path):
        roles.add("tests")
    if path_class in ("code", "generated") and is_lock(path.rpartition("/")[2]):
        roles.add("lock")
    if path_class == "code":
        roles |= _dependency_roles(path)
    return frozenset(roles)


_BY_PATH = {"ci": _CI, "licence": _LICENCE, "readme": _README}


def _dependency_roles(path: str) -> set[str]:
    if _TEMPLATE_FOLDER.search(path):
        return set()
    if path.rpartition("/")[2] in MANIFESTS:
        return {"manifest"}
    return {"requirements"} if _REQUIREMENTS.search(path) else set()


def is_test(path: str) -> bool:
    """Say whether a file holds tests by the convention of its ecosystem; fixtures, helpers and __init__.py do not."""
    name = path.rpartition("/")[2]
    # A name that follows the convention is a test in folders named after what is tested, such as helpers or mock.
    if _TEST_NAME.search(name) and not _holds_samples(path) and not _NO_TEST.search(name):
        return True
    if _COLLECTED.search(name) and not _holds_samples(path):
        return True
    return not _NO_TEST.search(path) and bool(_TEST_FOLDER_CODE.search(path))


def _holds_samples(path: str) -> bool:
    """Whether a folder of the path holds samples for tests, not tests."""
    return bool(_NO_TEST_FOLDER.search(path) or (_SAMPLE_FOLDER.search(path) and not _IN_PACKAGE.search(path)))


def is_lock(name: str) -> bool:
    """Whether a lock file bears this name."""
    return name in _EXACT_LOCKS or (
        name.startswith(("pylock", "requirements")) and any(fnmatchcase(name, x) for x in _LOCKS)
    )


def is_pinned(requirements: bytes) -> bool:
    """Whether every line of a requirements file names one exact version; a file without requirements is."""
    return not _LOOSE_LINE.search(requirements.replace(b"\\\r\n", b" ").replace(b"\\\n", b" "))


def pinned_share(manifests: Iterable[str], locks: Set[str], requirements: Mapping[str, bool | None]) -> tuple[int, int]:
    """(pinned, all) manifests. A folder's setup.py beside its pyproject.toml is not counted twice."""
    counted = _counted(manifests)
    pinned = sum(_has_lock(path, locks) for path in counted)
    return pinned + sum(map(bool, requirements.values())), len(counted) + len(requirements)


def unpinned(manifests: Iterable[str], locks: Set[str], requirements: Mapping[str, bool | None]) -> list[str]:
    """The manifests and requirements files known not to be pinned, by path; None in `requirements` is unknown."""
    loose = [path for path in _counted(manifests) if not _has_lock(path, locks)]
    return sorted([*loose, *(path for path, exact in requirements.items() if exact is False)])


def _counted(manifests: Iterable[str]) -> list[str]:
    found = sorted(set(manifests))
    folders = {_folder(path) for path in found if path.endswith("pyproject.toml")}
    return [path for path in found if not (path.endswith("setup.py") and _folder(path) in folders)]


def _has_lock(manifest: str, locks: Set[str]) -> bool:
    folder, wanted = _folder(manifest), MANIFESTS[manifest.rpartition("/")[2]]
    while True:
        prefix = f"{folder}/" if folder else ""
        here = [lock.removeprefix(prefix) for lock in locks if lock.startswith(prefix)]
        if any(fnmatchcase(name, lock) for name in here for lock in wanted if name.count("/") == lock.count("/")):
            return True
        if not folder:
            return False
        folder = folder.rpartition("/")[0]


def _folder(path: str) -> str:
    return path.rpartition("/")[0]
