"""Sizes and load times that the tools themselves wrote are read as those tools state them."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.readers.registry import read_bytes

FORMATS = Path(__file__).parents[3] / "fixtures/formats"
RAW, GZIP, BROTLI = "bundle_raw_bytes", "bundle_gzip_bytes", "bundle_brotli_bytes"
P95, FAILED = "request_p95_seconds", "request_error_percent"

# file -> (reader, tool version, (metric, scope) -> value)
REAL = {
    # webpack 4.47.0 prints: 2.js 258 bytes, admin.js 1.37 KiB, main.js 2.58 KiB.
    "webpack-4.47.stats.json": (
        "webpack-stats",
        "4.47.0",
        {(RAW, "all-assets"): 258 + 1400 + 2646, (RAW, "entry:main"): 2646, (RAW, "entry:admin"): 1400},
    ),
    # webpack 5.112.2 on disk: 2731 + 233 + 176; the plug-in's report of 14,415 bytes beside them is marked [dev].
    "webpack-5.112.stats.json": (
        "webpack-stats",
        "5.112.2",
        {(RAW, "all-assets"): 3140, (RAW, "entry:main"): 2731, (RAW, "entry:admin"): 176},
    ),
    # Rspack 1.7.12 on disk: main.js 2788, admin.js 356, 665.js 242; its default stats hold no assets.
    "rspack-1.7.stats.json": ("webpack-stats", "1.7.12", {(RAW, "all-assets"): 3386, (RAW, "entry:main"): 2788}),
    "rspack-1.7-default.stats.json": ("webpack-stats", "", {(RAW, ""): None}),
    # esbuild prints 305b + 213b + 153b + 102b (and style.css 136b); index.js imports the chunk of 305 bytes.
    "esbuild-0.17.meta.json": ("esbuild-metafile", "", {(RAW, "all-assets"): 773, (RAW, "entry:src/index.js"): 518}),
    "esbuild-0.28.meta.json": ("esbuild-metafile", "", {(RAW, "all-assets"): 909, (RAW, "entry:src/admin.js"): 407}),
    # Vite 5.4.21: 0.28 + 0.37 + 0.10 + 0.15 + 2.05 kB, gzip 0.21 + 0.20 + 0.11 + 0.16 + 1.10.
    "vite-5.4.build.txt": ("vite-output", "5.4.21", {(RAW, "all-assets"): 2950, (GZIP, "all-assets"): 1780}),
    # Vite 7.3.8: as above with index.js 2.15 kB, gzip 1.14 kB.
    "vite-7.3.build.txt": ("vite-output", "7.3.8", {(RAW, "all-assets"): 3050, (GZIP, "all-assets"): 1820}),
    # Vite 8.3.8: 0.28 + 0.37 + 0.09 + 0.15 + 2.67, gzip 0.21 + 0.19 + 0.10 + 0.16 + 1.32.
    "vite-8.3.build.txt": ("vite-output", "8.3.8", {(RAW, "all-assets"): 3560, (GZIP, "all-assets"): 1980}),
    # reportCompressedSize: false
    "vite-8.3-nogzip.build.txt": ("vite-output", "8.3.8", {(RAW, "all-assets"): 3470}),
    "vite-5.4.manifest.json": ("vite-manifest", "", {(RAW, ""): None}),
    # Next.js 14.2.35; /fresh carries two remarks: (ISR: 60 Seconds) (764 ms).
    "next-14.2.build.txt": (
        "next-build",
        "14.2.35",
        {(GZIP, "route:/"): 87400, (GZIP, "route:/fresh"): 81100, (GZIP, "first-load-shared"): 87200},
    ),
    "next-15.5.build.txt": (
        "next-build",
        "15.5.29",
        {(GZIP, "route:/_not-found"): 104000, (GZIP, "route:/fresh"): 108000, (GZIP, "first-load-shared"): 103000},
    ),
    "next-15.5-turbopack.build.txt": (
        "next-build",
        "15.5.29",
        {(GZIP, "route:/items/[id]"): 114000, (GZIP, "route:/old"): 117000, (GZIP, "first-load-shared"): 114000},
    ),
    "next-16.4.build.txt": ("next-build", "", {(GZIP, ""): None}),  # Next.js 16 prints routes without sizes
    # size-limit 8.2.6 prints 1.62 kB gzipped; its unnamed default is gzip, too, which the JSON does not say.
    "size-limit-8.2.json": ("size-limit", "", {(GZIP, "entry:all (gzip)"): 1620}),
    # 11.2.0 and 12.1.0 print 1.25 kB brotlied, 1.62 kB gzipped.
    "size-limit-11.2.json": ("size-limit", "", {(BROTLI, "entry:main"): 1252, (GZIP, "entry:all (gzip)"): 1621}),
    "size-limit-12.1.json": ("size-limit", "", {(BROTLI, "entry:main"): 1252, (GZIP, "entry:all (gzip)"): 1621}),
    # bundle-stats-webpack-plugin 4.22.3 prints: Bundle Size 3.07KiB, Initial JS 2.84KiB.
    "bundle-stats-4.22.json": ("bundle-stats", "", {(RAW, "all-assets"): 3140, (RAW, "initial-js"): 2907}),
    # bundlewatch 0.4.2 prints: 206B (gzip), 171B (gzip), 2.67KB (no compression) of 1,024 bytes.
    "bundlewatch-0.4.txt": (
        "bundlewatch",
        "",
        {(GZIP, "file:dist/480.js"): 206, (GZIP, "file:dist/admin.js"): 171, (RAW, "file:dist/main.js"): 2734},
    ),
    "bundlewatch-0.4-raw.txt": ("bundlewatch", "", {(RAW, "file:dist/480.js"): 233, (RAW, "file:dist/main.js"): 2734}),
    # Lighthouse 12.8.2, two runs: LCP 1.205 and 1.282 s, score 100 and 97; 13.5.0, three runs.
    "lighthouse-12.8.json": (
        "lighthouse",
        "12.8.2",
        {
            ("load_lcp_seconds", "/index.html"): (1.2050258 + 1.2817815) / 2,
            ("load_score", "/index.html"): 98.5,
            ("load_bytes", "/index.html"): 4393,
        },
    ),
    "lighthouse-13.5.json": ("lighthouse", "13.5.0", {("load_lcp_seconds", "/index.html"): 1.0238944}),
    "lighthouse-13.5-error.json": ("lighthouse", "", {("load_lcp_seconds", ""): None, ("load_score", ""): None}),
    # browsertime 27.5.0 prints: LCP 368ms (3 runs); video was off.
    "browsertime-27.5.json": (
        "browsertime",
        "27.5.0",
        {("load_lcp_seconds", "/index.html"): 0.368, ("load_speed_index_seconds", "/index.html"): None},
    ),
    # k6 prints: http_req_duration p(95), and http_req_failed 5.00% of 100 requests; each shape is a run of its own.
    "k6-0.38-summary-export.json": ("k6", "", {(P95, ""): 0.16373, (FAILED, ""): 5}),
    "k6-1.1-summary-export.json": ("k6", "", {(P95, ""): 0.16373, (FAILED, ""): 5}),
    "k6-1.1-handle-summary.json": ("k6", "", {(P95, ""): 0.16405, (FAILED, ""): 5}),
    "k6-2.2-summary-export.json": ("k6", "", {(P95, ""): 0.16391, (FAILED, ""): 5}),
    # --new-machine-readable-summary names the percentile p95
    "k6-2.2-machine-readable.json": ("k6", "2.2.0", {(P95, ""): 0.16379, (FAILED, ""): 5}),
    "k6-1.1-no-request.json": ("k6", "", {(P95, ""): None, (FAILED, ""): None}),
    # web-vitals 6.2.3 in Chromium, four page views.
    "web-vitals-6.2.jsonl": ("web-vitals", "", {("load_lcp_seconds", "field"): 0.436}),
}


@pytest.mark.parametrize("name", sorted(REAL))
def test_the_tool_and_the_reader_state_the_same(name):
    """The figures are those that the tool printed or wrote to disk."""
    reader, version, figures = REAL[name]
    (reading,) = read_bytes((FORMATS / name).read_bytes(), "download.bin")
    assert (reading.format, reading.tool_version) == (reader, version)
    found = {(figure.metric, figure.scope): figure.value for figure in reading.figures}
    for key, value in figures.items():
        assert found[key] == (None if value is None else pytest.approx(value, rel=1e-4))


def test_web_vitals_are_the_75th_percentile_of_the_page_views():
    """Four beacons of LCP: the third of them in order."""
    import json

    rows = [json.loads(line) for line in (FORMATS / "web-vitals-6.2.jsonl").read_text().splitlines()]
    seen = sorted(row["value"] for row in rows if row["name"] == "LCP")
    (reading,) = read_bytes((FORMATS / "web-vitals-6.2.jsonl").read_bytes(), "x")
    assert len(seen) == 4
    assert reading.figures[0].value == pytest.approx(seen[2] / 1000)


def test_an_uncompressed_check_of_size_limit_is_raw():
    """A name says what the JSON of size-limit does not."""
    data = b'[{"name": "main (uncompressed)", "passed": true, "size": 201, "sizeLimit": 300}]'
    assert read_bytes(data, "x")[0].figures[0].metric == RAW


def test_a_log_that_begins_with_a_bracket_is_still_a_log():
    """A first line [WARNING] is no JSON array."""
    (reading,) = read_bytes(b"[WARNING] no token\nPASS dist/a.js: 206B < 1KB (gzip)\n", "x")
    assert (reading.format, reading.figures[0].value) == ("bundlewatch", 206)


def test_xccov_may_list_targets_only():
    """`xccov view --report --only-targets --json` is a list of totals."""
    data = (
        b'[{"name":"Shop.app","coveredLines":30,"executableLines":40,"lineCoverage":0.75},'
        b'{"name":"Pay.framework","coveredLines":0,"executableLines":60,"lineCoverage":0}]'
    )
    (reading,) = read_bytes(data, "x")
    assert (reading.format, reading.figures[0].value) == ("xccov", 30)
