"""Credentials are redacted by shape, by the name beside them, and by the value that the process holds."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.held_values import mask
from ingest.observation import Commit, Evidence, Item, Observation, SampleSeries
from ingest.pull import store_harvest
from ingest.redaction import redact_text, redact_texts
from ingest.redaction.credential_shapes import ISSUED
from ingest.source import Harvest
from ingest.warehouse.database import Warehouse
from ingest.warehouse.payloads import PayloadStore

NOW = datetime(2026, 1, 5, tzinfo=UTC)

SECRET = "qZ81-plain-words-no-shape"


@pytest.mark.parametrize("issued", ISSUED, ids=lambda issued: issued.example[0][:12])
def test_every_documented_shape_is_found_in_its_example(issued: object) -> None:
    """Each row of the table names the issuer's page, and its example is redacted, alone and among many."""
    example = "".join(issued.example)  # type: ignore[attr-defined]
    text = f"deploy with {example} today"
    assert issued.documented.startswith("https://")  # type: ignore[attr-defined]
    assert issued.example[1] not in redact_text(text)  # type: ignore[attr-defined]
    assert redact_texts(["nothing", text, "nothing"])[1] == redact_text(text)


WRITTEN = {
    "yaml": "db_password: hunter2secret",
    "yaml token": "  API_TOKEN: abc12345def",
    "curl": "curl -u admin:hunter2secret https://host",
    "sshpass": "sshpass -p hunter2secret ssh host",
    "mysql": "mysqldump -u root -phunter2secret shop",
    "docker": "docker login -u kim -p hunter2secret",
    "option": "deploy --auth-token hunter2secret --dry-run",
    "settings file": "aws_secret_access_key = a1hunter2secretB2C3D4",
    "storage key": "ACCOUNT_KEY: 'hunter2secret=='",
    "named option": "curl --user=admin:hunter2secret https://host",
    "user": "git clone https://a1b2c3d4e5f6g7h8i9j0k1@host.example/x.git",
}


@pytest.mark.parametrize("text", WRITTEN.values(), ids=WRITTEN)
def test_a_credential_as_people_write_it_is_redacted(text: str) -> None:
    """Beside its name in YAML, on a command line, and in place of the user of an address."""
    clean = redact_text(text)
    assert "[redacted]" in clean
    assert not any(secret in clean for secret in ("hunter2secret", "abc12345def", "a1b2c3d4e5f6g7h8i9j0k1"))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.text(max_size=30), st.sampled_from([*WRITTEN.values(), "".join(ISSUED[0].example)]))))
def test_many_texts_at_once_are_cleaned_as_each_alone(texts: list[str]) -> None:
    """The combined sweep leaves out no text that would be changed by itself."""
    assert redact_texts(texts) == [redact_text(text) for text in texts]


def test_a_held_value_is_stored_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token without any shape, in a name, subject, item, place or reason, reaches no byte of the warehouse."""
    monkeypatch.setenv("GITLAB_TOKEN", SECRET)
    item = Item("i", "marker", "TODO", f"use {SECRET}", f"a/{SECRET}", 1, "s", "code", NOW, opened_by=f"Ada {SECRET}")
    series = SampleSeries(f"s {SECRET}", SECRET, f"u {SECRET}", "d", 60.0, "measured", "e", [NOW.timestamp()], [1.0])
    harvest = Harvest(
        observations=[Observation(f"m {SECRET}", NOW, None, f"u {SECRET}", scope=SECRET, reason=f"no {SECRET}")],
        samples=[series],
        commits=[Commit("c" * 40, 0, NOW, f"Ada {SECRET}", f"say {SECRET}")],
        items=[item],
        evidence=[Evidence("e", f"https://h/{SECRET}", excerpt=SECRET, path=SECRET)],
    )
    warehouse = Warehouse(tmp_path / "w.duckdb", "p")
    store_harvest(warehouse, "git", harvest, NOW)
    assert SECRET.encode() not in warehouse.path.read_bytes()


def test_a_held_value_in_the_name_of_a_report_is_kept_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The index of the kept reports names their places as the warehouse does."""
    monkeypatch.setenv("GITLAB_TOKEN", SECRET)
    store = PayloadStore(tmp_path / "payloads")
    assert store.keep(b"<testsuite/>", "artifacts", f"{SECRET}.xml", f"file:{SECRET}.xml", NOW.isoformat()) == ""
    assert all(
        SECRET.encode() not in file.read_bytes() for file in (tmp_path / "payloads").rglob("*") if file.is_file()
    )
    assert [origin.name for origin in store.origins()] == ["[redacted].xml"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(
            (name, "q7Zk-20-vesper")
            for name in ("SMTP_PASS", "REGISTRY_AUTH", "COSIGN_SIGNING_KEY", "SSH_KEY", "APP_JWT")
        ),
        ("DATABASE_URL", "postgres://shop:q7Zk-20-vesper@db/shop"),
        ("HTTPS_PROXY", "http://kim:q7Zk-20-vesper@proxy:3128"),
    ],
)
def test_a_value_is_held_under_any_name_of_its_kind(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """Passwords beside those called token, and those inside an address."""
    monkeypatch.setenv(name, value)
    assert mask("error: q7Zk-20-vesper was refused") == "error: [redacted] was refused"


def test_a_plain_word_in_an_address_is_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """The default password of a database would be masked wherever its name is written."""
    monkeypatch.setenv("DATABASE_URL", "postgres://postgres:postgres@localhost/shop")
    monkeypatch.setenv("REPOSITORY_URL", "ssh://deploy@host/shop.git")
    assert mask("deploy to postgres") == "deploy to postgres"
