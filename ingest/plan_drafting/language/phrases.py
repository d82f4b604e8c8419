"""The phrases that name a metric, in seven languages, and the words that change nothing about a demand.

A sentence is bound to a metric only when every word of it is found here: a word that nobody knows may be the one that
names another scope, another percentile or another kind of coverage.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SEVERITY = (
    r"(?:critical|high|medium|moderate|low|kritische[nrs]?|hohen?|hoher|mittlere[nrs]?|critiques?|hautes?|élevée?s?"
    r"|moyennes?|cr[ií]tic[oa]s?|critic[hi]e?|alt[aoie]s?|médi[ao]s?|medi[aoe]s?|kritieke|hoge)"
)
_LINK = r"\s*(?:,|/|&|\+|or|nor|and|und|oder|noch|et|ou|ni|y|o|e|en|of|né|nem)\s*(?:(?:0|no|zero) )?"
_GRADE = r"(?:[- ](?:severity|risk|priority))?"
_SCANNED = (
    r"(?:security )?(?:vulnerabilit(?:y|ies)|findings?|cves?|security issues?)|schwachstellen?|sicherheitslücken?"
    r"|vulnérabilités?|vulnerabilidad(?:es)?|vulnerabilidades?|vulnerabilità|kwetsbaarhe(?:id|den)"
)
_SEVERITIES = rf"{_SEVERITY}{_GRADE}(?:{_LINK}{_SEVERITY}{_GRADE})*"
_AND_WORSE = r"(?:\+|,? (?:or|and) (?:above|higher|worse|more severe))?"
_SEVERITY_METRICS = (
    (re.compile(r"^(?:crit|kriti|crít)"), "findings_critical_count"),
    (re.compile(r"^(?:high|hoh|haut|élev|alt|hoge)"), "findings_high_count"),
    (re.compile(r"^(?:medi|médi|moderate|mittlere|moyenne)"), "findings_medium_count"),
    (re.compile(r"^low"), "findings_low_count"),
)
_P95 = r"(?:p95|p-95|p\(95\)|95th(?:[- ]percentile)?|95(?:th)? percentile|95\. perzentil)"
_REQUEST = (
    r"(?:(?:api|http|request|web) )?(?:response[- ]times?|latency|latencies|request (?:times?|duration"
    r"|latency)|antwortzeit(?:en)?|latenz(?:en)?|temps de réponse|latence|tiempos? de respuesta|latencia"
    r"|temp[oi] di risposta"
    r"|latenza|tempos? de resposta|latência|responstijd(?:en)?|reactietijd|latentie)"
)
_TESTED = r"(?:(?:automated |automatic )?(?:unit[- ])?tests?|unit|code|lines?|overall|total|project|global)"
_TODO = r"(?:to-?dos?|fixmes?|hacks?|xxx)"


_KEYS = r"(?:api[- ]keys?|passwords?|access tokens?|private keys?|secrets?|credentials)"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that name metrics: every metric of the tuple is demanded by one figure.

    `zero` marks a phrase that demands none without a figure ("all tests pass"); `extra` are words that are harmless
    beside this phrase only; `needs` are words that must be elsewhere in the clause ("response time < 200 ms (p95)").
    """

    pattern: re.Pattern[str]
    metrics: tuple[str, ...]
    zero: bool = False
    extra: frozenset[str] = frozenset()
    needs: re.Pattern[str] | None = None


def _phrase(metrics: str, *patterns: str, zero: bool = False, extra: str = "", needs: str = "") -> Phrase:
    needed = _whole_words(needs) if needs else None
    return Phrase(_whole_words(*patterns), tuple(metrics.split()), zero, frozenset(extra.split()), needed)


def _whole_words(*patterns: str) -> re.Pattern[str]:
    joined = "|".join(f"(?:{pattern})" for pattern in patterns)
    return re.compile(rf"(?<![\w-])(?:{joined})(?![\w-])")


_COUNTED = (
    "found left remaining remain remains open exist exists existing present detected reported unresolved known in"
)
_COUNTED += (
    " outstanding there here trouvée trouvées gefunden offen offene abiertas abiertos encontradas aperte abertas"
)
_CODE = (
    _COUNTED + " src source sources code codebase repository repo git history committed commited checked into version"
)
_CODE += " control anywhere from dans codice código quellcode sorgente"

PHRASES: tuple[Phrase, ...] = (
    _phrase(
        "coverage_line_percent coverage_branch_percent",
        r"lines? (?:and|&|\+) branch(?:es)?(?: test)? coverage",
        r"branch(?:es)? (?:and|&|\+) lines?(?: test)? coverage",
        r"lines?/branch(?:es)? coverage",
    ),
    _phrase(
        "coverage_branch_percent",
        r"branch(?:es)?[- ](?:test )?coverage",
        r"(?:test |code )?coverage:? \(?branch(?:es)?\)?",
        r"coverage of (?:all |the )?branches",
        r"branches covered|zweigabdeckung|branchabdeckung|zweigüberdeckung|branchdekking",
        r"couverture (?:de|des) branches|cobertura de (?:ramas|ramos)|copertura (?:dei|di) (?:rami|branch)",
    ),
    _phrase("type_coverage_percent", r"type[- ]coverage"),
    _phrase(
        "docs_documented_percent",
        r"doc(?:umentation|string|strings|s)? coverage|documented (?:public )?symbols|public symbols documented",
    ),
    _phrase("api_proven_percent", r"(?:api )?contract[- ]test coverage"),
    _phrase(
        "coverage_line_percent",
        r"(?:test |code )?coverage: lines?",
        rf"(?:{_TESTED} )?(?:(?:code|line|test) )?coverage(?: \((?:lines?|overall|total|code)\))?",
        r"(?:test |code )?coverage of (?:all |the )?lines",
        r"(?:of )?(?:all |the )*(?:code(?:base| base)?|source code|lines)(?: of code)?(?: (?:is|are))?"
        r" covered(?: by (?:unit "
        r"|automated )?tests?)?",
        r"(?:test|code|zeilen|unit-?test)-?abdeckung|(?:test|code|zeilen)überdeckung|(?:test|code|regel)dekking",
        r"(?:taux de )?couverture (?:de|du|des) (?:code|tests?|lignes)|couverture (?:par les )tests|taux de"
        r" couverture",
        r"cobertura (?:de|del|do|dos|das) (?:código|codigo|pruebas|tests?|líneas|lineas|testes|linhas)",
        r"copertura (?:del|dei|di|delle) (?:codice|test|righe|linee)",
        r"couverture|cobertura|copertura",
        r"test code coverage",
        extra="line lines unit test tests",
    ),
    _phrase(
        "bundle_gzip_bytes",
        r"(?:gzip(?:ped)?|compressed \(gzip\)) (?:total )?bundles?(?: size)?",
        r"bundles?(?: size)?,? \(?(?:after )?gzip(?:ped)?\)?",
    ),
    _phrase(
        "bundle_brotli_bytes", r"brotli (?:total )?bundles?(?: size)?|bundles?(?: size)?,? \(?(?:after )?brotli\)?"
    ),
    _phrase(
        "bundle_raw_bytes",
        r"(?:total |overall |production )*bundle(?: size)?|bundle-?größe|taille (?:du|de) bundle|tamaño del bundle",
        r"dimensione del bundle|tamanho do bundle|bundlegrootte",
    ),
    _phrase("load_tti_seconds", r"time[- ]to[- ]interactive(?: \(tti\))?|tti"),
    _phrase(
        "load_lcp_seconds",
        r"largest contentful paint(?: \(lcp\))?|lcp",
        r"(?:initial )?page[- ](?:load|loading)(?:[- ]times?)?|(?:initial )?load(?:ing)?[- ]times?|pages? loads?",
        r"(?:seiten)?ladezeit|laadtijd"
        r"|(?:temps de chargement|tiempo de carga|tempo di caricamento|tempo de carregamento)"
        r"(?: (?:de la |de las |d[ae]s? |dell[ae] )(?:p[áa]ginas?|pages?|pagine))?",
    ),
    _phrase("load_score", r"(?:lighthouse )?performance[- ]score|lighthouse performance|lighthouse \(performance\)"),
    _phrase(
        "memory_growth_mb_per_hour",
        r"(?:memory|heap) (?:growth|leak(?:age)?|stability)(?: rate)?|growth of (?:the )?memory|speicherwachstum",
    ),
    _phrase(
        "api_implemented_percent",
        r"api (?:completeness|completion|implementation)|(?:of )?(?:all )?(?:api )?(?:endpoints|operations|routes)"
        r"(?: are)? implemented|implemented (?:api )?(?:endpoints|operations|routes)",
    ),
    _phrase(
        "todo_count",
        rf"(?:commentaires?|comentarios?|comentários?|commenti) {_TODO}"
        rf"|{_TODO}(?:\s*(?:/|,|and|or|&)\s*{_TODO})*(?:[- ](?:markers?|comments?|items?|count|tags?|notes?"
        r"|kommentare?n?|marker|einträge|opmerkingen))?",
        extra=_CODE + " resolved removed cleared closed",
    ),
    _phrase("tests_flaky", r"flaky[- ]tests?|test flakes", extra=_COUNTED),
    _phrase(
        "tests_skipped",
        r"übersprungene[nr]? tests?|tests? ignorés?|pruebas? omitidas?|overgeslagen tests?|testes? ignorados?",
        r"(?:(?:skipped|ignored)(?: or | and |/))?(?:skipped|ignored)[- ]tests?|tests? (?:is |are )?skipped",
        extra=_COUNTED,
    ),
    _phrase(
        "tests_failed",
        r"all (?:of )?(?:the )?(?:[\d,]+ )?(?:automated )?(?:unit )?tests (?:are |must |should |shall"
        r" )*(?:pass(?:ing|ed|es)?"
        r"|green)|(?:unit )?tests (?:are )?all (?:green|pass(?:ing|ed)?)|(?:every|each) (?:automated )?(?:unit"
        r" )?test (?:is |must |should |shall )*(?:pass(?:ing|ed|es)?|green)",
        r"(?:the )?(?:full |whole |complete |entire )?test suite (?:is )?(?:pass(?:ing|es|ed)?|green)|passing tests",
        r"(?:unit )?tests (?:are )?(?:pass(?:ing|ed|es)?|green)",
        r"alle (?:automatisierten |automatischen )?(?:unit-?)?tests (?:sind )?(?:grün|bestanden|erfolgreich"
        r"|laufen durch)",
        r"tous les tests (?:unitaires )?(?:passent|sont verts|réussissent)|(?:unit-?)?tests laufen durch",
        r"todas las pruebas(?: unitarias)? (?:pasan|pasando)|(?:todos los )?tests(?: unitarios)? (?:pasan|pasando)",
        r"tutti i test(?: unitari)? passano|todos os testes(?: unitários)? (?:passam|passando)",
        r"alle (?:unit-?)?tests (?:zijn )?(?:groen|geslaagd|slagen)",
        zero=True,
    ),
    _phrase(
        "tests_failed",
        r"(?:unit )?tests? fail(?:ing|ed|ures?|s)?|(?:failing|failed) (?:unit )?tests?|test failures?",
        r"fehlgeschlagenen? tests?|tests? en échec|pruebas? fallidas?|tests? fallidos?|test fallit[oi]|testes?"
        r" falhando",
        r"gefaalde tests?|falende tests?|mislukte tests?|testes? falhad[oa]s?",
        extra=_COUNTED,
    ),
    _phrase(
        "tests_passed_percent",
        r"(?:unit )?tests?[- ](?:pass(?:ing)?|success)[- ]rate|pass(?:ing)?[- ]rate of (?:all )?(?:the )?tests",
        r"of (?:all )?(?:the )?(?:unit )?tests (?:are )?(?:must )?(?:pass(?:ing|ed)?|green)|tests passed",
    ),
    _phrase("tests_passed_percent", r"(?:unit )?tests?", needs=r"pass(?:ing|ed|es)?|green"),
    _phrase(
        "secrets_count",
        r"(?:hard-?coded |committed |leaked |exposed |plain-?text )*(?:secrets?|credentials)"
        r"(?:(?:,| or| and|/) ?(?:hard-?coded )?(?:secrets?|credentials|passwords?|api keys?|keys|(?:api )?tokens?))*",
        r"hard-?coded (?:passwords?|api keys?)|(?:hartcodierte[nrs]? )?(?:geheimnisse|zugangsdaten)|secretos?"
        r"|segredos?",
        r"segret[oi]|geheimen|hartcodierte[nrs]? (?:passwörter|schlüssel)|mots de passe en dur",
        extra=_CODE + " removed eliminated hardcoded hardcodés hardcodeados hardcodeadas hartcodiert hartcodierte",
    ),
    _phrase(
        "secrets_count",
        rf"{_KEYS}(?:(?:,| or| and|/) ?{_KEYS})*",
        needs=r"(?:committed )?(?:in|from|to) (?:the |our )?(?:source )?(?:code(?:base)?|repo(?:sitory)?|git(?:"
        r" history)?|source)",
    ),
    _phrase(
        "type_errors_count",
        r"(?:typescript|type|tsc|mypy|pyright|type[- ]check(?:er|ing)?) errors?|typescript-?fehler|typescript-?fouten"
        r"|(?:erreurs?|errores|erros|error[ei]|errore) (?:de |di )?(?:typescript|type|tipos?)",
        extra=_COUNTED + " resolved fixed",
    ),
    _phrase(
        "lint_problems_count",
        r"(?:lint(?:er|ing)?|eslint|pylint|ruff|flake8|rubocop|clippy|stylelint)"
        r" (?:errors?|problems?|warnings?|issues?|violations?|findings)(?: (?:or|and) (?:errors|warnings))?",
        r"(?:es)?lint-?(?:fehler|probleme)|(?:erreurs?|errores|erros) de (?:es)?lint(?:er)?|errori di (?:es)?lint"
        r"|(?:es)?lintfouten",
        extra=_CODE + " resolved fixed lint linter linting clean",
    ),
    _phrase(
        "request_p95_seconds",
        rf"(?:(?:api|request|http) )?{_P95}(?: of)?(?: the)? {_REQUEST}(?: \({_P95}\))?",
        rf"{_REQUEST}(?: time)?,?:? ?\(?(?:at |at the )?{_P95}\)?",
        rf"{_P95} de (?:la )?latencia|{_P95} du temps de réponse",
    ),
    _phrase("request_p95_seconds", _REQUEST, needs=rf"\(?(?:at )?(?:the )?{_P95}\)?:?"),
    _phrase(
        "request_error_percent",
        r"(?:overall |http |api |request )?error[- ]rates?|failed requests|request errors",
        r"fehlerquote|fehlerrate|taux d'erreurs?|tasa de error(?:es)?|tasso di error[ei]|taxa de erros?",
        r"foutpercentage|foutenpercentage",
        extra="requests",
    ),
    _phrase(
        "ci_success_percent",
        r"(?:ci|ci/cd|ci pipeline|ci/cd pipeline|pipeline|ci build|build)[- ](?:success|pass)(?:[- ]rate)?",
        r"success rate of (?:the )?(?:ci|ci/cd|pipelines?|builds?)|ci-erfolgsquote|ci-erfolgsrate",
    ),
    _phrase(
        "rollback_seconds",
        r"(?:roll-?back|rollback) (?:time|duration)|time (?:to|for) (?:a )?roll-?back|time to roll back",
        r"roll-?back (?:takes|completes|completed|finishes|finished|done|possible|executable|can be (?:done|performed"
        r"|completed|executed))|roll-?back dauert|(?:can|able to) roll ?back|roll-?back-?(?:zeit|dauer)"
        r"|roll-?back(?= (?:in|within|innerhalb|binnen"
        r"|under|below) )",
    ),
    # A sign in brackets behind a rehearsal is how long it may take; "tested within 2 days" would be when it was held.
    _phrase(
        "rollback_seconds",
        r"roll-?back (?:procedures?|plan|process|script)?\s*(?:tested|rehearsed|validated|verified)(?= \(\s*[<≤])",
    ),
)

_NO_SCANNER = (
    r"(?:no |zero |0 )?(?:known |open |security )*vulnerabilit(?:y|ies)(?: found)?"
    r"|(?:keine|null) (?:bekannten |offenen )?(?:schwachstellen|sicherheitslücken)|(?:aucune"
    r"|zéro) vulnérabilité(?: connue)?"
    r"|(?:sin|cero) vulnerabilidades(?: conocidas)?|(?:sem|zero) vulnerabilidades(?: conhecidas)?"
    r"|nessuna vulnerabilità(?: nota)?|geen (?:bekende )?kwetsbaarheden"
)
ANY_FINDING = re.compile(rf"(?<![\w-])(?:{_NO_SCANNER})(?![\w-])")
ALL_FINDINGS = ("findings_critical_count", "findings_high_count", "findings_medium_count", "findings_low_count")
_BY_SEVERITY = re.compile(
    rf"(?<![\w-])(?:(?P<before>{_SEVERITIES})(?P<worse>{_AND_WORSE}) (?:{_SCANNED})"
    rf"|(?:{_SCANNED})(?: (?:of|with"
    rf"|at))?(?: severity)?:? (?P<after>{_SEVERITIES})(?P<worse_after>{_AND_WORSE}))(?![\w-])"
)
_FINDING_WORDS = frozenset(
    (
        _COUNTED
        + " dependencies dependency reports report finds scan show shows security snyk trivy npm pip audit dependabot"
    ).split()
)


def severity_phrase(text: str) -> tuple[int, int, Phrase] | None:
    """ "critical or high CVEs", "findings of severity medium": one metric for each severity that is named."""
    match = _BY_SEVERITY.search(text)
    if match is None:
        return None
    named = re.findall(_SEVERITY, match["before"] or match["after"])
    metrics = [metric for word in named for pattern, metric in _SEVERITY_METRICS if pattern.match(word)]
    if match["worse"] or match["worse_after"]:
        worst = ALL_FINDINGS.index(metrics[-1]) if metrics else 0
        metrics = list(ALL_FINDINGS[: worst + 1])
    distinct = tuple(dict.fromkeys(metrics))
    phrase = Phrase(_BY_SEVERITY, distinct, extra=_FINDING_WORDS | {"remediated", "resolved", "fixed", "patched"})
    return (match.start(), match.end(), phrase) if distinct else None


# "no" and "not" are missing here on purpose: a negation that no pattern has read must never be passed over.
# Words that say that a demand is one, and nothing about what is measured.
_HARMLESS = """
    a an the is are be been being has have had to at of on our we you it its that this and with for in all must
    should shall will can need needs needed require requires required achieve achieves achieved reach reaches
    reached meet meets met maintain maintains maintained keep kept keeps stay stays remain remains hold holds
    adequate sufficient
    verified verify confirmed confirm check checked checks ensure ensured ensures validated validate measured
    measure target targets goal goals threshold thresholds limit limits budget slo sla
    kpi gate quality interim overall total whole entire project codebase production prod live please always
    consistently currently codecov sonarqube sonarcloud jest pytest jacoco istanbul nyc coveralls vitest k6
    jmeter grafana prometheus datadog gitleaks der die das den dem des ein eine einer eines ist sind muss müssen
    soll sollen wird werden bei von und mit im liegt darf dürfen mag beträgt betragen liegen hat haben erreicht
    erreichen ziel alle le la les l un une du des est sont doit doivent être avec et au aux d de atteint
    atteindre objectif tous toutes el los las una del es son debe deben ser estar con y en al objetivo meta
    todos todas il lo gli i uno di dei delle della dello è deve devono essere con e nel nella obiettivo tutti tutte
    o os as um uma do da dos das é são deve devem ser com na tem ter het een zijn is moet moeten met en van de
    doel alle bedraagt blijft
    reste restent demeure bleibt bleiben queda permanece rimane resta fica permanecer
    mantiene mantener mantém se fallen sinken steigen klettern komen zakken dalen
"""
HARMLESS = frozenset(_HARMLESS.split())
# "Error rate can reach 5%" says what may happen: these words are a demand only where more is better.
_REACHING = """
    reach reaches reached achieve achieves achieved can erreicht erreichen atteint atteindre alcanza alcanzar raggiunge
    bereikt atinge
"""
REACHING = frozenset(_REACHING.split())
_NOTHING = """
    no zero none null nul zéro cero sans
    keine kein keinen aucun aucune ningún ninguna sin nessun nessuna nenhum nenhuma sem geen zonder
    without
"""
NOTHING = frozenset(_NOTHING.split())
CLEARED = frozenset(
    {"removed", "eliminated", "resolved", "cleared", "closed", "fixed", "remediated", "patched", "clean"}
)
