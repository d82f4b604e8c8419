"""GitHub Actions as a source, against a local server that pages, limits, redirects, expires and breaks off."""

from __future__ import annotations

import contextlib
import copy
import logging
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.config import parse_config
from ingest.pull import pull, store_harvest
from ingest.rereading.reread import reread
from ingest.source import Request, SourceError
from ingest.sources.ci.github_actions import GitHubActions, _web
from ingest.sources.ci.runs import CiRun, RunLedger, RunList, success_figures
from ingest.transport.http_client import RetryPolicy
from ingest.warehouse.database import Warehouse
from ingest.warehouse.payloads import PayloadStore
from tests.testing.local_forge import TOKEN, Fault, Hub, hub, junit, lcov, rate_limit_until, trust_this_machine, zipped

NOW = datetime(2025, 6, 20, 12, tzinfo=UTC)
DAYS = [f"2025-06-{day:02}" for day in (3, 4, 10, 11, 17, 18)]


@pytest.fixture(autouse=True)
def token(monkeypatch, tmp_path_factory):
    """The token is in the environment, and nowhere else."""
    monkeypatch.delenv("GH_TOKEN", raising=False)
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    trust_this_machine(monkeypatch, tmp_path_factory.mktemp("config"))


@pytest.fixture
def github():
    """Six runs on six days: coverage rises from 10 to 60 percent, the third one failed."""
    with hub() as server:
        fill(server)
        yield server


def fill(server: Hub) -> None:
    server.api.page_size = 2
    for number, day in enumerate(DAYS, 1):
        server.run(
            number,
            day,
            "failure" if number == 3 else "success",
            artifacts={
                "coverage": {"out/lcov.info": lcov(number, 10), "out/notes.bin": b"\x00\x01"},
                "tests": {"junit.xml": junit(4, 1 if number == 3 else 0)},
            },
        )


class Puller:
    """Pulls into a warehouse of its own, as `tminus pull` does."""

    def __init__(self, server: Hub, folder, **settings) -> None:
        self.server = server
        self.folder = folder
        self.warehouse = Warehouse(folder / "warehouse.duckdb", "shop")
        self.settings = {"repository": "acme/shop", "api": server.api.base, "days": 30, **settings}

    def pull(self, now: datetime = NOW):
        marker = dict(self.warehouse.rows("markers", "shop")).get("github", "")
        request = Request(
            "shop",
            self.folder,
            self.folder,
            self.settings,
            marker,
            now,
            self.warehouse.rows,
            payloads=self.folder / "payloads",
        )
        harvest = GitHubActions(patience=RetryPolicy(read_seconds=2), sleep=lambda _s: None).observe(request)
        store_harvest(self.warehouse, "github", harvest, now)
        return harvest

    def pull_until_done(self, now: datetime = NOW) -> int:
        """Pull again as long as a pull ends early; return how many pulls it took."""
        for times in range(1, 20):
            try:
                if not any("stopped early" in warning for warning in self.pull(now).warnings):
                    return times
            except SourceError:
                continue
        raise AssertionError("never done")

    def rows(self, where: str = "true") -> list[tuple]:
        columns = 'metric, scope, observed_at::VARCHAR, value, reason, unit, "commit", evidence, definition'
        sql = f"SELECT {columns} FROM observation WHERE {where} ORDER BY ALL"
        with self.warehouse.reading() as connection:
            return connection.execute(sql).fetchall()

    def series(self, metric: str, scope: str = "") -> list[float | None]:
        with self.warehouse.reading() as connection:
            sql = "SELECT value FROM observation WHERE metric = ? AND scope = ? ORDER BY observed_at"
            return [row[0] for row in connection.execute(sql, [metric, scope]).fetchall()]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """What a pull stores when nothing goes wrong."""
    with hub() as server:
        fill(server)
        puller = Puller(server, tmp_path_factory.mktemp("undisturbed"))
        puller.pull()
        rows = puller.rows()
    assert len(rows) > 60
    return rows


def test_runs_jobs_and_artifacts_become_figures(github, tmp_path):
    """Artifacts are read by their content, jobs and runs by their conclusions, each at its time and commit."""
    puller = Puller(github, tmp_path)
    harvest = puller.pull()
    assert puller.series("coverage_line_percent") == [10, 20, 30, 40, 50, 60]
    assert puller.series("tests_failed") == [0, 0, 1, 0, 0, 0]
    assert puller.series("ci_success_percent") == [100, 100, 0, 100, 100, 100]
    assert puller.series("ci_success_percent", "workflow:CI") == [100, 100, 0, 100, 100, 100]
    assert puller.series("ci_success_percent", "job:test") == [100, 100, 0, 100, 100, 100]
    covered = [o for o in harvest.observations if o.metric == "coverage_line_percent" and not o.scope]
    assert covered[0].commit == f"{1:040x}"
    assert covered[0].observed_at == datetime(2025, 6, 3, 9, tzinfo=UTC)
    proof = next(e for e in harvest.evidence if e.id == covered[0].evidence)
    assert proof.locator.endswith("/runs/1#coverage/out/lcov.info")
    assert len(proof.sha256) == 64
    assert harvest.counts["runs_read"] == 6


def test_a_second_pull_adds_nothing_and_asks_little(github, tmp_path):
    """What was read is not read again; unchanged pages are answered with 304."""
    puller = Puller(github, tmp_path)
    puller.pull()
    rows, asked = puller.rows(), len(github.api.asked)
    puller.pull()
    again = github.api.asked[asked:]
    assert puller.rows() == rows
    assert not any("artifacts" in a.path or "jobs" in a.path for a in again)
    assert {a.status for a in again} == {304}


FAULTS = {
    "list of runs drops for ever": Fault("/actions/runs?", "drop", times=4),
    "second window drops for ever": Fault("/actions/runs?", "drop", times=4, after=2),
    "list of runs answers 502": Fault("/actions/runs?", "status", times=4, status=502, after=1),
    "jobs drop half way": Fault("/jobs", "drop", times=4, after=2),
    "artifacts drop half way": Fault("/artifacts?", "drop", times=4, after=3),
    "download drops half way": Fault("/zip", "drop", times=4, after=5),
    "a short rate limit": Fault("/jobs", "status", status=429, headers={"Retry-After": "5"}, after=1),
    "a long rate limit": Fault("/artifacts?", "status", status=403, headers=rate_limit_until(4000), after=2),
    "a long limit in the list": Fault("/actions/runs?", "status", status=403, headers=rate_limit_until(4000), after=3),
    "a token without the right": Fault("/zip", "status", status=403, after=4),
    "a foreign link": Fault("/artifacts?", "foreign-link", after=2),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_pull_resumed_after_a_fault_equals_an_undisturbed_one(github, tmp_path, undisturbed, name):
    """Whatever breaks, and wherever: the pulls that follow store exactly what one good pull stores."""
    fault = FAULTS[name]
    github.api.faults.append(Fault(**{**fault.__dict__}))
    puller = Puller(github, tmp_path)
    assert puller.pull_until_done() == (1 if name == "a short rate limit" else 2)
    assert puller.rows() == undisturbed


def test_the_artifact_store_breaks_off(github, tmp_path, undisturbed):
    """The other origin may fail as well; the token never reaches it."""
    github.store.faults.append(Fault("/blob", "drop", times=6, after=3))
    puller = Puller(github, tmp_path)
    assert puller.pull_until_done() == 2
    assert puller.rows() == undisturbed
    assert github.store.asked
    assert all("authorization" not in asked.headers for asked in github.store.asked)
    assert all(asked.headers["authorization"] == f"Bearer {TOKEN}" for asked in github.api.asked)
    assert github.api.asked[0].headers["accept"] == "application/vnd.github+json"


def test_the_token_and_signatures_are_stored_nowhere(github, tmp_path, caplog):
    """Warehouse, payloads, memory, logs, warnings and reprs are searched for the token and the signed query."""
    caplog.set_level(logging.DEBUG)
    github.api.faults.append(
        Fault("/zip", "status", status=404, body=f'{{"message": "bad {TOKEN}"}}'.encode(), after=1)
    )
    puller = Puller(github, tmp_path)
    harvest = puller.pull()
    assert TOKEN not in f"{caplog.text}{harvest!r}"
    assert "secret-signature" not in f"{caplog.text}{harvest!r}"
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert TOKEN.encode() not in path.read_bytes(), path
            assert b"secret-signature" not in path.read_bytes(), path


def test_expired_artifacts_are_lost_evidence(github, tmp_path):
    """What an artifact of that name would have held is recorded as unknown: listed as expired, or answered with 410."""
    github.run(7, "2025-06-05", artifacts={"coverage": None})
    github.run(8, "2025-06-19", artifacts={"tests": {"junit.xml": junit(1, 0)}})
    github.api.faults.append(Fault("/artifacts/800/zip", "status", status=410))
    puller = Puller(github, tmp_path)
    harvest = puller.pull()
    assert puller.series("coverage_line_percent") == [10, 20, None, 30, 40, 50, 60]
    assert puller.series("tests_failed")[-1] is None
    reasons = {o.reason for o in harvest.observations if o.metric == "coverage_line_percent" and o.value is None}
    assert reasons == {"artifact expired"}
    assert harvest.counts["artifacts_expired"] == 2


def test_an_expired_artifact_nobody_knows_is_reported_and_reported_later(github, tmp_path):
    """Unknown content is a warning; a NULL once another run has shown what it holds; `expect` tells at once."""
    github.run(7, "2025-06-05", artifacts={"sizes": None})
    puller = Puller(github, tmp_path / "a")
    assert any("expired artifacts 'sizes'" in warning for warning in puller.pull().warnings)
    expecting = Puller(github, tmp_path / "b", expect={"sizes": ["bundle_raw_bytes"]})
    expecting.pull()
    assert expecting.series("bundle_raw_bytes") == [None]
    github.run(9, "2025-06-20", updated_at="2025-06-20T11:00:00Z", artifacts={"sizes": {"c.info": lcov(7, 10)}})
    puller.pull()
    assert puller.series("coverage_line_percent") == [10, 20, None, 30, 40, 50, 60, 70]


def test_a_rerun_that_passes_is_a_pass(github, tmp_path):
    """A re-run is read when it finishes: its day is corrected, and the failure is not counted beside it."""
    puller = Puller(github, tmp_path)
    puller.pull()
    row = next(run for run in github.runs if run["id"] == 3)
    row |= {"run_attempt": 2, "conclusion": "success", "updated_at": "2025-06-12T10:00:00Z"}
    github.api.routes["/repos/acme/shop/actions/runs/3/jobs"]["jobs"][0] |= {"id": 31, "conclusion": "success"}
    fresh = Puller(github, tmp_path / "fresh")
    fresh.pull()
    assert fresh.series("ci_success_percent") == [100] * 6
    puller.settings["recheck_days"] = 14
    row["updated_at"] = "2025-06-20T10:00:00Z"
    puller.pull(NOW + timedelta(hours=1))
    assert puller.series("ci_success_percent", "workflow:CI")[-1] == 100
    day = [o for o in puller.rows("metric = 'ci_success_percent' AND scope = ''") if o[2].startswith("2025-06-10")]
    assert [row[3] for row in day] == [0, 100]


def test_a_run_in_progress_is_read_once_it_has_finished(github, tmp_path):
    """An open run counts neither way; the next pull finds it finished."""
    run = github.run(7, "2025-06-20", None, artifacts={"coverage": {"l.info": lcov(9, 10)}})
    puller = Puller(github, tmp_path)
    puller.pull()
    assert len(puller.series("coverage_line_percent")) == 6
    run |= {"status": "completed", "conclusion": "success", "updated_at": "2025-06-20T13:00:00Z"}
    puller.pull(NOW + timedelta(hours=2))
    assert puller.series("coverage_line_percent")[-1] == 90


def test_runs_of_forks_and_pull_requests_bring_nothing(github, tmp_path):
    """A branch called main in somebody's fork is not our main branch."""
    github.run(7, "2025-06-19", event="pull_request", artifacts={"coverage": {"l.info": lcov(10, 10)}})
    github.run(
        8,
        "2025-06-19",
        head_repository={"full_name": "stranger/shop"},
        artifacts={"coverage": {"l.info": lcov(10, 10)}},
    )
    puller = Puller(github, tmp_path)
    puller.pull()
    assert puller.series("coverage_line_percent")[-1] == 60


def test_shards_of_one_run_become_one_figure(github, tmp_path):
    """Coverage of two shards is merged by line and their tests are summed."""
    github.run(
        7,
        "2025-06-19",
        artifacts={
            "coverage-1": {"lcov.info": b"SF:a.ts\nDA:1,1\nDA:2,0\nend_of_record\n"},
            "coverage-2": {
                "lcov.info": b"SF:a.ts\nDA:1,0\nDA:2,1\nend_of_record\nSF:b.ts\nDA:1,0\nDA:2,0\nend_of_record\n"
            },
            "tests-1": {"junit.xml": junit(3, 1)},
            "tests-2": {"junit.xml": junit(5, 0)},
        },
    )
    puller = Puller(github, tmp_path)
    puller.pull()
    assert puller.series("coverage_line_percent")[-1] == 50
    assert puller.series("tests_total")[-1] == 9
    assert puller.series("tests_failed")[-1] == 1


def test_one_suite_in_two_formats_is_counted_once_and_reported(github, tmp_path):
    """`files` says which of two reports of one suite is used; the other one is named."""
    files = {"a/lcov.info": lcov(3, 4), "b/cover.out": b"mode: set\nx/y.go:1.1,2.2 4 1\nx/y.go:3.1,4.2 1 0\n"}
    github.run(7, "2025-06-19", artifacts={"reports": files})
    puller = Puller(github, tmp_path, files=["b/*", "*lcov.info"], artifacts=["reports"])
    harvest = puller.pull()
    assert puller.series("coverage_line_percent") == [80]
    assert any("same suite is also reported in reports/b/cover.out" in warning for warning in harvest.warnings)


def test_a_hostile_or_huge_archive_is_one_line(github, tmp_path):
    """A broken zip, one that climbs out, and one above the cap are warnings; the other artifacts are read."""
    github.run(
        7, "2025-06-19", artifacts={"a": {"../../x.info": lcov(1, 10)}, "b": {}, "coverage": {"l.info": lcov(9, 10)}}
    )
    github.store.routes["/blob/701"] = b"PK\x03\x04 broken"
    big = github.run(8, "2025-06-19", artifacts={"coverage": {"l.info": lcov(8, 10)}})
    assert big
    github.api.routes["/repos/acme/shop/actions/runs/8/artifacts"]["artifacts"][0]["size_in_bytes"] = 10**9
    puller = Puller(github, tmp_path)
    harvest = puller.pull()
    shown_text = "\n".join(harvest.warnings)
    assert "points outside the archive" in shown_text
    assert "damaged" in shown_text
    assert "above max_megabytes" in shown_text
    assert puller.series("coverage_line_percent")[-1] == 90


def test_a_search_beyond_its_limit_is_asked_in_smaller_windows(github, tmp_path, monkeypatch):
    """When a window holds more runs than a search tells, it is halved until none is left out."""
    monkeypatch.setattr("ingest.transport.github.SEARCH_LIMIT", 1)
    for number in range(7, 15):
        github.run(number, "2025-06-05", created_at=f"2025-06-05T{number:02}:00:00Z", updated_at="2025-06-05T20:00:00Z")
    puller = Puller(github, tmp_path)
    assert puller.pull().counts["runs_listed"] == 14


def test_a_run_that_never_answers_does_not_block_the_others_for_ever(github, tmp_path):
    """After three pulls that ended at the same run it is passed over and named."""
    github.api.faults.append(Fault("/runs/3/artifacts", "status", times=999, status=500))
    puller = Puller(github, tmp_path)
    assert puller.pull_until_done() == 3
    assert puller.series("coverage_line_percent") == [10, 20, 40, 50, 60]


def test_a_token_without_rights_loses_nothing(github, tmp_path, undisturbed):
    """However many pulls fail for want of rights, no run is passed over: with the rights everything is read."""
    github.api.faults.append(Fault("/zip", "status", times=5, status=403, after=4))
    puller = Puller(github, tmp_path)
    assert puller.pull_until_done() == 6
    assert puller.rows() == undisturbed


def test_alerts_become_findings_over_time(github, tmp_path):
    """Each alert counts from when it came to when it was fixed or dismissed, by severity, and is an item."""
    github.api.routes["/repos/acme/shop/code-scanning/alerts"] = [
        alert(1, "high", "2025-06-01"),
        alert(2, "high", "2025-06-02", fixed_at="2025-06-10T00:00:00Z", state="fixed"),
        alert(3, None, "2025-06-03", dismissed_at="2025-06-04T00:00:00Z", state="dismissed"),
    ]
    puller = Puller(github, tmp_path)
    harvest = puller.pull()
    assert puller.series("findings_high_count", "code-scanning") == [1, 2, 1, 1]
    assert puller.series("findings_medium_count", "code-scanning") == [1, 0, 0]
    assert puller.series("findings_critical_count", "code-scanning") == [0]
    alerts = [item for item in harvest.items if item.id.startswith("code-scanning")]
    assert {(item.id, item.closed_at is None) for item in alerts} == {
        ("code-scanning:1", True),
        ("code-scanning:2", False),
        ("code-scanning:3", False),
    }


def alert(number: int, severity: str | None, day: str, **more) -> dict:
    rule = {"id": "js/xss", "severity": "warning", "security_severity_level": severity, "description": "XSS"}
    place = {"location": {"path": "src/web/page.ts", "start_line": 3}, "commit_sha": "c" * 40}
    return {
        "number": number,
        "state": "open",
        "created_at": f"{day}T00:00:00Z",
        "rule": rule,
        "most_recent_instance": place,
        **more,
    }


@pytest.mark.parametrize("answer", [{"message": "ok"}, {"alerts": []}, "none", 7])
def test_alerts_that_are_not_a_list_are_unknown(github, tmp_path, answer):
    """An object, a text or a number in the place of the list says nothing of findings."""
    github.api.routes["/repos/acme/shop/code-scanning/alerts"] = answer
    puller = Puller(github, tmp_path)
    harvest = puller.pull()
    assert puller.series("findings_high_count", "code-scanning") == [None]
    assert any("code scanning is unknown" in warning for warning in harvest.warnings)


@pytest.mark.parametrize(
    "damage", [{"created_at": None}, {"created_at": "soon"}, {"number": "12"}, {"number": None}, {"state": None}]
)
def test_an_alert_with_a_damaged_field_is_still_a_finding(github, tmp_path, damage):
    """Without a date, with a number in quotes, without a state: the alert is open all the same."""
    github.api.routes["/repos/acme/shop/code-scanning/alerts"] = [{**alert(1, "high", "2025-06-01"), **damage}]
    puller = Puller(github, tmp_path)
    puller.pull()
    assert puller.series("findings_high_count", "code-scanning")[-1] == 1


def test_a_row_that_is_not_an_alert_makes_the_count_unknown(github, tmp_path):
    """What cannot be read may be a finding of any severity."""
    github.api.routes["/repos/acme/shop/code-scanning/alerts"] = [alert(1, "high", "2025-06-01"), "cut off"]
    puller = Puller(github, tmp_path)
    puller.pull()
    assert puller.series("findings_high_count", "code-scanning") == [1, None]


def test_code_scanning_that_is_off_is_unknown_and_not_zero(github, tmp_path):
    """Without the feature there is a warning; when it was asked for, NULL with the reason; never zero findings."""
    del github.api.routes["/repos/acme/shop/code-scanning/alerts"]
    silent = Puller(github, tmp_path / "a")
    assert any("code scanning is not read" in warning for warning in silent.pull().warnings)
    assert silent.series("findings_high_count", "code-scanning") == []
    asked = Puller(github, tmp_path / "b", code_scanning=True)
    asked.pull()
    assert asked.series("findings_high_count", "code-scanning") == [None]


def test_the_duration_of_a_named_job_is_a_figure(github, tmp_path):
    """A rollback drill that runs as a job gives rollback_seconds; a failed drill is unknown."""
    puller = Puller(github, tmp_path, durations={"test": "rollback_seconds"})
    puller.pull()
    assert puller.series("rollback_seconds") == [3600, 3600, None, 3600, 3600, 3600]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"repository": "shop"}, "must be owner/name"),
        ({"repository": ""}, "sources.github.repository: missing"),
        (
            {"artefacts": ["x"], "days": "many"},
            r"unknown key \(did you mean 'artifacts'\?\).*days: must be a whole number",
        ),
    ],
)
def test_wrong_settings_are_reported_with_their_places(github, tmp_path, settings, words):
    """Configuration problems name the TOML path and what is allowed."""
    with pytest.raises(SourceError, match=words):
        Puller(github, tmp_path, **settings).pull()


@pytest.mark.parametrize(
    ("status", "words"), [(401, "the token in GITHUB_TOKEN was refused"), (404, "does not exist, or this token")]
)
def test_a_repository_that_cannot_be_seen_is_one_line(github, tmp_path, status, words):
    """The message says what to do."""
    github.api.faults.append(Fault("/repos/acme/shop", "status", status=status))
    with pytest.raises(SourceError, match=words) as problem:
        Puller(github, tmp_path).pull()
    assert "\n" not in str(problem.value)


def test_a_damaged_marker_reads_everything_again_and_adds_nothing(github, tmp_path):
    """A marker nobody can read costs time, not truth."""
    for marker in ("", "{", "[]", '{"through": "yesterday", "surprise": 1}', "null"):
        assert RunLedger.parse(marker).through is None
    puller = Puller(github, tmp_path)
    puller.pull()
    rows = puller.rows()
    with puller.warehouse.writing() as connection:
        connection.execute("UPDATE source_run SET marker = '{'")
    puller.pull()
    assert puller.rows() == rows


def test_daily_success_equals_its_brute_force_twin():
    """For every day: of the newest run of each workflow and commit, the share that passed."""
    runs = []
    for number in range(200):
        created = datetime(2025, 6, 1, tzinfo=UTC) + timedelta(hours=7 * number % 240, minutes=number)
        state = ("passed", "failed", "other", "open")[number * number % 4 if number % 3 else 1]
        runs.append(
            CiRun(number, "1", created, created + timedelta(minutes=9), f"c{number % 5}", f"w{number % 3}", state, "u")
        )
    observations, _ = success_figures("github", RunList(runs), "url")
    found = {o.observed_at.date(): o.value for o in observations if not o.scope}
    for day in {run.created.date() for run in runs}:
        of_day = [r for r in runs if r.created.date() == day and r.state in ("passed", "failed")]
        last = {(r.workflow, r.commit): max(o.created for o in of_day if o[4:6] == r[4:6]) for r in of_day}
        newest = [r for r in of_day if r.created == last[r.workflow, r.commit]]
        assert found[day] == pytest.approx(100 * sum(r.state == "passed" for r in newest) / len(newest))


def test_a_failing_test_is_an_item_from_the_run_that_broke_it_to_the_run_that_fixed_it(github, tmp_path):
    """The failing test of run 3 opens at its commit and closes at that of run 4, also when two pulls lie between."""
    github.api.faults.append(Fault("/runs/4/artifacts", "drop", times=4))
    puller = Puller(github, tmp_path)
    assert puller.pull_until_done() == 2
    with puller.warehouse.reading() as connection:
        sql = "SELECT kind, opened_commit, closed_commit FROM item WHERE kind = 'failing_test'"
        assert connection.execute(sql).fetchall() == [("failing_test", f"{3:040x}", f"{4:040x}")]


def test_a_damaged_report_closes_no_item(github, tmp_path):
    """A truncated report knows nothing; what was open stays open."""
    for number in (4, 5, 6):
        github.store.routes[f"/blob/{number}01"] = zipped({"junit.xml": junit(4, 1)[:70]})
    puller = Puller(github, tmp_path)
    puller.pull()
    with puller.warehouse.reading() as connection:
        assert connection.execute(
            "SELECT count(*) FROM item WHERE closed_at IS NULL AND kind = 'failing_test'"
        ).fetchall() == [(1,)]


def test_a_whole_pull_keeps_payloads_that_read_the_same_again(github, tmp_path):
    """`tminus pull` finds the source by its table, keeps its reports, and a re-reading of them changes nothing."""
    config = parse_config(
        {
            "project": {"name": "shop"},
            "sources": {"github": {"repository": "acme/shop", "api": github.api.base, "days": 30}},
        },
        tmp_path,
    )
    shown_text = pull(config, only=["github"], now=NOW).sources[0]
    assert (shown_text.source, shown_text.ok, shown_text.error) == ("github", True, "")
    payloads = PayloadStore(config.warehouse.parent / "payloads")
    report = reread(payloads, Warehouse(config.warehouse, "shop"), NOW + timedelta(days=1))
    assert (report.payloads, report.changes, report.problems) == (12, [], [])
    assert pull(config, only=["github"], now=NOW + timedelta(hours=1)).sources[0].rows_added <= 4  # today's alerts


# What an API should never send and one day does.
NONSENSE = [None, True, -1, 10**30, 1.5, "", "x", "9999-99-99", "0001-01-01T00:00:00Z", [], ["x"], {}, {"a": 1}]


@pytest.mark.slow
@settings(deadline=None, max_examples=8, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_nonsense_in_any_field_is_no_traceback(github, tmp_path_factory, data):
    """Whatever is in the fields of runs, jobs, artifacts and alerts, a pull ends with figures or with one line."""
    routes = copy.deepcopy({path: rows for path, rows in github.api.routes.items() if isinstance(rows, dict | list)})
    runs = copy.deepcopy(github.runs)
    base = "/repos/acme/shop"
    github.api.routes[f"{base}/code-scanning/alerts"] = [alert(1, "high", "2025-06-01")]
    rows = [
        github.api.routes[f"{base}/actions/runs/1/jobs"]["jobs"][0],
        github.api.routes[f"{base}/actions/runs/1/artifacts"]["artifacts"][0],
        github.api.routes[f"{base}/code-scanning/alerts"][0],
        github.runs[0],
    ]
    for row in rows:
        # The local server searches runs by these itself.
        fields = sorted(set(row) - {"created_at", "head_branch"} if row is rows[-1] else row)
        row[data.draw(st.sampled_from(fields))] = data.draw(st.sampled_from(NONSENSE))
    try:
        with contextlib.suppress(SourceError):
            Puller(github, tmp_path_factory.mktemp("nonsense")).pull()
    finally:
        github.api.routes.update(routes)
        github.runs[:] = runs


def test_a_renamed_repository_is_read_under_its_old_name(github, tmp_path):
    """GitHub answers to the old name and signs runs with the new one: they are ours all the same."""
    for run in github.runs:
        run |= {"repository": {"full_name": "acme/store"}, "head_repository": {"full_name": "acme/store"}}
    puller = Puller(github, tmp_path)
    puller.pull()
    assert puller.series("coverage_line_percent") == [10, 20, 30, 40, 50, 60]


def test_a_fork_that_was_deleted_brings_nothing(github, tmp_path):
    """Without a name left, only what a fork cannot cause is ours."""
    stranger = {"artifacts": {"coverage": {"l.info": lcov(10, 10)}}, "head_repository": None}
    github.run(7, "2025-06-19", event="pull_request_review", **copy.deepcopy(stranger))
    puller = Puller(github, tmp_path)
    puller.pull()
    assert puller.series("coverage_line_percent")[-1] == 60
    github.run(8, "2025-06-20", event="push", **stranger)
    puller.pull()
    assert puller.series("coverage_line_percent")[-1] == 100


def test_what_a_cancelled_run_left_behind_is_part_of_a_whole_that_never_was(github, tmp_path):
    """Reports of a cancelled run are not read: half of the shards would look like half of the coverage."""
    github.run(7, "2025-06-19", "cancelled", artifacts={"coverage": {"l.info": lcov(1, 10)}, "sizes": None})
    puller = Puller(github, tmp_path)
    harvest = puller.pull()
    assert puller.series("coverage_line_percent")[-1] == 60
    assert harvest.counts["artifacts_expired"] == 0


def test_a_run_that_waits_for_weeks_is_read_when_it_is_over(github, tmp_path):
    """A run that waits for an approval leaves the window of days listed again, and is taken once, when it ends."""
    waiting = github.run(7, "2025-06-20", None, artifacts={"coverage": {"l.info": lcov(9, 10)}})
    puller = Puller(github, tmp_path, days=90)
    puller.pull()
    for number, day in ((8, "2025-06-28"), (9, "2025-07-06"), (10, "2025-07-12")):
        github.run(number, day)
        puller.pull(datetime.fromisoformat(f"{day}T12:00:00+00:00"))
    waiting |= {"status": "completed", "conclusion": "success", "updated_at": "2025-07-13T09:00:00Z"}
    for _ in range(2):
        puller.pull(NOW + timedelta(days=25))
    assert puller.series("coverage_line_percent")[-2:] == [60, 90]


def test_a_run_from_the_future_hides_no_other(github, tmp_path):
    """A moment that cannot be true, far ahead or before there were computers, does not become the marker."""
    github.run(7, "2025-06-19", updated_at="9999-01-01T00:00:00Z")
    github.run(8, "2025-06-19", updated_at="0001-01-01T00:00:00Z")
    puller = Puller(github, tmp_path)
    puller.pull()
    github.run(9, "2025-06-20", artifacts={"coverage": {"l.info": lcov(9, 10)}})
    puller.pull()
    assert puller.series("coverage_line_percent")[-2:] == [60, 90]


def test_a_run_on_two_pages_is_one_run(github, tmp_path, undisturbed):
    """When a new run pushes another to the next page while the list is read, that one counts and is read once."""
    github.api.shifts = True
    puller = Puller(github, tmp_path)
    assert puller.pull().counts["runs_read"] == 6
    assert puller.rows() == undisturbed


def test_the_day_leads_to_a_page_for_people(github, tmp_path):
    """The evidence of a day is the page of runs on the web, of GitHub and of a server of one's own."""
    assert _web("https://api.github.com") == "https://github.com"
    assert _web("https://ghe.example.com/api/v3/") == "https://ghe.example.com"
    assert _web("https://api.acme.ghe.com") == "https://acme.ghe.com"
    harvest = Puller(github, tmp_path).pull()
    days = [proof.locator for proof in harvest.evidence if proof.id.startswith("github:day")]
    assert set(days) == {f"{github.api.base}/acme/shop/actions"}


def test_alerts_of_another_branch_are_asked_for_by_its_name(github, tmp_path):
    """With a branch configured the alerts are those of that branch, as the runs are."""
    Puller(github, tmp_path, branch="release/2").pull()
    assert any("alerts?ref=refs%2Fheads%2Frelease%2F2" in path for path in github.api.paths())


def test_every_single_request_may_break(tmp_path):
    """Wherever a pull breaks off, at each request to both servers, the next one stores what a calm one stores."""
    both = {"coverage": {"l.info": lcov(3, 10)}, "tests": {"j.xml": junit(2, 1)}}
    with hub() as server:
        server.api.page_size = 1
        server.run(1, "2025-06-19", artifacts=both)
        calm = Puller(server, tmp_path / "calm", days=1)
        calm.pull()
        wanted, requests = calm.rows(), len(server.api.asked)
        breaks = [(server.api, place) for place in range(requests)]
        breaks += [(server.store, place) for place in range(len(server.store.asked))]
        for number, (where, place) in enumerate(breaks):
            where.faults[:] = [Fault("", "drop", times=4, after=place)]
            puller = Puller(server, tmp_path / str(number), days=1)
            puller.pull_until_done()
            if where is server.api and place == requests - 1:  # the alerts are what they are now: each pull asks again
                puller.pull()
            assert where.faults[0].times == 0
            assert puller.rows() == wanted, (where is server.api, place)
    assert requests >= 8


def test_a_run_that_is_touched_later_is_as_old_as_its_jobs(github, tmp_path):
    """GitHub changes updated_at of finished runs: figures stay at the end of their jobs, and are stored once."""
    puller = Puller(github, tmp_path)
    github.runs[3]["updated_at"] = "2025-06-19T09:00:00Z"
    puller.pull()
    assert puller.series("coverage_line_percent") == [10, 20, 30, 40, 50, 60]
    before = puller.rows("metric != 'ci_success_percent'")
    github.runs[4]["updated_at"] = "2025-06-20T10:00:00Z"
    assert puller.pull().counts["runs_read"] == 1
    assert puller.rows("metric != 'ci_success_percent'") == before


def test_an_old_run_that_is_touched_opens_nothing_again(github, tmp_path):
    """The failing test of run 3, mended by run 4, stays closed when GitHub touches run 3 afterwards."""
    puller = Puller(github, tmp_path, recheck_days=20)
    puller.pull()
    github.runs[2]["updated_at"] = "2025-06-20T11:00:00Z"
    assert puller.pull().counts["runs_read"] == 1
    with puller.warehouse.reading() as connection:
        assert connection.execute("SELECT closed_commit FROM item WHERE kind = 'failing_test'").fetchall() == [
            (f"{4:040x}",)
        ]
