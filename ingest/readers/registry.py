"""Which readers there are, and which of them reads a file: by content, best score first, ties reported."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from ingest.readers import generic
from ingest.readers.api import openapi as api_openapi
from ingest.readers.archives import entries, gunzip, is_archive, is_gzip
from ingest.readers.bundles import files as bundle_files
from ingest.readers.bundles import reports as bundle_reports
from ingest.readers.bundles import stats as bundle_stats
from ingest.readers.contract import Reader, ReadError, Reading, capped, unknown
from ingest.readers.coverage import badges
from ingest.readers.coverage import coverlet as coverage_coverlet
from ingest.readers.coverage import gcovr as coverage_gcovr
from ingest.readers.coverage import json_formats as coverage_json
from ingest.readers.coverage import opencover as coverage_opencover
from ingest.readers.coverage import text_formats as coverage_text
from ingest.readers.coverage import xml_formats as coverage_xml
from ingest.readers.performance import load_field, memory_series, otlp
from ingest.readers.performance import load_lab as load
from ingest.readers.quality import docs_and_lint as prose_and_docs
from ingest.readers.quality import services as quality_services
from ingest.readers.quality import type_checkers as type_checks
from ingest.readers.security import audits as security_audits
from ingest.readers.security import code_scanners as security_json
from ingest.readers.security import package_managers as security_packages
from ingest.readers.security import sarif as security_sarif
from ingest.readers.security import yarn as security_yarn
from ingest.readers.test_results import json_formats as tests_json
from ingest.readers.test_results import junit as tests_junit
from ingest.readers.test_results import line_formats as tests_lines
from ingest.readers.test_results import tap as tests_tap
from ingest.readers.test_results import xml_formats as tests_xml
from ingest.readers.text.encodings import as_utf8
from ingest.readers.text.json import has

HEAD = 32 * 1024
WHOLE = 2 * 1024 * 1024  # JSON that its first bytes do not give away is looked at whole up to here
MAX_BYTES = 256 * 1024 * 1024
SURE = 0.5  # below this a score is a guess and no reader is taken
TIE = 0.05
_BEGINNING = re.compile(rb"^(?:[{\[](?:[\s\"{\]}]|\Z)|<\?xml |<testsuite)", re.MULTILINE)  # of a document in a log
# What a service answers instead of a report; "msg" is SonarQube's word.
_ERRORS = (("error",), ("message",), ("errors", "[]", "message"), ("errors", "[]", "msg"))

READERS: tuple[Reader, ...] = (
    *coverage_text.READERS,
    *coverage_xml.READERS,
    *coverage_opencover.READERS,
    *coverage_json.READERS,
    *coverage_gcovr.READERS,
    *coverage_coverlet.READERS,
    *badges.READERS,
    *tests_junit.READERS,
    *tests_xml.READERS,
    *tests_json.READERS,
    *tests_tap.READERS,
    *tests_lines.READERS,
    *bundle_stats.READERS,
    *bundle_reports.READERS,
    *load.READERS,
    *load_field.READERS,
    *memory_series.READERS,
    *otlp.READERS,
    *security_sarif.READERS,
    *security_json.READERS,
    *security_audits.READERS,
    *security_yarn.READERS,
    *security_packages.READERS,
    *api_openapi.READERS,
    *type_checks.READERS,
    *prose_and_docs.READERS,
    *quality_services.READERS,
    *generic.READERS,
    *bundle_files.READERS,
)
BY_NAME = {reader.name: reader for reader in READERS}


def read_bytes(data: bytes, name: str, hint: str | None = None) -> list[Reading]:
    """What a file yields; one reading, or one an entry of an archive. Never raises for what the bytes hold.

    `hint` names the reader to use whatever the content looks like (docs/readers.md lists the names).
    """
    try:
        if is_archive(data):
            return _archive(data, hint)
        if is_gzip(data):
            return read_bytes(gunzip(data), name.removesuffix(".gz"), hint)
    except ReadError as problem:
        return [_refused("archive", str(problem))]
    return [_read_one(data, name, hint)]


def recognise(data: bytes, name: str) -> list[tuple[float, Reader]]:
    """The readers that know the format, best first."""
    data = as_utf8(data)
    found = _scores(data[:HEAD], name)
    if not found and HEAD < len(data) <= WHOLE and data.lstrip()[:1] in (b"{", b"["):
        found = _scores(data, name)
    return found


def _scores(head: bytes, name: str) -> list[tuple[float, Reader]]:
    scored = ((reader.detect(head, name), reader) for reader in READERS)
    return sorted(((score, reader) for score, reader in scored if score >= SURE), key=lambda pair: -pair[0])


def _archive(data: bytes, hint: str | None) -> list[Reading]:
    """An entry that nobody knows is normal in an artifact; an archive of nothing known is worth a word."""
    known: list[Reading] = []
    others = 0
    troubles: list[str] = []
    for name, content in entries(data, troubles):
        if hint is None and not recognise(content, name):
            others += 1
            continue
        known += [replace(reading, entry=reading.entry or name) for reading in read_bytes(content, name, hint)]
    if not known:
        return [_refused("archive", next(iter(troubles), f"no known format among its {others} entries"))]
    return known + [_refused("archive", trouble) for trouble in troubles]


def _read_one(data: bytes, name: str, hint: str | None) -> Reading:
    if not data.strip(b"\0\t\n\r \xef\xbb\xbf"):
        return _empty(name, hint)
    if len(data) > MAX_BYTES:
        return _refused("", f"{len(data):,} bytes: larger than {MAX_BYTES:,}, not read")
    if hint is not None:
        if hint not in BY_NAME:
            return _refused("", f"unknown reader {hint!r}; the readers are: {', '.join(sorted(BY_NAME))}")
        return _run(BY_NAME[hint], data, name)
    found = recognise(data, name)
    if not found:
        inner = _behind_log(as_utf8(data), name)
        if inner:
            warning = "printed between lines of a log: those were skipped"
            reading = _read_one(inner, name, None)
            return replace(reading, warnings=(*reading.warnings, warning))
        return _refused("", _nobody_knows(as_utf8(data[:HEAD])))
    reading = _run(found[0][1], data, name)
    rivals = [reader.name for score, reader in found[1:] if score >= found[0][0] - TIE]
    if rivals:
        warning = f"also recognised as {', '.join(rivals)}; read as {found[0][1].name}"
        reading = replace(reading, warnings=(*reading.warnings, warning))
    return reading


def _has_own_format(data: bytes, name: str) -> bool:
    """Whether a reader of one format, not a generic one, knows the bytes."""
    known = recognise(data, name)
    return bool(known) and not known[0][1].name.startswith("generic")


def _behind_log(data: bytes, name: str) -> bytes:
    """The report that follows a few lines of a log (`npm run test -- --json > out.json`), empty when there is none."""
    last = max(data.rfind(b"\n" + sign) for sign in (b"}", b"]", b"</"))  # lines of the log may follow it, too
    for start in _beginnings(data[:HEAD]):
        end = data.find(b"\n", last + 1 if last > start else start)
        end = end if end >= 0 else len(data)
        if (start or end < len(data)) and _has_own_format(data[start:end], name):
            another = any(recognise(data[end + at :], name) for at in _beginnings(data[end:]))
            return data[start:] if another else data[start:end]  # two reports are not the first of them: refused later
    return b""


def _beginnings(data: bytes) -> list[int]:
    """Where the first documents may begin: each is looked at, and a log may be full of braces."""
    return [found.start() for found in islice(_BEGINNING.finditer(data), 3)]


def _run(reader: Reader, data: bytes, name: str) -> Reading:
    """Damage that a reader did not foresee is still one line and a NULL, never the end of a pull."""
    try:
        # Of a built file the bytes are the figure, its mark among them.
        return capped(reader.read(data if reader in bundle_files.READERS else as_utf8(data), name))
    except ReadError as problem:
        return unknown(reader, str(problem))
    except (
        ValueError,
        TypeError,
        LookupError,
        AttributeError,
        ArithmeticError,
        RecursionError,
        MemoryError,
    ) as problem:
        return unknown(reader, f"damaged: {type(problem).__name__} while it was read as {reader.title}")


def _empty(name: str, hint: str | None) -> Reading:
    """Without bytes only the name can say which figure is missing."""
    if hint in BY_NAME:
        return unknown(BY_NAME[hint], "the file is empty")
    return _refused("", f"{name}: the file is empty" if name else "the file is empty")


def _refused(form: str, reason: str) -> Reading:
    return Reading(form, "", "", (), (), (reason,))


def _nobody_knows(data: bytes) -> str:
    start = data[:400].lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "an HTML page, not a report: often a login or error page that was saved instead of the file"
    if start.startswith(b"{") and any(has(data, *key) for key in _ERRORS):
        return "an error document, not a report"
    return "no known format; describe it as generic JSON or CSV (docs/readers.md)"


def names(readers: Sequence[Reader] = READERS) -> list[str]:
    """Names for `hint`."""
    return [reader.name for reader in readers]
