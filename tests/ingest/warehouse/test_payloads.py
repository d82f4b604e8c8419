"""Raw payloads are kept without credentials, and a better reader re-reads them without touching what was stored."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.counting import versions as rule_versions
from ingest.pull import store_harvest
from ingest.readers import registry
from ingest.readers.contract import figure
from ingest.redaction import MARK, redact, redact_text, redact_words
from ingest.redaction.credential_shapes import ISSUED
from ingest.rereading.reread import better_readers, reread
from ingest.source import Harvest
from ingest.sources.report_files.combine import Origin, combine, report_files, store
from ingest.warehouse.database import Warehouse
from ingest.warehouse.payloads import PayloadStore
from tests.testing.local_forge import junit, lcov, zipped

AT = datetime(2025, 6, 1, tzinfo=UTC)
SECRETS = {
    "github": "ghp_" + "a1B2c3" * 6,
    "gitlab": "glpat-" + "a1B2c3d4" * 3,
    "aws": "AKIA" + "ABCDEFGH12345678",
    "slack": "xoxb-" + "123456789012-abcdefghijkl",
    "jwt": "eyJ" + "hbGciOiJIUzI1NiJ9.eyJ" + "zdWIiOiIxMjM0In0.c2lnbmF0dXJl",
    "url": "postgres://app:" + "hunter2secret@db/shop",
    "header": "Authorization: Bearer " + "abcdefgh12345678",
    "gitleaks": '"Secret": "' + 'correct horse battery"',
    "assigned": 'DB_PASSWORD = "' + 'hunter2hunter2"',
}


def keep_all(payloads: PayloadStore, warehouse: Warehouse, files: dict[str, bytes], group: str = "g") -> Harvest:
    """Read files as one run and store them, as a source does."""
    found, _ = report_files(zipped(files), "artifact", lambda _: True)
    harvest = Harvest(marker="mark")
    store(combine(found)[0], Origin("github", AT, "c" * 40, "https://host/run/1#", group), harvest, payloads)
    store_harvest(warehouse, "github", harvest, AT)
    return harvest


@pytest.fixture
def payloads(tmp_path):
    return PayloadStore(tmp_path / "payloads")


@pytest.mark.parametrize("name", SECRETS)
def test_credentials_are_taken_out_before_anything_is_written(payloads, tmp_path, name):
    """No file of the store holds the secret, compressed or not; what is around it stays."""
    secret = SECRETS[name].split('"')[-2] if '"' in SECRETS[name] else SECRETS[name].rsplit(" ", 1)[-1]
    secret = "hunter2secret" if name == "url" else secret
    assert payloads.keep(f"before {SECRETS[name]} after".encode(), "s", "f", "l", "t") == ""
    for path in tmp_path.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            plain = gzip.decompress(data) if path.suffix == ".gz" else data
            assert secret.encode() not in plain
    origin = next(payloads.origins())
    kept = payloads.read(origin.sha256)
    assert kept.startswith(b"before ")
    assert kept.endswith(b" after")
    assert b"[redacted]" in kept


@pytest.mark.parametrize("issued", ISSUED, ids=lambda issued: issued.prefix[:12])
def test_every_issued_credential_goes_from_files_and_from_words(issued):
    """One list serves both: whatever fits the issuer's description is replaced in either, whole."""

    @settings(max_examples=5, database=None)
    @given(st.from_regex(rf"\A(?:{issued.prefix}){issued.rest}\Z", alphabet=st.characters(codec="ascii")))
    def goes(drawn):
        secret = drawn.strip()
        for clean in (redact(f"got {secret} here".encode())[0].decode(), redact_text(f"got {secret} here")):
            assert clean == "got [redacted] here"
        assert secret[-12:] not in redact_words(f"got {secret} here")

    goes()


# Credentials as people and programs write them into logs and reports: the text, and the part of it that goes.
WRITTEN = {
    "environment": ("AWS_SECRET_ACCESS_KEY={}", "wJalrXUtnFEMI" + "/K7MDENG/bPxRfiCYEXAMPLEKEY"),
    "json": ('"aws_secret_access_key": "{}"', "wJalrXUtnFEMI" + "/K7MDENG/bPxRfiCYEXAMPLEKEY"),
    "json in json": ('{{"body": "{{\\"refresh_token\\": \\"{}\\"}}"}}', "4f9a8b7c6d5e"),
    "entities": ("&quot;password&quot;: &quot;{}&quot;", "hunter2hunter2"),
    "npmrc": ("//registry.example/:_authToken={}", "0f1e2d3c-1111-2222-3333-444455556666"),
    "azure storage": ("AccountName=shop;AccountKey={};EndpointSuffix=x", "a1B2" * 21 + "=="),
    "azure bus": ("SharedAccessKeyName=root;SharedAccessKey={}", "a1B2" * 10 + "abc="),
    "azure app": ("secret {} used", "abc8Q~" + "a1B2c3D4" * 4),
    "sas": ("https://x.blob.example/c?sv=2024&sig={}", "a1B2c3%2F" * 6),
    "amazon address": ("https://b.s3.example/k?X-Amz-Expires=9&amp;X-Amz-Signature={}", "0a1b2c3d" * 8),
    "slack hook": ("https://hooks.slack.com/services/{}", "T0000/B0000/" + "a1b2c3d4e5f6"),
    "gitlab header": ("PRIVATE-TOKEN: {}", "old-style-token-20ch"),
    "api header": ('"X-Api-Key": "{}"', "0123456789abcdef"),
    "cookie": ("Set-Cookie: session={}; Path=/", "s3cr3ts3ss10n"),
    "query": ("GET /api?access_token={}&page=2", "a1b2c3d4e5"),
    "key block in json": ('"-----BEGIN RSA PRIVATE KEY-----{}-----END RSA PRIVATE KEY-----"', "\\nMIIEow" * 9),
    "pgp": ("-----BEGIN PGP PRIVATE KEY BLOCK-----{}-----END", "\nlQdGBF" * 9),
    "login": ("https://{}@github.example/acme/shop", "x-access-token:" + "ghs_" + "a1B2c3" * 6),
    "login without a name": ("redis://:{}@cache:6379/0", "hunter2secret"),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_credentials_go_however_they_are_written(name):
    """Quotes, entities, headers, variables, addresses and signatures: the credential goes, what surrounds it stays."""
    form, secret = WRITTEN[name]
    kept = redact(form.format(secret).encode())[0].decode()
    assert secret.rpartition(":")[2].strip("\\n") not in kept
    assert MARK in kept
    assert kept.startswith(form.partition("{}")[0][:8].replace("{{", "{"))
    assert redact(kept.encode())[0].decode() == kept


@pytest.mark.parametrize("name", [*WRITTEN, "a check for a key"])
def test_a_report_in_json_stays_json(name):
    """Inside a text of JSON no quote or escape goes with the credential."""
    form, secret = WRITTEN.get(name, ('if "-----BEGIN PRIVATE KEY-----" in "{}":', "x"))
    reported = form.format(secret).replace("&quot;", '"')
    for text in (reported, f'"{reported}"', f"{reported}\\"):
        clean = redact(json.dumps({"log": text, "n": 3}).encode())[0]
        assert json.loads(clean)["n"] == 3


def test_figures_are_the_same_without_the_credentials():
    """Every report of the fixtures gives the same figures after what looks like a credential was taken out."""
    changed = 0
    for path in sorted((Path(__file__).parents[2] / "fixtures").rglob("*")):
        data = path.read_bytes() if path.is_file() and path.stat().st_size < 1_000_000 else b""
        clean, hits = redact(data)
        if hits:
            changed += 1
            before, after = registry.read_bytes(data, path.name), registry.read_bytes(clean, path.name)
            assert [(r.format, r.figures, len(r.items)) for r in before] == [
                (r.format, r.figures, len(r.items)) for r in after
            ], path
    assert changed > 10


def test_what_is_no_credential_stays(payloads):
    """Reports are kept byte for byte: hashes of commits and plain words are no secrets."""
    words = (
        b"next token: 4",
        b"?page=2&key=4",
        b"secrets_count=3",
        b'"token": "x"',
        b"password=",
        b"tokens = 12345678",
    )
    for data in (
        *words,
        lcov(3, 9),
        junit(3, 1),
        b'{"commit": "' + b"0123456789abcdef" * 2 + b'", "secrets_count": 3}',
    ):
        assert redact(data) == (data, 0)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from([*SECRETS.values(), "=", ": ", '"', "\n", "password", "x" * 30]), max_size=9))
def test_redacting_twice_changes_nothing(parts):
    """Nothing that was put in place of a secret looks like one."""
    once, _ = redact("".join(parts).encode())
    assert redact(once)[0] == once


def test_the_same_payload_is_kept_once(payloads):
    """Keeping a file again adds neither a file nor a line; a second origin of the same bytes adds a line."""
    for _ in range(3):
        payloads.keep(b"abc", "s", "f", "l", "t")
    PayloadStore(payloads.folder).keep(b"abc", "s", "f", "l", "t")
    assert len(list(payloads.origins())) == 1
    payloads.keep(b"abc", "s", "f", "l", "later")
    assert len(list(payloads.origins())) == 2
    assert len(list(payloads.folder.rglob("*.gz"))) == 1


def test_only_the_owner_may_look(payloads):
    """Files and index are readable by their owner alone."""
    payloads.keep(b"abc", "s", "f", "l", "t")
    assert all(path.stat().st_mode & 0o077 == 0 for path in payloads.folder.rglob("*") if path.is_file())


def test_a_payload_above_the_cap_is_reported_and_not_kept(tmp_path):
    """Its figures stay; the warning tells that it cannot be read again."""
    payloads = PayloadStore(tmp_path, cap=10)
    assert "more than the 10" in payloads.keep(b"x" * 11, "s", "big.xml", "l", "t")
    assert list(payloads.origins()) == []


def test_without_a_folder_nothing_is_kept():
    """A request without a payload folder is served all the same."""
    payloads = PayloadStore(None)
    assert payloads.keep(b"abc", "s", "f", "l", "t") == ""
    assert list(payloads.origins()) == []


def test_a_line_that_a_crash_cut_off_spoils_itself_alone(payloads):
    """What was noted before and after a half-written line is still there."""
    payloads.keep(b"one", "s", "f", "l", "t")
    with (payloads.folder / "index.jsonl").open("a") as index:
        index.write('\n{"sha256": "12')
    PayloadStore(payloads.folder).keep(b"two", "s", "f", "l", "t")
    assert len(list(payloads.origins())) == 2


def rows(warehouse: Warehouse) -> list[tuple]:
    with warehouse.reading() as connection:
        sql = "SELECT metric, value, definition, reason FROM observation ORDER BY recorded_at, metric"
        return connection.execute(sql).fetchall()


def test_the_same_readers_see_the_same(payloads, warehouse):
    """Replaying with unchanged readers changes nothing, shards and redacted payloads included."""
    secret = f"<!-- {SECRETS['github']} -->".encode()
    keep_all(
        payloads, warehouse, {"a/lcov.info": lcov(3, 10), "b/lcov.info": lcov(5, 10), "j.xml": junit(3, 1) + secret}
    )
    before = rows(warehouse)
    report = reread(payloads, warehouse, AT + timedelta(days=9))
    assert (report.payloads, report.changes, report.problems, report.stored) == (3, [], [], 0)
    assert rows(warehouse) == before


@pytest.fixture
def better_reader(monkeypatch):
    """A reader of lcov that counts differently and knows one metric more, and none of the branches."""
    plain = registry.read_bytes

    def read(data: bytes, name: str, hint: str | None = None):
        readings = plain(data, name, hint)
        if readings[0].format != "lcov":
            return readings
        figures = (figure("coverage_line_percent", 42), figure("tests_total", 7))
        object.__setattr__(readings[0], "figures", figures)
        return readings

    monkeypatch.setattr(registry, "read_bytes", read)


def test_a_changed_reader_is_reported_and_stored_as_a_new_definition(payloads, warehouse, request):
    """Changed, new and vanished figures are reported and stored beside the old rows, under another definition."""
    branches = lcov(3, 10).replace(b"end_of_record", b"BRDA:1,0,0,1\nBRF:1\nBRH:1\nend_of_record")
    keep_all(payloads, warehouse, {"lcov.info": branches})
    before = rows(warehouse)
    request.getfixturevalue("better_reader")
    tried = reread(payloads, warehouse, AT + timedelta(days=9), dry_run=True)
    assert rows(warehouse) == before
    report = reread(payloads, warehouse, AT + timedelta(days=9))
    assert tried.changes == report.changes
    shown_text = {(c.metric, c.scope): (c.before, c.after, c.is_new) for c in report.changes if not c.scope}
    assert shown_text == {
        ("coverage_line_percent", ""): (30, 42, False),
        ("coverage_branch_percent", ""): (100, None, False),
        ("tests_total", ""): (None, 7, True),
    }
    after = rows(warehouse)
    assert after[: len(before)] == before
    assert report.stored == len(after) - len(before) == len(report.changes)
    old = {(metric, definition) for metric, _, definition, _ in before}
    assert not old & {(metric, definition) for metric, _, definition, _ in after[len(before) :]}
    assert dict(warehouse.rows("markers", "p")) == {"github": "mark"}
    assert reread(payloads, warehouse, AT + timedelta(days=10)).changes == []


def test_a_damaged_payload_is_one_line(payloads, warehouse):
    """A payload that cannot be read is named, the others are read."""
    keep_all(payloads, warehouse, {"lcov.info": lcov(3, 10)}, group="one")
    keep_all(payloads, warehouse, {"j.xml": junit(3, 1)}, group="two")
    next(payloads.folder.rglob("*/*.gz")).write_bytes(b"\x1f\x8b broken")
    report = reread(payloads, warehouse, AT)
    assert len(report.problems) == 1
    assert "cannot be read" in report.problems[0]


def test_the_index_says_what_each_payload_is(payloads, warehouse):
    """Every line is JSON with source, name, locator, moment and commit."""
    keep_all(payloads, warehouse, {"lcov.info": lcov(3, 10)})
    line = json.loads((payloads.folder / "index.jsonl").read_text().strip())
    assert line["locator"] == "https://host/run/1#artifact/lcov.info"
    assert (line["commit"], line["observed_at"]) == ("c" * 40, AT.isoformat())
    assert line["name"] == "artifact/lcov.info"


def test_scopes_that_the_configuration_gave_are_kept(payloads, warehouse):
    """Suites with a scope of their own, and a file that a pattern found, are read again as what they were."""
    harvest = Harvest()
    for prefix, covered in (("unit", 3), ("end-to-end", 7)):
        found, _ = report_files(lcov(covered, 10), f"{prefix}.info", lambda _: True)
        parts = [part._replace(prefix=prefix) for part in combine(found)[0]]
        store(parts, Origin("artifacts", AT, "", "file:", "artifacts:1"), harvest, payloads)
    found, _ = report_files(lcov(5, 10), "a/lcov.info", lambda _: True)
    store(combine(found)[0], Origin("artifacts", AT, "", "x:", "g", suffix="a/lcov.info"), harvest, payloads)
    store_harvest(warehouse, "artifacts", harvest, AT)
    scopes = {o.scope for o in harvest.observations if o.metric == "coverage_line_percent"}
    assert {"unit", "end-to-end", "a/lcov.info"} <= scopes
    assert reread(payloads, warehouse, AT + timedelta(days=1)).changes == []


@pytest.fixture
def newer_lcov(monkeypatch):
    """Readers of another day: lcov has a newer edition."""
    monkeypatch.setitem(rule_versions.READER_EDITIONS, "lcov", 5)


def test_a_better_reader_is_noticed_until_its_figures_are_stored(payloads, warehouse, request):
    """A raised edition gives one line; a re-reading confirms equal figures under the new definition and ends it."""
    keep_all(payloads, warehouse, {"lcov.info": lcov(3, 10)})
    assert better_readers(warehouse) == ""
    request.getfixturevalue("newer_lcov")
    figures = len(rows(warehouse))
    reported = better_readers(warehouse)
    assert reported.startswith(
        f"{figures} stored figures were read by an older reader (lcov-4): `tminus reread --dry-run`"
    )
    report = reread(payloads, warehouse, AT + timedelta(days=9))
    assert (report.changes, report.confirmed, report.stored) == ([], figures, figures)
    assert {definition for _, _, definition, _ in rows(warehouse)[figures:]} == {"lcov-5"}
    assert better_readers(warehouse) == ""
    assert reread(payloads, warehouse, AT + timedelta(days=10)).stored == 0


def test_figures_that_a_newer_edition_lost_are_not_outdated_for_ever(payloads, warehouse, request):
    """What a better reader no longer gives is stored as unknown under its own edition, and asked for no more."""
    keep_all(payloads, warehouse, {"lcov.info": lcov(3, 10).replace(b"end_of", b"BRDA:1,0,0,1\nBRF:1\nBRH:1\nend_of")})
    request.getfixturevalue("better_reader")
    request.getfixturevalue("newer_lcov")
    reread(payloads, warehouse, AT + timedelta(days=9))
    assert better_readers(warehouse) == ""


def test_a_credential_that_is_known_only_now_leaves_what_was_kept(payloads, warehouse, monkeypatch):
    """A file kept by an earlier version loses it at the next re-reading, which says so once and changes no figure."""
    secret = SECRETS["github"]
    with monkeypatch.context() as once:
        once.setattr("ingest.warehouse.payloads.redact", lambda data: (data, 0))
        keep_all(payloads, warehouse, {"j.xml": junit(3, 1) + f"<!-- {secret} -->".encode(), "lcov.info": lcov(3, 10)})
    assert reread(payloads, warehouse, AT, dry_run=True).problems == []
    report = reread(payloads, warehouse, AT)
    assert (report.changes, report.problems) == (
        [],
        ["credentials that nobody knew before were taken out of 1 kept files"],
    )
    assert not any(secret.encode() in payloads.read(origin.sha256) for origin in payloads.origins())
    assert reread(payloads, warehouse, AT).problems == []
