"""Sections of the Rollout page: the stepper, the windows, the drills, the messages, the runbooks."""

from __future__ import annotations

from html import escape
from typing import Any

import altair as alt
import pandas as pd

from app.answers.types.process import RunbookEntry
from app.answers.types.rollout import RolloutAnswer, SoakAnswer, StageAnswer
from app.dashboard.chart_style import drawn, dress
from app.dashboard.markup.bars import bullet
from app.dashboard.markup.prose import prose
from app.dashboard.markup.tags import chip, copy_button, text
from app.dashboard.palette import GAIN, INK, LOSS, SAME
from app.dashboard.sheet import Sheet
from app.dashboard.tables import rollout as frames
from app.dashboard.tables.download import safe, with_code
from app.dashboard.tables.stages import lines_of, stage_about
from app.wording.rollout.process import between, clock, deployment_words, overdue_lines
from app.wording.rollout.stages import promotion_sentence, short, soak_text
from app.wording.text import count, day, sentence
from models.plan.rollout import Stage

# The words of a state, and the tone of its chip.
STATE_CHIPS = {
    "done": ("✓ done", "good"),
    "skipped": ("skipped", "same"),
    "soaking": ("● running, soaking", "info"),
    "soaked": ("● running, soaked", "good"),
    "held": ("● running, held", "warn"),
    "stopped": ("✗ stopped", "bad"),
    "open": ("may begin", "good"),
    "refused": ("may not begin", "warn"),
    "waiting": ("waiting", "same"),
    "rolled_back": ("rolled back", "bad"),
}
STATES = {
    "soaking": "is running and soaks",
    "soaked": "is running and has soaked",
    "held": "is running and held",
    "stopped": "is stopped",
}


NOTHING_FAILS = 3  # the exit code of `tminus check` where only evidence or time is missing
KINDS = {"deploy": "To deploy", "running": "While it runs", "promotion": "To promote"}


def lead(sheet: Sheet, answer: RolloutAnswer) -> None:
    """The current stage with its state, after the last one whether it may be promoted; else what comes first."""
    current = next((stage for stage in answer["stages"] if stage["id"] == answer["current"]), None)
    following = next((stage for stage in answer["stages"] if stage["id"] == answer["next"]), None)
    if current is None:
        if following is None:
            sheet.lead("The plan lists no stages.")
        else:
            sheet.lead(safe(answer["says"]), state=chip(*STATE_CHIPS[following["state"]]))
        return
    after = f" {promotion_sentence(verdict_of(answer, 'promotion'))}" if following is None else ""
    words, tone = STATE_CHIPS[current["state"]]
    reported = f"{safe(current['title'])} {STATES.get(current['state'], 'is running')}.{after}"
    sheet.lead(reported, state=chip(words.replace("running, ", ""), tone))


def verdict_of(answer: RolloutAnswer, kind: str) -> str:
    """The verdict of one kind of gates; empty where the plan has none of it."""
    return next((one["verdict"] for one in answer["verdicts"] if one["kind"] == kind), "")


def verdicts(sheet: Sheet, answer: RolloutAnswer) -> None:
    """The verdict of each kind of gates, with the reason where it is not GO."""
    lines = []
    for one in answer["verdicts"]:
        why = "" if one["verdict"] == "GO" else f": {safe(one['because'])}"
        so_far = " so far" if one["exit_code"] == NOTHING_FAILS else ""
        lines.append(f"{KINDS[one['kind']]}: **{one['verdict']}{so_far}**{why}")
    sheet.bullets(lines)


def stepper(sheet: Sheet, answer: RolloutAnswer) -> None:
    """Every stage in order, the current one with its clock; below, what holds the next one."""
    if not answer["stages"]:
        return
    sheet.heading("Stages", "`tminus deploy` records each one, and refuses it with the reasons listed here.")
    cards = "".join(f"<li>{_stage(sheet, stage, answer)}</li>" for stage in answer["stages"])
    sheet.html(f'<ol class="tm-stages">{cards}</ol>')
    _holds(sheet, answer)


def _holds(sheet: Sheet, answer: RolloutAnswer) -> None:
    """What holds the current stage and the next one, and what an edit of the plan changed meanwhile."""
    held = [stage for stage in answer["stages"] if stage["id"] in (answer["current"], answer["next"])]
    known: list[str] = []
    for stage in held:
        if own := _own_holds(stage, known):
            what = "holds" if stage["id"] == answer["current"] else "must change before"
            sheet.text(f"**What {what} {safe(stage['title'])}:**")
            sheet.bullets(own)
        elif stage["state"] == "open":
            sheet.text(f"**{safe(stage['title'])} may begin:** `{_begin(stage, answer)}`")
        known = stage["holds_because"]
    if answer["edited"]:
        sheet.text("**The plan was edited since this stage began:**")
        sheet.bullets([safe(sentence(line)) for line in answer["edited"]])


def _begin(stage: StageAnswer, answer: RolloutAnswer) -> str:
    """The command that records the beginning of a stage: of the commit that runs, else of one that a person names."""
    current = next((one for one in answer["stages"] if one["id"] == answer["current"]), None)
    commit = short(current["commit"]) if current and current["commit"] else "COMMIT"
    return f"tminus deploy --stage {stage['id']} --commit {commit} --by NAME"


def _own_holds(stage: StageAnswer, known: list[str]) -> list[str]:
    """What holds a stage, without the lines that are listed for the stage before."""
    own = [safe(sentence(line)) for line in stage["holds_because"] if line not in known]
    is_all = len(own) == len(stage["holds_because"])
    return own if is_all else [*own, "Everything that holds the stage before it holds this one, too."]


def _stage(sheet: Sheet, stage: StageAnswer, answer: RolloutAnswer) -> str:
    """The card of a stage; its words go into the download."""
    users = "" if stage["users"] is None else count(stage["users"], "user")
    about = f" · {users}" if users and users not in stage["title"] else ""
    is_current = stage["id"] == answer["current"]
    state, tone = STATE_CHIPS[stage["state"]]
    lines = [f"**{safe(stage['title'])}**{about}", *_begun(stage, answer["at"] * is_current)]
    sheet.written.append("  \n".join([safe(state), *lines]))
    clock = _clock(sheet, stage["soak"]) if is_current else ""
    return chip(state, tone) + prose("  \n".join(lines)) + clock


def _begun(stage: StageAnswer, now: str) -> list[str]:
    """Since when and by whom a stage runs; `now` of the current one gives how long."""
    lines = []
    if stage["entered_at"]:
        ran = f" ({between(stage['entered_at'], now)})" if now else ""
        by = f" by {safe(stage['entered_by'])}" if stage["entered_by"] else ""
        lines.append(f"since {clock(stage['entered_at'])}{ran}{by}")
    if stage["commit"]:
        lines.append(f"commit `{short(stage['commit'])}`")
    if stage["override"]:
        lines.append(f"begun although refused: {safe(stage['override'])}")
    return lines


def _clock(sheet: Sheet, soak: SoakAnswer | None) -> str:
    if not soak or not soak["needed_seconds"]:
        return ""
    words = f"soaked {soak_text(soak)}"
    sheet.written.append(safe(words))
    return f"<p>{text(words)}</p>{bullet(soak['elapsed_seconds'] / soak['needed_seconds'], words)}"


def windows(sheet: Sheet, answer: RolloutAnswer) -> None:
    """The criteria judged by every sample since the deployment, side by side, and their strips."""
    sheet.heading(
        "Windows since the deployment",
        "Every sample counts: one on the wrong side stops the rollout, and a stretch without samples is unknown.",
    )
    if not answer["windows"]:
        begun = "No criterion of a running or promotion gate is judged by samples."
        sheet.text(begun if answer["deployments"] else "No deployment is recorded, so no window has begun.")
        return
    rows = frames.strip_rows(answer["windows"])
    if len(rows):
        sheet.chart("Strips", strips_chart(rows), frames.strip_alt(answer["windows"]), rows)
    sheet.text_table("Windows", frames.window_rows(answer["windows"]))


@drawn
def strips_chart(rows: pd.DataFrame) -> Any:
    """One strip per window (frame of `strip_rows`): healthy, failing and unknown stretches over time."""
    colours = alt.Scale(domain=list(frames.RUN_WORDS.values()), range=[GAIN, LOSS, SAME])
    chart = (
        alt.Chart(rows)
        .mark_bar(height=16)
        .encode(
            x=_clock_axis(rows),
            x2="until:T",
            y=alt.Y(
                "window:N",
                title=None,
                sort=list(dict.fromkeys(rows["window"])),
                axis=alt.Axis(labelLimit=190, labelColor=INK, domain=False, ticks=False),
            ),
            color=alt.Color("state:N", scale=colours),
            opacity=alt.condition(alt.datum.state == frames.RUN_WORDS["gap"], alt.value(0.45), alt.value(1.0)),
            tooltip=[
                alt.Tooltip("window:N", title="window"),
                alt.Tooltip("state:N", title="state"),
                alt.Tooltip("at:T", title="from", format="%-d %b %H:%M"),
                alt.Tooltip("until:T", title="to", format="%-d %b %H:%M"),
                alt.Tooltip("samples:N", title="seen"),
            ],
        )
    )
    return dress(chart, 80 + 34 * rows["window"].nunique())


def _clock_axis(rows: pd.DataFrame) -> alt.X:
    """The time of day below a day that is named once; over more than one day each label has both."""
    first, last = rows["at"].min(), rows["until"].max()
    is_short = first.date() == last.date()
    clock = "%H:%M" if is_short else "%-d %b %H:%M"
    axis = alt.Axis(format=clock, tickCount=5, labelOverlap="greedy", labelSeparation=12, labelBound=True)
    return alt.X("at:T", title=day(first) if is_short else None, axis=axis)


def escalation(sheet: Sheet, answer: RolloutAnswer) -> None:
    """Who is to be informed of a failing criterion, by its level; nothing where the plan names no levels."""
    if answer["escalation"]:
        about = "Nobody is informed by T-minus itself: a failing criterion names its level, and who is to be informed."
        sheet.heading("Escalation", about)
        sheet.text_table("Escalation", frames.escalation_rows(answer["escalation"]))


def drills(sheet: Sheet, answer: RolloutAnswer) -> None:
    """The rollback drills with their age; "untested" is exactly that none has succeeded."""
    sheet.heading("Rollback drills", "`tminus drill ID -- COMMAND` times one until the health check answers.")
    if answer["drills"]:
        sheet.text_table("Drills", frames.drill_rows(answer["drills"]))
    else:
        sheet.text("The plan has no drill: add a `[[drill]]` table to tminus.toml.")


def messages(sheet: Sheet, answer: RolloutAnswer) -> None:
    """Who has to be informed, with receipts; overdue ones first and in a warning."""
    sheet.heading("Communication", f"{deployment_words(answer['message_clock'])} `tminus messages sent` records one.")
    if not answer["messages"]:
        sheet.text("The plan has no message: add `[[message]]` tables to tminus.toml.")
        return
    overdue(sheet, overdue_lines(answer["messages"], answer["at"]))
    sheet.text_table("Messages", frames.message_rows(answer["messages"], answer["at"]))


def overdue(sheet: Sheet, lines: list[str]) -> None:
    """A warning that lists the overdue messages; nothing where there is none."""
    if lines:
        title = f"{count(len(lines), 'message')} overdue:"
        sheet.warn("\n\n".join([title, *(with_code(sentence(line)) for line in lines)]))


def events(sheet: Sheet, answer: RolloutAnswer) -> None:
    """Deployments, rollbacks and incidents, newest first."""
    rows = frames.event_rows(answer["deployments"], answer["incidents"], answer["withdrawn"])
    if len(rows):
        sheet.heading("Deployments and incidents")
        sheet.text_table("Events", rows)


def runbooks(sheet: Sheet, books: list[RunbookEntry]) -> None:
    """The runbooks, folded away; nothing of them runs by itself."""
    if not books:
        return
    sheet.heading("Runbooks", "Nothing here runs by itself: `tminus run-step STEP` shows a command and asks.")
    for book in books:
        duration = f", {book['duration']}" if book["duration"] else ""
        with sheet.folded(f"{safe(book['title'])} ({book['kind']}{safe(duration)})"):
            sheet.text_table(book["title"], frames.step_rows(book))


def listed(sheet: Sheet, stage: Stage, *, commands: bool) -> str:
    """The card of a stage as the plan lists it: commands to copy, or boxes to tick; its words go into the download."""
    about, lines = stage_about(stage), lines_of(stage)
    title = f"**{safe(stage.title)}**{f' · {safe(about)}' if about else ''}"
    sheet.written.append(title)
    if not lines:
        return f"<div>{prose(title)}</div>"
    if commands:
        sheet.written.append("\n".join(f"    {line}" for line in lines))
        shown = "\n".join(lines)
        button = copy_button(shown, f"the commands of {stage.title}", "Copy")
        return f'<div>{prose(title)}<pre class="tm-copied">{escape(shown)}</pre>{button}</div>'
    words = "  \n".join(safe(line) for line in lines)
    sheet.written.append(words)
    return f"<div>{prose(title)}{prose(words)}</div>"
