"""The overview of a portfolio: how many are ready by a day, every project as a row, the courses side by side."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd
import streamlit as st

from app.answers.types.portfolio import PortfolioAnswer, ProjectAnswer, ReadyAnswer
from app.dashboard.kept import file_version
from app.dashboard.markup.bars import bullet, odds_bar
from app.dashboard.markup.links import Links
from app.dashboard.markup.pictures import Look, image, sparkline
from app.dashboard.markup.tables import table
from app.dashboard.markup.tags import Drawn, Linked, chip, link, text
from app.dashboard.palette import EVIDENCE, MUTED
from app.steps.portfolio.definition import Portfolio, Project
from app.steps.portfolio.status import combined, project_answer
from app.wording.numbers import number, odds
from app.wording.portfolio import sentences as words
from app.wording.text import count
from ingest.source import TMinusError

VERDICT_TONES = {"GO": "good", "CONDITIONAL GO": "warn", "NO-GO": "bad"}
_HELD_SHOWN = 8
_SIDE_BY_SIDE = 6  # small pictures in a row of a wide window; half of them in a narrow one, two on a phone
_LEAST_SHOWN = 0.0005  # counts that are less likely than this have no column


def answer_of(portfolio: Portfolio, by: date | None) -> PortfolioAnswer:
    """The answers of all projects; each is computed again only when its plan, its evidence or the day changes."""
    bar, answers = st.empty(), []
    for done, project in enumerate(portfolio.projects):
        bar.progress(
            done / len(portfolio.projects), f"Reading {done + 1} of {count(len(portfolio.projects), 'project')}"
        )
        answers.append(_project(project, by, _version(project), date.today()))
    bar.empty()
    return combined(portfolio.name, answers, by)


@st.cache_data(show_spinner=False, max_entries=1024)
def _project(project: Project, by: date | None, version: tuple[int, int, int], today: date) -> ProjectAnswer:
    """Version and day are part of the key: Streamlit leaves out a parameter whose name begins with an underscore."""
    del version, today
    return project_answer(project, by)


def _version(project: Project) -> tuple[int, int, int]:
    """When the plan last changed, and the version of its warehouse, wherever that is; what is wrong has none."""
    try:
        changed = project.config.stat().st_mtime_ns
        return (changed, *file_version(project.config))
    except (TMinusError, OSError):
        return (0, 0, 0)


def wanted(answer: PortfolioAnswer, team: str, tag: str, verdict: str) -> list[ProjectAnswer]:
    """The projects of a team, with a tag and a verdict; empty choices take all."""
    return [
        project
        for project in answer["projects"]
        if team in ("", project["team"]) and (not tag or tag in project["tags"]) and verdict in ("", _verdict(project))
    ]


def _verdict(project: ProjectAnswer) -> str:
    return project["verdict"] or "not readable"


def rows_of(projects: Sequence[ProjectAnswer], links: Links, look: Look) -> pd.DataFrame:
    """The overview as a table: one row a project, pictures with their words."""
    return pd.DataFrame([_row(project, links, look) for project in projects])


def _row(project: ProjectAnswer, links: Links, look: Look) -> dict[str, object]:
    review = links.page("", project=project["name"])
    verdict = _verdict(project)
    state = Drawn(verdict, chip(verdict, VERDICT_TONES.get(verdict, "same"), project["error"]))
    chance = words.odds_words(project)
    return {
        "Project": Linked(words.name_words(project), review),
        "Verdict": state,
        "Readiness": _readiness(project),
        "12 weeks": _course(project, look),
        "Measured": words.known_words(project),
        "Odds of GO": Drawn(chance, odds_bar(project["odds_promised"], chance)),
        "50% date": words.date_words(project),
        "Moved in a week": words.move_words(project),
        "Overdue decisions": str(project["overdue_decisions"] or "–"),
        "Oldest evidence": words.oldest_words(project),
    }


def _readiness(project: ProjectAnswer) -> Drawn:
    shown = words.readiness_words(project)
    share = None
    if project["readiness"] is not None and project["target"]:
        share = project["readiness"] / project["target"]
    of = f"{shown} of 100, target {number(project['target'])}" if project["target"] else shown
    return Drawn(of, f'<span class="tm-beside">{bullet(share, of)} {text(shown)}</span>')


def _course(project: ProjectAnswer, look: Look) -> Drawn:
    weeks = [value for value in project["weeks"] if value is not None]
    shown = f"readiness over {count(len(weeks), 'week')}"
    return Drawn(shown, sparkline(weeks, shown, look, project["target"]))


def courses(projects: Sequence[ProjectAnswer], links: Links, look: Look) -> str:
    """The course of readiness of each project as a card, all on the same list: worst first."""
    cards = "".join(
        f'<a class="tm-in tm-card" href="{links.page("", project=project["name"])}">'
        f'<span class="tm-label">{text(project["name"])}</span>'
        f'<span class="tm-value">{text(words.readiness_words(project))}</span>{_course(project, look).markup}</a>'
        for project in projects
        if not project["error"]
    )
    columns = f"--tm-cards:{_SIDE_BY_SIDE};--tm-half:{_SIDE_BY_SIDE // 2}"
    return f'<div class="tm-cards" style="{columns}">{cards}</div>'


def distribution(ready: ReadyAnswer, look: Look) -> str:
    """How likely each number of ready projects is, as columns; those in the 80% interval are filled."""
    chances = ready["probabilities"]
    shown = [k for k, chance in enumerate(chances) if chance >= _LEAST_SHOWN]
    first, last = min(shown, default=0), max(shown, default=0)
    wide, high, most = 640, 150, max(chances)
    step = (wide - 20) / max(last - first + 1, 8)
    parts, grey = [], look.colour(MUTED)
    for k in range(first, last + 1):
        tall, left = (high - 54) * chances[k] / most, 10 + step * (k - first)
        inside = ready["low"] <= k <= ready["high"]
        fill = look.colour(EVIDENCE) if inside else "none"
        parts.append(
            f'<rect x="{left + 2:.1f}" y="{high - 22 - tall:.1f}" width="{step - 4:.1f}" height="{tall:.1f}" '
            f'fill="{fill}" stroke="{look.colour(EVIDENCE)}"/>'
            f'<text x="{left + step / 2:.1f}" y="{high - 7}" text-anchor="middle" fill="{grey}">{k}</text>'
            f'<text x="{left + step / 2:.1f}" y="{high - 26 - tall:.1f}" text-anchor="middle" fill="{grey}">'
            f"{odds(chances[k])}</text>"
        )
    return image(wide, high, "".join(parts), words.ready_sentence(ready), "tm-trend")


def held_table(answer: PortfolioAnswer, names: Sequence[str], links: Links) -> str:
    """What is open most often among the shown projects, each project a link to its factors."""
    rows = []
    for row in answer["held_back_by"]:
        failing, unknown = ([name for name in part if name in names] for part in (row["failing"], row["unknown"]))
        if failing or unknown:
            rows.append((row["subject"], failing, unknown))
    rows.sort(key=lambda row: (-len(row[1]) - len(row[2]), -len(row[1])))
    frame = pd.DataFrame(
        [
            {"Criterion": subject, "Failing in": _named(failing, links), "Not known in": _named(unknown, links)}
            for subject, failing, unknown in rows[:_HELD_SHOWN]
        ],
        columns=["Criterion", "Failing in", "Not known in"],
    )
    return table("What is open most often", frame)


def _named(names: Sequence[str], links: Links) -> Drawn:
    if not names:
        return Drawn("–", "–")
    shown = ", ".join(link(name, links.page("factors", project=name)) for name in names[:6])
    more = f" and {len(names) - 6} more" if len(names) > 6 else ""
    return Drawn(", ".join(names), f"<b>{len(names)}</b>: {shown}{more}")
