"""Turns commit dates into dates a series can use, whatever the committers' clocks showed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EARLIEST = 31_536_000  # 1971: earlier dates are a clock that was never set
_LATEST = 253_402_300_799  # 9999-12-31, the last moment a datetime can hold
_SECOND = 1_000_000  # microseconds
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment_of(seconds: int) -> datetime:
    """Return the commit's own date; beyond what a calendar holds, the nearest that it does."""
    return datetime.fromtimestamp(min(max(seconds, -62_135_596_800), _LATEST), UTC)


class CommitClock:
    """The moment from which a commit's figures count: its own date, unless that would break the order of commits.

    A date before an earlier commit's, before 1971 or after `now` is replaced by the latest plausible one so far, and
    commits of one second are a microsecond apart, so that the order of moments is exactly the order of commits.
    Commits at the root without a plausible date are placed just before the first plausible one after them (`first`, in
    seconds), else at their own or `now`. `latest` is in microseconds.
    """

    def __init__(self, now: datetime, latest: int | None = None, first: int | None = None) -> None:
        self._now = int(now.timestamp())
        self.latest = latest
        self._first = first
        self._undated = 0
        self.moved = 0

    def observed_at(self, seconds: int) -> datetime:
        """Return the moment that counts for a commit of this date, and remember it as the latest."""
        plausible = self.is_plausible(seconds)
        if self.latest is None:
            return self._begin(seconds) if plausible else self._before_all(seconds)
        if plausible and seconds >= self.latest // _SECOND:
            self.latest = max(seconds * _SECOND, self.latest + 1)
        else:
            self.moved += 1
            self.latest += 1
        return _at(self.latest)

    def _begin(self, seconds: int) -> datetime:
        self.latest = seconds * _SECOND
        return _at(self.latest)

    def _before_all(self, seconds: int) -> datetime:
        self.moved += 1
        self._undated += 1
        first = self._first if self._first is not None else min(max(seconds, 0), self._now) + 1
        return _at((first - 1) * _SECOND + self._undated)

    def is_plausible(self, seconds: int) -> bool:
        """Say whether somebody can have committed then."""
        return _EARLIEST <= seconds <= self._now


def _at(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)
