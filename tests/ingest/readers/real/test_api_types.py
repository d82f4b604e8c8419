"""API documents, contract tests, type checkers, documentation tools and JavaScript test runners: their own outputs."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.readers.api.coverage import prove
from ingest.readers.registry import read_bytes

FORMATS = Path(__file__).parents[3] / "fixtures/formats"

# file -> (reader, metric, value)
REAL = {
    # mypy 0.991, 1.20.2 and 2.4.1: Found 5 errors in 1 file (checked 3 source files).
    "mypy-0.991.txt": ("mypy", "type_errors_count", 5),
    "mypy-1.20.txt": ("mypy", "type_errors_count", 5),
    "mypy-1.20.jsonl": ("mypy", "type_errors_count", 5),
    "mypy-2.4.txt": ("mypy", "type_errors_count", 5),
    "mypy-2.4-pretty.txt": ("mypy", "type_errors_count", 5),
    "mypy-2.4.jsonl": ("mypy", "type_errors_count", 5),
    # Found 2 errors in 1 file (errors prevented further checking), which the JSON does not say.
    "mypy-2.4-syntax.txt": ("mypy", "type_errors_count", None),
    "mypy-2.4-syntax.jsonl": ("mypy", "type_errors_count", None),
    # pyright 1.1.414: 5 errors, 0 warnings, 1 information.
    "pyright-1.1.414.json": ("pyright", "type_errors_count", 5),
    "pyright-1.1.414.txt": ("pyright", "type_errors_count", 5),
    # Type completeness score: 0%, out of no symbol at all (a package without py.typed).
    "pyright-1.1.414-verifytypes.json": ("pyright", "type_coverage_percent", None),
    # tsc 4.9.5, 5.9.3, 6.0.3, 7.0.2: Found 4 errors in 2 files.
    "tsc-4.9.txt": ("tsc", "type_errors_count", 4),
    "tsc-5.9-four-pretty.txt": ("tsc", "type_errors_count", 4),
    "tsc-6.0.txt": ("tsc", "type_errors_count", 4),
    "tsc-7.0.txt": ("tsc", "type_errors_count", 4),
    "tsc-7.0-pretty.txt": ("tsc", "type_errors_count", 4),
    "tsc-7.0-config-error.txt": ("tsc", "type_errors_count", None),
    # type-coverage 2.30.3: (41 / 42) 97.61%.
    "type-coverage-2.30-one-any.json": ("type-coverage", "type_coverage_percent", 4100 / 42),
    "type-coverage-2.30-detail.txt": ("type-coverage", "type_coverage_percent", 4100 / 42),
    # TypeDoc 0.25.13 warns of 10 undocumented of 15, 0.28.20 of 9 of 14 (it leaves the private method out).
    "typedoc-0.25.json": ("typedoc", "docs_documented_percent", 500 / 15),
    "typedoc-0.28-basket.json": ("typedoc", "docs_documented_percent", 500 / 14),
    # interrogate 1.5.0 and 1.7.0: 11 symbols, 4 missing, actual: 63.6%.
    "interrogate-1.5-vv.txt": ("interrogate", "docs_documented_percent", 700 / 11),
    "interrogate-1.7-vv.txt": ("interrogate", "docs_documented_percent", 700 / 11),
    "interrogate-1.7-result-only.txt": ("interrogate", "docs_documented_percent", 63.6),
    # FastAPI 0.165: five operations, which Schemathesis selects as 5/5. Dredd finds four in the flow-style document.
    "fastapi-0.165.openapi.json": ("openapi", "api_declared_count", 5),
    # Four routes of Fastify (a fifth is hidden from the document), three of Express described in comments.
    "fastify-swagger-9.9.openapi.yaml": ("openapi", "api_declared_count", 4),
    "swagger-jsdoc-6.3.openapi.json": ("openapi", "api_declared_count", 3),
    "flow-style.openapi.yaml": ("openapi", "api_declared_count", 4),
    # Schemathesis 4.32.5: three of five operations fail.
    "schemathesis-4.32.ndjson": ("schemathesis-events", "api_proven_percent", 40),
}
# file -> (reader, passed, failed with errored ones, errored, skipped, flaky or None)
TESTS = {
    # vitest 1.6 to 5.1: 1 failed, 2 passed, 1 skipped, 1 todo (5), and a file that does not load. It reports no reruns.
    **{f"vitest-{version}.json": ("jest", 2, 2, 1, 1, None) for version in (1, 2, 3, 4, 5)},
    # jest 27.5, 29.7, 30.5: 1 failed, 1 skipped, 1 todo, 2 passed, 5 total; 27 reports no reruns.
    "jest-27.json": ("jest", 2, 2, 1, 1, None),
    "jest-29.json": ("jest", 2, 2, 1, 1, 1),
    "jest-30.json": ("jest", 2, 2, 1, 1, 1),
    # mocha 10 and 11: 2 passing, 2 pending, 2 failing (one a hook, which mochawesome's own counts leave out).
    "mocha-10.json": ("mocha", 2, 2, 0, 2, 1),
    "mocha-11.json": ("mocha", 2, 2, 0, 2, 1),
    "mochawesome-7.json": ("mocha", 2, 2, 0, 2, None),
    # Playwright 1.40.1 and 1.65.1: 2 failed, 1 flaky, 2 skipped, 2 passed.
    "playwright-1.40.json": ("playwright", 3, 2, 0, 2, 1),
    "playwright-1.65-seven.json": ("playwright", 3, 2, 0, 2, 1),
    # Schemathesis 4.32.5: five operations, three of them fail; 3.39.16: 2 passed, 3 errored.
    "schemathesis-4.32-junit.xml": ("junit", 2, 3, 0, 0, 0),
    "schemathesis-3.39-junit.xml": ("junit", 2, 3, 3, 0, 0),
    # Dredd 14.1.0: 1 passing, 2 failing, 1 errors, 0 skipped, 4 total; its file calls the error a failure.
    "dredd-14.1-junit.xml": ("junit", 1, 3, 0, 0, 0),
}
# Names as they stand in the folder, for the table of all samples:
VITEST = ("vitest-1.json", "vitest-2.json", "vitest-3.json", "vitest-4.json", "vitest-5.json")


@pytest.mark.parametrize("name", sorted(REAL))
def test_the_tool_and_the_reader_state_the_same(name):
    """One figure a file, as the tool's last line has it."""
    reader, metric, value = REAL[name]
    (reading,) = read_bytes((FORMATS / name).read_bytes(), "download.bin")
    found = {figure.metric: figure.value for figure in reading.figures}
    assert reading.format == reader
    assert found[metric] == (None if value is None else pytest.approx(value))
    assert not any("also recognised" in warning for warning in reading.warnings)


@pytest.mark.parametrize("name", sorted(TESTS))
def test_a_run_is_counted_as_its_runner_counts_it(name):
    """Flaky tests are counted where the format tells of reruns, and absent elsewhere."""
    reader, *counts = TESTS[name]
    (reading,) = read_bytes((FORMATS / name).read_bytes(), "download.bin")
    found = {figure.metric: figure.value for figure in reading.figures}
    keys = ("passed", "failed", "errored", "skipped", "flaky")
    assert reading.format == reader
    assert [found.get(f"tests_{key}") for key in keys] == counts
    assert not any("\x1b" in item.text or "[2m" in item.text for item in reading.items)


def test_dredd_sends_concrete_paths_that_belong_to_a_template():
    """`GET (200) /items/1` is the declared GET /items/{item_id}; one of four operations passes."""
    document = (FORMATS / "flow-style.openapi.yaml").read_bytes()
    results = (FORMATS / "dredd-14.1-junit.xml").read_bytes()
    reading = prove(document, [("dredd.xml", results)])
    assert {figure.metric: figure.value for figure in reading.figures} == {
        "api_declared_count": 4,
        "api_proven_percent": 25,
    }
    assert sorted((item.label, item.text) for item in reading.items) == [
        ("failed", "DELETE /items/{item_id}"),
        ("failed", "GET /health"),
        ("failed", "GET /items/{item_id}"),
    ]


def test_fastapis_document_and_schemathesis_belong_together():
    """Both report formats of one run prove the same two of five operations."""
    document = (FORMATS / "fastapi-0.165.openapi.json").read_bytes()
    for name in ("schemathesis-4.32.ndjson", "schemathesis-4.32-junit.xml"):
        figures = prove(document, [(name, (FORMATS / name).read_bytes())]).figures
        assert {figure.metric: figure.value for figure in figures}["api_proven_percent"] == 40


def yaml_figure(body):
    """The one figure of a YAML document."""
    return read_bytes(("openapi: 3.0.3\n" + body).encode(), "api.yaml")[0].figures[0]


def test_shared_path_items_count_for_each_path():
    """An alias and a merge key bring the operations of the path that they name."""
    body = "paths:\n  /a: &a {get: {}, put: {}}\n  /b: *a\n  /c:\n    <<: *a\n    post: {}\n"
    assert yaml_figure(body).value == 2 + 2 + 3


def test_a_word_in_a_description_is_no_operation():
    """Only keys of a path count, however a text block is indented."""
    body = "paths:\n  /a:\n    get:\n      description: |\n        x\n        put: no\n    x-note: {post: no}\n"
    assert yaml_figure(body).value == 1


@pytest.mark.parametrize(
    "body",
    [
        "paths: " + "[" * 100_000,
        "paths:\n  /a:\n    get: {",
        "paths: {[a]: {get: {}}}\n",
        "a: &a x\nb: [" + "*a, " * 30_000 + "*a]\npaths: {/a: {get: {}}}\n",
    ],
)
def test_damaged_or_hostile_yaml_is_unknown(body):
    """Cut off, nested without end, a key that is no text, a swarm of aliases: NULL with one line."""
    found = yaml_figure(body)
    assert found.value is None
    assert found.reason and "\n" not in found.reason
