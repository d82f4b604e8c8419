"""`tminus portfolio --json`: the pull of many projects, and how each of them is."""

from __future__ import annotations

from typing import Literal, TypedDict, final

from app.answers.types.values import Day, Fraction, Moment, Percent, Verdict


class ProjectPull(TypedDict):
    """The pull of one project."""

    name: str
    ok: bool
    error: str  # empty where it went well
    rows_added: int
    failed_sources: list[str]  # sources of the project that could not be read
    seconds: float


@final
class PortfolioPullAnswer(TypedDict):
    """The pulls of all projects, in the order of the portfolio."""

    schema: Literal["tminus.portfolio_pull/1"]
    portfolio: str
    projects: list[ProjectPull]
    seconds: float  # of the clock, for all of them


class BiggestMove(TypedDict):
    """The criterion that moved readiness most in the last week."""

    id: str
    title: str
    points: float


class OldestEvidence(TypedDict):
    """The criterion whose evidence is the oldest; what git states holds until a commit changes it, and has no age."""

    id: str
    title: str
    age_days: float


class OpenCriterionAnswer(TypedDict):
    """A criterion of a project that is not met."""

    id: str
    title: str
    subject: str  # the title of its metric; its own title where it has none, or reads one part of it
    state: str


class DatesOfProject(TypedDict):
    """When one project is ready."""

    promised: Day | None
    odds_promised: float | None  # of GO by the promised day
    p50: Day | None  # the day by which GO has 50% odds
    p80: Day | None
    measured_p50: Day | None  # the same for the measured criteria alone, where GO has no date for want of evidence
    measured_weight: float | None  # percent of all points that these can earn
    measured_holds: bool  # they are all met now


class ProjectAnswer(DatesOfProject):
    """One project of a portfolio. Where `error` is not empty nothing else is known, and the figures are null."""

    name: str
    team: str
    tags: list[str]
    config: str
    error: str
    verdict: Verdict | None
    readiness: Percent | None
    target: float | None
    change: float | None  # points of readiness in the last seven days
    known_weight: Fraction | None  # share of the weight that fresh measurements speak for
    odds_by: float | None  # of GO by the day that was asked for; 1 where GO holds now
    biggest_move: BiggestMove | None
    overdue_decisions: int | None
    oldest_evidence: OldestEvidence | None
    open: list[OpenCriterionAnswer]
    weeks: list[float | None]  # readiness at the end of the last twelve weeks, oldest first
    simulated: bool


class ReadyAnswer(TypedDict):
    """How many projects are ready by a day."""

    by: Day
    projects: int
    with_odds: int  # projects whose odds by that day are known; the others may be ready or not
    expected: float  # of those with odds
    low: int  # the central 80% interval, projects taken as independent
    high: int
    low_together: int  # the same if one shared delay decided for all of them
    high_together: int
    probabilities: list[float]  # of exactly 0, 1, 2, ... ready projects


class HoldingBackAnswer(TypedDict):
    """What is open in how many projects."""

    subject: str  # the title of a metric, or of a criterion
    failing: list[str]
    unknown: list[str]


@final
class PortfolioAnswer(TypedDict):
    """How each project of a portfolio is, worst first."""

    schema: Literal["tminus.portfolio/1"]
    portfolio: str
    at: Moment
    projects: list[ProjectAnswer]
    ready: ReadyAnswer | None  # null: no day was asked for, and the projects promise none together
    held_back_by: list[HoldingBackAnswer]


class LearnedCriterion(TypedDict):
    """An open criterion with the odds that it is met within the days: as shipped, and moved by the other projects."""

    project: str
    id: str
    odds: float
    odds_own: float


class UnreadProject(TypedDict):
    """A project that was left out, and why."""

    name: str
    error: str


class LearnedAnswer(TypedDict):
    """What the projects teach each other, measured on moments held out by project (Brier scores, lower is better)."""

    schema: Literal["tminus.portfolio_learned/1"]
    portfolio: str
    at: str
    projects: int
    moments: int
    crossings: int
    score_shipped: float | None
    score_own: float | None
    gain: float  # shipped minus own
    gain_error: float | None  # its standard error, by leaving out one project each; null: fewer than two projects
    enough: bool  # five projects and ten criteria that were met while they were watched
    helps: bool  # whether the gain is above 1.645 of its error; only then are there criteria
    within_days: int
    criteria: list[LearnedCriterion]
    unread: list[UnreadProject]
