"""Sizes out of bundlers' own statistics: webpack and rspack stats, esbuild metafiles.

The scope says what was measured: `entry:NAME` is what a browser loads for that entry point at first, `all-assets` is
everything that is deployed; source maps belong to neither.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ingest.readers.contract import Figure, Reader, ReadError, Reading, count, figure
from ingest.readers.test_results.agreement import worse_count
from ingest.readers.text.json import MAX_BYTES, has, has_all, load_object, mapping, objects, sequence, text

RAW, GZIP, BROTLI = "bundle_raw_bytes", "bundle_gzip_bytes", "bundle_brotli_bytes"
METRICS = (RAW,)
ALL = "all-assets"
MAX_ENTRIES = 500
MAX_DOUBTS = 5
STREAMED = 8 * 1024 * 1024
_WANTED = frozenset(
    {"version", "rspackVersion", "assets", "entrypoints", "namedChunkGroups", "errors", "errorsCount", "children"}
)
_OPENING, _CLOSING = frozenset({"start_map", "start_array"}), frozenset({"end_map", "end_array"})
_PIECE = 1 << 20  # bytes handed to the parser at a time


class Asset(NamedTuple):
    """One emitted file."""

    name: str
    size: int


def _detect_webpack(head: bytes, name: str) -> float:
    if has(head, "hash") and (has(head, "assetsByChunkName") or has(head, "publicPath") or has(head, "builtAt")):
        return 0.95
    if has_all(head, "assets", "chunks") and has(head, "assets", "[]", "chunkNames"):
        return 0.9
    if has_all(head, "errorsCount", "warningsCount", "errors", "warnings"):
        return 0.8  # what Rspack writes with its default `stats`: a file without assets
    return 0.7 if has(head, "children", "[]", "assets") or has(head, "assets", "[]", "chunkNames") else 0.0


def _refuse_failed_build(document: Mapping[str, Any]) -> None:
    errors = count(document.get("errorsCount"))
    failed = errors if errors is not None else len(sequence(document.get("errors")))
    if failed:
        raise ReadError(f"the build failed with {failed} errors: its sizes mean nothing")


def read_webpack(data: bytes, name: str) -> Reading:
    """webpack and rspack. Files of hundreds of megabytes are streamed; their modules are never built."""
    document = load_object(data) if len(data) < STREAMED else _only_wanted(data)
    _refuse_failed_build(document)
    compilations = list(objects(document.get("children"))) if "assets" not in document else [document]
    assets = {a.name: a for compilation in compilations for a in _assets(compilation)}
    rspack = text(document.get("rspackVersion"))
    tool, version = ("rspack", rspack) if rspack else ("webpack", text(document.get("version")))
    if not assets:
        raise ReadError(
            "no assets in the stats file: written with assets: false or Rspack's default, use stats: 'normal'"
        )
    figures = [figure(RAW, sum(asset.size for asset in assets.values()), ALL)]
    doubts: list[str] = []
    for compilation in compilations:
        figures += _entries(compilation, assets, doubts)
    return Reading("webpack-stats", tool, version, tuple(figures[: MAX_ENTRIES + 1]), (), tuple(doubts[:MAX_DOUBTS]))


def _assets(compilation: dict[str, Any]) -> Iterator[Asset]:
    for entry in objects(compilation.get("assets")):
        size, name = count(entry.get("size")), text(entry.get("name"))
        # Plugins' reports and source maps: written beside the bundle, not deployed.
        aside = mapping(entry.get("info")).get("development") is True
        if size is not None and name and not aside and not is_map(name):
            yield Asset(name, size)


def is_map(name: str) -> bool:
    """A source map: built beside the bundle, not loaded by users."""
    return name.partition("?")[0].endswith(".map")


def _entries(compilation: dict[str, Any], assets: dict[str, Asset], doubts: list[str]) -> Iterator[Figure]:
    """Old versions list the assets of an entry as names, newer ones as objects, with the sum of their sizes."""
    for entry, group in mapping(compilation.get("entrypoints")).items():
        listed = sequence(mapping(group).get("assets"))
        names = [text(mapping(asset).get("name")) if isinstance(asset, dict) else text(asset) for asset in listed]
        known = [assets[name].size for name in dict.fromkeys(names) if name in assets]
        maps = any(is_map(name) for name in names)
        stated = None if maps else count(mapping(group).get("assetsSize"))
        if known or stated:
            taken, words = worse_count(stated, sum(known), "byte")
            doubts += [f"entry {entry}: {words}"] * bool(words)
            yield figure(RAW, taken, f"entry:{entry}")


def _only_wanted(data: bytes) -> dict[str, Any]:
    """The wanted members of a huge document, streamed: of the others nothing is built."""
    import ijson

    try:
        return dict(_members(data.removeprefix(codecs.BOM_UTF8)))
    except ijson.JSONError as problem:
        raise ReadError(f"JSON is damaged or cut off: {str(problem).splitlines()[0][:80]}") from problem
    except RecursionError:
        raise ReadError("JSON is nested too deeply: refused") from None


def _members(data: bytes) -> Iterator[tuple[str, Any]]:
    """Key and value of each wanted member at the top."""
    import ijson
    from ijson.common import ObjectBuilder

    if not data.lstrip().startswith(b"{"):
        raise ReadError("expected a JSON object")
    key, member, depth = "", None, 0
    for event, value in ijson.basic_parse(io.BytesIO(data), buf_size=_PIECE, use_float=True):
        depth += (event in _OPENING) - (event in _CLOSING)
        if depth == 1 and event == "map_key":
            if member:
                yield key, member.value
            key, member = value, ObjectBuilder() if value in _WANTED else None
        elif member and depth:
            member.event(event, value)
    if member:
        yield key, member.value


def _detect_esbuild(head: bytes, name: str) -> float:
    if has(head, "outputs", "*", "bytes") and has(head, "inputs"):
        return 0.97
    return 0.9 if has(head, "inputs", "*", "bytes") and has(head, "inputs", "*", "imports") else 0.0


def read_esbuild(data: bytes, name: str) -> Reading:
    """Outputs without source maps; an entry is its file with everything that it imports statically."""
    outputs = mapping(load_object(data).get("outputs"))
    sizes = {path: count(mapping(entry).get("bytes")) for path, entry in outputs.items() if not is_map(path)}
    known = {path: size for path, size in sizes.items() if size is not None}
    if not known:
        raise ReadError("no outputs with sizes in the metafile")
    doubts = _larger_inputs(outputs, known)
    figures = [figure(RAW, sum(known.values()), ALL)]
    for path, entry in outputs.items():
        start = text(mapping(entry).get("entryPoint"))
        if start and path in known:
            figures.append(figure(RAW, sum(known[file] for file in _static(path, outputs, known)), f"entry:{start}"))
    return Reading("esbuild-metafile", "esbuild", "", tuple(figures[: MAX_ENTRIES + 1]), (), tuple(doubts[:MAX_DOUBTS]))


def _larger_inputs(outputs: dict[str, Any], known: dict[str, int]) -> list[str]:
    """Raise each output to the sum of its inputs where that is more; the rest is what the bundler adds."""
    doubts = []
    for path, size in known.items():
        parts = mapping(mapping(outputs.get(path)).get("inputs")).values()
        listed = sum(count(mapping(part).get("bytesInOutput")) or 0 for part in parts)
        if listed > size:
            known[path] = listed
            doubts.append(f"{path} states {size} bytes and lists {listed} of its inputs: the larger figure is taken")
    return doubts


def _static(path: str, outputs: dict[str, Any], known: dict[str, int]) -> set[str]:
    """The output with all outputs that its static imports reach."""
    reached: set[str] = set()
    waiting = [path]
    while waiting:
        file = waiting.pop()
        if file in reached or file not in known:
            continue
        reached.add(file)
        imports = objects(mapping(outputs.get(file)).get("imports"))
        waiting += [text(i.get("path")) for i in imports if i.get("kind") != "dynamic-import"]
    return reached


READERS = (
    Reader(
        "webpack-stats",
        "webpack and rspack stats",
        "webpack 4.47, 5.112, Rspack 1.7",
        METRICS,
        _detect_webpack,
        read_webpack,
    ),
    Reader(
        "esbuild-metafile", "esbuild metafile", "esbuild 0.8, 0.14, 0.17, 0.28", METRICS, _detect_esbuild, read_esbuild
    ),
)
assert STREAMED < MAX_BYTES
