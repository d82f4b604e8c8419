"""Serve the dashboard, on loopback unless a sign-in is set up: a Streamlit child that asks nothing outside."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from app.dashboard.access.sign_in_file import LOOPBACK, VARIABLE, SignIn, check_projects, read_sign_in
from app.dashboard.palette import DARK_GROUND
from app.workspace import CONFIG_VARIABLE
from ingest.source import TMinusError

HOST = "127.0.0.1"
PORTS_TRIED = 50
_EVERY_INTERFACE = ("0.0.0.0", "::")  # noqa: S104 - asked for by name, and with a sign-in only
PATIENCE_SECONDS = 60.0
ENTRY = Path(__file__).parent / "entry" / "streamlit_app.py"
SERVER = "app.dashboard.entry.server"

# Streamlit's defaults listen on every interface, report usage and show a developer's menu; none of that is wanted.
FLAGS: dict[str, str] = {
    "server.address": HOST,
    "server.headless": "true",
    "server.fileWatcherType": "none",
    "server.showEmailPrompt": "false",
    "browser.gatherUsageStats": "false",
    "client.toolbarMode": "minimal",
    "client.showErrorLinks": "false",
    # The page's downloads neutralise formulas; those of the table's own menu would not.
    "client.disableDataExport": "true",
    "logger.level": "warning",
    # A look at every object after every run of a page took longer than the page; Python collects as it always does.
    "runner.postScriptGC": "false",
}
# Fonts are the ones that Streamlit brings along. A theme with a light and a dark part follows the system.
THEME: dict[str, str] = {
    "baseRadius": "6px",
    "font": "sans-serif",
    "headingFontWeights": "600",
    "headingFontSizes": '["1.9rem", "1.4rem", "1.15rem", "1.05rem"]',
    "metricValueFontSize": "1.6rem",
    "showSidebarBorder": "true",
    "paddingTop": "1.5rem",
}
# Every colour keeps a contrast of 4.5 or more on its ground.
LIGHT: dict[str, str] = {
    "primaryColor": "#1F5A8C",
    "backgroundColor": "#FFFFFF",
    "secondaryBackgroundColor": "#F6F7F9",
    "textColor": "#1B2430",
    "linkColor": "#1F5A8C",
    "borderColor": "#E3E7EC",
    "redTextColor": "#B3400E",
    "redColor": "#B3400E",
    "greenTextColor": "#0B6E4F",
    "greenColor": "#0B6E4F",
    "grayTextColor": "#5B6673",
    "dataframeHeaderBackgroundColor": "#F6F7F9",
}
DARK: dict[str, str] = {
    "primaryColor": "#2F74B0",  # under white words
    "backgroundColor": DARK_GROUND,
    "secondaryBackgroundColor": "#1D232A",
    "textColor": "#E6E9ED",
    "linkColor": "#7FB4E3",
    "borderColor": "#353C44",
    "redTextColor": "#F0956A",
    "redColor": "#E8804F",
    "greenTextColor": "#63C5A0",
    "greenColor": "#4FB58F",
    "grayTextColor": "#A3ADB8",
    "dataframeHeaderBackgroundColor": "#1D232A",
}


class ServingError(TMinusError):
    """The dashboard cannot be served."""


class Access(NamedTuple):
    """Who can reach the server: on loopback everybody of this machine, elsewhere only who signs in."""

    host: str = HOST
    sign_in: SignIn | None = None


def access_of(host: str, sign_in: str, projects: Sequence[str] = ()) -> Access:
    """The access that the arguments ask for; `projects`: the names that this server shows.

    ServingError: an open address without a sign-in. SignInError: what is wrong with the file.
    """
    setup = read_sign_in(Path(sign_in)) if sign_in else None
    if setup and projects:
        check_projects(setup, projects)
    if host not in LOOPBACK and setup is None:
        raise ServingError(
            f"--host {host}: without a sign-in the pages are served on {HOST} only; "
            "name a file with --sign-in (docs/running.md shows one)"
        )
    return Access(host, setup)


def serve(
    config_path: Path,
    port: int,
    announce: Callable[[str], None],
    *,
    open_browser: bool,
    access: Access = Access(),  # noqa: B008 - a constant
) -> int:
    """Serve until Ctrl-C; `announce` gets the address once it answers. Returns the exit code.

    ServingError: no port is free, or the server does not start.
    """
    chosen = free_port(port)
    if access.sign_in and chosen != port:
        raise ServingError(f"--port {port}: in use; with a sign-in no other port is taken, since its address is fixed")
    with _child(config_path, chosen, access) as child:
        _wait_until_it_answers(child, access.host, chosen)
        address = access.sign_in.origin if access.sign_in else f"http://{HOST}:{chosen}"
        announce(address)
        if open_browser:
            import webbrowser

            webbrowser.open(address)
        return _wait(child)


def free_port(wanted: int) -> int:
    """The port asked for or, when it is in use, the next free one. ServingError: there is none."""
    if not 1 <= wanted <= 65535:
        raise ServingError(f"--port {wanted}: the port must be between 1 and 65535")
    for port in range(wanted, min(wanted + PORTS_TRIED, 65536)):
        with closing(socket.socket()) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise ServingError(f"no free port from {wanted} on: name another with --port")


def command(config_path: Path, port: int, access: Access = Access()) -> list[str]:  # noqa: B008 - a constant
    """The command line of the child. Secrets come from the named file alone, never from the folder of a repository."""
    secrets = {"secrets.files": str(access.sign_in.path)} if access.sign_in else {}
    flags = {**FLAGS, "server.address": access.host, "server.port": str(port), **secrets, **_theme()}
    options = [f"--{name}={value}" for name, value in flags.items()]
    return [sys.executable, "-P", "-m", SERVER, "run", str(ENTRY), *options, "--", str(config_path)]


def _theme() -> dict[str, str]:
    parts = (("theme", THEME), ("theme.light", LIGHT), ("theme.dark", DARK))
    return {f"{part}.{name}": value for part, values in parts for name, value in values.items()}


@contextmanager
def _child(config_path: Path, port: int, access: Access) -> Iterator[subprocess.Popen[bytes]]:
    """The server as a child process, ended whenever this process ends."""
    here = str(ENTRY.parents[3])  # the packages are found from a checkout and from an installation alike
    paths = [here, *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, CONFIG_VARIABLE: str(config_path), "PYTHONPATH": os.pathsep.join(paths)}
    environment[VARIABLE] = str(access.sign_in.path) if access.sign_in else ""
    child = subprocess.Popen(command(config_path, port, access), env=environment, stdout=subprocess.DEVNULL)
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        yield child
    finally:
        signal.signal(signal.SIGTERM, before)
        _end(child)


def _stop(_number: int, _frame: Any) -> None:
    raise SystemExit(0)


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(5)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _wait_until_it_answers(child: subprocess.Popen[bytes], host: str, port: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not _answers(HOST if host in _EVERY_INTERFACE else host, port):
        if child.poll() is not None:
            raise ServingError(f"the dashboard stopped at once (exit {child.returncode}); its messages are above")
        if time.monotonic() > deadline:
            raise ServingError(f"the dashboard did not answer within {PATIENCE_SECONDS:.0f} seconds on port {port}")
        time.sleep(0.1)


def _answers(host: str, port: int) -> bool:
    with closing(http.client.HTTPConnection(host, port, timeout=2)) as connection:
        try:
            connection.request("GET", "/_stcore/health", headers={"Host": f"{HOST}:{port}"})
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False


def _wait(child: subprocess.Popen[bytes]) -> int:
    """Until the server ends or Ctrl-C: that is the way to stop it, so the exit code is 0."""
    try:
        return child.wait()
    except KeyboardInterrupt:
        return 0
