"""Readers meet files from anywhere: bombs, entities, cut and mutilated reports give one line, never a traceback."""

from __future__ import annotations

import gzip
import io
import json
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.fuzz_readers import attack, samples
from ingest.observation import CATALOGUE
from ingest.readers.contract import MAX_ITEMS, ReadError, figure, number, one_line
from ingest.readers.registry import READERS, read_bytes, recognise
from ingest.readers.text.json import load_json, paths_of
from ingest.readers.text.xml import parse_xml
from tests.testing.effort import effort

FIXTURES = Path(__file__).parents[2] / "fixtures"
SEEDS = samples()
LCOV = b"TN:\nSF:src/a.py\nDA:1,1\nDA:2,0\nLF:2\nLH:1\nend_of_record\n"
MUTATIONS = 30  # a reader, here; benchmarks/fuzz_readers.py does 10,000


@pytest.mark.parametrize("reader", sorted(SEEDS))
def test_damaged_files_give_a_figure_or_a_reason(reader):
    """No mutation ends in a traceback, takes 2 s, or gives a figure that cannot be."""
    problems = [problem for problem, _, _ in attack(reader, SEEDS[reader], MUTATIONS, seed=7) if problem]
    assert problems == []


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_can_be_read(data):
    """Noise is no report and no error."""
    for reading in read_bytes(data, "noise"):
        assert reading.figures or reading.warnings


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_empty_and_foreign_files_are_unknown(reader):
    """An empty file, a foreign document and a login page forced upon a reader give NULL with a reason, never zero."""
    for data in (b"", b"  \n", b"{}", b"[]", b"<html><body>Sign in</body></html>", b"null"):
        for reading in read_bytes(data, "x", reader.name):
            for found in reading.figures:
                # What these tools write when they find nothing.
                clean = (reader.name, data) in {
                    ("gitleaks", b"[]"),
                    ("gitleaks", b"null"),
                    ("ruff", b"[]"),
                    ("vale", b"{}"),
                }
                plain = reader.name == "built-file" and data.strip()
                assert clean or plain or (found.value is None and found.reason)


def test_what_nobody_knows_is_reported_in_words():
    """A login page, an API error and an unknown text are distinguished."""
    reported = [
        read_bytes(data, "x")[0].warnings[0] for data in (b"<!DOCTYPE html><p>Sign in", b'{"message":"Bad"}', b"hm")
    ]
    assert [words.split(",")[0] for words in reported] == [
        "an HTML page",
        "an error document",
        "no known format; describe it as generic JSON or CSV (docs/readers.md)",
    ]


def test_an_unknown_hint_names_the_readers():
    """A typing mistake gets the list."""
    assert "unknown reader 'juni'" in read_bytes(LCOV, "x", "juni")[0].warnings[0]


def test_ties_are_reported(monkeypatch):
    """Two readers that claim a file equally: the first reads it and the other is named."""
    from dataclasses import replace

    from ingest.readers import registry

    twin = replace(registry.BY_NAME["lcov"], name="twin")
    monkeypatch.setattr(registry, "READERS", (*registry.READERS, twin))
    assert registry.read_bytes(LCOV, "x")[0].warnings == ("also recognised as twin; read as lcov",)


BILLION_LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE testsuites [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><testsuites>&b;</testsuites>'
)
EXTERNAL = (
    b'<?xml version="1.0"?><!DOCTYPE testsuites [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    b"<testsuites><testcase>&x;</testcase></testsuites>"
)
PARAMETER = (
    b"""<?xml version="1.0"?><!DOCTYPE testsuites [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x">%p;]><testsuites/>"""
)


@pytest.mark.parametrize("data", [BILLION_LAUGHS, EXTERNAL, PARAMETER])
def test_entities_are_refused(data):
    """Expansion, external files and parameter entities end in one line."""
    with pytest.raises(ReadError, match="entity"):
        parse_xml(data)
    reading = read_bytes(data, "junit.xml")[0]
    assert {found.value for found in reading.figures} == {None}
    assert "root:" not in repr(reading)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig"])
def test_entities_are_refused_in_every_encoding(encoding):
    """A byte scan would miss them in UTF-16; the parser does not."""
    data = BILLION_LAUGHS.decode().replace('version="1.0"', f'version="1.0" encoding="{encoding.removesuffix("-sig")}"')
    with pytest.raises(ReadError):
        parse_xml(data.encode(encoding))


def test_our_parser_is_as_strict_as_defusedxml():
    """What defusedxml forbids, ours forbids; what it parses, ours parses to the same tree."""
    defused = pytest.importorskip("defusedxml.ElementTree")
    for data in (BILLION_LAUGHS, EXTERNAL, PARAMETER):
        with pytest.raises(ValueError):
            defused.fromstring(data)
    for path in [*FIXTURES.glob("*/*.xml"), *FIXTURES.glob("ci_outputs/*/*.xml")]:
        mine = [(e.tag, e.attrib, e.text) for e in parse_xml(path.read_bytes()).iter()]
        theirs = [
            (e.tag.rpartition("}")[2].rpartition(":")[2], e.attrib, e.text)
            for e in defused.fromstring(path.read_bytes()).iter()
        ]
        assert [(t, e) for t, _, e in mine] == [(t, e) for t, _, e in theirs]


def test_a_document_type_is_allowed_and_not_fetched():
    """JaCoCo names an external DTD; it is read without the network."""
    assert read_bytes((FIXTURES / "formats/jacoco.xml").read_bytes(), "x")[0].figures[0].value == 75


def test_deep_xml_and_json_are_refused():
    """Bottomless nesting is one line."""
    deep_xml = b"<testsuites>" + b"<testsuite>" * 100_000 + b"</testsuite>" * 100_000 + b"</testsuites>"
    assert "nested deeper" in read_bytes(deep_xml, "x")[0].figures[0].reason
    deep_json = b'{"numTotalTests":' + b"[" * 200_000
    assert read_bytes(deep_json, "x", "jest")[0].figures[0].value is None


def test_numbers_that_are_none_are_refused():
    """1e999, NaN, Infinity and ten thousand digits are no figures."""
    for text in ("NaN", "Infinity", "-Infinity"):
        with pytest.raises(ReadError, match="not a JSON number"):
            load_json(f'{{"a": {text}}}'.encode())
    with pytest.raises(ReadError):
        load_json(b'{"a": ' + b"9" * 10_000 + b"}")
    assert number(load_json(b'{"a": 1e999}')["a"]) is None


@settings(deadline=None)
@given(st.sampled_from(sorted(CATALOGUE)), st.one_of(st.floats(), st.integers(), st.text(max_size=8), st.none()))
def test_no_impossible_figure_can_be_made(metric, value):
    """A figure is finite and inside its range, or it is unknown and says why."""
    made = figure(metric, value)
    if made.value is None:
        assert made.reason
    elif made.unit in ("percent", "points"):
        assert 0 <= made.value <= 100
    else:
        assert abs(made.value) <= 1e15


def zipped(files, level=zipfile.ZIP_DEFLATED):
    """A zip of name -> bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", level) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_an_archive_gives_a_reading_an_entry():
    """An artifact holds several reports, also inside an inner zip; what nobody knows is passed over."""
    inner = zipped({"deep/lcov.info": LCOV})
    data = zipped({"coverage/lcov.info": LCOV, "notes.md": b"# hm", "inner.zip": inner})
    readings = read_bytes(data, "artifact.zip")
    assert [reading.entry for reading in readings] == ["coverage/lcov.info", "inner.zip/deep/lcov.info"]
    assert [reading.figures[0].value for reading in readings] == [50, 50]


def test_a_gzip_is_opened():
    """coverage.info.gz is the same report."""
    assert read_bytes(gzip.compress(LCOV), "lcov.info.gz")[0].figures[0].value == 50


def test_bombs_are_refused():
    """A zip, a zip in zips and a gzip that unpack to far more than they hold are one line each, with bounded effort."""
    zeros = b"\0" * 50_000_000
    bomb = zipped({"zeros": zeros})
    nested = zipped({"1.zip": zipped({"2.zip": zipped({"3.zip": zipped({"a": b"x"})})})})
    for data in (bomb, zipped({"bomb.zip": bomb}), nested, gzip.compress(zeros)):
        answers = []
        assert effort(lambda data=data, answers=answers: answers.append(read_bytes(data, "x.zip"))) < 150
        readings = answers[0]
        assert len(readings) == 1 and readings[0].figures == ()
        assert "refused" in readings[0].warnings[0]


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a/../../b", "C:\\x", "..\\x"])
def test_names_that_climb_out_are_refused(name):
    """Zip-slip ends the archive."""
    assert "zip-slip" in read_bytes(zipped({name: LCOV}), "x.zip")[0].warnings[0]


@pytest.mark.parametrize("keep", [30, 100, -5])
def test_cut_archives_are_unknown(keep):
    """Half a zip is one line."""
    assert "zip" in read_bytes(zipped({"lcov.info": LCOV})[:keep], "x.zip")[0].warnings[0]


def test_items_are_capped_and_counts_are_not():
    """Very many failures are counted all and listed in part, which is reported."""
    cases = b'<testcase classname="a" name="%d"><failure message="no"/></testcase>'
    body = b"<testsuite>" + b"".join(cases % i for i in range(MAX_ITEMS + 5)) + b"</testsuite>"
    reading = read_bytes(body, "x")[0]
    assert reading.figures[0].value == MAX_ITEMS + 5
    assert len(reading.items) == MAX_ITEMS and "only the first" in reading.warnings[-1]


@pytest.mark.parametrize(
    ("reader", "keep"),
    [
        ("lcov", 40),
        ("go-cover", 75),
        ("junit", 300),
        ("tap", 200),
        ("ctest-text", 150),
        ("dart-test", 700),
        ("vite-output", 250),
    ],
)
def test_a_report_that_was_cut_off_is_unknown(reader, keep):
    """Half a report is not a smaller report."""
    seeds = SEEDS[reader]
    # A plan that comes first says how many are missing: that is counted, not unknown. node:test writes it last.
    name, data = next((seed for seed in seeds if seed[0].startswith("node-")), seeds[0])
    for found in read_bytes(data[:keep], name, reader)[0].figures:
        assert found.value is None, found


def test_a_go_log_that_was_cut_off_is_no_pass():
    """A package whose end is missing counts as an errored test."""
    lines = (FIXTURES / "formats/go-test.jsonl").read_bytes().splitlines(keepends=True)
    found = {f.metric: f.value for f in read_bytes(b"".join(lines[:3]), "x")[0].figures}
    assert (found["tests_passed"], found["tests_errored"]) == (1, 1)


def test_the_shape_of_json_is_known_from_its_beginning():
    """Key paths found by the scanner equal those of the parsed document, and a cut text gives a subset."""
    for path in (FIXTURES / "formats").glob("*.json"):
        data = path.read_bytes()
        whole = paths_of(data)
        assert whole == frozenset(_paths(json.loads(data)))
        assert paths_of(data[: len(data) // 2]) <= whole


def _paths(node, before=(), depth=4):
    """The plain twin of the scanner."""
    if len(before) >= depth:
        return
    if isinstance(node, list):
        for entry in node:
            yield from _paths(entry, (*before, "[]"), depth)
    elif isinstance(node, dict):
        for key, value in node.items():
            yield (*before, json.dumps(key)[1:-1])
            yield from _paths(value, (*before, json.dumps(key)[1:-1]), depth)


def test_a_report_whose_mark_comes_late_is_found():
    """A file whose first 32 KB do not give it away is looked at whole."""
    data = json.dumps(
        {"padding": ["x" * 100] * 1000, "generalDiagnostics": [], "summary": {"filesAnalyzed": 1}}
    ).encode()
    assert recognise(data, "x")[0][1].name == "pyright"


@settings(deadline=None)
@given(st.text(max_size=2000))
def test_words_for_lists_are_one_printable_line(text):
    """Whatever a report says, a list shows one line."""
    line = one_line(text)
    assert len(line) <= 300 and line.isprintable() and "\n" not in line


def test_recursion_depth_is_left_alone():
    """Readers do not buy depth by raising the interpreter's limit."""
    limit = sys.getrecursionlimit()
    read_bytes(b"[" * 100_000, "x")
    assert sys.getrecursionlimit() == limit


HARD_LINES = (
    b"1/4 Test #1: a" + b" ." * 30_000,
    b"PASS " + b" " * 60_000,
    b"\n" * 60_000 + b"1/4 Test #1: a",
    b"-" * 60_000 + b"RESULT: ",
    b"a:1:" * 20_000 + b" error: ",
    b"(" * 60_000 + b"error TS1",
    b"TN:" + b"\n" * 60_000,
    b"key: " * 15_000 + b"openapi",
    b"ok" + b" #" * 30_000,
    b"[" + b'"\\' * 30_000,
)


@pytest.mark.parametrize("number", range(len(HARD_LINES)))
def test_no_line_can_hang_a_reader(number):
    """Text made to send patterns backwards is given up with bounded effort, by every reader."""
    names = (None, *(reader.name for reader in READERS))

    assert effort(lambda: [read_bytes(HARD_LINES[number], "x", name) for name in names]) < 150
