"""The phrases that name a metric, in seven languages.

A sentence is bound to a metric only when every word of it is known (`words`): a word that nobody knows may be the one
that names another scope, another percentile or another kind of coverage.
"""

from __future__ import annotations

import re

from ingest.plan_drafting.language.code_phrases import CODE_PHRASES
from ingest.plan_drafting.language.phrase import COUNTED, Phrase
from ingest.plan_drafting.language.service_phrases import SERVICE_PHRASES

PHRASES: tuple[Phrase, ...] = CODE_PHRASES + SERVICE_PHRASES

SEVERITY = (
    r"(?:critical|high|medium|moderate|low|kritisch(?:e[nrs]?)?|hohen?|hoher|hoch|mittlere[nrs]?|niedrige[nrs]?|critiques?"
    r"|hautes?"
    r"|élevée?s?|moyennes?|faibles?|cr[ií]tic[oa]s?|critic[hi]e?|alt[aoie]s?|médi[ao]s?|medi[aoe]s?|baix[ao]s?"
    r"|baj[ao]s?"
    r"|bass[aeoi]|kritieke|hoge|lage)"
)
_LINK = r"\s*(?:,|/|&|\+|or|nor|and|und|oder|noch|et|ou|ni|y|o|e|en|of|né|nem)\s*(?:(?:0|no|zero) )?"
_GRADE = r"(?:[- ](?:severity|risk|priority))?"
SCANNED = (
    r"(?:security )?(?:vulnerabilit(?:y|ies)|vulns?|findings?|cves?|security issues?)|schwachstellen?"
    r"|sicherheitslücken?"
    r"|sicherheitsprobleme|befunde|vulnérabilités?|failles?(?: de sécurité)?|vulnerabilidad(?:es)?|vulnerabilidades?"
    r"|fallos de seguridad|hallazgos(?: de seguridad)?|falhas de segurança|vulnerabilità|falle(?: di sicurezza)?"
    r"|kwetsbaarhe(?:id|den)|beveiligingslekken|beveiligingsproblemen"
)
SEVERITIES = rf"{SEVERITY}{_GRADE}(?:{_LINK}{SEVERITY}{_GRADE})*"
_AND_WORSE = r"(?:\+|,? (?:or|and) (?:above|higher|worse|more severe))?"
_SEVERITY_METRICS = (
    (re.compile(r"^(?:crit|kriti|crít)"), "findings_critical_count"),
    (re.compile(r"^(?:high|hoh|hoch|haut|élev|alt|hoge)"), "findings_high_count"),
    (re.compile(r"^(?:medi|médi|moderate|mittlere|moyenne)"), "findings_medium_count"),
    (re.compile(r"^(?:low|niedrig|faible|baix|baj|bass|lage)"), "findings_low_count"),
)

_NO_SCANNER = (
    r"(?:no |zero |0 )?(?:known |open |security )*vulnerabilit(?:y|ies)(?: found)?"
    r"|(?:keine|null|ohne) (?:bekannten |offenen )?(?:schwachstellen|sicherheitslücken|vulnerabilities|cves)"
    r"|(?:aucune|zéro|sans|0) (?:vulnérabilités?|failles? de sécurité)(?: connues?)?"
    r"|(?:sin|cero|0) vulnerabilidades(?: conocidas)?|(?:sem|zero|nenhuma) vulnerabilidades?(?: conhecidas?)?"
    r"|(?:nessuna|senza|zero|0) vulnerabilità(?: not[ae])?|(?:geen|zonder) (?:bekende )?kwetsbaarheden"
)
_WHERE = (
    r"(?: found| reported| detected| open| remaining)?(?: (?:in|dans|en|nas|nelle|em) (?:the |our |any |all |les "
    r"|las |den |de )?"
    r"(?:dependencies|dépendances|dependencias|dependências|dipendenze|abhängigkeiten|afhankelijkheden))?"
)
ANY_FINDING = re.compile(rf"(?<![\w-])(?:{_NO_SCANNER}){_WHERE}(?![\w-])")
ALL_FINDINGS = ("findings_critical_count", "findings_high_count", "findings_medium_count", "findings_low_count")
_BY_SEVERITY = re.compile(
    rf"(?<![\w-])(?:(?P<before>{SEVERITIES})(?P<worse>{_AND_WORSE}) (?:{SCANNED})"
    rf"|(?:{SCANNED})(?: (?:of|with|at|mit|de|di|met))?"
    r"(?: (?:severity|schweregrad|sévérité|severidad|severidade|gravedad|gravità|ernst))?:? "
    rf"(?P<after>{SEVERITIES})(?P<worse_after>{_AND_WORSE}))(?![\w-])"
)
_FINDING_WORDS = frozenset(
    (
        COUNTED
        + " dependencies dependency reports report finds scan show shows security snyk trivy npm pip audit dependabot"
        " abhängigkeiten dans dépendances dépendance dependencias dependências dipendenze afhankelijkheden nas nelle"
        " composer yarn pnpm cargo trivy grype codeql semgrep"
    ).split()
)


def severity_phrase(text: str) -> tuple[int, int, Phrase] | None:
    """ "critical or high CVEs", "findings of severity medium": one metric for each severity that is named."""
    match = _BY_SEVERITY.search(text)
    if match is None:
        return None
    named = re.findall(SEVERITY, match["before"] or match["after"])
    metrics = [metric for word in named for pattern, metric in _SEVERITY_METRICS if pattern.match(word)]
    if match["worse"] or match["worse_after"]:
        worst = ALL_FINDINGS.index(metrics[-1]) if metrics else 0
        metrics = list(ALL_FINDINGS[: worst + 1])
    distinct = tuple(dict.fromkeys(metrics))
    phrase = Phrase(_BY_SEVERITY, distinct, extra=_FINDING_WORDS | {"remediated", "resolved", "fixed", "patched"})
    return (match.start(), match.end(), phrase) if distinct else None
