"""Report files in folders, with the commit and time that their surroundings state."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.counting import versions as rule_versions
from ingest.pull import store_harvest
from ingest.readers.api import routes as api_routes
from ingest.rereading.reread import better_readers, reread
from ingest.source import Request, SourceError
from ingest.sources.report_files.artifacts import Artifacts
from ingest.warehouse.database import Warehouse
from ingest.warehouse.payloads import PayloadStore
from tests.testing.local_forge import junit

NOW = datetime(2026, 3, 1, tzinfo=UTC)
STAMP = datetime(2026, 2, 1, 12, tzinfo=UTC)
SHA = "0123456789abcdef0123456789abcdef01234567"
OTHER = "f" * 40
FIXTURES = Path(__file__).parents[2] / "fixtures"
LCOV = b"TN:\nSF:src/a.py\nDA:1,1\nDA:2,0\nLF:2\nLH:1\nend_of_record\n"


@pytest.fixture(autouse=True)
def no_ci(monkeypatch):
    """The machine that runs the tests may be a CI itself."""
    for name in ("GITHUB_ACTIONS", "GITLAB_CI", "TF_BUILD", "CIRCLECI", "BUILDKITE", "TRAVIS", "JENKINS_URL"):
        monkeypatch.delenv(name, raising=False)


def put(root, place, data=LCOV, at=STAMP):
    """Write a file with a stamp."""
    path = root / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def observe(root, *paths, marker="", **settings):
    """One run of the source."""
    table = {"paths": list(paths), **settings}
    return Artifacts().observe(Request("shop", root, root, table, marker, NOW, lambda *_: []))


def line(harvest, scope=""):
    """The only line coverage of a scope."""
    return next(o for o in harvest.observations if (o.metric, o.scope) == ("coverage_line_percent", scope))


def test_the_stamp_of_the_file_is_the_last_resort(tmp_path):
    """Without any statement the time is the file's own, the commit unknown, and the evidence says so."""
    put(tmp_path, "ci/lcov.info")
    harvest = observe(tmp_path, "ci/*.info")
    found = line(harvest)
    assert (found.value, found.observed_at, found.commit) == (50, STAMP, "")
    assert harvest.evidence[0].excerpt == "no commit known, time from the file's own stamp"
    assert harvest.evidence[0].locator == "file:ci/lcov.info"


def test_a_sidecar_outranks_the_ci_and_the_path(tmp_path, monkeypatch):
    """sidecar, CI variables, path, stamp: the first that states it wins."""
    monkeypatch.setenv("GITLAB_CI", "true")
    monkeypatch.setenv("CI_COMMIT_SHA", OTHER)
    monkeypatch.setenv("CI_PIPELINE_CREATED_AT", "2026-02-20T00:00:00Z")
    place = f"ci/2026-01-05/{'a' * 40}/lcov.info"
    put(tmp_path, place)
    by_ci = line(observe(tmp_path, "ci"))
    assert (by_ci.commit, by_ci.observed_at) == (OTHER, datetime(2026, 2, 20, tzinfo=UTC))
    put(tmp_path, place + ".tminus.json", json.dumps({"commit": SHA, "at": "2026-01-02T03:04:05+01:00"}).encode())
    harvest = observe(tmp_path, "ci")
    found = line(harvest)
    assert (found.commit, found.observed_at) == (SHA, datetime(2026, 1, 2, 2, 4, 5, tzinfo=UTC))
    assert harvest.evidence[0].excerpt == "commit from its sidecar, time from its sidecar"


def test_ci_variables_need_the_ci(tmp_path, monkeypatch):
    """A GITHUB_SHA that lies around on a laptop says nothing."""
    monkeypatch.setenv("GITHUB_SHA", SHA)
    put(tmp_path, "lcov.info")
    assert line(observe(tmp_path, "lcov.info")).commit == ""
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert line(observe(tmp_path, "lcov.info")).commit == SHA


def test_the_path_states_commit_and_date(tmp_path):
    """A folder named by a full hash is its commit; a bare date means the end of that day."""
    put(tmp_path, f"builds/2026-01-05/{SHA}/lcov.info")
    harvest = observe(tmp_path, "builds/**/*.info")
    found = line(harvest)
    assert (found.commit, found.observed_at) == (SHA, datetime(2026, 1, 5, 23, 59, 59, tzinfo=UTC))
    assert "commit from its path" in harvest.evidence[0].excerpt


def test_a_time_to_come_is_not_believed(tmp_path):
    """A stated time after the pull is passed over with a warning."""
    put(tmp_path, "lcov.info")
    put(tmp_path, "lcov.info.tminus.json", b'{"at": "2030-01-01T00:00:00Z", "commit": "short"}')
    harvest = observe(tmp_path, "lcov.info")
    assert line(harvest).observed_at == STAMP
    assert len([w for w in harvest.warnings if "to come" in w or "full hash" in w]) == 2


def test_reading_again_adds_nothing(tmp_path):
    """The same bytes are read once, also when the file was touched; other bytes are new."""
    put(tmp_path, "lcov.info")
    first = observe(tmp_path, "*.info")
    put(tmp_path, "lcov.info", at=datetime(2026, 2, 9, tzinfo=UTC))
    second = observe(tmp_path, "*.info", marker=first.marker)
    assert (second.observations, second.counts) == ([], {"files": 1, "new": 0})
    put(tmp_path, "lcov.info", LCOV.replace(b"DA:2,0", b"DA:2,1").replace(b"LH:1", b"LH:2"))
    assert line(observe(tmp_path, "*.info", marker=second.marker)).value == 100


def test_shards_of_one_run_are_merged(tmp_path):
    """Two shards of a commit are one figure: a line that either ran is covered."""
    put(tmp_path, f"{SHA}/a.info")
    put(tmp_path, f"{SHA}/b.info", LCOV.replace(b"DA:1,1\nDA:2,0", b"DA:1,0\nDA:2,5"))
    harvest = observe(tmp_path, SHA)
    assert [o.value for o in harvest.observations if (o.metric, o.scope) == ("coverage_line_percent", "")] == [100]


def test_files_written_days_apart_are_two_runs(tmp_path):
    """Without a commit the stamps tell runs apart."""
    put(tmp_path, "a.info")
    put(tmp_path, "b.info", at=datetime(2026, 2, 5, tzinfo=UTC))
    harvest = observe(tmp_path, "*.info")
    assert len([o for o in harvest.observations if (o.metric, o.scope) == ("coverage_line_percent", "")]) == 2


def test_a_bad_file_does_not_end_the_run(tmp_path):
    """An unknown file is a warning, a damaged one a NULL with its reason, and the good one counts."""
    put(tmp_path, "ci/lcov.info")
    put(tmp_path, "ci/notes.bin", b"\x00\x01nothing")
    put(tmp_path, "ci/junit.xml", b"<testsuites><testsuite>")
    harvest = observe(tmp_path, "ci")
    assert line(harvest).value == 50
    assert any("notes.bin" in warning for warning in harvest.warnings)
    broken = next(o for o in harvest.observations if o.metric == "tests_total")
    assert broken.value is None and "damaged or cut off" in broken.reason


@pytest.mark.parametrize("pattern", ["../secret/*", "/etc/*.conf", "a/../../b"])
def test_patterns_cannot_climb_out(tmp_path, pattern):
    """A path outside of the project is a mistake that is reported at once."""
    with pytest.raises(SourceError, match="must be a path or pattern below"):
        observe(tmp_path, pattern)


def test_links_out_of_the_folder_are_refused(tmp_path):
    """A symbolic link that leads out is not followed."""
    outside = put(tmp_path, "outside/lcov.info")
    root = tmp_path / "project"
    root.mkdir()
    (root / "lcov.info").symlink_to(outside)
    harvest = observe(root, "*.info")
    assert harvest.observations == []
    assert "lcov.info: a link out of the folder: refused" in harvest.warnings


def test_scopes_keep_two_suites_apart(tmp_path):
    """The configuration names what a file measures."""
    put(tmp_path, "front/lcov.info")
    put(tmp_path, "back/lcov.info", LCOV.replace(b"DA:2,0", b"DA:2,1").replace(b"LH:1", b"LH:2"))
    harvest = observe(tmp_path, "front", "back", scopes={"front/*": "frontend", "back/*": "backend"})
    assert (line(harvest, "frontend").value, line(harvest, "backend").value) == (50, 100)


def test_a_directory_is_measured_as_a_directory(tmp_path):
    """Its bytes are `directory_bytes`, which no bundle figure can meet."""
    put(tmp_path, "dist/a.js", b"x" * 10)
    put(tmp_path, "dist/deep/b.js", b"x" * 5)
    harvest = observe(tmp_path, "none*", directories=["dist", "gone"])
    assert [(o.metric, o.scope, o.value) for o in harvest.observations] == [
        ("directory_bytes", "dist", 15),
        ("directory_bytes", "gone", None),
    ]


def test_an_openapi_document_gives_declared_proven_and_implemented(tmp_path):
    """Three figures: five declared operations, the proven ones by contract tests, the implemented ones by routes."""
    formats = FIXTURES / "formats"
    put(tmp_path, "openapi.json", (formats / "openapi.json").read_bytes())
    put(tmp_path, "schemathesis.xml", (FIXTURES / "ci_outputs/python/schemathesis-junit.xml").read_bytes())
    put(tmp_path, "src/app.py", b"@app.get('/items')\ndef items():\n    return []\n")
    harvest = observe(tmp_path, "schemathesis.xml", openapi="openapi.json", routes=["src/**/*.py"])
    found = {o.metric: o.value for o in harvest.observations if o.metric.startswith("api_")}
    assert found == {"api_declared_count": 5, "api_proven_percent": 20, "api_implemented_percent": 20}


def test_the_runs_of_lighthouse_are_one_median(tmp_path):
    """Three files of one run give one figure, their median; two files say that they are too few."""
    seconds = {"a": 2.0, "b": 9.0, "c": 3.0}
    for name, value in seconds.items():
        audits = {"largest-contentful-paint": {"numericValue": 1000 * value}}
        report = {"lighthouseVersion": "12.8.2", "requestedUrl": "http://127.0.0.1/", "audits": audits}
        put(tmp_path, f"ci/{name}.json", json.dumps(report).encode())
    harvest = observe(tmp_path, "ci")
    found = [(o.value, o.scope) for o in harvest.observations if o.metric == "load_lcp_seconds"]
    assert found == [(3.0, "")]
    assert harvest.warnings == []
    (tmp_path / "ci" / "c.json").unlink()
    assert "fewer than 3 runs" in " ".join(observe(tmp_path, "ci").warnings)


def sarif(*rules):
    """A report with one error a rule."""
    results = [
        {
            "ruleId": rule,
            "level": "error",
            "message": {"text": rule},
            "locations": [{"physicalLocation": {"artifactLocation": {"uri": "a.js"}}}],
        }
        for rule in rules
    ]
    run = {"tool": {"driver": {"name": "Linter"}}, "results": results}
    return json.dumps({"version": "2.1.0", "runs": [run]}).encode()


@pytest.mark.parametrize(
    "run", ["2026-01-{}", "run-1234{}", "01234567{}abcdef" + "0" * 24, "0a1b2{}", "2026-01-{}T03:04:05Z"]
)
def test_a_series_goes_on_in_the_next_run(tmp_path, run):
    """Figures distinguished by their place, and their findings, leave the folder of the run out of it."""
    for day, rules in (("05", ["x", "y"]), ("06", ["x"])):
        for suite in ("frontend", "backend"):
            put(tmp_path, f"ci/{run.format(day)}/{suite}/lint.sarif", sarif(*rules), STAMP.replace(day=int(day)))
    harvest = observe(tmp_path, "ci")
    found = [o for o in harvest.observations if o.metric == "findings_high_count"]
    assert sorted((o.scope, o.value) for o in found) == [
        ("ci/backend/lint.sarif", 1),
        ("ci/backend/lint.sarif", 2),
        ("ci/frontend/lint.sarif", 1),
        ("ci/frontend/lint.sarif", 2),
    ]
    closed = {(item.text, item.closed_at is not None) for item in harvest.items}
    assert closed == {("x: x", False), ("y: y", True)}


def test_places_that_only_a_run_tells_apart_stay_whole(tmp_path):
    """Two numbered folders of one run would become the same scope: both keep their full place."""
    for number in (101, 102):
        put(tmp_path, f"ci/{number}/lint.sarif", sarif("x"))
    scopes = {o.scope for o in observe(tmp_path, "ci").observations if o.metric == "findings_high_count"}
    assert scopes == {"ci/101/lint.sarif", "ci/102/lint.sarif"}


def test_each_figure_of_an_api_leads_to_what_proves_it(tmp_path):
    """The document declares, the code implements, the contract test proves."""
    document = {"openapi": "3.0.0", "paths": {"/a": {"get": {}}, "/b": {"get": {}}}}
    put(tmp_path, "openapi.json", json.dumps(document).encode())
    put(tmp_path, "src/app.js", b"const app = express();\napp.get('/a', (q, r) => r.json([]));\n")
    put(tmp_path, "src/words.js", b"export const hello = 1;\n")
    report = b'<testsuites><testsuite name="schemathesis" tests="1"><testcase name="GET /a"/></testsuite></testsuites>'
    put(tmp_path, "ci/contract.xml", report)
    harvest = observe(tmp_path, "ci", openapi="openapi.json", routes=["src/*.js"])
    places = {proof.id: proof.locator for proof in harvest.evidence}
    assert {(o.metric, o.value, places[o.evidence]) for o in harvest.observations if o.metric.startswith("api_")} == {
        ("api_declared_count", 2, "file:openapi.json"),
        ("api_implemented_percent", 50, "file:src/app.js"),
        ("api_proven_percent", 50, "file:ci/contract.xml"),
    }


@pytest.fixture
def kept(tmp_path):
    """A project whose contract tests have a scope of their own, pulled once with its payloads kept."""
    document = {"openapi": "3.0.0", "paths": {"/a": {"get": {}}, "/b": {"get": {}}}}
    put(tmp_path, "openapi.json", json.dumps(document).encode())
    put(tmp_path, "src/app.js", b"const app = express();\napp.get('/a', (q, r) => r.json([]));\n")
    report = b'<testsuites><testsuite name="schemathesis" tests="1"><testcase name="GET /a"/></testsuite></testsuites>'
    put(tmp_path, "ci/contract.xml", report)
    put(tmp_path, "ci/unit.xml", junit(3, 1))
    warehouse = Warehouse(tmp_path / "w.duckdb", "shop")

    def pull(now=NOW, **more):
        table = {"paths": ["ci"], "openapi": "openapi.json", "routes": ["src/*.js"], **more}
        table["scopes"] = {"ci/contract.xml": "contract"}
        marker = dict(warehouse.rows("markers", "shop")).get("artifacts", "")
        place = tmp_path / "payloads"
        request = Request("shop", tmp_path, tmp_path, table, marker, now, warehouse.rows, payloads=place)
        store_harvest(warehouse, "artifacts", Artifacts().observe(request), now)

    pull()
    return tmp_path, warehouse, pull


def current(warehouse, metric):
    sql = "SELECT scope, value, definition FROM current_observation WHERE metric = ? ORDER BY ALL"
    with warehouse.reading() as connection:
        return connection.execute(sql, [metric]).fetchall()


def test_figures_of_an_api_are_read_again_from_what_was_kept(kept, monkeypatch):
    """Document, contract tests and code are kept: a better reader corrects all three figures without the tree."""
    root, warehouse, _ = kept
    payloads = PayloadStore(root / "payloads")
    assert reread(payloads, warehouse, NOW).changes == []
    for gone in ("openapi.json", "src/app.js", "ci/contract.xml"):
        (root / gone).unlink()
    monkeypatch.setitem(rule_versions.READER_EDITIONS, "api", rule_versions.READER_EDITIONS["api"] + 1)
    plain = api_routes.find_routes
    both = b"app.get('/b', (q, r) => r.json([]));\n"
    monkeypatch.setattr(api_routes, "find_routes", lambda found: plain({p: s + both for p, s in found.items()}))
    assert better_readers(warehouse).startswith("3 stored figures were read by an older reader (api-")
    report = reread(payloads, warehouse, NOW + timedelta(days=1))
    assert [(c.metric, c.before, c.after) for c in report.changes] == [("api_implemented_percent", 50, 100)]
    assert (report.problems, report.confirmed) == ([], 2)
    assert better_readers(warehouse) == ""
    assert current(warehouse, "tests_failed")[0][:2] == ("", 1)


def test_a_contract_test_with_a_scope_is_not_read_again_without_it(kept):
    """An earlier version kept the report a second time for the API: its counts never become those of the project."""
    root, warehouse, _ = kept
    index = root / "payloads" / "index.jsonl"
    lines = [json.loads(text) for text in index.read_text().splitlines() if text]
    index.write_text("\n".join(json.dumps({k: v for k, v in line.items() if k != "role"}) for line in lines))
    report = reread(PayloadStore(root / "payloads"), warehouse, NOW + timedelta(days=1))
    assert report.changes == []
    assert any("1 figures of api_implemented_percent cannot be read again" in reported for reported in report.problems)


def test_findings_that_stood_open_under_the_folder_of_one_run_are_closed(tmp_path, monkeypatch):
    """A series once bore the date of its folder: a re-reading closes what nothing could close, and reports it again."""
    for day, rules in (("05", ["x", "y"]), ("06", ["x"])):
        put(tmp_path, f"ci/2026-01-{day}/lint.sarif", sarif(*rules))
    warehouse = Warehouse(tmp_path / "w.duckdb", "shop")
    place = tmp_path / "payloads"
    request = Request("shop", tmp_path, tmp_path, {"paths": ["ci"]}, "", NOW, warehouse.rows, payloads=place)
    with monkeypatch.context() as once:
        once.setattr("ingest.sources.report_files.combine.lasting_place", lambda place: place)
        store_harvest(warehouse, "artifacts", Artifacts().observe(request), NOW)
    sql = "SELECT text, closed_at IS NULL, opened_at = closed_at FROM item ORDER BY ALL"
    with warehouse.reading() as connection:
        assert connection.execute(sql).fetchall() == [("x: x", True, None), ("x: x", True, None), ("y: y", True, None)]
    tried = reread(PayloadStore(place), warehouse, NOW + timedelta(days=1), dry_run=True)
    report = reread(PayloadStore(place), warehouse, NOW + timedelta(days=1))
    assert tried.problems == report.problems
    assert "3 findings and failing tests of artifacts were open under the folder of one run" in report.problems[0]
    with warehouse.reading() as connection:
        lived = [row for row in connection.execute(sql).fetchall() if row[2] is not True]
    assert lived == [("x: x", True, None), ("y: y", False, False)]
    assert reread(PayloadStore(place), warehouse, NOW + timedelta(days=2)).problems == []


def test_the_memory_of_what_was_read_does_not_grow_for_ever(tmp_path, monkeypatch):
    """A CI job brings a new file each time: those that are gone are forgotten in the end, those that are here never."""
    monkeypatch.setattr("ingest.sources.report_files.artifacts._GONE_KEPT", 3)
    put(tmp_path, "ci/kept.info")
    marker = ""
    for number in range(9):
        put(tmp_path, f"ci/{number}.xml", junit(number + 1, 0))
        marker = observe(tmp_path, "ci", marker=marker).marker
        (tmp_path / f"ci/{number}.xml").unlink()
    put(tmp_path, "ci/8.xml", junit(9, 0))
    assert len(json.loads(marker)) == 5
    assert observe(tmp_path, "ci", marker=marker).counts == {"files": 2, "new": 0}
