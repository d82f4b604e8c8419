"""A line of a document -> the words that demand: without names, links, dates, urgency, tools and other remarks."""

from __future__ import annotations

import re

from ingest.plan_drafting.language.rewrites import rewritten
from ingest.readers.documents.document_text import without_signs, without_struck

_VERSUS = re.compile(r"\(?([\d.,]+\s?%) (?:vs\.?|versus) ([\d.,]+\s?%) (?:target|goal)\)?")
_EVENT = r"(?:production |public |final |next )?(?:release|launch|deployment|deploy|go-live|rollout|cutover|beta|ga)"
_TOOL = (
    r"(?:gitleaks|trufflehog|detect-secrets|git-secrets|ggshield|snyk|trivy|grype|npm audit|yarn audit|pnpm audit"
    r"|pip-audit"
    r"|cargo audit|dependabot|owasp dependency[- ]check|sonarqube|sonarcloud|codecov|coveralls|jacoco|istanbul|jest"
    r"|vitest"
    r"|pytest|pytest-cov|phpunit|junit|eslint|ruff|flake8|pylint|mypy|tsc|k6|jmeter|locust|gatling|artillery|grafana"
    r"|prometheus|datadog|lighthouse|lighthouse ci|github actions|gitlab ci|jenkins|bandit|codeql|semgrep|sonar|ci)"
)
# A command in brackets says how it is checked: "(npm test)"; one with a word such as "only" may narrow the demand.
_COMMAND = (
    r"(?![^()]*(?<!\w)(?:only|except|excluding|for|without|no|zero|0|backend|frontend|modules?|packages?|api|new|changed|sans|sauf"
    r"|solo|nur|ohne|sem|senza|zonder|alleen|apenas|filter)(?!\w))"
    r"(?:(?:npm|pnpm|yarn|npx|bun|pytest|tox|flutter|dotnet|mvn|gradle|\./\w+|rspec|jest|vitest|phpunit|tsc|eslint|mypy|ruff"
    r"|xcodebuild|ctest) (?=[^()]*\w)|python -m |uv run |poetry run |bundle exec |php artisan |bash (?=\S+\.sh)"
    r"|(?:go|cargo|swift|mix|sbt|dart|ng|next|deno|composer|rake|make) (?=(?:test|tests|vet|build|lint|check"
    r"|clippy|audit|fmt"
    r"|format|format-check|verify|typecheck|coverage)(?:[ )]|$)))"
)
_TEST_KIND = (
    r"(?:unit|integration|e2e|end-to-end|functional|component|api|unitarios|unitários|unitaires|unitari|integración"
    r"|integração"
    r"|intégration|integrazione|integratie|funktional|backend|frontend)"
)
_DAY = r"(?:\d{4}-\d{2}-\d{2}|\d{1,2}\.\d{1,2}\.\d{2,4})"
_PASSED_OVER = re.compile(
    "|".join(
        (
            r"https?://\S+",
            r"\(?--max-warnings[= ]0\)?|\(max-warnings[= ]0\)",
            rf"\({_COMMAND}[^()%<>≥≤]*\)|:\s*{_COMMAND}[^%<>≥≤]*$",
            rf"\({_TEST_KIND}(?:(?: ?, ?| ?\+ ?| ?/ ?| & | and | und | et | y | e | en ){_TEST_KIND})+\)",
            r"\[\^?\d{1,2}\]|(?<=[%\w])[¹²³⁴-⁹]+(?=\s|$)",  # a footnote
            r"\((?:see|ref|cf|siehe|voir|ver|vedi|zie)\.?:? [^()]*\)",
            r"[|(]?\s*(?<!\w)(?:owner|assignee|responsible|dri|verantwortlich(?:er?)?|zuständig|verantwoordelijke?"
            r"|eigenaar|responsable|responsabile"
            r"|responsável)\s*:\s*[^(),;|]*\)?",
            r"\(?@[\w-]+\)?",
            r"\(?(?<![\w-])(?:[a-z]{2,8}-\d{1,6}|#\d{1,6})(?!\w)\)?",
            rf"\(?(?<!\w)(?:before|prior to|by|until|for|due)(?: the| each| every| our)? {_EVENT}(?!\w)\)?",
            rf"\(?(?<!\w)(?:by|until|due|before|bis|avant|antes de|entro|até|voor):? {_DAY}\)?",
            r"(?<!\w)(?:on|in) (?:the )?(?:main|master|default|release) branch(?!\w)",
            r"(?<!\w)(?:on|in|en|em|dans|nella|auf|der) (?:the |la |der |de )?(?:main|master|ci/cd|ci|pipeline)"
            r"(?:[ -]pipeline)?(?!\w)",
            r"(?<!\w)across (?:the )?(?:whole |entire )?(?:project|codebase|repository|code base)(?!\w)",
            rf"\((?:(?:by |via |with |per |mit |avec |con |com |using )?{_TOOL}(?:, ?| ?/ ?| and | or )?)+\)",
            r"\(%\)|\(percent\)|\(in %\)|\(local(?:ly)?(?: ?(?:\+|and|&|et|y) ?ci)?\)",
        )
    )
)
# "15. Validate test coverage", "1.2 Coverage": the number of the line, and not a figure.
_NUMBERING = re.compile(
    r"^(?!p-?\d)[a-z]{1,8}[-_]\d{1,6}(?:\.\d{1,3})*\s?[:.)]\s+|^(?!95\W)(?:\d{1,3}(?:\.\d{1,3})*[.)]"
    r"|\d{1,2}(?:\.\d{1,2})+(?=\s(?!per\s?cent|pro[zc]ent|pour cent|por cien"
    r"|(?:m?s|sec\w*|se[kg]\w*"
    r"|min\w*|h\w*|[km]i?b"
    r")\b)))\s+(?=[^\W\d_])"
)
# "No high vulnerabilities in npm audit"; "high findings in trivy: 3" is what the tool has found.
_BY_A_TOOL = re.compile(
    rf"(?<!\w)(?:in|from|by|via|per|according to|en|em|dans|con|laut) (?:the )?{_TOOL}(?: reports?| scans?| output)?"
    rf"(?: ?(?:/|and|&|,) ?{_TOOL})*(?![\w/])(?!.*[:=] ?[1-9])"
)
_TOPIC = re.compile(
    r"^(?!tests?: (?:[\d.,]+\s?% pass|all ))(?:code quality|tech(?:nical)? debt|performance|security|quality|testing"
    r"|tests?"
    r"|reliability"
    r"|stability|build|ci|ci/cd|metrics?|kpis?"
    r"|code|qualität|sicherheit|qualité|sécurité|calidad|seguridad|qualità|sicurezza|qualidade|segurança|kwaliteit"
    r"|leistung|rendimiento|prestazioni|desempenho|fiabilité)(?: (?:gate|target|goal|criteria))?\s*(?::"
    r"|\s[–—-])\s+(?=\S)"
)
_URGENCY = re.compile(
    r"^[\[(]?(?:blocker|blocking|critical|must[- ]have|must|mandatory|required|p[0-3]|nice to have|should[- ]have"
    r"|should"
    r"|optional|important|blockierend|bloquant|bloqueante|bloccante|bloqueador|blokkerend)[\])]?\s*(?::|[–—-]\s)\s*"
    r"|[\[(](?:blocker|blocking|critical|must[- ]have|mandatory|required|p[0-3]|optional|non-blocking|bloquant"
    r"|bloqueante|bloccante|blockierend|blokkerend|obligatoire|obligatori[oa]|verplicht|zwingend)[\])]"
)
_SIGNS = re.compile(r"[\u2600-\u26ff\u2700-\u27bf\u23e9-\u23f3\ufe0f\U0001f300-\U0001faff]")
_NO_ENTRY = re.compile("[⛔🚫🛑🚳🚷📵🙅]")


def plain_text(text: str) -> str:
    """Lower case, one space, no signs in front, without the parts that say who, where to look or by when.

    Empty where a sign rules the line out.
    """
    if is_forbidding(text):
        return ""
    bare = _SIGNS.sub(" ", without_struck(text).lower())
    plain = without_signs(" ".join(bare.split())).replace("’", "'").replace("\u2011", "-")
    plain = _NUMBERING.sub("", _URGENCY.sub(" ", plain).strip())
    plain = _TOPIC.sub("", _PASSED_OVER.sub(" ", _BY_A_TOOL.sub(" ", plain)).strip())
    plain = rewritten(_VERSUS.sub(r"\2 (currently \1)", " ".join(plain.split()).strip(" .!*")))
    return " ".join(plain.split()).strip(" .!*")


def is_forbidding(text: str) -> bool:
    """Whether the line carries a no-entry sign: its figure may be what is ruled out, and not what is asked for."""
    return bool(_NO_ENTRY.search(text))
