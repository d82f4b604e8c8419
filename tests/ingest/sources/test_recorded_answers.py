"""What services really answered, as public projects recorded it: names are changed, figures and shapes are not.

`tests/fixtures/services/ORIGINS.md` says where each is from.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ingest.readers.registry import read_bytes
from ingest.sources.services.codecov import Codecov
from ingest.sources.services.scorecard import Scorecard
from ingest.sources.services.sonar import Sonar
from ingest.sources.trackers.github_issues import GitHubIssues
from ingest.sources.trackers.jira import JiraIssues
from ingest.sources.trackers.status_page import StatusPage
from tests.testing.asked_service import ServicePuller
from tests.testing.local_forge import TOKEN, Forge, serving, trust_this_machine

RECORDED = Path(__file__).parents[2] / "fixtures/services"


def recorded(name: str) -> Any:
    """One answer."""
    return json.loads((RECORDED / name).read_text(encoding="utf-8"))


def figures(name: str) -> dict[Any, float | None]:
    """Value by metric, or by metric and scope, as the reader of the file finds them."""
    (found,) = read_bytes((RECORDED / name).read_bytes(), name)
    return {(f.metric, f.scope) if f.scope else f.metric: f.value for f in found.figures}


@pytest.fixture(scope="module")
def running():
    """One server for all tests of the file."""
    with serving() as forge:
        yield forge


@pytest.fixture
def server(running: Forge, monkeypatch, tmp_path):
    """The server without the content of the test before."""
    running.routes.clear()
    for name in ("GITHUB_TOKEN", "JIRA_TOKEN", "CODECOV_API_TOKEN", "SONAR_TOKEN"):
        monkeypatch.setenv(name, TOKEN)
    trust_this_machine(monkeypatch, tmp_path / "config")
    return running


def github(server: Forge, folder: Path, answer: Any) -> ServicePuller:
    """A repository whose search gives this answer."""
    server.routes["/repos/acme/shop"] = {"full_name": "acme/shop", "html_url": "https://github.com/acme/shop"}
    server.routes["/search/issues"] = answer
    search = [{"query": "sesame", "scope": "P0"}]
    return ServicePuller(GitHubIssues, folder, repository="acme/shop", api=server.base, search=search)


def test_searches_of_github(server, tmp_path):
    """The whole list of 2022 counts with its ages; a list of 2014 that does not say whether it is whole is unknown."""
    now = datetime(2022, 7, 20, 4, 40, 49, tzinfo=UTC)
    puller = github(server, tmp_path, recorded("github-search-2022.json"))
    assert puller.values(puller.pull(now)) == {("issues_open_count", "P0"): 2, ("issue_oldest_days", "P0"): 1}
    assert [row[:2] for row in puller.items()] == [
        ("#1 Fault 1", "https://github.com/acme/shop/issues/1"),
        ("#2 Fault 2", "https://github.com/acme/shop/issues/2"),
    ]

    many = github(server, tmp_path / "many", recorded("github-search-2014.json")).ask(now)
    assert {(o.value, o.reason) for o in many.observations} == {
        (None, "GitHub does not say whether it searched everything (incomplete_results)")
    }


def jira(server: Forge, folder: Path, projects: list[str]) -> ServicePuller:
    """A site with these projects."""
    server.routes["/rest/api/2/myself"] = {"name": "tminus"}
    for project in projects:
        server.routes[f"/rest/api/2/project/{project}"] = {"key": project}
    search = [{"jql": "priority = Major", "scope": "major"}]
    return ServicePuller(JiraIssues, folder, api=server.base, projects=projects, search=search)


def test_pages_of_jira_data_center(server, tmp_path):
    """Two pages are one list; the issue whose status is of the category done is not open, and the pull says so."""
    pages = {0: recorded("jira-server-2016-page1.json"), 2: recorded("jira-server-2016-page2.json")}
    server.routes["/rest/api/2/search"] = lambda query: pages[int(query["startAt"])]
    puller = jira(server, tmp_path, ["SHOP"])

    harvest = puller.pull(datetime(2016, 3, 4, 11, 57, 1, tzinfo=UTC))

    assert puller.values(harvest) == {("issues_open_count", "major"): 2, ("issue_oldest_days", "major"): 1}
    assert [row[0] for row in puller.items()] == ["SHOP-6041 Fault 6041", "SHOP-6043 Fault 6043"]
    assert harvest.warnings == [
        "1 of 3 issues of major are done and not counted as open; "
        "`AND statusCategory != Done` in its jql leaves them out"
    ]


def test_a_list_of_jira_cloud(server, tmp_path):
    """Six of seven issues of two projects are open, whatever the site calls their statuses."""
    answer = recorded("jira-cloud-2024.json")
    server.routes["/rest/api/3/search/jql"] = {"issues": answer["issues"], "isLast": True}
    puller = jira(server, tmp_path, ["SHOP", "PAY"])
    puller.settings["cloud"] = "yes"

    harvest = puller.ask(datetime(2024, 11, 14, 13, 15, 5, 346_000, tzinfo=UTC))

    assert puller.values(harvest) == {("issues_open_count", "major"): 6, ("issue_oldest_days", "major"): 1}


@pytest.mark.parametrize(
    ("name", "now", "count", "hours"),
    [
        ("statuspage-2018-resolved.json", datetime(2018, 9, 18, tzinfo=UTC), 0, 0),
        ("statuspage-2026-identified.json", datetime(2026, 8, 5, 15, 51, 30, 277_000, tzinfo=UTC), 1, 2),
        ("statuspage-2015-scheduled.json", datetime(2015, 6, 16, 12, tzinfo=UTC), 0, 0),
    ],
)
def test_incidents_of_status_pages(server, tmp_path, name, now, count, hours):
    """What is resolved or planned is no open incident; an open one is as old as the page says."""
    server.routes["/api/v2/incidents/unresolved.json"] = recorded(name)
    puller = ServicePuller(StatusPage, tmp_path, api=server.base)

    found = puller.values(puller.ask(now))

    assert (found["incidents_open_count"], found["incident_oldest_hours"]) == (count, hours)


def test_commits_of_codecov(server, tmp_path):
    """Hit lines of all lines, also where Codecov states no percentage; times have fractions of a second."""
    server.routes["/github/acme/repos/shop/"] = {"name": "shop", "branch": "main", "active": True}
    server.routes["/github/acme/repos/shop/commits/"] = recorded("codecov-commits.json")
    puller = ServicePuller(Codecov, tmp_path, repository="acme/shop", api=server.base)

    harvest = puller.ask(datetime(2023, 6, 3, tzinfo=UTC))

    assert [round(o.value or 0, 3) for o in harvest.observations] == [79.167, 79.167]
    assert {o.observed_at.day for o in harvest.observations} == {1, 2}


def test_measures_and_gates_of_sonar(server, tmp_path):
    """Answers of 2016, 2018 and 2026: what is not asked for claims nothing, new code is a scope, a failed gate is 1."""
    assert figures("sonar-2016-measures.json") == {}
    assert figures("sonar-2018-new-coverage.json") == {
        ("coverage_combined_percent", "new code"): pytest.approx(24.5416078984485)
    }

    both = recorded("sonar-2026-gate-and-measures.json")
    day = "2026-03-19T10:00:00+0000"
    server.routes["/api/project_analyses/search"] = {"analyses": [{"key": "an-1", "date": day, "revision": "a" * 40}]}
    server.routes["/api/measures/component"] = both["measures"]
    server.routes["/api/qualitygates/project_status"] = both["gate"]
    puller = ServicePuller(Sonar, tmp_path, project="api", api=server.base)

    assert puller.values(puller.ask(datetime(2026, 3, 20, tzinfo=UTC))) == {
        "bugs_count": 0,
        "vulnerabilities_count": 3,
        "code_smells_count": 2,
        "coverage_combined_percent": 12.5,
        "duplicated_lines_percent": 0,
        "quality_gates_failed_count": 1,
    }


def test_scorecards(server, tmp_path):
    """A local run with a check that could not conclude, a release candidate of version 5, and the public service."""
    local = figures("scorecard-4.8-local.json")
    assert (local["scorecard_score"], local["scorecard_score", "Dependency-Update-Tool"]) == (6.8, None)
    assert len(figures("scorecard-5.0-rc2.json")) == 17

    server.routes["/projects/github.com/acme/shop"] = recorded("scorecard-5.5-service.json")
    puller = ServicePuller(Scorecard, tmp_path, repository="github.com/acme/shop", api=server.base)
    harvest = puller.ask(datetime(2026, 8, 6, tzinfo=UTC))
    assert puller.values(harvest)["scorecard_score"] == 8.9
    assert harvest.observations[0].observed_at == datetime(2026, 8, 6, tzinfo=UTC) - timedelta(
        hours=22, minutes=29, seconds=48
    )
    assert harvest.observations[0].commit.startswith("2418d6d9")


def test_metrics_of_opentelemetry():
    """Java's logging exporter writes a resource without the list around it; metrics of a Go tool claim nothing."""
    found = figures("otlp-java-agent-2.13.json")
    assert (found["request_p95_seconds"], found["request_error_percent"]) == (pytest.approx(1.6), 0)

    (other,) = read_bytes((RECORDED / "otlp-go-2024.jsonl").read_bytes(), "otlp-go-2024.jsonl")
    assert other.figures == ()
    assert "shop.command.execution_time" in other.warnings[0]
