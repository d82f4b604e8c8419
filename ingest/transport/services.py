"""How to ask the services that judge code: their own hosts, and the variables that hold their tokens."""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping

from ingest.transport.http_client import Service
from ingest.transport.trusted_hosts import check_receiver

CODECOV_API = "https://api.codecov.io/api/v2"
SONAR_CLOUD = "https://sonarcloud.io"
SCORECARD_API = "https://api.scorecard.dev"
_HEADERS = {"Accept": "application/json", "User-Agent": "tminus"}


def codecov(api: str, environment: Mapping[str, str] | None = None) -> Service:
    """Codecov, with an API token (not an upload token) where one is given; public repositories need none."""
    token = _token("CODECOV_API_TOKEN", environment)
    _check("Codecov", "codecov", api, (CODECOV_API, _variable("CODECOV_URL", environment)), token, environment)
    return Service("Codecov", api, _HEADERS, token=f"Bearer {token}" if token else "", token_hint="CODECOV_API_TOKEN")  # noqa: S106


def sonar(api: str, environment: Mapping[str, str] | None = None) -> Service:
    """SonarQube or SonarCloud. A token is sent as the user of Basic: every version knows that, few know Bearer."""
    token = _token("SONAR_TOKEN", environment)
    _check("Sonar", "sonar", api, (SONAR_CLOUD, _variable("SONAR_HOST_URL", environment)), token, environment)
    basic = f"Basic {base64.b64encode(f'{token}:'.encode()).decode()}" if token else ""
    return Service("Sonar", api, _HEADERS, token=basic, token_hint="SONAR_TOKEN")  # noqa: S106


def scorecard(api: str) -> Service:
    """The public API of OpenSSF Scorecard; it needs no token."""
    return Service("Scorecard", api, _HEADERS)


def _variable(name: str, environment: Mapping[str, str] | None) -> str:
    variables = os.environ if environment is None else environment
    return variables.get(name, "").strip()


def _token(name: str, environment: Mapping[str, str] | None) -> str:
    return _variable(name, environment)


def _check(
    name: str, table: str, api: str, own: tuple[str, ...], token: str, environment: Mapping[str, str] | None
) -> None:
    """A token goes to the service's own host and to those that the user chose, to no other."""
    if token:
        hint = {"codecov": "CODECOV_API_TOKEN", "sonar": "SONAR_TOKEN"}[table]
        check_receiver(name, table, api, own, hint, environment)
