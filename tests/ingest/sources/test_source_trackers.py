"""Issues of GitHub and Jira and incidents of a status page, against a local server that pages, limits and fails."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ingest.source import SourceError
from ingest.sources.trackers.github_issues import GitHubIssues, github_searches
from ingest.sources.trackers.jira import JiraIssues, jira_searches
from ingest.sources.trackers.status_page import StatusPage
from tests.testing.asked_service import ServicePuller
from tests.testing.local_forge import TOKEN, Fault, Forge, serving, trust_this_machine

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
WEEK = timedelta(days=7)
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
    running.page_size = 2
    monkeypatch.delenv("GH_TOKEN", raising=False)
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    monkeypatch.setenv("JIRA_TOKEN", TOKEN)
    trust_this_machine(monkeypatch, tmp_path / "config")
    return running


def issue(number: int, day: str, **more):
    """An issue as GitHub's search lists it."""
    address = f"https://github.example/acme/shop/issues/{number}"
    home = "https://api.github.example/repos/acme/shop"
    row = {"number": number, "title": f"Fault {number}", "html_url": address, "state": "open", "repository_url": home}
    return {**row, "created_at": f"{day}T12:00:00Z", **more}


def github(server: Forge, folder, *rows, query="label:P0", **answer) -> ServicePuller:
    """A repository with these open issues."""
    about = {"full_name": "acme/shop", "html_url": "https://github.example/acme/shop", "has_issues": True}
    server.routes["/repos/acme/shop"] = about
    server.routes["/search/issues"] = {"incomplete_results": False, "items": list(rows), **answer}
    search = [{"query": query, "scope": "P0"}]
    return ServicePuller(GitHubIssues, folder, repository="acme/shop", api=server.base, search=search)


def jira_issue(key: str, day: str, **fields):
    """An issue as Jira lists it, with its time zone."""
    shown = {"summary": f"Fault {key}", "created": f"{day}T14:00:00.000+0200", "priority": {"name": "Highest"}}
    return {"key": key, "fields": {**shown, **fields}}


def jira(server: Forge, folder, *rows, cloud="no", jql="priority = Highest", **answer) -> ServicePuller:
    """A site with the project SHOP; Data Center pages by number, Cloud by token."""
    server.routes["/rest/api/2/myself"] = {"name": "tminus"}
    server.routes["/rest/api/2/project/SHOP"] = {"key": "SHOP"}

    def by_number(query):
        start = int(query["startAt"])
        return {"startAt": start, "total": len(rows), "issues": rows[start : start + 2], **answer}

    def by_token(query):
        start = int(query.get("nextPageToken", "0"))
        rest = {"isLast": True} if start + 2 >= len(rows) else {"isLast": False, "nextPageToken": str(start + 2)}
        return {"issues": rows[start : start + 2], **rest, **answer}

    server.routes["/rest/api/2/search"] = by_number
    server.routes["/rest/api/3/search/jql"] = by_token
    search = [{"jql": jql, "scope": "P0"}]
    return ServicePuller(JiraIssues, folder, api=server.base, projects=["SHOP"], cloud=cloud, search=search)


def test_open_issues_are_counted_with_their_ages_and_items(server, tmp_path):
    """All pages of a search make one count, the age of the oldest, and an item each with its page and its day."""
    puller = github(server, tmp_path, issue(3, "2026-01-01"), issue(5, "2026-02-01"), issue(8, "2026-03-19"))

    harvest = puller.pull(NOW)

    assert puller.values(harvest) == {("issues_open_count", "P0"): 3, ("issue_oldest_days", "P0"): 78}
    assert puller.items()[0] == ("#3 Fault 3", "https://github.example/acme/shop/issues/3", "2026-01-01", None)
    assert "q=repo%3Aacme%2Fshop+is%3Aissue+is%3Aopen+label%3AP0" in server.paths()[1]
    assert harvest.evidence[0].locator.startswith("https://github.example/acme/shop/issues?q=is%3Aissue")


def test_items_open_and_close_as_the_search_changes(server, tmp_path):
    """What leaves a search is closed; what joins it later was opened after the reading before, whatever its age."""
    puller = github(server, tmp_path, issue(3, "2026-01-01"))
    puller.pull(NOW)
    server.routes["/search/issues"]["items"] = [issue(1, "2024-05-05")]  # an old issue that gets the label now

    harvest = puller.pull(NOW + WEEK)

    assert puller.values(harvest)["issues_open_count", "P0"] == 1
    assert [(text, opened, closed) for text, _, opened, closed in puller.items()] == [
        ("#3 Fault 3", "2026-01-01", "2026-03-27"),
        ("#1 Fault 1", "2026-03-20", None),
    ]


def test_nothing_open_is_zero_with_age_zero(server, tmp_path):
    """A whole answer without an issue is 0; its oldest age is 0, so that an earlier age is not in force any more."""
    puller = github(server, tmp_path)

    assert puller.values(puller.ask(NOW)) == {("issues_open_count", "P0"): 0, ("issue_oldest_days", "P0"): 0}


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"incomplete_results": True}, "did not search everything"),
        ({"total_count": 3}, "counts 3 issues, its pages list 1"),
        ({"total_count": 1001}, "narrow it"),
        ({"total_count": "1"}, "not that of a search"),
        ({"items": [{"title": "no number"}]}, "is not an issue"),
        ({"items": [issue(1, "2026-01-01", repository_url="https://x.example/repos/other/thing")]}, "leads out of"),
    ],
)
def test_a_search_that_is_not_whole_is_unknown(server, tmp_path, answer, reason):
    """A part of a list is unknown with the reason, never a smaller number, and closes nothing."""
    puller = github(server, tmp_path, issue(3, "2026-01-01"))
    server.routes["/search/issues"] |= answer

    harvest = puller.ask(NOW)

    assert set(puller.values(harvest).values()) == {None}
    assert all(reason in o.reason for o in harvest.observations)
    assert harvest.items == []


@pytest.mark.parametrize("fault", ["404", "401", "html", "moved", "no issues"])
def test_a_repository_that_cannot_be_read_is_unknown(server, tmp_path, fault):
    """A repository that is not there, a wrong token, a login page and switched-off issues are unknown with a reason."""
    puller = github(server, tmp_path)
    if fault == "no issues":
        server.routes["/repos/acme/shop"]["has_issues"] = False
    elif fault == "html":
        server.routes["/search/issues"] = LOGIN_PAGE
    elif fault == "moved":
        away = {"Location": "https://login.example/?to=search"}
        server.faults.append(Fault("/search", "redirect", status=302, headers=away))
    else:
        server.faults.append(Fault("/repos", "status", status=int(fault)))

    harvest = puller.ask(NOW)

    assert [(o.value, bool(o.reason)) for o in harvest.observations] == [(None, True)] * 2
    assert TOKEN not in str(harvest)


def test_a_rate_limit_is_waited_for_and_a_long_one_fails_the_pull(server, tmp_path):
    """Retry-After is heeded; a limit longer than a pull waits stores nothing, and what was stored stays."""
    puller = github(server, tmp_path, issue(3, "2026-01-01"))
    server.faults.append(Fault("/search", "status", status=429, headers={"Retry-After": "7"}))

    assert puller.values(puller.pull(NOW))["issues_open_count", "P0"] == 1
    assert puller.waited == [7.0]

    server.faults.append(Fault("/search", "status", times=9, status=429, headers={"Retry-After": "3600"}))
    with pytest.raises(SourceError, match="limits its rate"):
        puller.pull(NOW + WEEK)
    assert [item[3] for item in puller.items()] == [None]


def test_a_removed_search_closes_its_items(server, tmp_path):
    """Items of a search that is not configured any more do not stay open for ever, and the pull says so."""
    puller = github(server, tmp_path, issue(3, "2026-01-01"))
    puller.pull(NOW)
    puller.settings["search"] = [{"query": "label:P1", "scope": "P1"}]

    harvest = puller.pull(NOW + WEEK)

    assert "1 items of searches that are not configured any more" in harvest.warnings[-1]
    assert ("#3 Fault 3", "2026-01-01", "2026-03-27") in [(i[0], i[2], i[3]) for i in puller.items()]


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ({"search": []}, "missing; write a"),
        ({"search": [{"query": "repo:a/b label:P0"}]}, "leave out 'repo:'"),
        ({"search": [{"query": "label:P0 is:closed"}]}, "counts what is open"),
        ({"search": [{"query": "label:P0", "counts": "bugs"}]}, "must be one of issues, incidents"),
        ({"search": [{"query": "a"}, {"query": "b"}]}, "is used twice"),
        ({"search": [{"jql": "a"}]}, "unknown key"),
    ],
)
def test_a_wrong_search_is_one_clear_line(table, problem):
    """A search that cannot be what its author means is refused with its place."""
    with pytest.raises(SourceError, match=problem):
        github_searches(table)


def test_words_of_a_query_are_not_taken_for_qualifiers():
    """A label that holds a word like repo is no address, and a query that names its kind keeps it."""
    (search,) = github_searches({"search": [{"query": 'label:"team:user" is:pr', "scope": ""}]})

    assert search.words == 'is:open label:"team:user" is:pr'


@pytest.mark.parametrize("cloud", ["no", "yes"])
def test_jira_searches_are_counted_over_all_pages(server, tmp_path, cloud):
    """Data Center and Cloud page differently and give the same figures and items, with their time zone."""
    rows = [jira_issue(f"SHOP-{number}", f"2026-03-{number:02}") for number in range(1, 6)]
    puller = jira(server, tmp_path, *rows, cloud=cloud)

    harvest = puller.ask(NOW)

    assert puller.values(harvest) == {("issues_open_count", "P0"): 5, ("issue_oldest_days", "P0"): 19}
    first = harvest.items[0]
    assert (first.text, first.path, first.label) == ("SHOP-1 Fault SHOP-1", f"{server.base}/browse/SHOP-1", "Highest")


@pytest.mark.parametrize(
    ("cloud", "answer", "reason"),
    [
        ("no", {"total": 7}, "counts 7 issues, its pages list 1"),
        ("no", {"total": None}, "states no total"),
        ("no", {"issues": None}, "no list of issues"),
        ("no", {"issues": [{"key": 1}]}, "not an issue"),
        ("no", {"issues": [jira_issue("OPS-1", "2026-01-01")]}, "leads out of SHOP"),
        ("yes", {"isLast": False, "nextPageToken": None}, "more pages follow"),
        ("yes", {"isLast": False, "nextPageToken": "0"}, "more pages follow"),
    ],
)
def test_a_jira_search_that_is_not_whole_is_unknown(server, tmp_path, cloud, answer, reason):
    """A total that differs from the issues, a page that is missing and a foreign project are unknown."""
    puller = jira(server, tmp_path, jira_issue("SHOP-1", "2026-01-01"), cloud=cloud, **answer)

    harvest = puller.ask(NOW)

    assert [o.value for o in harvest.observations] == [None, None]
    assert reason in harvest.observations[0].reason


@pytest.mark.parametrize("fault", ["myself", "seraph", "project", "login page"])
def test_jira_without_a_valid_sign_in_is_never_zero(server, tmp_path, fault):
    """To a wrong token Jira answers a search with an empty list and 200: that is unknown, not nothing open."""
    puller = jira(server, tmp_path)
    if fault == "seraph":
        denied = {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}
        server.faults.append(Fault("/myself", "status", status=200, headers=denied, body=b'{"name": "tminus"}'))
    elif fault == "login page":
        server.routes["/rest/api/2/myself"] = LOGIN_PAGE
    else:
        server.faults.append(Fault(f"/{fault}", "status", status=401 if fault == "myself" else 404))

    harvest = puller.ask(NOW)

    assert [(o.value, bool(o.reason)) for o in harvest.observations] == [(None, True)] * 2


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ({"projects": [], "search": [{"jql": "a = b"}]}, "keys of projects"),
        ({"projects": ['SHOP") OR (1'], "search": [{"jql": "a = b"}]}, "keys of projects"),
        ({"projects": ["SHOP"], "search": [{"jql": "a = b ORDER BY key"}]}, "leave out ORDER BY"),
    ],
)
def test_a_wrong_jql_is_one_clear_line(table, problem):
    """A search without a project, or with an order of its own, is refused."""
    with pytest.raises(SourceError, match=problem):
        jira_searches({"api": "https://x.example", **table})


def test_a_token_goes_to_no_host_that_only_the_repository_names(server, tmp_path, monkeypatch):
    """The address in tminus.toml is no permission: without the user's own list nothing is sent."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "nobody"))
    puller = jira(server, tmp_path)

    with pytest.raises(SourceError, match=r'write jira = \["127\.0\.0\.1:'):
        puller.ask(NOW)
    assert server.asked == []


def incident(name: str, day: str, **more):
    """An incident as a status page lists it."""
    row = {"id": name, "name": name, "status": "investigating", "impact": "minor", "created_at": f"{day}T12:00:00Z"}
    return {**row, "shortlink": f"https://stspg.example/{name}", **more}


def test_incidents_are_counted_by_impact_with_the_oldest(server, tmp_path):
    """Unresolved incidents make a count, one for each impact, and ages; each is one item, a resolved one none."""
    rows = [incident("a", "2026-03-19", impact="critical"), incident("b", "2026-03-20")]
    rows += [incident("c", "2026-03-01", status="resolved")]
    server.routes["/api/v2/incidents/unresolved.json"] = {"page": {"id": "p"}, "incidents": rows}
    puller = ServicePuller(StatusPage, tmp_path, api=server.base)

    assert puller.values(puller.pull(NOW)) == {
        "incidents_open_count": 2,
        "incident_oldest_hours": 24,
        ("incidents_open_count", "critical"): 1,
        ("incident_oldest_hours", "critical"): 24,
        ("incidents_open_count", "major"): 0,
        ("incident_oldest_hours", "major"): 0,
        ("incidents_open_count", "minor"): 1,
        ("incident_oldest_hours", "minor"): 0,
    }
    assert puller.items() == [
        ("a", "https://stspg.example/a", "2026-03-19", None),
        ("b", "https://stspg.example/b", "2026-03-20", None),
    ]


@pytest.mark.parametrize(
    "body", [LOGIN_PAGE, b'{"incidents": []}', b'{"page": {}, "incidents": [1]}', b'{"page": {}, "incidents": null}']
)
def test_an_answer_that_is_no_status_page_is_unknown(server, tmp_path, body):
    """A page of something else proves no quiet day."""
    server.routes["/api/v2/incidents/unresolved.json"] = body
    puller = ServicePuller(StatusPage, tmp_path, api=server.base)

    assert set(puller.values(puller.ask(NOW)).values()) == {None}
