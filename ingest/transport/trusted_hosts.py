"""To which hosts a token may go: those the user chose outside the repository.

A `tminus.toml` comes with the repository and can be changed by a pull request. The address of a service in it is
therefore no permission: a token goes to the service's own host, to the host that the CI names in its own variables,
and to the hosts of the user's own trust list. Nothing else.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from ingest.source import SourceError
from ingest.transport.addresses import LOOPBACK, origin, shown_origin

LIST_NAME = "trusted_hosts.toml"


def list_path(environment: Mapping[str, str] | None = None) -> Path:
    """The user's trust list: `$XDG_CONFIG_HOME/tminus/trusted_hosts.toml`, else below `~/.config`."""
    variables = os.environ if environment is None else environment
    base = variables.get("XDG_CONFIG_HOME", "").strip()
    return (Path(base) if base else Path(variables.get("HOME") or Path.home()) / ".config") / "tminus" / LIST_NAME


def trusted(table: str, environment: Mapping[str, str] | None = None) -> frozenset[str]:
    """The hosts (`host` or `host:port`) that the user trusts for `table`: github, gitlab, prometheus or probes."""
    path = list_path(environment)
    try:
        hosts = tomllib.loads(path.read_text(encoding="utf-8-sig")).get(table, [])
    except FileNotFoundError:
        return frozenset()
    except (OSError, ValueError) as problem:
        raise SourceError(f"{path} cannot be read ({problem}): correct it, no token is sent without it") from None
    if not isinstance(hosts, list) or not all(isinstance(host, str) for host in hosts):
        raise SourceError(f'{path}: {table} must be a list of hosts, as {table} = ["host.example"], found {hosts!r}')
    return frozenset(host.strip().lower() for host in hosts)


def may_receive(table: str, url: str, own: Sequence[str], environment: Mapping[str, str] | None = None) -> bool:
    """Whether the token of `table` may go to `url`; `own` are addresses of the service and those the CI names."""
    if origin(url) in {origin(address) for address in own if address}:
        return True
    return is_listed(url, trusted(table, environment))


def is_listed(url: str, hosts: frozenset[str]) -> bool:
    """Whether the host of an address is in a list: a host without a port means the usual one, on this machine any."""
    scheme, host, port = origin(url)
    usual = port == (443 if scheme == "https" else 80) or host in LOOPBACK
    shown = f"[{host}]" if ":" in host else host
    return f"{shown}:{port}" in hosts or (usual and (host in hosts or shown in hosts))


def how_to_trust(table: str, url: str, environment: Mapping[str, str] | None = None) -> str:
    """The line that adds the host of an address to the list."""
    host = shown_origin(url).partition("://")[2]
    return f'to trust it, write {table} = ["{host}"] into {list_path(environment)}'


def check_receiver(
    name: str, table: str, url: str, own: Sequence[str], hint: str, environment: Mapping[str, str] | None = None
) -> None:
    """Refuse to send the token of the environment to a host that the user did not choose."""
    if urlsplit(url).hostname and not may_receive(table, url, own, environment):
        raise SourceError(
            f"{name}: the token in {hint} is not sent to {shown_origin(url)}: a tminus.toml does not decide that; "
            f"{how_to_trust(table, url, environment)}"
        )
