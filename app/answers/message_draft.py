"""The draft of a message around a deployment, from the evidence: verdict, stage, windows, open problems, rollback."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.answers.types.process import MessageDraftAnswer
from app.answers.types.rollout import RolloutAnswer
from app.answers.types.status import StatusAnswer
from app.wording.numbers import number
from app.wording.rollout.process import clock, drill_words
from app.wording.text import sentence
from models.plan.rollout import Message

_NAME = re.compile(r"\{([a-z_]+)\}")
MOST_PROBLEMS = 8


class UnknownFactError(ValueError):
    """A template names a fact that no evidence gives."""


def message_draft(message: Message, status: StatusAnswer, rollout: RolloutAnswer) -> MessageDraftAnswer:
    """The subject and the text; the plan's template where there is one. UnknownFactError: it names an unknown fact."""
    facts = facts_of(message, status, rollout)
    return {
        "schema": "tminus.message_draft/1",
        "id": message.id,
        "audience": message.audience,
        "channel": message.channel,
        "subject": f"{status['project']}: {message.title}",
        "text": _filled(message, facts) if message.template else _standard(facts, rollout),
    }


def facts_of(message: Message, status: StatusAnswer, rollout: RolloutAnswer) -> dict[str, str]:
    """What a template may name, by name."""
    current = next((stage for stage in rollout["stages"] if stage["id"] == rollout["current"]), None)
    return {
        "project": status["project"],
        "audience": message.audience,
        "at": clock(rollout["at"]),
        "verdict": rollout["verdict"],
        "readiness": number(status["readiness"]["value"]),
        "target": number(status["readiness"]["target"]),
        "stage": current["title"] if current else "none",
        "since": clock(current["entered_at"]) if current and current["entered_at"] else "not yet",
        "commit": current["commit"][:12] if current else "none",
        "rollout": rollout["says"],
        "windows": _listed(_windows(rollout), "No window has begun."),
        "problems": _listed(_problems(status, rollout), "None is known."),
        "rollback": _listed([f"{d['title']}: {drill_words(d)}" for d in rollout["drills"]], "No drill is planned."),
    }


def _windows(rollout: RolloutAnswer) -> list[str]:
    return [f"{w['title']}: {p['name']} {p['state']}" for w in rollout["windows"] for p in w["checkpoints"]]


def _problems(status: StatusAnswer, rollout: RolloutAnswer) -> list[str]:
    """What holds the rollout, then the rules that do not hold."""
    holds = _holds(rollout)
    holds += [f"incident {i['id']}: {i['text']}" for i in rollout["incidents"] if i["resolved_at"] is None]
    holds += [rule["because"] for rule in status["decision"]["rules"] if not rule["holds"]]
    unique = list(dict.fromkeys(sentence(line) for line in holds if line))
    more = len(unique) - MOST_PROBLEMS
    return [*unique[:MOST_PROBLEMS], *([f"And {more} more."] if more > 0 else [])]


def _holds(rollout: RolloutAnswer) -> list[str]:
    """What holds the current stage and the next one, with the escalation level and who is to be informed."""
    here = (rollout["current"], rollout["next"])
    return [line for stage in rollout["stages"] if stage["id"] in here for line in stage["holds_because"]]


def _listed(lines: Sequence[str], none: str) -> str:
    return "\n".join(f"- {line}" for line in lines) or none


def _filled(message: Message, facts: dict[str, str]) -> str:
    if unknown := [name for name in _NAME.findall(message.template) if name not in facts]:
        raise UnknownFactError(
            f"message {message.id}: {{{unknown[0]}}} is not a known fact; known are {', '.join(facts)}"
        )
    return _NAME.sub(lambda found: facts[found.group(1)], message.template)


def _standard(facts: dict[str, str], rollout: RolloutAnswer) -> str:
    parts = [
        f"As of {facts['at']}. Verdict: {facts['verdict']}; readiness {facts['readiness']} of 100, "
        f"target {facts['target']}.",
        facts["rollout"],
        f"Windows:\n{facts['windows']}" if rollout["windows"] else "",
        f"Open problems:\n{facts['problems']}",
        f"Rollback drills:\n{facts['rollback']}" if rollout["drills"] else "",
        "Part of these values is simulated sample data." if rollout["simulated"] else "",
    ]
    return "\n\n".join(part for part in parts if part)
