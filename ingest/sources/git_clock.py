"""Turns commit dates into dates a series can use, whatever the committers' clocks said."""

from __future__ import annotations

from datetime import UTC, datetime

_EARLIEST = 31_536_000  # 1971: earlier dates are a clock that was never set
_LATEST = 253_402_300_799  # 9999-12-31, the last moment a datetime can hold


def moment_of(seconds: int) -> datetime:
    """Return the commit's own date; beyond what a calendar holds, the nearest that it does."""
    return datetime.fromtimestamp(min(max(seconds, -62_135_596_800), _LATEST), UTC)


class CommitClock:
    """The date from which a commit's figures count: its own, unless that would break the order of commits.

    A date before an earlier commit's, before 1971 or after `now` is replaced by the latest plausible one so far, so
    that the order of dates is the order of commits. Commits at the root without a plausible date take the first
    plausible one after them (`first`), else their own or `now`.
    """

    def __init__(self, now: datetime, latest: int | None = None, first: int | None = None) -> None:
        self._now = int(now.timestamp())
        self.latest = latest
        self._first = first
        self.moved = 0

    def observed_at(self, seconds: int) -> datetime:
        """Return the date that counts for a commit of this date, and remember it as the latest if it is plausible."""
        if self.is_plausible(seconds) and (self.latest is None or seconds >= self.latest):
            self.latest = seconds
            return datetime.fromtimestamp(seconds, UTC)
        self.moved += 1
        if self.latest is not None:
            return datetime.fromtimestamp(self.latest, UTC)
        return moment_of(self._first if self._first is not None else min(seconds, self._now))

    def is_plausible(self, seconds: int) -> bool:
        """Say whether somebody can have committed then."""
        return _EARLIEST <= seconds <= self._now
