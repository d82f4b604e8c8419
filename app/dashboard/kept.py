"""Which forecasts a server has kept, and which versions of a warehouse hold the same evidence."""

from __future__ import annotations

Version = tuple[int, int]


class KeptForecasts:
    """Keeping a forecast changes the warehouse, but no evidence in it: the answers computed before stay valid.

    One object per server; its methods are called from the threads of several sessions. Each writes single entries of
    a dict or a set, which is atomic in CPython.
    """

    def __init__(self) -> None:
        self._evidence: dict[tuple[str, Version], Version] = {}
        self._kept: set[tuple[str, str]] = set()
        self._complete: dict[str, Version] = {}

    def evidence_version(self, path: str, version: Version) -> Version:
        """The first version of the warehouse of a configuration that holds the same evidence as `version`."""
        return self._evidence.get((path, version), version)

    def shown_version(self, path: str, version: Version, *, pulling: bool) -> Version:
        """The version that pages show: while a pull writes, that of the last complete state."""
        if pulling and path in self._complete:
            return self._complete[path]
        self._complete[path] = version
        return version

    def is_kept(self, path: str, day: str) -> bool:
        """Whether the forecast of a day (ISO) needs no keeping any more."""
        return (path, day) in self._kept

    def note_kept(self, path: str, day: str, before: Version, after: Version) -> None:
        """The forecast of a day was kept, which took the warehouse from version `before` to `after`."""
        self._kept.add((path, day))
        self.note_same_evidence(path, before, after)

    def note_same_evidence(self, path: str, before: Version, after: Version) -> None:
        """Something beside the evidence (a decision, a frozen review) took the warehouse from `before` to `after`."""
        self._evidence[path, after] = self.evidence_version(path, before)
