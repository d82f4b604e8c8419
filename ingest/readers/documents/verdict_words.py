"""GO, NO-GO, APPROVED and BLOCKED in a sentence, where they judge the deployment of the whole."""

from __future__ import annotations

import re
from collections.abc import Iterator

PART = re.compile(
    r"\b(?:security|infrastructure|database|db|performance|monitoring|integration|rollback|operational|operations|"
    r"disaster|recovery|backup|audit|tests?|testing|documentation|docs?|mkdocs|backend|frontend|network|compliance"
    r"|team|"
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
        rf"(?i:\b(?:{_ABOUT}|recommendation|verdict|decision|go/no-go)\b[\w\s/-]{{0,30}}?[:–—-]+)[^\w"
        rf"|]{{0,12}}{_WORD}(?![\w/])"
    ),
    # "NO-GO FOR PRODUCTION", "APPROVED FOR DEPLOYMENT"
    re.compile(rf"\b{_WORD}\s+(?i:for|until|to)\s+(?i:[\w-]+\s+){{0,2}}?(?i:{_ABOUT})\b"),
    # "production deployment is BLOCKED"
    re.compile(rf"(?i:\b{_ABOUT}\b(?:\s+[\w-]+){{0,2}}?\s+(?:is|remains|currently|are)?\s*){_WORD}(?![\w/])"),
)
# Words in any case count where they are all that a label says: "Verdict: no-go", "deployment decision: Approved".
_LABEL = (
    r"(?:(?:final|overall|release|deployment|production|launch|staging|current|go-live)[\s/-]+)*"
    r"(?:verdict|decision|recommendation|status|conclusion|assessment|deployment|release|production|launch|go-live"
    r"|readiness)"
)
_LABELLED = re.compile(
    rf"^\W*(?:{_LABEL})\W*[:=–—-]\W*(?P<word>(?:conditional(?:ly)?\s+)?(?:no[- ]go|go|approved|blocked))"
    r"(?=\W*$|\s*[.,;!(–—-]|\s+(?:for|until|with|to (?:production|staging|deploy))\b)",
    re.IGNORECASE,
)
_PASSED = re.compile(
    rf"\b(?:{_ABOUT}(?:\s+deployment)?\s+(?:is\s+|was\s+|remains\s+)?(?P<word>approved|blocked)\b|"
    rf"(?P<first>approved|blocked)\s+(?:for|from)\s+(?:the\s+)?{_ABOUT}\b)",
    re.IGNORECASE,
)
_STAGE = r"(?:production|deployment|staging|release|launch)"
_READY_WORDS = (
    rf"(?P<not>(?:is\s+|are\s+)?(?:(?:not|n't)\s+(?:yet\s+)?|(?:no longer|far from|nowhere near)\s+(?:being\s+)?)"
    rf"|un)?(?:{_STAGE}[\s-]ready|ready(?:\s+(?:for|to)\s+"
    rf"(?:the\s+)?(?:{_STAGE}|deploy|ship|launch))?)"
)
_READY_LABELLED = re.compile(
    rf"^\W*(?:{_LABEL}\W*[:=–—-]\W*)?{_READY_WORDS}"
    r"(?P<tail>(?:\s+(?:yet|today|now|at this (?:time|point)))?\W*$"
    r"|[\s,;(–—-]+(?:with|after|pending|subject to|except|conditional\w*)\b.*|\s*[.!].*)",
    re.IGNORECASE,
)
_READY_STATED = re.compile(
    rf"\b(?:is|are|we're|it's|isn't|aren't|remains)\s+(?:now\s+|fully\s+|currently\s+)?(?P<not>not\s+(?:yet\s+)?"
    rf"|no longer\s+|far from\s+)?"
    rf"(?:{_STAGE}[\s-]ready|ready\s+for\s+(?:the\s+)?{_STAGE})\b(?P<tail>.*)",
    re.IGNORECASE,
)
_READY_ANSWERED = re.compile(
    rf"^\W*(?:{_STAGE}[\s-]ready|ready for (?:the )?{_STAGE})\W*[:=?]\W*(?P<answer>yes|no|[✅✔☑❌✗✘🔴🛑⛔])\W*$",
    re.IGNORECASE,
)
_WISHED = re.compile(
    r"\b(?:if|when|once|unless|until|before|whether|ensure|sure|should|must|will|would|could|can|may|to be|become|"
    r"becomes|how|what|is it|are we|target|goal|aim|criteria|checklist|verify|confirm|example)\b|\?\s*$|\[ \]",
    re.IGNORECASE,
)
_RESERVED = re.compile(r"\b(?:with|after|pending|subject to|except|conditional\w*)\b", re.IGNORECASE)
_GO_LATER = re.compile(r"^\W*(?:in|within|after|by|on)\s+(?:about\s+|~)?(?:\d|Q[1-4]\b|[A-Z][a-z]+ \d)", re.IGNORECASE)
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
    if match is None:
        yield from _judged_in_any_case(bare)
        return
    if re.match(r"\s*\[ \]", text):
        return
    if _is_verdict(bare, match):
        yield _verdict_of(match["word"])


def _is_verdict(text: str, match: re.Match[str]) -> bool:
    """Whether the word judges the whole now: "GO in 3-5 days" is a timeline, others are rules or about a part."""
    before, after = text[: match.end("word")], text[match.end("word") :]
    near = text[max(0, match.start() - 40) : match.start("word")]
    is_rule = _RULE_WORDS.search(before) or _RULE_TAIL.match(after)
    return not (_GO_LATER.match(after) or is_rule or PART.search(near))


def _judged_in_any_case(text: str) -> Iterator[str]:
    """ "verdict: no-go", "Status: Production Ready", "NOT ready for production"; wishes and questions judge nothing."""
    if _WISHED.search(text) or _RULE_WORDS.search(text):
        return
    found = _LABELLED.match(text) or _PASSED.search(text)
    if found:
        word = found["word"] or found.groupdict().get("first") or ""
        if not _GO_LATER.match(text[found.end() :]) and not PART.search(text[: found.start("word")]):
            yield _verdict_of(word.upper())
        return
    if answered := _READY_ANSWERED.match(text):
        yield "READY" if answered["answer"].lower() in ("yes", "✅", "✔", "☑") else "NOT READY"
        return
    ready = _READY_LABELLED.match(text) or _READY_STATED.search(text)
    before = text[: ready.start("tail")] if ready else ""
    if ready and not ready["not"] and not re.search(rf"{_STAGE}|[:=–—-]", before, re.IGNORECASE):
        return  # "Ready!" alone says nothing of what
    if ready and not PART.search(before) and not _GO_LATER.match(ready["tail"] or ""):
        yield _readiness(text, ready)


def _readiness(text: str, ready: re.Match[str]) -> str:
    negative = ready["not"] or re.search(r"n't\s+$|\b(?:isn't|aren't)\b", text[: ready.end()], re.IGNORECASE)
    if negative:
        return "NOT READY"
    return "CONDITIONAL READY" if _RESERVED.search(ready["tail"] or "") else "READY"


def _verdict_of(word: str) -> str:
    """CONDITIONALLY APPROVED -> CONDITIONAL APPROVED; NO GO -> NO-GO; the rest of the shouting is left out."""
    judged = re.search(r"NO[- ]GO|GO|APPROVED|BLOCKED", word)
    core = (judged.group() if judged else word).replace(" ", "-")
    return f"CONDITIONAL {core}" if word.upper().startswith("CONDITIONAL") else core
