"""Tokens go only to hosts that the user chose outside the repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.source import SourceError
from ingest.transport import github, gitlab, prometheus

SECRET = "qZ81-plain-words-no-shape"

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
