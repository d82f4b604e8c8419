"""Codecov, Sonar and Scorecard asked over HTTP, against a local server that pages, limits and fails."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.source import SourceError
from ingest.sources.services.codecov import Codecov
from ingest.sources.services.scorecard import Scorecard
from ingest.sources.services.sonar import Sonar
from tests.testing.asked_service import ServicePuller
from tests.testing.local_forge import TOKEN, Fault, Forge, serving, trust_this_machine

FORMATS = Path(__file__).parents[2] / "fixtures/formats"
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
REPOSITORY = "/github/acme/repos/shop"
LOGIN_PAGE = b"<!doctype html><html><title>Sign in</title></html>"


@pytest.fixture(scope="module")
def running():
    """One server for all tests of the file."""
    with serving() as forge:
        yield forge


@pytest.fixture
def server(running: Forge, monkeypatch, tmp_path):
    """The server without the content of the test before; tokens are in the environment alone."""
    running.routes.clear()
    running.faults.clear()
    running.asked.clear()
    monkeypatch.setenv("CODECOV_API_TOKEN", TOKEN)
    monkeypatch.setenv("SONAR_TOKEN", TOKEN)
    trust_this_machine(monkeypatch, tmp_path / "config")
    return running


def commit(number: int, day: str, hits: int = 80, **more):
    """A commit as Codecov lists it: 100 lines, of which 5 are partly covered."""
    totals = {"lines": 100, "hits": hits, "misses": 95 - hits, "partials": 5, "coverage": float(hits)}
    row = {"commitid": f"{number:040x}", "timestamp": f"{day}T10:00:00Z", "state": "complete", "totals": totals}
    return {**row, **more}


def codecov(server: Forge, folder, *rows) -> ServicePuller:
    """A repository whose commits are listed two a page, newest first."""
    server.routes[f"{REPOSITORY}/"] = {"name": "shop", "branch": "trunk", "active": True}

    def commits(query):
        first = (int(query["page"]) - 1) * 2
        following = "http://codecov.example/next" if first + 2 < len(rows) else None
        return {"count": len(rows), "next": following, "results": list(rows[first : first + 2])}

    server.routes[f"{REPOSITORY}/commits/"] = commits
    return ServicePuller(Codecov, folder, repository="acme/shop", api=server.base)


def figures(harvest):
    """Value or reason, day and the end of the commit of each observation."""
    rows = sorted(harvest.observations, key=lambda row: row.observed_at)
    return [(str(row.observed_at.date()), row.commit[-1:], row.reason or row.value) for row in rows]


def test_codecov_gives_the_coverage_of_each_commit(server, tmp_path):
    """Every commit of the default branch with a complete report has its coverage, at its own time, over all pages."""
    rows = [commit(5, "2026-03-19", 82), commit(4, "2026-03-18", state="pending"), commit(3, "2026-03-17", totals=None)]
    puller = codecov(server, tmp_path, *rows, commit(2, "2026-03-02", 71), commit(1, "2025-01-01"))

    harvest = puller.ask(NOW)

    assert figures(harvest) == [("2026-03-02", "2", 71), ("2026-03-19", "5", 82)]
    assert "branch=trunk" in server.paths()[1]
    assert server.asked[0].headers["authorization"] == f"Bearer {TOKEN}"


def test_codecov_is_asked_again_for_the_last_days_only(server, tmp_path):
    """A second pull stops at the first page that is older than its marker by a week, and stores nothing twice."""
    rows = [commit(number, f"2026-03-{number:02}") for number in range(19, 0, -1)]
    puller = codecov(server, tmp_path, *rows)
    puller.pull(NOW)
    server.asked.clear()

    puller.pull(NOW + timedelta(hours=1))

    assert len(server.asked) < 8
    assert len(puller.warehouse.query("observations", metrics=["coverage_line_percent"], scopes=[""], until=NOW,
                                      simulated=True)) == 19  # fmt: skip


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"state": "error"}, "could not process"),
        ({"totals": {"lines": 0, "hits": 0, "misses": 0, "partials": 0, "coverage": 100}}, "no line is measured"),
        ({"totals": {"lines": 100, "hits": 80, "misses": 10, "partials": 5, "coverage": 80}}, "are not the 100"),
        ({"totals": {"lines": 100, "hits": 80, "misses": 15, "partials": 5, "coverage": 93.1}}, "states 93.1%"),
        ({"totals": {"coverage": 80}}, "states no lines"),
    ],
)
def test_coverage_that_does_not_add_up_is_unknown(server, tmp_path, change, reason):
    """A failed report, an empty one, and lines that contradict the percentage are unknown with the reason."""
    harvest = codecov(server, tmp_path, commit(1, "2026-03-19", **change)).ask(NOW)

    assert [(o.value, reason in o.reason) for o in harvest.observations] == [(None, True)]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault("/commits", "status", status=404), "may not see it"),
        (Fault("/repos", "status", status=401), "CODECOV_API_TOKEN was refused"),
        (Fault("/commits", "status", status=200, body=LOGIN_PAGE), "answered no JSON"),
        (Fault("/commits", "redirect", status=302, headers={"Location": "https://login.example/"}), "another host"),
        (Fault("/commits", "status", status=200, body=b'{"results": null}'), "no list of commits"),
        (Fault("/repos", "status", status=200, body=b'{"active": false}'), "let CI upload one"),
    ],
)
def test_codecov_that_cannot_be_read_stores_nothing(server, tmp_path, fault, words):
    """A wrong token, a missing repository and a login page are one line; what is stored keeps its own date."""
    puller = codecov(server, tmp_path, commit(1, "2026-03-19"))
    server.faults.append(fault)

    with pytest.raises(SourceError, match=words):
        puller.ask(NOW)


def test_a_rate_limit_in_the_middle_is_waited_for(server, tmp_path):
    """Retry-After between two pages loses no commit."""
    puller = codecov(server, tmp_path, *(commit(n, f"2026-03-0{n}") for n in (5, 4, 3)))
    server.faults.append(Fault("/commits", "status", status=429, headers={"Retry-After": "9"}, after=1))

    assert len(puller.ask(NOW).observations) == 3
    assert puller.waited == [9.0]


def sonar(server: Forge, folder, **settings) -> ServicePuller:
    """A project with one analysis, as the answers of the fixtures have it."""
    analysis = {"key": "A1", "date": "2026-03-18T08:00:00+0100", "revision": "a" * 40}
    server.routes["/api/project_analyses/search"] = {"paging": {"total": 1}, "analyses": [analysis]}
    server.routes["/api/measures/component"] = (FORMATS / "sonar-2026-measures.json").read_bytes()
    server.routes["/api/qualitygates/project_status"] = (FORMATS / "sonar-7-gate-figures.json").read_bytes()
    return ServicePuller(Sonar, folder, project="shop", api=server.base, **settings)


def test_sonar_gives_measures_and_gate_of_the_newest_analysis(server, tmp_path):
    """Measures, gate and failed conditions are at the date and the commit of the analysis, read by the file readers."""
    puller = sonar(server, tmp_path)

    harvest = puller.pull(NOW)

    values = puller.values(harvest)
    assert (values["coverage_combined_percent"], values["bugs_count"], values["vulnerabilities_count"]) == (
        81.4,
        0,
        None,
    )
    assert {(o.observed_at, o.commit) for o in harvest.observations} == {
        (datetime(2026, 3, 18, 7, tzinfo=UTC), "a" * 40)
    }
    assert puller.values(harvest)["quality_gates_failed_count"] == 1
    assert [item[0] for item in puller.items()]
    assert server.asked[0].headers["authorization"].startswith("Basic ")


def test_a_gate_that_passes_again_closes_its_conditions(server, tmp_path):
    """A condition that failed is an item until an analysis no longer has it."""
    puller = sonar(server, tmp_path)
    puller.pull(NOW)
    later = {"key": "A2", "date": "2026-03-19T08:00:00+0100", "revision": "b" * 40}
    server.routes["/api/project_analyses/search"]["analyses"] = [later]
    server.routes["/api/qualitygates/project_status"] = {"projectStatus": {"status": "OK", "conditions": []}}

    harvest = puller.pull(NOW)

    assert puller.values(harvest)["quality_gates_failed_count"] == 0
    assert {item[3] for item in puller.items()} == {"2026-03-19"}


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault("/analyses", "status", status=404, body=b'{"errors": [{"msg": "Component not found"}]}'), "not found"),
        (Fault("/measures", "status", status=401, body=b""), "SONAR_TOKEN was refused"),
        (Fault("/qualitygates", "status", status=200, body=LOGIN_PAGE), "answered no JSON"),
        (Fault("_analyses", "status", status=200, body=b'{"analyses": []}'), "let CI run the scanner"),
        (Fault("_analyses", "status", status=200, body=b'{"analyses": [{"date": "soon"}]}'), "has no date"),
    ],
)
def test_sonar_that_cannot_be_read_stores_nothing(server, tmp_path, fault, words):
    """Half of an answer is not stored: the source fails in one line that has Sonar's own words."""
    puller = sonar(server, tmp_path)
    fault.where = "_analyses" if fault.where == "/analyses" else fault.where
    server.faults.append(fault)

    with pytest.raises(SourceError, match=words):
        puller.ask(NOW)


def test_scorecard_gives_the_score_at_its_own_date(server, tmp_path):
    """The public API's answer is what the tool writes: aggregate and checks, at the date when it looked."""
    document = json.loads((FORMATS / "scorecard-5.1-figures.json").read_bytes())
    name = document["repo"]["name"]
    server.routes[f"/projects/{name}"] = {**document, "date": "2026-03-16"}
    puller = ServicePuller(Scorecard, tmp_path, repository=name, api=server.base)

    harvest = puller.ask(NOW)

    assert puller.values(harvest)["scorecard_score"] == 2.6
    assert {str(o.observed_at.date()) for o in harvest.observations} == {"2026-03-16"}
    server.routes[f"/projects/{name}"] = {**document, "repo": {"name": "github.com/other/thing"}}
    with pytest.raises(SourceError, match="is not about"):
        puller.ask(NOW)


@pytest.mark.parametrize("source", [Codecov, Sonar])
def test_no_token_goes_to_a_host_that_only_the_repository_names(server, tmp_path, monkeypatch, source):
    """Without the user's own list nothing is sent."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "nobody"))
    settings = {"repository": "acme/shop"} if source is Codecov else {"project": "shop"}

    with pytest.raises(SourceError, match="does not decide that"):
        ServicePuller(source, tmp_path, api=server.base, **settings).ask(NOW)
    assert server.asked == []
