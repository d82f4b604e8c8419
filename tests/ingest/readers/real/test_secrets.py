"""gitleaks of four versions: each leak once, at its place, and never what leaked."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.readers.registry import read_bytes
from ingest.redaction import redact

FORMATS = Path(__file__).parents[3] / "fixtures/formats"

# What each version printed: "leaks found: N". Version 8.30 lists a key block twice, as it is and decoded.
LEAKS = {
    "gitleaks-7.6.json": (4, 4),
    "gitleaks-8.0-git.json": (7, 7),
    "gitleaks-8.30-git.json": (6, 5),
    "gitleaks-8.30-dir-redacted.json": (4, 3),
}


def test_gitleaks_7_wrote_other_keys():
    """Rule, file and line are found; what leaked is not kept."""
    leak = (
        b'[{"line":"key = made-up-leak","lineNumber":3,"offender":"made-up-leak","leakURL":"",'
        b'"rule":"Generic","file":"a.py"}]'
    )
    (reading,) = read_bytes(leak, "x")
    assert (reading.format, reading.figures[0].value) == ("gitleaks", 1)
    assert (reading.items[0].path, reading.items[0].line) == ("a.py", 3)
    assert "made-up-leak" not in str(reading)


def test_gitleaks_without_fingerprints_tells_leaks_apart_by_commit_and_column():
    """Early reports of version 8: one line of one file, two commits, two secrets."""
    one = b'{"RuleID":"aws","File":"a.tf","StartLine":2,"StartColumn":5,"Secret":"made-up","Commit":"c1"}'
    other = one.replace(b'"StartColumn":5', b'"StartColumn":90').replace(b"c1", b"c2")
    (reading,) = read_bytes(b"[" + one + b"," + other + b"," + one + b"]", "x")
    assert reading.figures[0].value == 2
    assert "made-up" not in str(reading)


@pytest.mark.parametrize("name", sorted(LEAKS))
def test_gitleaks_of_every_version_counts_each_place_once(name):
    """A place that is listed twice is one secret, and the report says so."""
    printed, secrets = LEAKS[name]
    (reading,) = read_bytes((FORMATS / name).read_bytes(), "download.bin")
    assert (reading.format, reading.figures[0].value, len(reading.items)) == ("gitleaks", secrets, secrets)
    assert bool(reading.warnings) == (printed > secrets)
    assert all(f"{printed} leaks are {secrets} secrets" in reported for reported in reading.warnings)


def test_two_secrets_on_one_line_are_two():
    """The fingerprint of gitleaks names rule, file and line, which both keys share."""
    (reading,) = read_bytes((FORMATS / "gitleaks-8.30-git.json").read_bytes(), "x")
    keys = [item for item in reading.items if item.path == "shop/config.py"]
    assert [item.line for item in keys] == [3, 3]
    assert keys[0].fingerprint != keys[1].fingerprint


def test_the_sarif_of_gitleaks_counts_secrets_and_no_findings():
    """All six results, since SARIF does not say which of them was decoded."""
    (reading,) = read_bytes((FORMATS / "gitleaks-8.30.sarif").read_bytes(), "x")
    assert [(figure.metric, figure.value) for figure in reading.figures] == [("secrets_count", 6)]


def test_no_leak_of_a_gitleaks_report_is_stored():
    """The planted keys stand in the reports and in nothing that is read from them."""
    planted = ("PLANTEDSECRETS", "n0tArealT0ken", "bm90IGEgcmVhbC", "not a real key")
    for name in (*LEAKS, "gitleaks-8.30.sarif"):
        data = (FORMATS / name).read_text()
        assert "redacted" in name or planted[1] in data
        assert not any(words in str(read_bytes(data.encode(), name)) for words in planted)


def test_gitleaks_before_7_wrote_no_address_of_a_leak():
    """Its list is known by the offender and the rule; the commit tells leaks apart."""
    leak = b'{"line":"k = made-up-leak","offender":"made-up-leak","commit":"%b","rule":"Generic","file":"a.py"}'
    (reading,) = read_bytes(b"[" + leak % b"c1" + b"," + leak % b"c2" + b"]", "x")
    assert (reading.format, reading.figures[0].value) == ("gitleaks", 2)
    assert "made-up-leak" not in str(reading)


@pytest.mark.parametrize("name", [*sorted(LEAKS), "gitleaks-8.30.sarif"])
def test_a_kept_report_of_gitleaks_is_read_alike_and_holds_no_leak(name):
    """Also of a kind that no issuer documents: what is kept names the place and not the words found there."""
    data = (FORMATS / name).read_bytes()
    for planted in (b"AKIAQ7PLANTEDSECRETS", b"AKIAZ2PLANTEDSECRETS", b"ghp_n0tArealT0kenPlantedForATest12345678"):
        data = data.replace(planted, b"house-words-nobody-documents")
    kept, hits = redact(data)
    assert hits or "redacted" in name
    assert b"house-words" not in kept
    assert read_bytes(kept, "x") == read_bytes(data, "x")
