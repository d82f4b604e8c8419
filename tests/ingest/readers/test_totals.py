"""A total beside a list, in scanners, page loads and bundles: the greener of the two never wins unseen."""

from __future__ import annotations

import json

import pytest

from ingest.readers.registry import read_bytes


def read(document, name="report"):
    """(metric, scope) -> value, and all warnings in one text."""
    data = document if isinstance(document, str) else json.dumps(document)
    (reading,) = read_bytes(data.encode(), name)
    return {(f.metric, f.scope): f.value for f in reading.figures}, " ".join(reading.warnings)


def trivy(failures, *severities):
    """A Trivy report of one file with these failed checks and this stated number of failures."""
    checks = [{"ID": f"AVD-{at}", "Severity": word, "Title": "t"} for at, word in enumerate(severities)]
    target = {
        "Target": "main.tf",
        "Class": "config",
        "MisconfSummary": {"Successes": 3, "Failures": failures},
        "Misconfigurations": checks,
    }
    return {"SchemaVersion": 2, "ArtifactName": ".", "Results": [target]}


def osv(groups):
    """An osv-scanner report of one package with two vulnerabilities in these groups."""
    package = {"package": {"name": "a", "version": "1"}, "vulnerabilities": [{"id": "GHSA-1"}, {"id": "GHSA-2"}]}
    return {"results": [{"source": {"path": "go.mod"}, "packages": [{**package, "groups": groups}]}]}


def lighthouse(score, audits, **more):
    """A report of a page whose category has this score over audits of (weight, score)."""
    rows = {f"audit-{at}": {"score": value} for at, (_, value) in enumerate(audits)}
    refs = [{"id": f"audit-{at}", "weight": weight} for at, (weight, _) in enumerate(audits)]
    category = {"performance": {"score": score, "auditRefs": refs}}
    return {
        "lighthouseVersion": "12.8.0",
        "requestedUrl": "https://x/",
        "categories": category,
        "audits": {**rows, **more},
    }


HIGH, SCORE, BYTES, RAW = "findings_high_count", "load_score", "load_bytes", "bundle_raw_bytes"
LCP = {
    "largest-contentful-paint": {"numericValue": 1000},
    "metrics": {"details": {"items": [{"largestContentfulPaint": 4000}]}},
}
WEIGHT = {"total-byte-weight": {"numericValue": 10, "details": {"items": [{"totalBytes": 9000}, {"totalBytes": 1000}]}}}
WEBPACK = {
    "hash": "h",
    "publicPath": "",
    "assets": [{"name": "a.js", "size": 100}],
    "entrypoints": {"main": {"assets": [{"name": "a.js", "size": 100}], "assetsSize": 900}},
}
ESBUILD = {"inputs": {}, "outputs": {"a.js": {"bytes": 10, "inputs": {"a.ts": {"bytesInOutput": 70}}}}}
STATS = {"webpack": {"metrics": {"totalSizeByTypeALL": {"value": 10}, "totalSizeByTypeJS": {"value": 90}}}}
CHECK = [{"name": "app", "size": 100, "sizeLimit": 200, "passed": False}]
NEXT = "Route (app)     Size     First Load JS\n┌ ○ /    200 kB     90 kB\n"
CONTRADICTING = {  # what contradicts what -> (document, figure, value)
    "trivy states more failures than it lists": (trivy(3, "LOW"), (HIGH, ""), 2),
    "trivy lists more failures than it states": (trivy(0, "HIGH"), (HIGH, ""), 1),
    "osv-scanner lists a vulnerability in no group": (osv([{"ids": ["GHSA-1"]}]), (HIGH, ""), 2),
    "lighthouse states a better score than its audits": (lighthouse(0.99, [(60, 0.5), (40, 0.5)]), (SCORE, ""), 50),
    "lighthouse states a worse score than its audits": (lighthouse(0.2, [(100, 0.9)]), (SCORE, ""), 20),
    "lighthouse states two paints": (lighthouse(1, [], **LCP), ("load_lcp_seconds", ""), 4),
    "lighthouse lists more bytes than it states": (lighthouse(1, [], **WEIGHT), (BYTES, ""), 10_000),
    "webpack states a larger entry than it lists": (WEBPACK, (RAW, "entry:main"), 900),
    "esbuild lists more input than its output has": (ESBUILD, (RAW, "all-assets"), 70),
    "bundle-stats lists more by type than in all": (STATS, (RAW, "all-assets"), 90),
    "size-limit failed under its limit": (CHECK, ("bundle_brotli_bytes", "entry:app"), None),
    "next prints a route larger than its first load": (NEXT, ("bundle_gzip_bytes", "route:/"), 200_000),
}


@pytest.mark.parametrize("case", CONTRADICTING)
def test_the_worse_of_two_statements_counts_and_both_are_named(case):
    """The worse figure is taken, or none, and a warning names what does not agree."""
    document, key, value = CONTRADICTING[case]
    found, reported = read(document)
    assert found[key] == (None if value is None else pytest.approx(value))
    assert any(word in reported for word in ("states", "in none of its groups", "printed larger", "keep its limit"))


AGREEING = {
    "trivy": trivy(2, "LOW", "HIGH"),
    "osv-scanner": osv([{"ids": ["GHSA-1"], "aliases": ["CVE-1", "GHSA-2"]}]),
    "lighthouse": lighthouse(0.7, [(50, 0.9), (50, 0.5)]),
    "webpack": {**WEBPACK, "entrypoints": {"main": {"assets": [{"name": "a.js", "size": 100}], "assetsSize": 100}}},
}


@pytest.mark.parametrize("tool", AGREEING)
def test_statements_that_agree_are_not_remarked_on(tool):
    """No warning of a contradiction where there is none."""
    assert "states" not in read(AGREEING[tool])[1]


def test_a_partial_answer_of_prometheus_is_unknown():
    """A store that did not answer left its series out: nothing is known of their memory."""
    rows = [[at * 15, str(1e8)] for at in range(100)]
    matrix = {
        "resultType": "matrix",
        "result": [{"metric": {"__name__": "process_resident_memory_bytes"}, "values": rows}],
    }
    whole = {"status": "success", "data": matrix}
    assert read(whole)[0]["memory_growth_mb_per_hour", ""] is not None
    assert read({**whole, "warnings": ["store a: no such host"]})[0]["memory_growth_mb_per_hour", ""] is None
