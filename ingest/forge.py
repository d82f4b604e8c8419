"""Addresses of commits and of lines of files on the forge that a repository was cloned from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

# kind: (path of a commit, path of a file at a commit, anchor of a line); {c} commit, {p} path, {n} line
_SHAPES: Final[dict[str, tuple[str, str, str]]] = {
    "github": ("/commit/{c}", "/blob/{c}/{p}", "#L{n}"),
    "gitlab": ("/-/commit/{c}", "/-/blob/{c}/{p}", "#L{n}"),
    "bitbucket": ("/commits/{c}", "/src/{c}/{p}", "#lines-{n}"),
    "gitea": ("/commit/{c}", "/src/commit/{c}/{p}", "#L{n}"),
    "azure": (
        "/commit/{c}",
        "?path=/{p}&version=GC{c}",
        "&line={n}&lineEnd={n}&lineStartColumn=1&lineEndColumn=200&lineStyle=plain",
    ),
}
FORGE_KINDS: Final = tuple(_SHAPES)
_HOSTS: Final = {
    "github.com": "github",
    "gitlab.com": "gitlab",
    "bitbucket.org": "bitbucket",
    "gitea.com": "gitea",
    "codeberg.org": "gitea",
    "dev.azure.com": "azure",
}
# A host of one's own that is named after its forge: gitlab.example.org.
_NAMED: Final = {"github": "github", "gitlab": "gitlab", "gitea": "gitea", "forgejo": "gitea"}
_ALIASES: Final = {
    "ssh.github.com": "github.com",
    "altssh.gitlab.com": "gitlab.com",
    "altssh.bitbucket.org": "bitbucket.org",
}
_SCP: Final = re.compile(r"^(?:[^@/\s:]+@)?(?P<host>[\w.-]+):(?!//)(?P<path>[^\s]+)$")
_HOST: Final = re.compile(r"^[a-z0-9][a-z0-9.-]*$")
_COMMIT: Final = re.compile(r"^[0-9a-f]{7,64}$")


@dataclass(frozen=True)
class Forge:
    """A repository on a forge: the kind that decides how addresses are written, and the address of the repository."""

    kind: str
    base: str

    @property
    def name(self) -> str:
        """The path of the repository on its forge: owner/name."""
        return urlsplit(self.base).path.strip("/")

    def commit(self, commit: str) -> str:
        """The address of a commit; empty where the text is no hash."""
        if not _COMMIT.match(commit):
            return ""
        return self.base + _SHAPES[self.kind][0].format(c=commit)

    def file(self, path: str, commit: str, line: int | None = None) -> str:
        """The address of a file at a commit, at a line where one is given; empty without a commit or a path."""
        if not path or not _COMMIT.match(commit):
            return ""
        _, of_file, of_line = _SHAPES[self.kind]
        anchor = of_line.format(n=line) if line else ""
        return self.base + of_file.format(c=commit, p=quote(path.lstrip("/"))) + anchor


def is_simulated(author: str) -> bool:
    """Whether a commit is part of a simulated sample: its author says so, and no repository has it."""
    return author == "simulated" or author.endswith("(simulated)")


def forge_of(remote: str, configured: str = "", kind: str = "") -> Forge | None:
    """The forge of a remote address (https, ssh, scp-like) or of the one that is configured; None where it is unknown.

    `kind` (one of FORGE_KINDS) is needed only for hosts whose name does not give it.
    """
    host, path, scheme = _parts(configured or remote)
    name = host.rsplit(":", 1)[0].lower()
    if not path or not _HOST.match(name):
        return None
    if name == "dev.azure.com" or name.endswith((".visualstudio.com", "ssh.dev.azure.com")):
        return _azure(name, path)
    kind = kind or _HOSTS.get(name, _NAMED.get(name.split(".")[0], ""))
    if kind not in _SHAPES:
        return None
    return Forge(kind, f"{'https' if name in _HOSTS else scheme}://{host}/{path}")


def _parts(address: str) -> tuple[str, str, str]:
    """Host (with the port of a web address), path and scheme; no user, no password, no ".git"."""
    address = address.strip()
    match = _SCP.match(address)
    if match:
        return _ALIASES.get(match["host"], match["host"]), _bare(match["path"]), "https"
    try:
        found = urlsplit(address)
        port = found.port
    except ValueError:
        return "", "", ""
    if found.scheme not in ("http", "https", "ssh", "git", "git+ssh", "ssh+git") or not found.hostname:
        return "", "", ""
    web = found.scheme in ("http", "https")
    host = _ALIASES.get(found.hostname, found.hostname)
    return (f"{host}:{port}" if web and port else host), _bare(found.path), found.scheme if web else "https"


def _bare(path: str) -> str:
    cleaned = path.strip("/").removesuffix(".git").strip("/")
    return quote(cleaned, safe="/%~")


def _azure(host: str, path: str) -> Forge | None:
    """Azure DevOps: dev.azure.com/ORG/PROJECT/_git/REPO, its ssh form v3/ORG/PROJECT/REPO, and ORG.visualstudio.com."""
    parts = path.split("/")
    if "_git" in parts:
        organisation = "" if host == "dev.azure.com" else host.split(".", maxsplit=1)[0]
        whole = "/".join(filter(None, [organisation, path.removeprefix("DefaultCollection/")]))
        return Forge("azure", f"https://dev.azure.com/{whole}")
    if parts[0] == "v3" and len(parts) == 4:
        _, organisation, project, name = parts
        return Forge("azure", f"https://dev.azure.com/{organisation}/{project}/_git/{name}")
    return None


@dataclass(frozen=True)
class Places:
    """Where commits and lines can be looked at: the forge, and the commit that the lines of open items are of."""

    forge: Forge | None = None
    tip: str = ""

    def commit(self, commit: str, author: str = "") -> str:
        """The page of a commit; empty for a simulated one, which no repository has."""
        return "" if self.forge is None or is_simulated(author) else self.forge.commit(commit)

    def line(self, path: str, line: int | None, commit: str = "", author: str = "") -> str:
        """The page of a line, at a commit or at the newest one; a place that is a web address is its own page."""
        if path.startswith(("https://", "http://")):
            return path
        if self.forge is None or is_simulated(author):
            return ""
        return self.forge.file(path, commit or self.tip, line)
