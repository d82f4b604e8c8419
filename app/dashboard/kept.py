"""What one server knows of the warehouses that it shows: their evidence, and the forecasts that it kept."""

from __future__ import annotations

from collections.abc import Callable

Version = tuple[int, int]


class KeptForecasts:
    """Writing beside the evidence (a decision, a frozen review, a kept forecast) leaves every shown answer valid.

    One object per server; its methods are called from the threads of several sessions. Each writes single entries of
    a dict or a set, which is atomic in CPython.
    """

    def __init__(self) -> None:
        self._evidence: dict[str, tuple[Version, Version]] = {}
        self._kept: set[tuple[str, str]] = set()
        self._shown: dict[str, Version] = {}

    def evidence_version(self, path: str, file: Version, ask: Callable[[], Version]) -> Version:
        """The version of the evidence in a file; `ask` reads it, once for each version of the file."""
        known = self._evidence.get(path)
        if known is None or known[0] != file:
            known = self._evidence[path] = (file, ask())
        return known[1]

    def shown(self, path: str) -> Version | None:
        """The version that the pages of a configuration showed last."""
        return self._shown.get(path)

    def note_shown(self, path: str, version: Version) -> Version:
        """Pages show this version from now on."""
        self._shown[path] = version
        return version

    def is_kept(self, path: str, day: str) -> bool:
        """Whether the forecast of a day (ISO) needs no keeping any more."""
        return (path, day) in self._kept

    def note_kept(self, path: str, day: str) -> None:
        """The forecast of a day was kept."""
        self._kept.add((path, day))
