"""Links inside the dashboard: each carries the day and the window of the page that it is on."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.forge import Forge, is_simulated

_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~,:")


def _quoted(value: str) -> str:
    """A value in a URL, byte for byte."""
    return "".join(sign if sign in _PLAIN else "".join(f"%{byte:02X}" for byte in sign.encode()) for sign in value)


@dataclass(frozen=True)
class Links:
    """The choices that every link keeps: `at` and `weeks` as the URL holds them, empty for the defaults."""

    at: str = ""
    weeks: str = ""
    forge: Forge | None = None
    project: str = ""  # of a portfolio

    def page(self, address: str, section: str = "", **choices: str) -> str:
        """A page by its address, with more choices; `section` is the key of the part to scroll to."""
        kept = {"at": self.at, "weeks": self.weeks, "project": self.project, **choices}
        query = "&".join(f"{name}={_quoted(value)}" for name, value in kept.items() if value)
        return f"/{address}{f'?{query}' if query else ''}{f'#{section}' if section else ''}"

    def criterion(self, identity: str) -> str:
        """The history of a criterion."""
        return self.page("factors", factor=identity)

    def author(self, name: str) -> str:
        """What one person moved."""
        return self.page("movement", author=name)

    def file(self, path: str, commit: str, line: int | None = None) -> str:
        """A line of a file at a commit on its forge; empty where there is none."""
        return "" if self.forge is None else self.forge.file(path, commit, line)

    def commit(self, commit: str, author: str = "") -> str:
        """A commit on its forge; empty where there is none, and for a simulated commit."""
        return "" if self.forge is None or is_simulated(author) else self.forge.commit(commit)
