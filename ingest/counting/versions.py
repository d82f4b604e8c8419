"""Versions of the counting rules, alone in a file: a pull with nothing new compares them without loading the rules.

Raise a version whenever its rules would count anything differently: figures of two definitions are never compared,
and the next pull reads the history again.
"""

PATH_RULES = "paths-2"  # ingest/counting/path_classes.py
COMMENT_RULES = "comments-6"  # ingest/counting/: markers, comment_search, the syntax tables
COUNTER_RULES = "counters-3"  # ingest/counting/: counters, path_patterns
HISTORY_RULES = "history-2"  # ingest/sources/git/: what is an item, which date counts

# Of the readers of report files, by format; 1 where none is named. Raised when a reader counts or places figures
# otherwise: what was read before keeps its edition, `tminus pull` and `tminus doctor` report it; `tminus reread`
# replaces it.
READER_EDITIONS = {
    "api": 2,  # routers behind middleware, factories and index files are found
    "bandit": 2,  # what it states is compared with what it lists
    "clover": 4,  # the components of a report are those of the tree
    "cobertura": 3,  # the components of a report are those of the tree
    "coverage-py-json": 4,  # the components of a report are those of the tree
    "coverlet-json": 2,  # the components of a report are those of the tree
    "ctest-text": 2,  # what it states is compared with what it lists
    "ctest-xml": 2,  # what it states is compared with what it lists
    "dart-test": 2,  # a run that calls itself failed is not green
    "eslint": 2,  # what it states is compared with what it lists
    "generic-csv": 2,  # decimal commas between semicolons
    "gcovr-json": 3,  # the components of a report are those of the tree
    "gitleaks": 2,  # two keys on one line are two
    "go-cover": 2,  # the components of a report are those of the tree
    "grype": 2,  # a library is counted once a place
    "gtest": 2,  # what it states is compared with what it lists
    "interrogate": 3,  # what it states is compared with what it lists
    "istanbul-final": 2,  # the components of a report are those of the tree
    "istanbul-summary": 3,  # the components of a report are those of the tree
    "jacoco": 5,  # the components of a report are those of the tree
    "jest": 3,  # what it states is compared with what it lists
    "junit": 5,  # no failure is taken back by a namesake that is skipped or of another suite
    "k6": 3,  # what it states is compared with what it lists
    "lcov": 4,  # the components of a report are those of the tree
    "llvm-cov": 3,  # the components of a report are those of the tree
    "mocha": 2,  # what it states is compared with what it lists
    "mypy": 3,  # what it states is compared with what it lists
    "npm-audit": 2,  # what it states is compared with what it lists
    "nunit": 4,  # what it states is compared with what it lists
    "opencover": 5,  # the components of a report are those of the tree
    "osv-scanner": 2,  # what is never called does not count
    "pip-audit": 2,  # a package without a list of vulnerabilities was not audited
    "playwright": 2,  # what it states is compared with what it lists
    "pyright": 3,  # what it states is compared with what it lists
    "pytest-json": 2,  # what it states is compared with what it lists
    "rspec": 2,  # what it states is compared with what it lists
    "sarif": 3,  # rules by their place, levels that a run overrides, suppressions that disagree
    "semgrep": 2,  # a scan of no file is unknown
    "simplecov": 2,  # the components of a report are those of the tree
    "tap": 2,  # more tests than planned, and failures of the last lines, count
    "trivy": 4,  # none found is unknown where a workload of a cluster could not be scanned
    "trx": 3,  # what it states is compared with what it lists
    "tsc": 2,  # what it states is compared with what it lists
    "type-coverage": 2,  # of several runs in one log the sum, not the first
    "typedoc": 2,  # enumerations of TypeDoc up to 0.20
    "vite-output": 2,  # Vite 2 and 3, which print no last line
    "xccov": 3,  # the components of a report are those of the tree
    "xunit": 3,  # what it states is compared with what it lists
}


def reader_definition(format_name: str) -> str:
    """The counting rule of a reader of today: figures of two formats, or of two editions, are never compared."""
    return f"{format_name}-{READER_EDITIONS.get(format_name, 1)}"


def is_outdated(definition: str) -> bool:
    """Whether figures of this definition were read by an earlier edition of their reader."""
    name, _, edition = definition.partition("+")[0].rpartition("-")
    return edition.isdigit() and int(edition) < READER_EDITIONS.get(name, 1)


def outdated_definitions() -> list[str]:
    """Every definition that an earlier edition of a reader gave, where reading the kept file again can replace it."""
    # The code behind the figures of an API is kept from its second edition on.
    first = {"api": 2}
    old = [f"{name}-{n}" for name, newest in READER_EDITIONS.items() for n in range(first.get(name, 1), newest)]
    return [*old, *(f"{definition}+reread" for definition in old)]
