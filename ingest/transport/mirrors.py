"""Bare mirrors of repositories, cloned and brought up to date with the user's own git and its credentials."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

from ingest.redaction.redact import redact_text
from ingest.source import SourceError

_PROTOCOLS = ("https", "ssh", "file")
_SCP = re.compile(r"[A-Za-z0-9._-]+@[A-Za-z0-9.-]+:[^\s]+")
# Nothing of a mirror runs: no hook, no prompt that would wait for ever, no protocol that starts a program.
_SAFE = ("core.hooksPath=" + os.devnull, "core.fsmonitor=false", "gc.auto=0", "transfer.fsckObjects=false")
_FOREIGN_ENVIRONMENT = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE")
_REFS = ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")


def check_url(url: str) -> None:
    """SourceError where an address is none to mirror: another protocol, an option of git, credentials in it."""
    if _SCP.fullmatch(url) or (url.startswith("/") and "\n" not in url):
        return
    parts = urlsplit(url)
    if parts.scheme not in _PROTOCOLS or re.search(r"\s", url):
        raise SourceError(
            f"cannot mirror {redact_text(url)!r}: write an https, ssh or file address, git@host:path or a path"
        )
    if parts.password or (parts.scheme == "https" and parts.username):
        raise SourceError(
            f"the address of {parts.hostname} holds credentials: remove them, git takes them from its credential helper"
        )


def update_mirror(url: str, folder: Path, seconds: float) -> None:
    """Clone `url` as a bare repository into `folder`, or fetch what is new. SourceError: git failed, or took too long.

    A clone is made beside its place and moved there whole, so a killed one leaves no half mirror.
    """
    check_url(url)
    if (folder / "HEAD").is_file():
        _refuse_other_origin(url, folder)
    else:
        _clone(url, folder, seconds)
    _git(folder, seconds, "fetch", "--quiet", "--prune", "--no-write-fetch-head", "origin", *_REFS)
    _follow_head(folder, seconds)


def _clone(url: str, folder: Path, seconds: float) -> None:
    part = folder.with_name(f"{folder.name}.{os.getpid()}.part")
    shutil.rmtree(part, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        _git(None, seconds, "clone", "--quiet", "--bare", "--", url, str(part))
        part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _refuse_other_origin(url: str, folder: Path) -> None:
    known = _git(folder, 60, "config", "--get", "remote.origin.url").strip()
    if known != url:
        raise SourceError(
            f"{folder} mirrors {redact_text(known)!r}, not {redact_text(url)!r}: move it away, or rename the project"
        )


def _follow_head(folder: Path, seconds: float) -> None:
    """Let the mirror's HEAD name the branch that the origin's HEAD names, which may have been renamed."""
    for line in _git(folder, seconds, "ls-remote", "--symref", "origin", "HEAD").splitlines():
        if line.startswith("ref: refs/heads/"):
            _git(folder, 60, "symbolic-ref", "HEAD", line.split()[1])


def _git(folder: Path | None, seconds: float, *arguments: str) -> str:
    """What git prints; SourceError with its last line, credentials masked."""
    options = [word for setting in _SAFE for word in ("-c", setting)]
    place = [f"--git-dir={folder}"] if folder else []
    try:
        done = subprocess.run(
            ["git", *options, *place, *arguments],
            capture_output=True,
            check=False,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            timeout=seconds,
        )
    except subprocess.TimeoutExpired:
        raise SourceError(f"git {arguments[0]} took more than {seconds:,.0f} s: stopped") from None
    except FileNotFoundError:
        raise SourceError("git is not installed: install it, mirrors are made by it") from None
    if done.returncode:
        last = (done.stderr.decode("utf-8", "replace").strip().splitlines() or ["no message"])[-1]
        raise SourceError(f"git {arguments[0]} failed: {redact_text(last)}")
    return done.stdout.decode("utf-8", "replace")


def _environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key not in _FOREIGN_ENVIRONMENT}
    quiet = {"GIT_TERMINAL_PROMPT": "0", "GIT_ALLOW_PROTOCOL": ":".join(_PROTOCOLS), "LC_ALL": "C"}
    return {"GIT_SSH_COMMAND": "ssh -oBatchMode=yes", **kept, **quiet}
