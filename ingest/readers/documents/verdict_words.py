"""GO, NO-GO, APPROVED and BLOCKED in a sentence, where they judge the deployment of the whole."""

from __future__ import annotations

import re
from collections.abc import Iterator

PART = re.compile(
    r"\b(?:security|infrastructure|database|db|performance|monitoring|integration|rollback|operational|operations|"
    r"disaster|recovery|backup|audit|tests?|testing|documentation|docs?|mkdocs|backend|frontend|network|compliance|team|"
    r"data|docker|container\w*|kubernetes|api|apis|auth\w*|typescript|type|cache|caching|quality gate|coverage|browser|"
    r"accessibility|mobile|jwt|build|pipeline|alert\w*|component|module|service|vulnerabilit\w+|malware|bundle|code|"
    r"specialist)\b",
    re.IGNORECASE,
)

_WORD = (
    r"(?P<word>(?:CONDITIONAL(?:LY)?\s+|IMMEDIATE\s+|PRODUCTION\s+|DEPLOYMENT\s+|STAGING\s+)*"
    r"(?:NO[- ]GO|GO|APPROVED|BLOCKED))"
)
_ABOUT = r"(?:deployment|production|staging|release|launch|go-live|readiness)"
_WORD_CLAIMS = (
    # "DEPLOYMENT RECOMMENDATION: BLOCKED", "Production Readiness: APPROVED"; the word itself is shouted
    re.compile(
        rf"(?i:\b(?:{_ABOUT}|recommendation|verdict|decision|go/no-go)\b[\w\s/-]{{0,30}}?[:–—-]+)[^\w|]{{0,12}}{_WORD}(?![\w/])"
    ),
    # "NO-GO FOR PRODUCTION", "APPROVED FOR DEPLOYMENT"
    re.compile(rf"\b{_WORD}\s+(?i:for|until|to)\s+(?i:[\w-]+\s+){{0,2}}?(?i:{_ABOUT})\b"),
    # "production deployment is BLOCKED"
    re.compile(rf"(?i:\b{_ABOUT}\b(?:\s+[\w-]+){{0,2}}?\s+(?:is|remains|currently|are)?\s*){_WORD}(?![\w/])"),
)
_GO_NO_GO = re.compile(r"\bGO\s*/\s*NO[- ]?GO\b", re.IGNORECASE)
_RULE_WORDS = re.compile(
    r"\b(?:criteri(?:a|on)|if|unless|when|framework|matrix|checklist|conditions?|phase \d+)\b", re.IGNORECASE
)
_RULE_TAIL = re.compile(r"\s+(?:criteri|conditions?\b|if\b|components?\b|for phase\b)", re.IGNORECASE)


def judgements(text: str) -> Iterator[str]:
    """The judgement that the sentence passes, at most one; rules, open tasks and verdicts on one part pass none."""
    if _GO_NO_GO.search(text) and not re.search(r":\s*\W*(?:NO[- ])?GO\b", _GO_NO_GO.sub("", text)):
        return
    bare = _GO_NO_GO.sub("decision", text)
    match = next((found for pattern in _WORD_CLAIMS if (found := pattern.search(bare))), None)
    if match is None or re.match(r"\s*\[ \]", text):
        return
    before, after = bare[: match.end("word")], bare[match.end("word") :]
    near = bare[max(0, match.start() - 40) : match.start("word")]
    if not (_RULE_WORDS.search(before) or _RULE_TAIL.match(after) or PART.search(near)):
        yield _said(match["word"])


def _said(word: str) -> str:
    """CONDITIONALLY APPROVED -> CONDITIONAL APPROVED; NO GO -> NO-GO; the rest of the shouting is left out."""
    judged = re.search(r"NO[- ]GO|GO|APPROVED|BLOCKED", word)
    core = (judged.group() if judged else word).replace(" ", "-")
    return f"CONDITIONAL {core}" if word.upper().startswith("CONDITIONAL") else core
