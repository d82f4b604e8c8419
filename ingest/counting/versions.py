"""Versions of the counting rules, alone in a file: a pull with nothing new compares them without loading the rules.

Raise a version whenever its rules would count anything differently: figures of two definitions are never compared,
and the next pull reads the history anew.
"""

PATH_RULES = "paths-1"  # ingest/counting/path_classes.py
COMMENT_RULES = "comments-2"  # ingest/counting/: markers, comment_search, the syntax tables
COUNTER_RULES = "counters-1"  # ingest/counting/counters.py
HISTORY_RULES = "history-2"  # ingest/sources/git/: what is an item, which date counts

# Of the readers of report files, by format; 1 where none is named. Raised when a reader counts or places figures
# otherwise: what was read before keeps its edition, `tminus pull` and `tminus doctor` say so, `tminus reread` mends it.
READER_EDITIONS = {
    "api": 2,  # routers behind middleware, factories and index files are found
    "clover": 2,  # statements are recounted where the report counts none of its lines
    "coverage-py-json": 2,  # docstrings that ran are no statements, in merged shards neither
    "gitleaks": 2,  # two keys on one line are two
    "grype": 2,  # a library is counted once a place
    "interrogate": 2,  # of several runs in one log the sum, not the first
    "jacoco": 3,  # the whole is the sum of its packages
    "jest": 2,  # a file that vitest 0 could not load is an errored test
    "junit": 3,  # a failure that printed what is no character is read
    "k6": 2,  # p95 of the machine-readable summary
    "lcov": 2,  # docstrings that ran are no statements, in merged shards neither
    "mypy": 2,  # of several runs in one log the sum, not the first
    "nunit": 3,  # a failure that printed what is no character is read
    "opencover": 3,  # directories count the way into a method as the whole does
    "osv-scanner": 2,  # what is never called does not count
    "pyright": 2,  # of several runs in one log the sum, not the first
    "trivy": 3,  # licences or secrets alone say nothing of vulnerabilities
    "trx": 2,  # a failure that printed what is no character is read
    "type-coverage": 2,  # of several runs in one log the sum, not the first
    "typedoc": 2,  # enumerations of TypeDoc up to 0.20
    "vite-output": 2,  # Vite 2 and 3, which print no last line
    "xunit": 2,  # a failure that printed what is no character is read
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
