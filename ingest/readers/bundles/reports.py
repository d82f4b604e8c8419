"""Sizes that tools report: size-limit, bundle-stats, bundlewatch, and what Vite, rollup and Next.js print."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from ingest.readers.bundles.stats import ALL, BROTLI, GZIP, MAX_ENTRIES, RAW, is_map
from ingest.readers.contract import Figure, Reader, ReadError, Reading, count, figure, number
from ingest.readers.text.json import has, load_json, load_object, log_text, mapping, objects, plain_text, text

_UNITS = {"b": 1.0, "kb": 1000.0, "mb": 1e6, "gb": 1e9, "kib": 1024.0, "mib": 1024.0**2, "gib": 1024.0**3}
_BUILT = re.compile(
    r"^(\S+\.(?:m?js|cjs|css|wasm|html|svg|png|jpe?g|webp|woff2?|json))\s+([\d,.]{1,15})\s*([kKMG]i?B|B)\b"
    r"(?:[^\n]*?gzip:\s*([\d,.]{1,15})\s*([kKMG]i?B|B))?(?:[^\n]*?brotli:\s*([\d,.]{1,15})\s*([kKMG]i?B|B))?",
    re.MULTILINE,
)
_ROUTE = re.compile(
    r"^[┌├└+ ]*\s*[○●ƒλ◐◯]\s+(/\S*)(?:\s+\([^)\n]{1,60}\)){0,3}"
    r"\s+([\d.]{1,10})\s*(B|kB|MB)\s+([\d.]{1,10})\s*(B|kB|MB)",
    re.MULTILINE,
)
_SHARED = re.compile(r"^\+ First Load JS shared by all\s+([\d.]{1,10})\s*(B|kB|MB)", re.MULTILINE)
_WATCHED = re.compile(
    r"^ *(?:PASS|FAIL|WARN) +(\S+?):\s+([\d.]{1,12})\s*([KMG]?B)\b.*?\((gzip|brotli|no compression|none)\)",
    re.MULTILINE,
)


_KINDS = ("CSS", "FONT", "HTML", "IMG", "JS", "MEDIA", "OTHER")  # of files, as bundle-stats sums them up


def _bytes(value: str, unit: str) -> float | None:
    found = number(value.replace(",", ""))
    return None if found is None else round(found * _UNITS[unit.lower()])


def _detect_size_limit(head: bytes, name: str) -> float:
    listed = has(head, "[]", "name") and has(head, "[]", "size")
    return 0.95 if listed and (has(head, "[]", "passed") or has(head, "[]", "sizeLimit")) else 0.0


def read_size_limit(data: bytes, name: str) -> Reading:
    """Each check is an entry. The file is good when a limit is exceeded; it does not state its compression."""
    figures = []
    document = list(objects(load_json(data)))[:MAX_ENTRIES]
    for entry in document:
        title = text(entry.get("name"))
        metric = _named_metric(title.lower())
        figures.append(figure(metric, count(entry.get("size")), f"entry:{title}", "no size: the check did not run"))
    if not figures:
        raise ReadError("no check in the size-limit report")
    figures, doubts = _settle_verdicts(document, figures)
    warning = (
        "size-limit does not state its compression: brotli, the default since version 11, unless the name of a check"
        " says gzip (the default before) or uncompressed"
    )
    return Reading("size-limit", "size-limit", "", tuple(figures), (), (warning, *doubts))


def _settle_verdicts(document: list[dict[str, Any]], figures: list[Figure]) -> tuple[list[Figure], list[str]]:
    """A check that calls itself failed under a limit that its size keeps has no size to believe."""
    doubts: list[str] = []
    settled = []
    for entry, row in zip(document, figures, strict=True):
        reason = _contradiction(entry)
        settled.append(figure(row.metric, None, row.scope, reason) if reason else row)
        doubts += [f"{row.scope}: {reason}"] * bool(reason)
    return settled, doubts


def _contradiction(check: dict[str, Any]) -> str:
    size, limit = count(check.get("size")), count(check.get("sizeLimit"))
    timed = any("time" in key.lower() for key in check)
    if check.get("passed") is not False or timed or size is None or limit is None or size > limit:
        return ""
    return f"the check failed, though its {size} bytes keep its limit of {limit}"


def _named_metric(title: str) -> str:
    if "uncompressed" in title or "no compression" in title:
        return RAW
    return GZIP if "gzip" in title else BROTLI


def _detect_vite_manifest(head: bytes, name: str) -> float:
    return 0.9 if has(head, "*", "file") and (has(head, "*", "isEntry") or has(head, "*", "src")) else 0.0


def read_vite_manifest(data: bytes, name: str) -> Reading:
    """A manifest names the files and not their sizes."""
    load_object(data)
    raise ReadError("a Vite manifest holds names and no sizes: give the build's printed output or the built files")


def _detect_build_output(head: bytes, name: str) -> float:
    body = plain_text(head)
    known = "gzip:" in body or re.search(r"\bvite v\d", body)
    return 0.85 if known and _BUILT.search(body) else 0.0


def read_build_output(data: bytes, name: str) -> Reading:
    """The list of files that Vite and rollup print; source maps left out. Printed sizes are rounded to 10 bytes."""
    body = log_text(data)
    sums: Counter[str] = Counter()
    complete = {GZIP: True, BROTLI: True}
    files = [found for found in _BUILT.findall(body) if not is_map(found[0])]
    for _, raw, unit, zipped, zip_unit, brotli, brotli_unit in files:
        sums[RAW] += int(_bytes(raw, unit) or 0)
        for metric, size, size_unit in ((GZIP, zipped, zip_unit), (BROTLI, brotli, brotli_unit)):
            complete[metric] = complete[metric] and bool(size)
            sums[metric] += int(_bytes(size, size_unit) or 0) if size else 0
    if not files or re.search(r"(?m)^(?:error during build|✗ Build failed)", body):
        raise ReadError("the build failed or printed no file with its size")
    version = re.search(r"\bvite v([\d.]{1,20})", body)
    # Vite 2 and 3 end with the list of files: no last line of theirs but a whole one.
    ended = data.endswith(b"\n") if version and version[1].startswith(("2.", "3.")) else " built in " in body
    if re.search(r"(?m)^vite v\d", body) and not ended:
        raise ReadError("the build's last line (built in ...) is missing: cut off")
    figures = [figure(RAW, sums[RAW], ALL)]
    figures += [figure(metric, sums[metric], ALL) for metric, whole in complete.items() if whole]
    tool = ("vite", version[1]) if version else ("rollup", "")
    return Reading("vite-output", *tool, tuple(figures), (), ("summed from printed sizes, which are rounded",))


def _detect_next(head: bytes, name: str) -> float:
    body = plain_text(head)
    return 0.9 if "Route (" in body and re.search(r"(?m)^ *Route \((?:app|pages)\)", body) else 0.0


def read_next(data: bytes, name: str) -> Reading:
    """First Load JS a route (gzip, as Next.js counts it). Next.js 16 prints no sizes any more."""
    body = log_text(data)
    routes, doubts = _routes(body)
    shared = _SHARED.search(body)
    if not routes and not shared:
        raise ReadError("no sizes in the output of next build (16 and later print none): measure the built files")
    figures = [figure(GZIP, size, f"route:{route}") for route, size in routes[:MAX_ENTRIES]]
    if shared:
        figures.append(figure(GZIP, _bytes(shared[1], shared[2]), "first-load-shared"))
    version = re.search(r"Next\.js v?([\d.]{1,20})", body)
    return Reading("next-build", "next build", version[1] if version else "", tuple(figures), (), doubts)


def _routes(body: str) -> tuple[list[tuple[str, float]], tuple[str, ...]]:
    """What each route loads at first. What a route adds is part of that, so the larger of the two is taken."""
    routes, odd = [], ""
    for route, own, own_unit, first, unit in _ROUTE.findall(body):
        added, loaded = _bytes(own, own_unit) or 0, _bytes(first, unit) or 0
        odd = odd or (route if added > loaded else "")
        routes.append((route, max(added, loaded)))
    return routes, (f"{odd} is printed larger than what it loads at first: the larger figure is taken",) if odd else ()


def _detect_bundle_stats(head: bytes, name: str) -> float:
    places = (("metrics", "totalSizeByTypeALL"), ("*", "metrics", "totalSizeByTypeALL"), ("webpack", "metrics"))
    if any(has(head, *place) for place in places):
        return 0.95
    return 0.85 if b"totalSizeByTypeALL" in head else 0.0


def read_bundle_stats(data: bytes, name: str) -> Reading:
    """bundle-stats (relative-ci): all assets and what loads at first; the first run of the file is the current one."""
    document = load_json(data)
    figures = []
    for key, scope in (
        ("totalSizeByTypeALL", ALL),
        ("totalInitialSizeJS", "initial-js"),
        ("totalInitialSizeCSS", "initial-css"),
    ):
        value = _bundle_metric(document, key, 0)
        if value is not None:
            figures.append(figure(RAW, value, scope))
    if not figures:
        raise ReadError("no total size in the bundle-stats report")
    parts = [_bundle_metric(document, f"totalSizeByType{kind}", 0) for kind in _KINDS]
    listed = sum(part for part in parts if part is not None)
    doubts: tuple[str, ...] = ()
    if figures[0].scope == ALL and figures[0].value is not None and listed > figures[0].value:
        stated = f"{figures[0].value:.0f} bytes and lists {listed} by type"
        doubts = (f"the report states {stated}: the larger figure is taken",)
        figures[0] = figure(RAW, listed, ALL)
    return Reading("bundle-stats", "bundle-stats", "", tuple(figures), (), doubts)


def _bundle_metric(node: Any, key: str, depth: int) -> int | None:
    """The value of a metric, which moved between versions: an object by its name, or a row with `key` and `runs`."""
    if depth > 8:
        return None
    if isinstance(node, list):
        found = (_bundle_metric(entry, key, depth + 1) for entry in node[:200])
        return next((value for value in found if value is not None), None)
    entry = mapping(node)
    # Version 4 writes `webpack.totalSizeByTypeALL`.
    if text(entry.get("key")).rpartition(".")[2] == key:
        run = next(objects(entry.get("runs")), entry)
        return count(run.get("value"))
    if key in entry:
        return count(mapping(entry[key]).get("value", entry[key]))
    return _bundle_metric(list(entry.values()), key, depth + 1)


def _detect_bundlewatch(head: bytes, name: str) -> float:
    if has(head, "fullResults", "[]", "filePath") or has(head, "fileResults", "[]", "filePath"):
        return 0.95
    body = plain_text(head)
    return 0.85 if any(word in body for word in ("PASS ", "FAIL ", "WARN ")) and _WATCHED.search(body) else 0.0


def read_bundlewatch(data: bytes, name: str) -> Reading:
    """Its result as JSON (gzip is its default) or the lines that it prints."""
    if data.lstrip().startswith(b"{"):
        document = load_object(data)
        rows = [*objects(document.get("fullResults")), *objects(document.get("fileResults"))]
        figures = [figure(GZIP, count(row.get("size")), f"file:{text(row.get('filePath'))}") for row in rows]
    else:
        metrics = {"gzip": GZIP, "brotli": BROTLI}
        found = _WATCHED.findall(log_text(data))
        figures = [
            figure(metrics.get(how, RAW), _bytes(size, f"{unit[:-1]}iB" if len(unit) > 1 else unit), f"file:{path}")
            for path, size, unit, how in found
        ]
    if not figures:
        raise ReadError("no file with its size in the bundlewatch result")
    return Reading("bundlewatch", "bundlewatch", "", tuple(figures[:MAX_ENTRIES]))


READERS = (
    Reader("size-limit", "size-limit JSON", "size-limit 8, 11, 12", (BROTLI,), _detect_size_limit, read_size_limit),
    Reader("vite-manifest", "Vite manifest", "vite 5.4, 8.3", (RAW,), _detect_vite_manifest, read_vite_manifest),
    Reader(
        "vite-output",
        "Vite and rollup build output",
        "vite 2.9 to 8.3",
        (RAW, GZIP),
        _detect_build_output,
        read_build_output,
    ),
    Reader("next-build", "next build output", "Next.js 14, 15, 16", (GZIP,), _detect_next, read_next),
    Reader("bundle-stats", "bundle-stats JSON", "bundle-stats 4.22", (RAW,), _detect_bundle_stats, read_bundle_stats),
    Reader("bundlewatch", "bundlewatch result", "bundlewatch 0.4", (GZIP,), _detect_bundlewatch, read_bundlewatch),
)
