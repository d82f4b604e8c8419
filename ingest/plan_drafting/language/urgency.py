"""Words of a box and of the headings above it -> whether it blocks, and whether its figures may be bound at all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.readers.documents.checklist_model import Section

_BLOCKS = (
    r"(?:launch |release |go-?live )?blockers?|blocking|must[- ]haves?|critical|mandatory|p0|blockierend|zwingend"
    r"|bloquante?|bloqueantes?|obligatoire|obligatori[oa]|obrigat[oó]ri[oa]|bloccante|bloqueador|blokkerend|verplicht"
)
_LETS = (
    r"nice[- ]to[- ]haves?|optional|non-?[- ]?blocking|not (?:a )?block(?:er|ing)|should[- ]haves?|could[- ]haves?"
    r"|kein blocker|low priority|p[1-4]|facultati[fv]e?|opcional|opzionale|optioneel|wünschenswert|bonus|stretch"
)
_WORD_OF_URGENCY = re.compile(r"\b(?:CRITICAL|BLOCKER|MUST|P0|BLOCKING)\b")
_TAGGED = re.compile(
    rf"^\W*(?:{_BLOCKS}|must)\W*(?::|[\])]|\s[–—-]\s)|[(\[](?:{_BLOCKS})[)\]]|(?:[–—-]|:)\s*(?:{_BLOCKS})\W*$",
    re.IGNORECASE,
)
_LET_TAGGED = re.compile(
    rf"^\W*(?:{_LETS})\W*(?::|[\])]|\s[–—-]\s)|[(\[](?:{_LETS})[)\]]|(?:[–—-]|:)\s*(?:{_LETS})\W*$|not a blocker",
    re.IGNORECASE,
)
_HEADING_BLOCKS = re.compile(
    r"\b(?:blockers?|blocking|must[- ]haves?|must be|mandatory|show-?stoppers?|blockierend|zwingend|bloquante?s?"
    r"|bloqueantes?|obligatoires?|obligatori[oa]s?|bloccanti?|bloqueadores|blokkerende?|verplichte?)\b|\bP0\b",
    re.IGNORECASE,
)
_HEADING_LETS = re.compile(rf"\b(?:{_LETS})\b", re.IGNORECASE)
# Figures below these words are alarms, refusals, or belong to a part of the system: nothing of them is bound.
_OTHER_CONTEXT = re.compile(
    r"\b(?:alerts?|alerting|alarms?|triggers?|warnings?|escalat\w+|paging|pages? on|revert|roll-?backs? (?:if|when"
    r"|on|crit\w+"
    r"|cond\w+)|abort|refus\w+|reject\w*|fail(?:s|ed|ure)? (?:if|when|crit\w+|cond\w+|thresh\w+)|unacceptable"
    r"|not acceptable|blocks? (?:if|when|the)|do not|don't|no[- ]?(?:launch|release)|stops? (?:if|when)"
    r"|kill crit\w+|red flags?|new code|changed (?:code|lines)|diff|packages?|modules?|staging|canary"
    r"|(?<!in )(?<!to )\w+ service|front-?end|back-?end|mobile|ios|android|microservices?|payments?"
    r"|checkout|queues?|batch|components?|examples?"
    r"|(?:per|each|every)[- ](?:package|module|service|component|file|page)|history|historical|previous|last release"
    r"|legacy|template|alarme|alarmschwellen|warnschwellen|alertes?|seuils? d'alerte|alertas?|umbrales"
    r"|allarmi?|soglie|avvisi|alarmen|drempels?|kein(?:e|en)? (?:release|rollout|freigabe|launch)|abbruch\w*)\b",
    re.IGNORECASE,
)


def blocks(text: str, section: Section | None) -> bool:
    """The box's own words decide, then the nearest heading that says something."""
    if _LET_TAGGED.search(text):
        return False
    if _WORD_OF_URGENCY.search(text) or _TAGGED.search(text):
        return True
    for title in _titles(section):
        if _HEADING_LETS.search(title):
            return False
        if _HEADING_BLOCKS.search(title):
            return True
    return False


def is_another_context(section: Section | None, parents: str = "") -> bool:
    """Whether the headings or the boxes above say that the figures below are no demand on the whole project."""
    return bool(_OTHER_CONTEXT.search(parents)) or any(_OTHER_CONTEXT.search(title) for title in _titles(section))


def _titles(section: Section | None) -> Iterator[str]:
    while section is not None:
        if section.level > 1:  # the document's own title is about all of it
            yield section.title
        section = section.parent
