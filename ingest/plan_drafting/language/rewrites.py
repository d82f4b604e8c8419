"""Usual wordings -> the plain wording that the grammar reads: number words, verbs that say a limit, tools that report.

Each one keeps the meaning whole. A wording that could mean two things is not here.
"""

from __future__ import annotations

import re

from ingest.plan_drafting.language.phrases import SCANNED, SEVERITY

_NUMBER_WORDS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_SUBJECT = (
    r"(?:the |our |das |die |unser |le |la |l'|el |il |lo |o |a |het |de )?(?:project|application|system|software"
    r"|codebase"
    r"|product|projekt|anwendung|applikation|produkt|projet|logiciel|système|produit|proyecto|aplicación|sistema"
    r"|producto"
    r"|projeto|aplicação|produto|progetto|applicazione|prodotto|applicatie|systeem|team)"
)
_HAS_TO = (
    r"(?:(?:must|should|shall|needs? to|has to|have to|will|muss|soll|sollte|doit|debe|deberá|deve|deverá|moet)\s+)?"
    r"(?:have|has|reach(?:es)?|achieves?|maintains?|keeps?|provides?|hat|haben|erreicht|avoir|a|atteindre|présenter"
    r"|tener"
    r"|tiene|alcanzar|mantener|ter|tem|atingir|manter|avere|ha|raggiungere|mantenere|hebben|heeft|behalen|eine?"
    r"|aim for)"
)
_FIGURE = r"[\d.,]+\s?(?:%|percent|ms|s|sec(?:onds?)?|min(?:utes?)?|kb|mb)?"
_SAME_KIND = r"(?:skipped|ignored|disabled)\W+(?:or |and |nor )?(?:skipped|ignored|disabled)"
_REQUESTS = (
    r"(?:of (?:all )?(?:the )?(?:api |http )?requests|der (?:api-)?(?:anfragen|requests)|aller (?:anfragen|requests)"
    r"|des (?:requêtes|appels api)|de (?:las|todas las) (?:peticiones|solicitudes)|d(?:e|as)(?: todas as)? requisições"
    r"|delle richieste|van (?:de |alle )?(?:verzoeken|requests))"
)
_ANSWERED = (
    r"(?:(?:must |should |shall |have to |are |devem |deben |devono |doivent |werden |worden )*(?:complete[d]?"
    r"|finish(?:ed)?"
    r"|respond(?:ed)?|(?:be )?(?:answered|served|processed|completed|handled)|return(?:ed)?|take|beantwortet"
    r"|ser processadas"
    r"|responden?|répondent|respondem|rispondono"
    r"|respondidas|traitées|servies|servite|evase|beantwoord|ser respondidas|ser atendidas|atendidas))"
)
_COVERAGE = r"(?:coverage|abdeckung|überdeckung|couverture|cobertura|copertura|dekking)"
_COUNTED_THINGS = (
    r"(?:(?:open|skipped|flaky|failing|failed|lint|type|critical|high|medium|low|known|remaining|todo|fixme"
    r"|eslint)[ -])+"
    r"|(?:todos?|fixmes?|tests?|markers?|warnings?|errors?|problems?|findings?|vulnerabilities|secrets?|cves)\b"
)
_GROWS = r"(?:memory|heap)(?: use| usage| consumption)?"
_MAY = r"(?:does|must|should|may|shall|can|will|do)"
_SCANNER = (
    r"(?:dependencies (?:are )?(?:audited|scanned|checked)"
    r"|(?:npm|yarn|pnpm|pip|cargo|composer|bundler?)[ -]audit|snyk(?: scan| test)?|trivy(?: scan)?|grype"
    r"|dependabot|sast"
    r"|owasp zap(?: scan)?|dast|govulncheck|code scanning|codeql|semgrep"
    r"|(?:security|dependency|dependencies|vulnerability|vulnerabilities) (?:scans?|check|audit|review|findings"
    r"|analysis"
    r"|posture|status)"
    r"|scan of dependencies|(?:security )?vulnerabilities|security|cves|sca(?: scan)?"
    r"|(?:sicherheits|abhängigkeits|schwachstellen)-?(?:scans?|prüfung|analyse|audit)|sicherheit|schwachstellen"
    r"|(?:scan|audit|analyse|revue) (?:de |des |d')?(?:sécurité|dépendances|vulnérabilités)|audit sécurité"
    r"|vulnérabilités"
    r"|(?:escaneo|análisis|revisión|auditoría) (?:de |del )?(?:las )?(?:seguridad|dependencias|vulnerabilidades)"
    r"|dependencias|vulnerabilidades"
    r"|(?:varredura|análise|revisão|auditoria|scan) (?:de |das )?(?:segurança|dependências|vulnerabilidades)"
    r"|dependências"
    r"|(?:scansione|analisi|revisione|audit|verifica) (?:di |delle |della )?(?:sicurezza|dipendenze|vulnerabilità)"
    r"|dipendenze|vulnerabilità"
    r"|(?:beveiligings|afhankelijkheden|kwetsbaarheden)-?(?:scan|controle|analyse|audit)|kwetsbaarheden)"
)
_LINTER = (
    r"(?:(?:npm|pnpm|yarn|bun)(?: run)? lint(?:ing)?|linting|eslint|pylint|ruff|flake8|rubocop|clippy|stylelint"
    r"|golangci-lint|ktlint|detekt|linter|lint)"
)
_TYPES = (
    r"(?:(?:npm|pnpm|yarn|bun|npx)(?: run| exec| -s)* (?:type-?check|tsc(?: -\S+)*)"
    r"|mypy(?: (?:--)?strict)?|pyright|tsc(?: -\S+)*|typescript(?: compiler| compilation| strict(?: mode)?)?"
    r"|type[- ]check(?:er|ing|s)?)"
)
_DONE = (
    r"(?:completed?|passe[sd]|done|run|runs|clean|green|effectuée?|réussie?|réalisée?|terminée?|completad[oa]"
    r"|realizad[oa]"
    r"|ejecutad[oa]|durchgeführt|bestanden|abgeschlossen|concluíd[oa]|executad[oa]|eseguit[oa]|completat[oa]|uitgevoerd"
    r"|geslaagd|sauber|limpi[oa]|limpo|pulit[oa]|aprovad[oa]|aprobad[oa]|approved|approuvée?|approvat[oa]"
    r"|superat[oa]|goedgekeurd|freigegeben)"
)
_MORE_OR_LESS = r"(?:more|less|fewer|greater|higher|lower|worse|longer) "
_OVER = (
    r"(?:above|over|beyond|exceeding|greater than|more than|higher than|larger than|longer than|über"
    r"|au-dessus de|boven)"
)
_UNDER = r"(?:below|under|beneath|less than|lower than|unter|en dessous de|onder)"
_TESTS = r"(?:the )?(?:automated |automatic )?(?:unit )?tests?"
_ALL_CODE = r"(?:source )?(?:code(?:base| base)?|lines(?: of code)?)(?: base)?"
_SHOWS = r"(?:reports?|shows?|finds?|detects?|returns?|yields?|has|passes|runs|completes|succeeds|builds|compiles|is)"
_NONE = r"(?:no|zero|0|without(?: any)?|with (?:no|zero|0))"
_NO = (
    r"(?:no|zero|0|without(?: any)?|with (?:no|zero|0)|pas de|aucune?|sans|0|sin|sem|keine?n?|ohne|nessuna?|senza|geen"
    r"|zonder|nenhuma?|ninguna?|cero|zéro|null)"
)
_AND = r"(?:,| or| and| nor|/| &| \+| oder| und| ou| et| o| y| e| of| en| ni) ?"
# "0 critical, at most 2 high" behind the name of a scanner: how many of each severity there may be.
_BEFORE_LIST = re.compile(
    rf"^(?:zero |no |0 )?{_SCANNER}(?: (?:findings|results|issues|{_SHOWS}|{_DONE}))*\s*(?::|[–—-]\s"
    rf"|\((?:{_SCANNER}\s*[:,–—-]\s*)?|\s(?=(?:{_NO}) ))\s*(?P<list>.+?)(?P<noun> (?:issues|alerts|advisories"
    rf"|problems))?\)?$"
)
_MANY = rf"(?:{_NO}|(?:at most|max(?:imum)?\.?|no more than|<=?|≤|fewer than|less than) ?\d{{1,4}})"
_GRADED = rf"{SEVERITY}(?:[- ](?:severity|risk))?"
_OF_ONE = re.compile(
    rf"(?:(?P<many>{_MANY}) (?P<grades>{_GRADED}(?:{_AND}{_GRADED})*)"
    rf"|(?P<grade>{_GRADED})\s*[:=]?\s*(?P<limit>{_MANY}|none))"
    rf"(?: (?:{SCANNED}))?"
)
_NAMES_FINDINGS = re.compile(rf"(?<![\w-])(?:{SCANNED})(?![\w-])")
_SPLIT = re.compile(r"\s*[,;]\s*(?:and |und |et |y |e |en )?|\s+(?:and|und|et|y|e|en|/|&|\+)\s+")

_TESTS_OF_UNITS = (
    r"(?:(?:automated |automatic )?(?:unit[- ]?)?tests?|unit (?:and|&|\+) integration tests|tests? unitaires?"
    r"|pruebas unitarias|tests unitarios|testes unitários|test unitari|(?:unit-?)?tests)"
)

# (what is written, what the grammar reads); applied once each, in this order, to text in lower case.
_REWRITES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), plain)
    for pattern, plain in (
        (r"(?<![\d.,\w])\.(?=\d)", "0."),  # ">= .8"
        (r"(?<=\d)[\u00a0\u202f'_](?=\d{3}(?!\d))", ""),  # 1'500
        (r"(?<=[<>≤≥=] )(\d{1,3}) (\d{3})(?= ?(?:kb|mb|ko|ms|bytes)(?!\w))", r"\1\2"),
        # "80% ≤ line coverage": the figure first.
        (rf"^({_FIGURE}) ?(?:<=|≤|⩽) ?(?=[^\W\d_])([^<>≤≥=]+)$", r"\2 at least \1"),
        (rf"^({_FIGURE}) ?(?:>=|≥|⩾) ?(?=[^\W\d_])([^<>≤≥=]+)$", r"\2 at most \1"),
        (rf"^({_FIGURE}) ?< ?(?=[^\W\d_])([^<>≤≥=]+)$", r"\2 above \1"),
        (rf"^({_FIGURE}) ?> ?(?=[^\W\d_])([^<>≤≥=]+)$", r"\2 below \1"),
        (r"(?<!\w)(roll-? ?back) (?:to|auf|à|vers|a|naar|zur|alla|para) (?:the |an? |la |die |el |a |o |de )?"
         r"(?:previous|last|prior|stable|known[- ]good|vorherige|letzte|précédente|anterior|precedente|vorige)"
         r"(?: (?:stable|known[- ]good|working))? (?:version|release|state|build|deployment)", r"\1"),
        (r"(?<!\w)(roll-? ?back) (?:to|auf|à|vers|a|naar|zur|alla|para) (?:the |an? |la |die |el |a |o |de )?"
         r"(?:versión|versione|versão|version|versie) (?:anterior|previa|précédente|precedente|vorige|stable)", r"\1"),
        (rf"(?<= )({_GRADED}) (?:bandit|snyk|trivy|sonar(?:qube|cloud)?|codeql|semgrep|npm audit|dependabot|sast|grype)"
         rf" (?={SCANNED})", r"\1 "),
        (rf"(?<= )({SCANNED}) (?:npm|pip|snyk|trivy|composer|maven) (?={_GRADED})", r"\1 "),
        (rf"^{_TESTS_OF_UNITS} ((?:≥|>=|>|at least|al menos|au moins|mindestens|almeno|pelo menos)? ?[\d.,]+\s?%) "
         rf"(?:test |code |de )?{_COVERAGE}$", r"coverage \1"),
        # What a scan has to show, or to do without.
        (rf"^{_SCANNER}(?: (?:{_SHOWS}|{_DONE}))*\s*[:=]?\s*\(?({_NO} (?:[^\W\d_]+[ ,/]+){{0,6}}(?:{SCANNED})"
         rf"(?: {_GRADED}(?:{_AND}{_GRADED})*)?)\)?$", r"\1"),
        (r"^(?:security |known |open )*vulnerabilities: (?:none|zero|0)$", "no vulnerabilities"),
        # "Testabdeckung erhöhen (Ziel: 80 %)", "aumentar la cobertura a 80%".
        (r"(?<!\w)(?:erhöhen|erhohen|steigern|verbessern|verhogen|verbeteren)(?= \()", " "),
        (rf"^(?:aumentar|incrementar|elevar|mejorar|melhorar|augmenter|améliorer|aumentare|portare|migliorare"
         rf"|verhoog|erhöhe)"
         rf" (?:la |le |a |o |el |il |de |die )?([^<>]*{_COVERAGE}[^<>]*?) (?:a|à|al|para|all'|ao|tot|op|auf) ?(?=\d)",
         r"\1 "),
        (rf"^(.*{_COVERAGE}) (?:auf|op|naar|tot) (.*\d\s?%) (?:erhöhen|steigern|bringen|verhogen|brengen)$", r"\1 \2"),
        (r"^(?:performance|leistung|rendimiento|desempenho|prestazioni|prestaties"
         r"|reliability) \(([^()]*[^\W\d][^()]*)\)"
         r"(?=\s*[:<>≤≥])", r"\1"),
        (rf"^(.+?) (?:<|≤|<=|under|below|unter|within) ?({_FIGURE}) (?:for|für|pour|para|per|voor|bei) (?:the |el "
         rf"|le |il )?"
         rf"95 ?(?:%|percent) {_REQUESTS}$", r"\1 p95 below \2"),
        # "95% of requests within 500 ms" is what the percentile says.
        (rf"^(?:at least |mindestens |au moins |al menos |pelo menos |almeno |minimaal |the |el |o |il )*95 ?(?:%"
         rf"|percent) "
         rf"{_REQUESTS}(?: {_ANSWERED})?(?: (?:en|in|em|dans))?(?= (?:<|≤|under|below|within|less|unter|innerhalb"
         rf"|moins|menos"
         r"|sous|abaixo|meno|sotto|entro|onder|binnen|minder|weniger|por debajo|inférieur|faster"
         r"|at most))", "p95 latency"),
        # "Coverage: 62% (target: 80%)", "62% now, goal 80%": what is demanded, and what it is today.
        (
            r"(?:(?<!\w)(?:current(?:ly)?|now|today):? )?([\d.,]+\s?%)(?: (?:now|today"
            r"|currently))?,?\s?\(?\s?(?:target|goal|ziel|objectif|objetivo"
            r"|obiettivo|meta|doel)"
            r":?\s*((?:[<>≤≥]=?\s?)?[\d.,]+\s?%)\)?",
            r"\2 (currently \1)",
        ),
        (r"(?:current(?:ly)?|now|today):? ([\d.,]+\s?%)[,;]? \(?(?:target|goal):? ((?:[<>≤≥]=?\s?)?[\d.,]+\s?%)\)?",
         r"\2 (currently \1)"),
        (r"^unit tests?(?: have)? ((?:≥|>=|>|at least|min(?:imum)?\.?) ?[\d.,]+\s?%) (?:test |code )?coverage$",
         r"coverage \1"),
        (r"(?:greater|larger|higher|bigger) than or equal(?: to)?|größer(?: oder |/)gleich|groter dan of gelijk aan"
         r"|supérieure?s? ou égale?s? à|mayor o igual (?:a|que)|maggiore o uguale a|maior ou igual a", "at least"),
        (r"(?:less|lower|fewer|smaller) than or equal(?: to)?|kleiner(?: oder |/)gleich|kleiner dan of gelijk aan"
         r"|inférieure?s? ou égale?s? à|menor o igual (?:a|que)|minore o uguale a|menor ou igual a", "at most"),
        # "No p95 latency over 300 ms", "no coverage below 80%": the refused side is named.
        (rf"^(?:no|kein|keine|aucune?|geen) ((?!{_MORE_OR_LESS})\S.*?) {_OVER} (?=\d)", r"\1 at most "),
        (rf"^(?:no|kein|keine|aucune?|geen) ((?!{_MORE_OR_LESS})\S.*?) {_UNDER} (?=\d)", r"\1 at least "),
        (r"^(?:the )?(?:total )?(?:number|count|amount|anzahl(?: der)?|nombre|número|numero|aantal) (?:of|de|di"
         r"|d'|von)?"
         r" ?(?:the |all |open )*(?=\D)", ""),
        (r"^(?:es gibt keine?|il n'y a (?:pas d(?:e |')|aucune?)|no hay|não há|non ci sono|er zijn geen) ?", "no "),
        (r"(\d\s?%) mark(?!\w)", r"\1"),
        (r"(?<!\w)stands at (?=\d)", ""),
        # "Error rate is 5%" says how it is: a word that nobody knows leaves it to a person.
        (r"(?<!\w)(?:is|are|ist|beträgt|liegt bei|est de|es del?|è del?) (?=[\d.,]+\s?(?:%|percent|ms|s|seconds?)?$)",
         "happens to be "),
        (r"(?<=\w)'s(?!\w)", "s"),
        (r"(?<!\w)p95-(?=latenz|antwortzeit)", "p95 "),
        (rf"^(?:gitleaks|trufflehog|detect-secrets|git-secrets|secrets? scan(?:ner|ning)?)(?: scan)?(?::| {_SHOWS})"
         rf" {_NONE} (?:leaked |exposed )?(?:leaks"
         rf"|secrets|findings|hits|matches|detections)(?: found| detected)?$",
         "no secrets"),
        (r"(?<=almeno )l'(?=\d)", ""),  # Italian: almeno l'80%
        (r"^pas d(?:e |')", "aucun "),
        (r"^(?:unit[- ]|automated )?tests?: all (?:green|pass(?:ing|ed|es)?)$", "all tests pass"),
        # Two kinds of one thing: "no failing or skipped tests".
        (rf"^({_NO}) (?!{_SAME_KIND})(failing|failed|skipped|flaky|ignored|disabled)(?: tests?)?(?:,| or| and| nor"
         rf"|/) ?(?:no )?"
         r"(failing|failed|skipped|flaky|ignored|disabled) tests$", r"no \2 tests, no \3 tests"),
        (r"^((?:unit )?test coverage .*?\d\s?%\+?) and passing$", r"\1, all tests pass"),
        (rf"^({_NO}) (failing|failed), (skipped|ignored|disabled),? or (flaky) tests$",
         r"no \2 tests, no \3 tests, no \4 tests"),
        (r"^(?:no|zero|0|without) ((?:es)?lint(?:er|ing)?)(?:,| or| and| nor|/) ?(?:no )?(type|typescript|mypy)"
         r" (errors|issues)$", r"no \1 errors, no \2 errors"),
        (r"^(?:no|zero|0|without) (type|typescript|mypy)(?:,| or| and| nor|/) ?(?:no )?((?:es)?lint(?:er|ing)?)"
         r" (errors|issues)$", r"no \1 errors, no \2 errors"),
        (rf"^{_LINTER} (?:is )?clean(?: \((?:0|no) (?:errors?|warnings?|problems?|issues?)\))?$", "no lint problems"),
        # The project as the subject of a demand.
        (rf"^(?:{_SUBJECT})\s+(?:{_HAS_TO})\s+(?:eine?n? |une? |una |um |uma |een |an? )?(?=.*{_COVERAGE})", ""),
        (r"(?<=[^\W\d_]) (?:is |are |est |es |è |é |wird )?(?:maintained|kept|mantenida|mantida|maintenue|mantenuta"
         r"|gehalten"
         r"|behouden)(?: or| ou| o| oder| of) (?:improved|increased|better|aumentada|mejorada|melhorada|améliorée"
         r"|augmentée|migliorata|verbessert|erhöht|verbeterd)(?= \(?(?:min|mín|at least|>|≥|al|au|mind|almeno"
         r"|pelo))", ""),
        (r"(?<!\w)no (c[óo]digo|reposit[óo]rio|git)(?!\w)", r"\1"),  # Portuguese: in the code
        (r"^all tests pass(?:ing|ed)? \((100\s?%) pass(?:ing)? rate\)$", r"all tests pass (\1)"),
        (rf"^((?:{_TESTS} |line |branch |code )?coverage) (?:gate|check|threshold) (?:of )?"
         r"((?:>=?|≥|at least) ?[\d.,]+\s?%) (?:pass(?:es|ed|ing)?|is (?:met|green))$", r"\1 \2"),
        (r"^(?:unit )?test(?:s| runs?| suite): ([\d.,]+\s?%) (?:pass(?:ing|ed|es)?|green)$", r"test pass rate: \1"),
        (r"^(?:the |our )?(?:unit )?test(?: suite|s) (?:has|have|reach(?:es)?|achieves?|provides?|must have)"
         r" (?=.*coverage)", ""),
        (rf"^(?:{_TESTS} )(?:must |should )?cover(?:s|ed)? (.*?\d\s?%) of (?:the |all )?{_ALL_CODE}$", r"coverage \1"),
        (r"(?<!\w)one (?=percent|per cent|%)", "1 "),
        (r"(?<!\w)half a (?=percent|per cent)", "0.5 "),
        (r"([\d.,]+\s?%?) ?(?:→|->|=>) ?([\d.,]+\s?%?)(?=$|\s|\))", r"from \1 to \2"),
        # A remark about the alarm beside a demand.
        (r"\((?:alert|alarm|warn|warning|page|paging|notify)(?:s|ing)? (?:at|if|when|on|above|below|over|under"
         r"|[<>≤≥])[^()]*\)",
         " "),
        (r"(less than|fewer than|at most|no more than|not more than|under|below|max(?:imum)?(?: of)?|<=?|≤)"
         r" ?([\d.,]+\s?%)"
         r" of (?:all )?(?:the )?(?:http |api )?requests (?:may |can )?(?:fail(?:s|ing|ed)?|end in errors?)$",
         r"error rate \1 \2"),
        (r"(taille du bundle .*?\d\s?)mo(?!\w)", r"\1mb"),
        (r"^error budget\s*[:–—-]\s*", ""),
        (rf"({_GROWS}) {_MAY}(?: ?not|n't|not) (?:grow|increase|rise)(?: by)?(?: faster than| more than| over)?"
         rf" (?=\d)",
         r"memory growth at most "),
        (rf"({_GROWS}) (?:{_MAY} )?(?:grows?|increases?|rises?)(?: by)? (?:less|slower) than (?=\d)",
         r"memory growth less than "),
        (rf"({_GROWS}) (?:{_MAY} )?(?:grows?|increases?|rises?)(?: by)? (?:at most|no more than) (?=\d)",
         r"memory growth at most "),
        (rf"^(?:fix|resolve|remediate|eliminate|patch) (?:all|any) ({_GRADED}(?:{_AND}{_GRADED})*)"
         r" (vulnerabilities|findings|cves)$", r"no \1 \2"),
        (rf"^{_LINTER}: {_NO} (?:errors?|fehler|erreurs?|errores|erros|errori|fouten),?(?: and| &| und| et| y| e| en)?"
         rf" {_NO} (?:warnings?|warnungen|avertissements?|advertencias|avisos|avvisi|waarschuwingen)$",
         "no lint problems"),
        (r"^(?:tests unitaires|tests unitarios|pruebas unitarias|testes unitários|test unitari|unit-?tests) ?:"
         r" ([\d.,]+\s?%) (?:de réussite|de éxito|de sucesso|di successo|bestanden|geslaagd|grün|erfolgreich)$",
         r"test pass rate: \1"),
        (r"^p95 ?((?:<=?|≤|under|below|at most) ?[\d.,]+ ?m?s) (?:for|on|of) (?:all )?(?:the )?"
         r"(?:api |http )?requests$",
         r"p95 latency \1"),
        (rf"^{_LINTER}(?: passes| pasa| passa| passe| läuft| slaagt| est propre| ist)?(?: con| com| mit| avec| met"
         rf"| with)? (?:{_NO}) "
         r"(?:errors?|fehlern?|erreurs?|errores|erros|errori|fouten|warnings?|warnungen|avertissements?|advertencias"
         r"|avisos"
         r"|avvisi|waarschuwingen|problems|probleme)$", "no lint problems"),
        (r"^linter (?:pasa|passa|passe|läuft) (?:sin errores|sem erros|sans erreurs?|senza errori|ohne fehler)$",
         "no lint problems"),
        (r"^(?:unit )?tests?: ([\d.,]+\s?%) pass(?:ing)? rate$", r"test pass rate: \1"),
        (r"\((\d{1,6}) ?/ ?\1\)", " "),  # "all tests pass (45/45)"
        (r"(?<=coverage) requirements?(?: (?:is |are )?met)?(?= |$)", ""),
        (r"(?<=coverage) (?:from|by|through|with) (?:automated |unit )*tests$", ""),
        (r"(?:under|within) (?:the )?budget \(([^()]*)\)", r"\1"),
        (r":? (?:_{2,} ?)?(?:ms|s|kb|mb|%)? ?\((?:target|goal|ziel|objectif|objetivo|meta|obiettivo"
         r"|doel):? ([^()]*)\)", r" \1"),
        (r"(?<!\w)n'(?=est|excède|atteint)", "ne "),
        (r"(?<!\w)maximale? de (?=\d)", "au plus "),
        (r"(?<!\w)minimale? de (?=\d)", "au moins "),
        (r"(?<!\w)(hoger|lager|groter|kleiner) zijn dan", r"\1 dan"),
        (r"(?<!\w)(?:oder besser|ou mieux|o mejor|o meglio|ou melhor|of beter)(?!\w)", "or better"),
        (r"(?<!\w)p95-(?=responstijd|latentie)", "p95 "),
        (rf"^{_LINTER}\s*(?::|{_SHOWS})\s*{_NONE} (errors?|problems?|warnings?|issues?|violations?|findings)$",
         r"no lint \1"),
        (rf"^{_TYPES}\s*(?::|{_SHOWS}|(?= ))\s*{_NO} (?:type )?(?:errors?|fehlern?|erreurs?|errores|erros|errori"
         rf"|fouten)$",
         "no type errors"),
        (r"(?<!\w)(?:capped|limited) (?:at|to)(?= [\d])", "at most"),
        (r"^(?:bring|get|drive|take|cut) (?:the )?(.+?) down to (?=[\d])", r"\1 at most "),
        (r"(?<!\w)(?:at|to) ([\d.,]+\s?%?) (or (?:lower|less|below|fewer|higher|more|above|better))", r"\1 \2"),
        (rf"(?<!\w)({'|'.join(_NUMBER_WORDS)}) (?={_COUNTED_THINGS})", ""),
    )
)  # fmt: skip


_WRITTEN = (
    r"(?:written|added|created|implemented|exist|updated|complete[d]?|in place|geschrieben|erstellt|vorhanden|écrits"
    r"|ajoutés|mis à jour|implémentés|escrit[oa]s|implementad[oa]s|añadid[oa]s|criados|scritti|aggiunti|implementati"
    r"|geschreven|toegevoegd)"
)
_PASSING = (
    r"(?:pass(?:ing|ed|es)?|green|grün|bestanden|passent|verts|pasan|pasando|passam|passando|passano|superati|groen"
    r"|geslaagd|slagen|slaagt)"
)
_JOINED = r"(?: ?/ ?| and | & | und | et | y | e | en )"
# "Unit tests written and passing (coverage > 80%)": the bracket says how much they cover.
_COVERING_TESTS = re.compile(
    rf"^(?:all |alle |tous les |todos os |todas las |todos los |tutti i )?{_TESTS_OF_UNITS}"
    rf"(?: (?:are |sind |sont |son |zijn )?{_WRITTEN}(?:{_JOINED}{_WRITTEN})*)?"
    rf"(?P<passing>(?:{_JOINED}| (?:are |sind |sont )?){_PASSING})?"
    rf"(?:,? (?:with|mit|avec|con|com|met) (?:an? |una |um |uma |une |eine[rm]? |een )?| ?\(| ?[:,–—-] )"
    rf"(?P<coverage>[^()]*{_COVERAGE}[^()]*)\)?$"
)


def _with_coverage(text: str) -> str:
    """Tests that are to cover so much, as a demand on the coverage, and one on the tests where they are to pass."""
    found = _COVERING_TESTS.match(text)
    if found is None:
        return text
    coverage = re.sub(r"(?<![\w-])(?:abdeckung|dekking)(?!\w)", "coverage", found["coverage"])
    return f"{coverage}, all tests pass" if found["passing"] else coverage


def _with_nouns(text: str) -> str:
    """ "Dependency audit: 0 critical, 0 high" -> "0 critical vulnerabilities, 0 high vulnerabilities"."""
    parts = [_OF_ONE.fullmatch(part) for part in _listed(text)]
    read = [part for part in parts if part]
    if not read or len(read) != len(parts):
        return text
    return ", ".join(f"{p['many'] or p['limit']} {p['grades'] or p['grade']} vulnerabilities" for p in read)


def _listed(text: str) -> list[str]:
    """The parts of a list of severities behind the name of a scanner, or of several that name findings themselves."""
    if found := _BEFORE_LIST.match(text):
        return _SPLIT.split(found["list"])
    parts = _SPLIT.split(text) if _NAMES_FINDINGS.search(text) else []
    return parts if len(parts) > 1 else []


def rewritten(text: str) -> str:
    """The text in lower case, with each usual wording replaced by its plain one."""
    text = _with_nouns(_with_coverage(text))
    for pattern, plain in _REWRITES[:-1]:
        text = pattern.sub(plain, text, count=1)
    return _REWRITES[-1][0].sub(lambda found: f"{_NUMBER_WORDS.index(found[1]) + 2} ", text)
