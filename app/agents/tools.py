"""What agents may ask: each tool is one step, its answer that of the command's `--json`. Nothing is ever written."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from app.workspace import WEEK, UsageError, Workspace, parse_as_of
from ingest.held_values import mask

Answer = dict[str, Any]
DAYS = 730


@dataclass(frozen=True)
class Tools:
    """The tools on one tminus.toml; it is read for each question, so that an edit of the plan counts at once.

    Times are ISO days or moments; empty means now. TMinusError: what was asked cannot be answered, in one line.
    """

    config: Path | None

    def status(self, at: str = "") -> Answer:
        """How ready the project is: every gate and criterion with points, evidence (file, line, commit), unknowns with
        their reasons, claims of documents beside it, and the GO verdict with the rules that decided it."""
        from app.steps import assess

        workspace, moment = self._asked(at)
        return _plain(assess.status(workspace, moment))

    def explain(self, criterion: str = "", at: str = "") -> Answer:
        """Where the points of one criterion (its id) come from, with its open items and their links; without an id
        the arithmetic of the whole and the cheapest path to the target."""
        from app.steps.explain import explain

        workspace, moment = self._asked(at)
        return _plain(explain(workspace, moment, criterion or None))

    def forecast(self, at: str = "", since: str = "") -> Answer:
        """When GO is reached, as dates with odds, or a refusal with its reason; `since` adds why the date slipped
        since that day. A refusal is an answer: repeat it, do not replace it by a guess."""
        return self._forecast(at, since=since)

    def what_if(self, changes: list[str] | str = "", at: str = "", by: str = "", odds: str = "") -> Answer:
        """The forecast under changes, each CRITERION=2x (twice its pace), drop:CRITERION or freeze:2w; with `by`
        (a day) and `odds` (such as 80%) also which pace reaches GO by then."""
        if not changes and not by:
            raise UsageError("name at least one change, such as freeze:2w, or a day in by")
        return self._forecast(at, [changes] if isinstance(changes, str) and changes else list(changes), by, odds)

    def moved(self, since: str = "", until: str = "") -> Answer:
        """What moved readiness in a window (default: the last week), shared out to criteria and commits with links."""
        from app.steps import movement

        workspace, end = self._asked(until)
        start = parse_as_of(workspace, since) if since else end - WEEK
        if start >= end:
            raise UsageError(f"the window is empty: since {start:%Y-%m-%d} is not before until {end:%Y-%m-%d}")
        return _plain(movement.moved(workspace, start, end))

    def decisions(self, only_open: bool = False, at: str = "") -> Answer:
        """The decisions of the review meeting with owner, due day, outcome, and the evidence since."""
        from app.steps import meeting

        workspace, moment = self._asked(at)
        return _plain(meeting.decisions(workspace, moment.astimezone(workspace.zone), only_open=only_open))

    def claims(self, at: str = "") -> Answer:
        """What documents say about readiness, with file, line, commit, author and link. A claim is never evidence."""
        from app.steps import assess
        from app.steps.forge import places_of

        workspace, moment = self._asked(at)
        answer = assess.status(workspace, moment)
        places = places_of(workspace, workspace.warehouse.query("commits"))
        claims = [
            {**claim, "url": places.line(claim["path"], claim["line"], claim["commit"], claim["author"])}
            for claim in answer["claims"]
        ]
        return _plain({"project": answer["project"], "at": answer["at"], "counted": False, "claims": claims})

    def _forecast(
        self, at: str, changes: list[str] | None = None, by: str = "", odds: str = "", since: str = ""
    ) -> Answer:
        from app.answers.asked import Asked
        from app.steps.date.forecast import forecast
        from app.steps.date.what_if import read_goal, read_scenario

        workspace, moment = self._asked(at)
        goal = read_goal(by or None, odds or None, moment.astimezone(workspace.zone), DAYS)
        start = parse_as_of(workspace, since) if since else None
        if start is not None and start >= moment:
            raise UsageError(f"since {start:%Y-%m-%d} is not before the time of the forecast, {moment:%Y-%m-%d %H:%M}")
        asked = Asked(read_scenario(changes or []), goal, start)
        return _plain(forecast(workspace, moment, DAYS, keep=False, asked=asked))

    def _asked(self, at: str) -> tuple[Workspace, datetime]:
        """The workspace as it is now, and the moment asked for."""
        from app.steps.assess import open_workspace

        workspace = open_workspace(self.config, adopt=False)
        return workspace, parse_as_of(workspace, at or None)


def _plain(answer: object) -> Answer:
    """The answer as JSON has it, without a value that must not leave; NaN and infinity are errors."""
    plain: Answer = json.loads(mask(json.dumps(answer, allow_nan=False, default=str)))
    return plain
