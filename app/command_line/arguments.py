"""The arguments that each command takes, beside --config, which all of them take."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError


def filled(text: str) -> str:
    """A value that must not be empty: where a CI job has not set its variable, it would ask for less than is meant."""
    if not text.strip():
        raise ArgumentTypeError("is empty: is the variable set that it comes from?")
    return text


def init(parser: ArgumentParser) -> None:
    """Where to write, and from what."""
    parser.add_argument("--repo", metavar="PATH", default=".", help="the git repository (default: this folder)")
    parser.add_argument("--checklist", metavar="FILE", help="import gates, matrix and rules from a Markdown checklist")
    parser.add_argument("--name", help="name of the project (default: the repository's)")
    parser.add_argument("--force", action="store_true", help="replace an existing tminus.toml")
    parser.add_argument(
        "--update", action="store_true", help="show what changed in the checklist since it was imported"
    )
    parser.add_argument(
        "--accept", action="append", default=[], metavar="ID", help="with --update: take this change over, or `all`"
    )
    parser.add_argument("--dismiss", action="store_true", help="with --update: drop the changes that are left")


def checklist(parser: ArgumentParser) -> None:
    """Where to write."""
    parser.add_argument("--output", metavar="FILE", help="write here (default: the document of the plan, in its place)")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when the file is out of date")
    json(parser)


def pull(parser: ArgumentParser) -> None:
    """Which sources."""
    parser.add_argument("--source", action="append", default=[], metavar="NAME", help="only this source (repeatable)")
    parser.add_argument("--from-ci", metavar="FOLDER", help="read the reports that this CI job has just written")
    parser.add_argument("--quiet", action="store_true", help="no progress, only what went wrong")
    json(parser)


def at(parser: ArgumentParser) -> None:
    """The point in time."""
    parser.add_argument("--at", metavar="DATE", type=filled, help="as of this date or time (default: now)")
    json(parser)


def status(parser: ArgumentParser) -> None:
    """How much to list."""
    parser.add_argument("--all", action="store_true", help="list every rule and every claim")
    at(parser)


def forecast(parser: ArgumentParser) -> None:
    """The questions about the date."""
    parser.add_argument(
        "--what-if",
        action="append",
        default=[],
        metavar="CHANGE",
        help="try CRITERION=2x (twice the pace), drop:CRITERION or freeze:2w; repeat to combine",
    )
    parser.add_argument("--by", metavar="DATE", help="what must be true for GO by this day?")
    parser.add_argument("--odds", metavar="P", help="with --by: the chance wanted (default: 80%%)")
    parser.add_argument("--since", metavar="DATE", help="why the date moved since the forecast of this day")
    parser.add_argument("--csv", metavar="FILE", help="forecast this dated series (observed_at,value) instead")
    parser.add_argument("--threshold", type=float, metavar="X", help="with --csv: the value to reach")
    parser.add_argument("--direction", choices=("higher", "lower"), help="with --csv: which direction is better")
    parser.add_argument(
        "--baseline", type=float, metavar="X", help="with --csv: where progress starts (default: the first value)"
    )
    parser.add_argument(
        "--horizon", type=int, default=730, metavar="DAYS", help="how far ahead to forecast (default: 730)"
    )
    at(parser)


def moved(parser: ArgumentParser) -> None:
    """The window."""
    parser.add_argument("--since", metavar="DATE", help="start of the window (default: a week before its end)")
    parser.add_argument("--until", metavar="DATE", help="end of the window (default: now)")
    json(parser)


def review(parser: ArgumentParser) -> None:
    """The form of the review."""
    parser.add_argument(
        "--format",
        choices=("md", "markdown", "html", "json", "pdf"),
        help="form of the review; by default that of the name behind --output, else md (pdf: needs the extra 'pdf')",
    )
    parser.add_argument("--output", metavar="FILE", help="write it here instead of printing it")
    parser.add_argument("--charts", metavar="FOLDER", help="write its pictures here as SVG and PNG")
    memory = parser.add_mutually_exclusive_group()
    memory.add_argument("--freeze", action="store_true", help="store this review permanently; a day is frozen once")
    memory.add_argument(
        "--frozen",
        metavar="DATE",
        nargs="?",
        const="",
        help="print the review frozen on this day (default: the newest)",
    )
    parser.add_argument(
        "--now", action="store_true", help="with --frozen: compare it with what is known now of the same days"
    )
    memory.add_argument("--list", action="store_true", help="list the frozen reviews")
    parser.add_argument("--by", metavar="NAME", default="", help="with --freeze: who freezes it")
    moved(parser)


def send(parser: ArgumentParser) -> None:
    """What to send, and where to."""
    parser.add_argument(
        "--to",
        metavar="URL",
        required=True,
        help="an address of Apprise (json://host/path), or the name of an environment variable that holds one",
    )
    parser.add_argument(
        "--what", choices=("review", "changes"), default="review", help="the whole review, or only what changed"
    )
    parser.add_argument(
        "--days",
        type=int,
        default=14,
        metavar="K",
        help="a date counts as changed when it moved by more than K days",
    )
    parser.add_argument("--dry-run", action="store_true", help="print the text, send nothing")
    moved(parser)


def decide(parser: ArgumentParser) -> None:
    """What was decided."""
    parser.add_argument("text", metavar="TEXT", help="what was decided, in one sentence")
    parser.add_argument("--owner", metavar="NAME", default="", help="who does it (required)")
    parser.add_argument("--due", metavar="DATE", help="until which day (required)")
    parser.add_argument(
        "--criterion", metavar="ID", default="", help="the criterion that it moves: its evidence is shown"
    )
    parser.add_argument("--by", metavar="NAME", default="", help="who writes it down")
    json(parser)


def decisions(parser: ArgumentParser) -> None:
    """List the decisions, or close one."""
    parser.add_argument("action", choices=("close",), nargs="?", help="close one decision (without it: list them)")
    parser.add_argument("id", metavar="ID", nargs="?", help="with close: which one, e.g. D3")
    parser.add_argument("--open", action="store_true", help="list only the open ones")
    parser.add_argument(
        "--outcome", choices=("done", "dropped", "carried"), help="with close: how it ended; carried: it stays open"
    )
    parser.add_argument("--note", metavar="TEXT", default="", help="with close: what to remember")
    parser.add_argument("--due", metavar="DATE", help="with close --outcome carried: the new day")
    parser.add_argument("--by", metavar="NAME", default="", help="with close: who closes it")
    at(parser)


def runbook(parser: ArgumentParser) -> None:
    """The point in time."""
    at(parser)


def run_step(parser: ArgumentParser) -> None:
    """Which step, with which values, and that the person means it."""
    parser.add_argument("id", metavar="ID", help="the step, as `tminus runbook` lists it")
    parser.add_argument(
        "--yes", action="store_true", help="run it; without --yes a terminal asks, and nothing runs else"
    )
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="the value of a {placeholder} (repeatable)"
    )
    parser.add_argument("--by", metavar="NAME", default="", help="who runs it")
    parser.add_argument("--timeout", metavar="TIME", help="stop it after this time, e.g. 90s or 10m (default: 1h)")
    json(parser)


def drill(parser: ArgumentParser) -> None:
    """Which drill, and how to know that the rollback is through; the command comes behind two dashes."""
    parser.usage = "tminus drill [ID] [options] [-- COMMAND ...]"
    parser.add_argument("id", metavar="ID", nargs="?", help="the drill (without one: list all with their state)")
    parser.add_argument("--health", metavar="URL", default="", help="the health check (default: that of the plan)")
    parser.add_argument(
        "--expect", metavar="TEXT", default="", help="the answer of the health check must contain this, e.g. a version"
    )
    parser.add_argument(
        "--deadline", metavar="TIME", help="give up after this time (default: 5m, or five times the limit)"
    )
    parser.add_argument("--by", metavar="NAME", default="", help="who holds the drill")
    json(parser)


def messages(parser: ArgumentParser) -> None:
    """List the messages, draft one, or record that one was sent."""
    parser.add_argument(
        "action", choices=("draft", "send", "sent"), nargs="?", help="draft, deliver or record one (else: list them)"
    )
    parser.add_argument("id", metavar="ID", nargs="?", help="with draft, send or sent: which message")
    parser.add_argument(
        "--to", metavar="URL", default="", help="with send: an address of Apprise, or the variable that holds one"
    )
    parser.add_argument("--by", metavar="NAME", default="", help="with send or sent: who sent it (required)")
    parser.add_argument("--note", metavar="TEXT", default="", help="with sent: what to remember")
    at(parser)


def series(parser: ArgumentParser) -> None:
    """Which series."""
    parser.add_argument("metric", metavar="METRIC", nargs="?", help="which metric (without one: list what is stored)")
    parser.add_argument("--scope", metavar="SCOPE", help="only this scope ('' for the whole project)")
    parser.add_argument("--csv", action="store_true", help="print observed_at,value,commit,scope,kind")
    json(parser)


def explain(parser: ArgumentParser) -> None:
    """Which criterion."""
    parser.add_argument("criterion", metavar="CRITERION", nargs="?", help="which one (without one: overall readiness)")
    at(parser)


def record(parser: ArgumentParser) -> None:
    """The value and what is known of it."""
    parser.add_argument("metric", metavar="METRIC", help="name of the metric, e.g. coverage_line_percent")
    parser.add_argument("value", metavar="VALUE", help="a number, or 'unknown' (then --reason says why)")
    parser.add_argument("--at", metavar="DATE", help="when it was measured (default: now)")
    parser.add_argument("--scope", default="", help="component, bundle, flag ...")
    parser.add_argument("--unit", default="", help="unit, for a metric outside the catalogue")
    parser.add_argument("--commit", type=filled, help="commit it was measured on")
    parser.add_argument("--note", default="", help="where it can be checked")
    parser.add_argument("--reason", default="", help="why the value is unknown")
    parser.add_argument("--claimed", action="store_true", help="the value is a claim, not a measurement")


def read(parser: ArgumentParser) -> None:
    """Which files."""
    parser.add_argument("files", metavar="FILE", nargs="+", help="a report of any tool; nothing is stored")
    json(parser)


def reread(parser: ArgumentParser) -> None:
    """Whether to store."""
    parser.add_argument("--dry-run", action="store_true", help="show what would change, store nothing")
    json(parser)


def backtest(parser: ArgumentParser) -> None:
    """Which series, and where to write."""
    parser.add_argument("folder", metavar="FOLDER", nargs="?", help="a folder of series (default: the project's own)")
    parser.add_argument("--output", metavar="FOLDER", help="write table, JSON and plot here")
    json(parser)


def portfolio(parser: ArgumentParser) -> None:
    """Which portfolio, and what of it."""
    parser.add_argument(
        "words",
        metavar="[status|learn] [FILE]",
        nargs="*",
        help="a portfolio file or a folder of plans (default: portfolio.toml here); `status`: how each project is, "
        "without pulling; `learn`: whether the projects' own past gives better odds",
    )
    parser.add_argument("--by", metavar="DATE", help="with status: how many are ready by this day")
    json(parser)


def sql(parser: ArgumentParser) -> None:
    """The query."""
    parser.add_argument("query", metavar="QUERY", help="SQL, read-only; tables: see docs/warehouse.md")
    parser.add_argument("--csv", action="store_true", help="print CSV")
    json(parser)


def export(parser: ArgumentParser) -> None:
    """Where and how to write."""
    parser.add_argument("folder", metavar="FOLDER", help="where to write one file per table")
    parser.add_argument("--format", choices=("parquet", "csv"), default="parquet", help="form of the files")


def backup(parser: ArgumentParser) -> None:
    """Where to write the copy."""
    parser.add_argument("file", metavar="FILE", help="where to write the copy; it must not exist yet")


def warehouse(parser: ArgumentParser) -> None:
    """What to do with which warehouse."""
    parser.add_argument(
        "action", choices=("copy", "tidy"), help="copy every row to an empty place, or join small files"
    )
    parser.add_argument("places", metavar="FROM TO", nargs="*", help="of copy: a file, or ducklake:postgres:...")
    parser.add_argument("--data-path", default="", metavar="PATH", help="of copy: the folder or s3:// of a new lake")
    parser.add_argument("--keep-days", type=int, default=7, metavar="N", help="of tidy: snapshots to keep (default: 7)")
    json(parser)


def doctor(parser: ArgumentParser) -> None:
    """How thoroughly to look."""
    parser.add_argument("--verify", action="store_true", help="read every block of the warehouse, too")
    json(parser)


def app(parser: ArgumentParser) -> None:
    """Where to serve."""
    parser.add_argument("--port", type=int, default=8501, help="port on loopback (default: 8501, or the next free)")
    parser.add_argument("--browser", action="store_true", help="open the browser, too")
    parser.add_argument("--portfolio", metavar="FILE", help="many projects: a portfolio file or a folder of plans")
    parser.add_argument("--sign-in", metavar="FILE", default="", help="who may see and write: a file with [auth]")
    parser.add_argument("--host", metavar="ADDRESS", default="127.0.0.1", help="needs --sign-in beyond loopback")


def none(_parser: ArgumentParser) -> None:
    """Nothing but --config."""


def demo(parser: ArgumentParser) -> None:
    """Which part of the sample."""
    parser.add_argument("--real", action="store_true", help="leave the simulated weeks out")
    parser.add_argument("--no-app", action="store_true", help="print the answers, do not serve the dashboard")
    app(parser)


def rollout(parser: ArgumentParser) -> None:
    """Which environment."""
    parser.add_argument("--environment", metavar="NAME", help="which one (default: that of the newest deployment)")
    at(parser)


def deploy(parser: ArgumentParser) -> None:
    """What goes where."""
    parser.add_argument("--stage", metavar="ID", default="", help="the stage of the plan that begins")
    parser.add_argument("--commit", metavar="REV", default="", help="the commit that runs from now on")
    parser.add_argument("--environment", metavar="NAME", default="", help="where, when there are several")
    parser.add_argument("--by", metavar="NAME", default="", help="who deploys")
    parser.add_argument("--at", metavar="DATE", help="when it happened (default: now)")
    parser.add_argument("--rollback", action="store_true", help="record a rollback (default: to the commit before)")
    parser.add_argument("--again", action="store_true", help="a redeployment of what runs already; the soak restarts")
    parser.add_argument(
        "--override", metavar="REASON", default="", help="record it although it is refused; needs --by; it is shown"
    )
    parser.add_argument("--note", metavar="TEXT", default="", help="what to remember")
    json(parser)


def incident(parser: ArgumentParser) -> None:
    """What happened."""
    parser.add_argument("text", metavar="TEXT", nargs="?", default="", help="what happened, in one sentence")
    parser.add_argument(
        "--severity", choices=("critical", "major", "minor"), help="a critical one restarts the soak clock"
    )
    parser.add_argument("--resolve", metavar="ID", default="", help="the incident of this id is over")
    parser.add_argument("--by", metavar="NAME", default="", help="who records it")
    parser.add_argument("--at", metavar="DATE", help="when it happened (default: now)")
    json(parser)


def withdraw(parser: ArgumentParser) -> None:
    """Which event, who, why."""
    parser.add_argument("id", metavar="ID", nargs="?", default="", help="the event; without one all are listed")
    parser.add_argument("--samples", metavar="CRITERION", default="", help="the samples of a criterion instead")
    parser.add_argument("--since", metavar="DATE", help="with --samples: the first moment")
    parser.add_argument("--until", metavar="DATE", help="with --samples: the last moment")
    parser.add_argument("--by", metavar="NAME", default="", help="who withdraws it")
    parser.add_argument("--note", metavar="TEXT", default="", help="why")
    json(parser)


def json(parser: ArgumentParser) -> None:
    """The form of the answer."""
    parser.add_argument("--json", action="store_true", help="print JSON for other programs")
