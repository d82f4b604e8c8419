"""What a repository or a server can do to hurt whoever pulls it: each kind is refused in one line and nothing waits."""

from __future__ import annotations

import asyncio
import gzip
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.config import ConfigError, parse_config
from ingest.credential_shapes import ISSUED
from ingest.observation import Commit, Evidence, Item, Observation
from ingest.pull import pull, store_harvest
from ingest.pull_state import announced, running_pull, state_path
from ingest.redaction import redact_text, redact_texts
from ingest.source import Harvest, SourceError
from ingest.transport import github, gitlab, prometheus
from ingest.transport.failures import PostponedError, TooLargeError, UnreachableError
from ingest.transport.http_client import Client, Patience, Service
from ingest.warehouse import DamagedWarehouseError, Warehouse, WarehouseError
from ingest.warehouse_files import back_up, verify
from models.plan import PlanError, parse_plan

NOW = datetime(2026, 1, 5, tzinfo=UTC)
SECRET = "qZ81-plain-words-no-shape"


# --- servers -------------------------------------------------------------------------------------------------------


@contextmanager
def server(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server on loopback that hands each connection to `answer`; yields its address."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=_answered, args=(connection, answer), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        listening.close()


def _answered(connection: socket.socket, answer: Callable[[socket.socket], None]) -> None:
    with connection:
        try:
            connection.recv(65_536)
            answer(connection)
        except OSError:
            return


def client(base: str, **patience: float) -> Client:
    limits = {"attempts": 1, "answer_seconds": 0.5, "read_seconds": 5.0, **patience}
    return Client(Service("Forge", base), None, Patience(**limits), lambda _: None)  # type: ignore[arg-type]


def _drip_head(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while True:
        connection.sendall(b"a")
        time.sleep(0.02)


def test_a_server_that_drips_its_header_is_given_up() -> None:
    """The deadline of a request counts from its first byte, header lines included."""
    with server(_drip_head) as base, client(base) as asking, pytest.raises(UnreachableError, match="in time"):
        asking.get("runs")


def test_the_time_of_a_whole_source_is_bounded() -> None:
    """When the time of a source is over, the pull stops there and the next one goes on."""
    with server(_drip_head) as base, client(base, source_seconds=0.0) as asking, pytest.raises(PostponedError):
        asking.get("runs")


def _packed(encoding: str, body: bytes) -> Callable[[socket.socket], None]:
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: {len(body)}\r\n\r\n"
    return lambda connection: connection.sendall(head.encode() + body)


def test_what_unpacks_to_more_than_the_cap_is_not_unpacked() -> None:
    """A gzip body is unpacked piece by piece, and no further than the cap."""
    with (
        server(_packed("gzip", gzip.compress(bytes(80_000_000)))) as base,
        client(base, answer_seconds=30) as asking,
        pytest.raises(TooLargeError, match="cap"),
    ):
        asking.get("runs", cap=100_000)


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip"])
def test_packing_that_was_not_asked_for_is_refused(encoding: str) -> None:
    """Brotli can hold gigabytes in a few kilobytes: it is not asked for, and not unpacked."""
    with (
        server(_packed(encoding, b"\x0b\x02\x80")) as base,
        client(base) as asking,
        pytest.raises(SourceError, match="asked for was gzip"),
    ):
        asking.get("runs")


def test_a_list_without_end_is_stopped() -> None:
    """A service whose every page names a next one is stopped at the page budget."""
    number = iter(range(10**6))

    def answer(connection: socket.socket) -> None:
        link = f'<{bases[0]}/runs?page={next(number)}>; rel="next"'
        head = f"HTTP/1.1 200 OK\r\nLink: {link}\r\nContent-Length: 2\r\nConnection: close\r\n\r\n[]"
        connection.sendall(head.encode())

    bases: list[str] = []
    with server(answer) as base, client(base, pages=20, answer_seconds=30) as asking:
        bases.append(base)
        with pytest.raises(SourceError, match="more than 20 pages"):
            list(asking.pages("runs"))


# --- tokens --------------------------------------------------------------------------------------------------------

ASKING = {
    "github": github.service,
    "gitlab": gitlab.service,
    "prometheus": lambda url, env: prometheus.service(url, "", env),
}
TOKENS = {"github": "GITHUB_TOKEN", "gitlab": "GITLAB_TOKEN", "prometheus": "PROMETHEUS_TOKEN"}


@pytest.mark.parametrize("name", ASKING)
@pytest.mark.parametrize("url", ["https://evil.example", "http://127.0.0.1:9", "https://api.github.com.evil.example"])
def test_no_token_goes_to_a_host_that_the_repository_names(name: str, url: str, tmp_path: Path) -> None:
    """The address in tminus.toml is no permission; the message says how to give one."""
    environment = {TOKENS[name]: SECRET, "XDG_CONFIG_HOME": str(tmp_path)}
    with pytest.raises(SourceError, match=r"to trust it, write .*trusted_hosts\.toml") as caught:
        ASKING[name](url, environment)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("name", ASKING)
def test_the_user_trusts_a_host_outside_the_repository(name: str, tmp_path: Path) -> None:
    """A host of the user's own list is sent the token; the same host on another port is not."""
    (tmp_path / "tminus").mkdir()
    (tmp_path / "tminus" / "trusted_hosts.toml").write_text(f'{name} = ["ci.example:8443"]\n')
    environment = {TOKENS[name]: SECRET, "XDG_CONFIG_HOME": str(tmp_path)}
    assert SECRET in ASKING[name]("https://ci.example:8443/api", environment).token
    with pytest.raises(SourceError, match="not sent"):
        ASKING[name]("https://ci.example/api", environment)


def test_the_ci_names_its_own_server(tmp_path: Path) -> None:
    """Inside a job, the variables of the CI say where its token belongs."""
    base = {"XDG_CONFIG_HOME": str(tmp_path)}
    hub = {**base, "GITHUB_TOKEN": SECRET, "GITHUB_API_URL": "https://git.corp.example/api/v3"}
    lab = {**base, "CI_JOB_TOKEN": SECRET, "CI_SERVER_URL": "https://lab.corp.example"}
    assert github.service("https://git.corp.example/api/v3", hub).token
    assert gitlab.service("https://lab.corp.example/api/v4", lab).token


# --- secrets -------------------------------------------------------------------------------------------------------


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
    "option": "curl --user=admin:hunter2secret https://host",
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
    """A token without any shape, in authors, subjects, items, places and reasons, reaches no byte of the warehouse."""
    monkeypatch.setenv("GITLAB_TOKEN", SECRET)
    item = Item("i", "marker", "TODO", f"use {SECRET}", f"a/{SECRET}", 1, "s", "code", NOW, opened_by=f"Ada {SECRET}")
    harvest = Harvest(
        observations=[Observation("m", NOW, None, "u", scope=SECRET, reason=f"no {SECRET}")],
        commits=[Commit("c" * 40, 0, NOW, f"Ada {SECRET}", f"say {SECRET}")],
        items=[item],
        evidence=[Evidence("e", f"https://h/{SECRET}", excerpt=SECRET, path=SECRET)],
    )
    warehouse = Warehouse(tmp_path / "w.duckdb", "p")
    store_harvest(warehouse, "git", harvest, NOW)
    assert SECRET.encode() not in warehouse.path.read_bytes()


def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`tminus` in a process of its own."""
    root = str(Path(__file__).resolve().parents[1])
    variables = {**os.environ, "PYTHONPATH": root, **environment}
    line = [sys.executable, "-m", "app.cli", *arguments]
    return subprocess.run(line, cwd=folder, env=variables, capture_output=True, text=True, check=False)


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True)


def repository(folder: Path, plan: str = "", **files: str) -> Path:
    """A repository with a small plan that is not committed."""
    folder.mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main")
    for name, text in (files or {"a.py": "x = 1  # TODO one\n"}).items():
        (folder / name).write_text(text)
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "first")
    gate = '[[gate]]\nid = "g"\ntitle = "G"\n[[gate.criterion]]\nid = "todo"\nmetric = "todo_count"\n'
    (folder / "tminus.toml").write_text(f'{gate}comparator = "<="\nthreshold = 0\nbaseline = 9\n{plan}')
    return folder


def test_escapes_in_names_and_held_values_are_shown_as_text(tmp_path: Path) -> None:
    """Neither a path that holds a terminal's escape nor a held token is printed as it is."""
    folder = repository(tmp_path / "r")
    bad = f"{SECRET}\x1b]0;owned\x07.json"
    (folder / bad).write_text("{}")
    found = run(folder, "read", bad, GITHUB_TOKEN=SECRET)
    assert SECRET not in found.stdout + found.stderr
    assert "\x1b" not in found.stdout + found.stderr
    assert "\\x1b" in found.stdout


# --- patterns and configuration ------------------------------------------------------------------------------------


def test_a_pattern_that_would_take_for_ever_is_stopped_and_named(tmp_path: Path) -> None:
    """The counter and the file are named; the other sources go on."""
    folder = repository(tmp_path / "r", **{"slow.txt": "a" * 40 + "!\n"})
    counter = {"kind": "matches", "pattern": "(a+)+$", "paths": ["*.txt"]}
    config = parse_config({"project": {"name": "p"}, "counters": {"slow": counter}}, folder)
    report = {source.source: source for source in pull(config, now=NOW).sources}
    assert "counters.slow.pattern takes more than" in report["git"].error
    assert "slow.txt" in report["git"].error
    assert report["tree"].ok


_KEYS = [
    *("project", "name", "repository", "branch", "warehouse", "documents", "as_of", "timezone", "counters", "sources"),
    *("readiness", "target", "effective_from", "gate", "id", "title", "kind", "criterion", "metric", "scope", "by"),
    *("comparator", "threshold", "baseline", "weight", "blocker", "max_age_days", "expires", "why", "fix", "rule"),
    *("needs", "text", "waiver", "owner", "reason", "stage", "pattern", "paths", "of", "file", "unit"),
]
_SCALARS = st.one_of(
    st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(), st.text(max_size=4), st.dates(), st.datetimes(),
    st.times(), st.sampled_from(["matches", "(", "\0", "GO", "deploy", ">=", "todo_count"]),
)  # fmt: skip
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.sampled_from(_KEYS), inner, max_size=4)),
    max_leaves=12,
)
_TABLES = ("project", "counters", "sources", "readiness", "gate", "rule", "waiver", "stage")


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(_TABLES, _VALUES)))
def test_any_tables_give_a_plan_or_a_list_of_problems(tables: dict[str, object]) -> None:
    """Whatever a tminus.toml holds, the answer is a plan or its problems, never another exception."""
    for parse, refusal in ((lambda: parse_config(tables, Path("/nowhere")), ConfigError),
                           (lambda: parse_plan(tables), PlanError)):  # fmt: skip
        try:
            parse()
        except refusal as problem:
            assert str(problem)


def test_a_byte_order_mark_is_no_problem(tmp_path: Path) -> None:
    """Editors of Windows begin a UTF-8 file with a mark; the plan is read all the same."""
    folder = repository(tmp_path / "r")
    (folder / "tminus.toml").write_bytes(b"\xef\xbb\xbf" + (folder / "tminus.toml").read_bytes())
    assert run(folder, "pull").returncode == 0


# --- the warehouse -------------------------------------------------------------------------------------------------


def filled(path: Path, rows: int = 60_000) -> Warehouse:
    """A warehouse of a few megabytes."""
    warehouse = Warehouse(path, "p")
    observations = [Observation("m", NOW, float(n), "u", scope=f"s{n}", evidence=f"e{n * 7919}") for n in range(rows)]
    store_harvest(warehouse, "s", Harvest(observations=observations), NOW)
    return warehouse


def test_a_large_harvest_is_stored_in_several_transactions_and_once(tmp_path: Path) -> None:
    """Cut into steps, a harvest is stored whole; stored again, it adds nothing."""
    warehouse = filled(tmp_path / "w.duckdb")
    assert verify(warehouse)["observation"] == 60_000
    filled(tmp_path / "w.duckdb")
    assert verify(warehouse)["observation"] == 60_000


def test_a_cut_file_is_refused_and_not_written_to(tmp_path: Path) -> None:
    """A file shorter than its header counts is named in one line, and stays as it is."""
    warehouse = filled(tmp_path / "w.duckdb")
    with warehouse.path.open("r+b") as file:
        file.truncate(warehouse.path.stat().st_size - 300_000)
    before = warehouse.path.read_bytes()
    with pytest.raises(WarehouseError) as caught:
        store_harvest(warehouse, "s", Harvest(observations=[Observation("n", NOW, 1.0, "u")]), NOW)
    assert "\n" not in str(caught.value)
    assert warehouse.path.read_bytes() == before


def test_a_damaged_block_is_found(tmp_path: Path) -> None:
    """Every block is read back and compared with its checksum."""
    warehouse = filled(tmp_path / "w.duckdb")
    with warehouse.path.open("r+b") as file:
        file.seek(warehouse.path.stat().st_size // 2)
        file.write(b"X" * 5_000)
    with pytest.raises(DamagedWarehouseError, match=r"docs/warehouse\.md"):
        verify(warehouse)


def test_a_backup_is_whole_and_replaces_nothing(tmp_path: Path) -> None:
    """The copy holds every row; an existing file is never replaced; nothing else is left in the folder."""
    warehouse = filled(tmp_path / "w.duckdb", 100)
    (tmp_path / "copies").mkdir()
    target = tmp_path / "copies" / "b.duckdb"
    back_up(warehouse, target)
    assert verify(Warehouse(target, "p")) == verify(warehouse)
    with pytest.raises(WarehouseError, match="exists"):
        back_up(warehouse, target)
    assert [path.name for path in target.parent.iterdir() if path.suffix == ".duckdb"] == ["b.duckdb"]


def test_a_running_pull_is_seen_and_a_dead_one_is_not(tmp_path: Path) -> None:
    """The state lasts as long as the process that holds its lock."""
    path = tmp_path / "w.duckdb"
    with announced(path) as state:
        state.tell(2, 4, "tree")
        found = running_pull(path)
        assert found is not None
        assert (found.done, found.total, found.source) == (2, 4, "tree")
    assert running_pull(path) is None
    state_path(path).write_text('{"done": 1, "total": 4, "source": "git"}')  # what a killed pull leaves
    assert running_pull(path) is None


def test_busy_readers_do_not_starve_a_writer(tmp_path: Path) -> None:
    """Five processes that read without a pause, one after the other, still let every figure be recorded."""
    warehouse = filled(tmp_path / "w.duckdb", 1000)
    script = (
        "import sys\nfrom pathlib import Path\nfrom ingest.warehouse import Warehouse\n"
        "w = Warehouse(Path(sys.argv[1]), 'p')\nprint('up', flush=True)\n"
        "while True:\n    with w.one_state():\n        [w.query('metrics') for _ in range(5)]\n"
    )
    variables = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1])}
    line = [sys.executable, "-c", script, str(warehouse.path)]
    readers = [subprocess.Popen(line, env=variables, stdout=subprocess.PIPE) for _ in range(5)]
    try:
        for reader in readers:
            assert reader.stdout is not None
            reader.stdout.readline()
        for number in range(4):
            store_harvest(warehouse, "s", Harvest(observations=[Observation("n", NOW, float(number), "u")]), NOW)
    finally:
        for reader in readers:
            reader.kill()
            reader.wait()
    with warehouse.reading() as connection:
        assert connection.execute("SELECT count(*) FROM observation WHERE metric = 'n'").fetchall() == [(4,)]


# --- the dashboard -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "origin", "ours"),
    [
        ("127.0.0.1:8501", None, True),
        ("localhost:8501", "http://localhost:8501", True),
        ("127.0.0.1:8501", "http://127.0.0.1:8501", True),
        ("evil.example:8501", None, False),
        ("127.0.0.1:8501", "http://evil.example", False),
        ("127.0.0.1:8501", "http://localhost:3000", False),
        ("127.0.0.1:8501", "http://localhost:8501", False),
        ("127.0.0.1:8501", "null", False),
        (None, None, False),
    ],
)
def test_the_dashboard_answers_its_own_address_alone(host: str | None, origin: str | None, ours: bool) -> None:
    """A name that leads to loopback by DNS rebinding, and a page of another port, are foreign."""
    from app.entry.guard import is_ours

    pairs = [(b"host", host), (b"origin", origin)]
    headers = [(name, value.encode()) for name, value in pairs if value is not None]
    assert is_ours({"type": "websocket", "headers": headers, "server": ("127.0.0.1", 8501)}) is ours


async def asked(site: object, url: str, host: str) -> httpx.Response:
    """The answer of an ASGI application to a request that names `host`."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(site)) as browser:  # type: ignore[arg-type]
        return await browser.get(url, headers={"Host": host})


def test_every_answer_of_the_dashboard_carries_the_policy() -> None:
    """The guard is in front of what Streamlit itself serves: headers on a good answer, 403 for a foreign host."""
    from starlette.applications import Starlette
    from starlette.responses import PlainTextResponse
    from starlette.routing import Route
    from streamlit.web.server.starlette import starlette_app

    from app.entry import guard

    before = starlette_app.create_streamlit_middleware
    try:
        guard.install()
        first = starlette_app.create_streamlit_middleware()[0]
    finally:
        starlette_app.create_streamlit_middleware = before
    assert first.cls is guard.Guard
    site = guard.Guard(Starlette(routes=[Route("/", lambda _: PlainTextResponse("page"))]))
    good, foreign = (
        asyncio.run(asked(site, "http://127.0.0.1:8501/", host)) for host in ("127.0.0.1:8501", "evil.example:8501")
    )
    assert (good.status_code, foreign.status_code) == (200, 403)
    assert "frame-ancestors 'none'" in good.headers["content-security-policy"]
    assert "page" not in foreign.text


def test_cells_that_a_spreadsheet_would_run_are_neutral_in_every_csv(tmp_path: Path) -> None:
    """What `sql --csv` prints and `export --format csv` writes begins no cell with a formula; numbers stay numbers."""
    folder = repository(tmp_path / "r")
    assert run(folder, "record", "tests_total", "5", "--note", "=cmd()").returncode == 0
    printed = run(folder, "sql", "SELECT excerpt, -5 AS n FROM evidence", "--csv").stdout
    assert "'=cmd()" in printed
    assert ",-5" in printed
    assert run(folder, "export", "out", "--format", "csv").returncode == 0
    assert ",'=cmd()" in (folder / "out" / "evidence.csv").read_text()


def test_items_with_an_open_end_are_answered_by_sql(tmp_path: Path) -> None:
    """An item that is still open has no closing date; the table shows an empty cell."""
    folder = repository(tmp_path / "r")
    assert run(folder, "pull", "--quiet").returncode == 0
    found = run(folder, "sql", "SELECT * FROM item")
    assert (found.returncode, found.stderr) == (0, "")
