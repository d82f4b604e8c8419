"""Phrases in seven languages that name a metric of the code: coverage, tests, linters, types, secrets, markers."""

from __future__ import annotations

from ingest.plan_drafting.language.phrase import CODE, COUNTED, Phrase, phrase

_TESTED = r"(?:(?:automated |automatic )?(?:unit[- ])?tests?|unit|code|lines?|overall|total|project|global)"
_TODO = r"(?:to-?dos?|fixmes?|hacks?|xxx)"
_KEYS = (
    r"(?:(?:plain-?text |clear-?text |hard-?coded )?(?:api[- ]keys?|passwords?)|access tokens?|private keys?"
    r"|secrets?|credentials|passwörter|api-?schlüssel"
    r"|zugangsdaten|mots? de passe|clés? (?:d')?api|identifiants|contraseñas?|claves?|credenciales|senhas?|chaves?"
    r"|credencia(?:l|is)|credencial|credenzial[ei]|chiavi(?: api)?|wachtwoord(?:en)?|inloggegevens|api-?sleutels?)"
)
_KEY_LINK = r"(?:,| or| and| nor|/| oder| und| ou| et| o| y| e| of| en| ni) ?"
_WHOLE_CODE = r"(?:code|codebase|source code|repo(?:sitory)?|git(?: history)?|source|quellcode|repositorio|repositório)"
_IN_CODE = (
    rf"(?:committed )?(?:in|from|to) (?:the |our |de |den )?{_WHOLE_CODE}|im (?:quell)?code"
    rf"|im (?:git-?)?repo(?:sitory)?"
    r"|dans le (?:code(?: source)?|dépôt|repo)|en el (?:código(?: fuente)?|repositorio|código)|código"
    r"|repositório|repositorio"
    r"|nel (?:codice(?: sorgente)?|repository)|in de (?:broncode|code|repository)|en dur|hardcodead[ao]s|hardcoded"
)
_WHICH_TESTS = r"(?:(?:unit|automated|automatic|existing|current)[- ])*"
# After "tests" in Romance languages: "tests unitaires", "pruebas automatizadas".
_KIND = (
    r"(?: (?:unitaires?|automatisés|automatiques|unitari[oa]s|unitários|automatizad[oa]s|unitari|automatici"
    r"|automatizzati|unit))*"
    r"(?: \((?:unit\w*|unitari) (?:e|et|y) (?:di |de |d')?(?:integra\w+|intégration)\))?"
)
_OF_ALL = r"(?:globale|total|totale|global|general|geral|minimale|mínima|minima|complessiva|générale)"
_TOTAL = rf"(?:{_OF_ALL} )?"
_ADJ = r"(?: (?:unitari[oa]s|unitários|unitari|automatizad[oa]s|automatici|existentes|existenti|actuales|atuais))*"
_EXISTING = r"(?:bestehenden |vorhandenen )?(?:automatisierten |automatischen )?(?:unit[- ]?)?"

CODE_PHRASES: tuple[Phrase, ...] = (
    phrase(
        "coverage_line_percent coverage_branch_percent",
        r"lines? (?:and|&|\+) branch(?:es)?(?: test)? coverage",
        r"branch(?:es)? (?:and|&|\+) lines?(?: test)? coverage",
        r"lines?/branch(?:es)? coverage",
    ),
    phrase(
        "coverage_branch_percent",
        r"branch(?:es)?[- ](?:test )?coverage",
        r"(?:test |code )?coverage:? \(?branch(?:es)?\)?",
        r"coverage of (?:all |the )?branches",
        r"branches covered|(?:zweig|branch-?|verzweigungs|tak)(?:abdeckung|überdeckung|dekking)",
        r"(?:coverage|couverture|cobertura|copertura)[: ]+(?:branches|ramas|ramos|rami)",
        r"couverture (?:de|des) branches?|cobertura de (?:ramas?|ramos|ramificações|branch(?:es)?)",
        r"copertura (?:dei|di|delle) (?:rami|branch|diramazioni)",
    ),
    phrase("type_coverage_percent", r"type[- ](?:hints? |annotations? )?coverage|typabdeckung"),
    phrase(
        "docs_documented_percent",
        r"(?:public |api |code )*doc(?:umentation|string|strings|s)? coverage|documented (?:public )?symbols"
        r"|public symbols documented|of (?:all )?(?:the )?public (?:symbols|functions|apis?"
        r"|methods) (?:are )?documented",
    ),
    phrase("api_proven_percent", r"(?:api )?contract[- ]test coverage"),
    phrase(
        "coverage_line_percent",
        r"coverage (?:(?:dei|des|de|dos|van|der) )?tests?",
        r"(?:test |code )?coverage: lines?|(?:couverture|cobertura|copertura)[: ]+(?:lines|lignes|líneas|linhas|righe)",
        rf"(?:{_TESTED} )?(?:(?:code|line|test) )?coverage(?: \((?:lines?|overall|total|code)\))?"
        r"(?: (?:rate|level|percentage|ratio))?",
        r"(?:test |code )?coverage of (?:all |the )?(?:lines|code(?:base)?|source code)",
        r"(?:of )?(?:all |the )*(?:code(?:base| base)?|source code|lines)(?: of code)?(?: (?:is|are))?"
        r" covered(?: by (?:unit |automated )?tests?)?",
        r"(?:test|code|zeilen|unit-?test|quellcode)-?(?:abdeckung|überdeckung|coverage)(?:sgrad|srate|squote)?",
        r"gesamt(?:test|code)?abdeckung(?: der (?:unit-?)?tests)?",
        r"abdeckung (?:durch|mit|der|des) (?:unit-?|automatisierte[nr]? )?(?:tests?|codes?|quellcodes)",
        r"(?:test|code|regel|unit-?test)-?dekking(?:sgraad)?|dekkingsgraad",
        rf"(?:taux de )?couverture {_TOTAL}(?:de|du|des|par les) (?:code|tests?"
        rf"|lignes){_KIND}(?: par les tests)?{_KIND}",
        r"taux de couverture",
        rf"cobertura {_TOTAL}(?:de|del|do|dos|das|por) (?:código|codigo|pruebas|tests?|líneas|lineas|testes|linhas)"
        rf"{_KIND}",
        rf"copertura {_TOTAL}(?:del|dei|di|delle|da) (?:codice|test|righe|linee){_KIND}",
        r"tests? (?:couverture|cobertura|copertura)|(?:couverture|cobertura|copertura) (?:tests?|código|codice|code)",
        rf"(?:couverture|cobertura|copertura)(?: {_OF_ALL})?",
        r"test code coverage",
        extra="line lines unit test tests",
    ),
    phrase(
        "duplicated_lines_percent",
        r"(?:duplicated?|duplicate) (?:lines|code)(?: (?:rate|percentage|density))?|code[- ]duplications?(?: rate)?"
        r"|duplication rate|duplicated lines density",
        r"duplizierte[rn]? (?:code|zeilen)|code-?(?:duplikate|duplizierung|duplikation)",
        r"duplication (?:de |du )?code|code dupliqué|lignes dupliquées|taux de duplication",
        r"duplicación (?:de |del )?código|líneas duplicadas|código duplicado|duplicação de código|linhas duplicadas",
        r"duplicazione (?:del |di )?codice|codice duplicato|righe duplicate|code-?duplicatie|gedupliceerde (?:code"
        r"|regels)",
    ),
    phrase("code_smells_count", r"(?:sonar(?:qube|cloud)? )?code[- ]smells?", extra=CODE),
    phrase(
        "api_implemented_percent",
        r"api (?:completeness|completion|implementation)|(?:of )?(?:all )?(?:the )?(?:api )?(?:endpoints|operations"
        r"|routes)"
        r"(?: are)? implemented|implemented (?:api )?(?:endpoints|operations|routes)",
    ),
    phrase(
        "todo_count",
        rf"(?:commentaires?|comentarios?|comentários?|comment[oi]|marqueurs?|marcadores|marcatori) {_TODO}"
        rf"|{_TODO}(?:\s*(?:/|,|and|or|&|und|oder|ou|et|o|y|e|of|en)\s*{_TODO})*(?:[- ](?:markers?|comments?|items?"
        r"|count|tags?|notes?|kommentare?n?|marker|markierungen|einträge|opmerkingen))?",
        extra=CODE + " resolved removed cleared closed",
    ),
    phrase(
        "tests_flaky",
        r"(?:flaky|instabile[nr]?|instabiele|unstable)[- ](?:unit )?tests?|test flakes|tests? (?:instables?"
        r"|inestables?)",
        r"pruebas? (?:inestables?|flaky|intermitentes?)|testes? (?:instáveis|flaky|intermitentes?)",
        r"test (?:instabili|flaky|intermittenti)|tests flaky",
        extra=COUNTED + " fixed resolved removed eliminated suite",
    ),
    phrase(
        "tests_skipped",
        r"(?:übersprungene|deaktivierte|ignorierte)[nr]? (?:unit-?)?tests?"
        r"|tests? (?:ignorés?|sautés?|désactivés?|skippés?)",
        r"pruebas? (?:omitidas?|saltadas?|ignoradas?|deshabilitadas?)|tests? (?:omitidos?|ignorados?|saltados?)",
        r"(?:overgeslagen|genegeerde|uitgeschakelde) tests?|testes? (?:ignorados?|pulados?|desabilitados?)",
        r"test (?:saltat|ignorat|disabilitat)[oi]",
        r"(?:(?:skipped|ignored|disabled)(?: or | and |/))?(?:skipped|ignored|disabled)[- ](?:unit )?tests?"
        r"|tests? (?:is |are )?(?:skipped|disabled)",
        extra=COUNTED + " removed fixed",
    ),
    phrase(
        "tests_failed",
        rf"all (?:of )?(?:the )?(?:[\d,]+ )?{_WHICH_TESTS}tests (?:are |must |should |shall |have |still "
        rf"|continue to )*"
        r"(?:pass(?:ing|ed|es)?|green|succeed|successful|run successfully|complete successfully)(?: successfully)?"
        r"|(?:unit )?tests (?:are )?all (?:green|pass(?:ing|ed)?)"
        r"|(?:every|each) (?:automated )?(?:unit )?test (?:is |must |should |shall )*(?:pass(?:ing|ed|es)?|green)",
        r"(?:the )?(?:full |whole |complete |entire )?(?:unit )?test suite (?:is )?(?:pass(?:ing|es|ed)?|green)"
        r"(?: successfully)?|passing tests",
        r"(?:unit )?tests (?:are )?(?:pass(?:ing|ed|es)?|green)",
        rf"(?:alle|sämtliche) {_EXISTING}tests (?:sind |laufen |werden |müssen )*"
        r"(?:grün|bestanden|erfolgreich|durch|fehlerfrei|bestehen)(?: (?:durch|durchgelaufen|bestanden|sein))*"
        r"|(?:unit[- ]?)?tests (?:sind grün|laufen durch)",
        r"(?:tous les )?tests (?:unitaires |automatisés |existants )?(?:passent|(?:sont )?(?:au )?verts?|réussissent"
        r"|(?:sont )?(?:passés|réussis)(?: avec succès)?)",
        rf"(?:todas las pruebas|pruebas unitarias){_ADJ} (?:deben |están )?(?:pasan|pasando|pasar|pasadas|en verde"
        rf"|superadas"
        r"|aprobadas|exitosas)(?: correctamente)?",
        rf"(?:(?:todos )?los )?tests{_ADJ} (?:deben |están )?(?:pasan|pasando|pasar|pasados|en verde|superados"
        rf"|aprobados"
        r"|exitosos)(?: correctamente)?",
        r"testes (?:unitários|automatizados) (?:passam|passando|passaram|aprovados|verdes)"
        r"|test (?:unitari|automatici) (?:passano|superati|verdi)|(?:unit-?)tests (?:grün|bestanden|groen|geslaagd)",
        rf"tutti i test{_ADJ} (?:sono |devono )?(?:passano|passare|superati|verdi|passati)",
        rf"todos os testes{_ADJ} (?:devem |estão )?(?:passam|passando|passar|passaram|aprovados|verdes)",
        r"alle (?:geautomatiseerde )?(?:unit[- ]?)?tests (?:zijn |moeten )?(?:groen|geslaagd|slagen|succesvol)",
        zero=True,
    ),
    phrase(
        "tests_failed",
        r"(?:unit )?tests? fail(?:ing|ed|ures?|s)?|(?:failing|failed|broken) (?:unit )?tests?|test failures?",
        r"(?:fehlgeschlagene|fehlschlagende)[nr]? (?:unit-?)?tests?|tests? (?:en échec|échoués?|qui échouent)"
        r"|échecs? de tests?",
        r"pruebas? (?:fallidas?|fallando|que fallen)|tests? (?:fallidos?|fallando)|test (?:fallit[oi]|che falliscono)",
        r"testes? (?:falhando|falhad[oa]s?|falhos?|com falhas?|quebrados)|(?:gefaalde|falende|mislukte) tests?",
        extra=COUNTED + " fixed resolved",
    ),
    phrase(
        "tests_passed_percent",
        r"(?:unit |automated )?tests?[- ](?:pass(?:ing)?|success)[- ](?:rate|percentage)"
        r"|pass(?:ing)?[- ]rate of (?:all )?(?:the )?tests|(?:unit )?tests pass rate",
        r"of (?:all )?(?:the )?(?:automated )?(?:unit )?tests (?:are |must |have to )*(?:pass(?:ing|ed)?|green|succeed)"
        r"|tests passed",
        r"test-?erfolgs(?:quote|rate)|der (?:unit-?)?tests (?:sind |müssen )?(?:bestanden|bestehen|grün|erfolgreich)"
        r"(?: sein)?",
        r"taux de (?:réussite|succès) des tests(?: unitaires)?"
        r"|des tests (?:unitaires )?(?:passent|(?:sont )?verts|réussissent|réussis)",
        r"tasa de éxito de (?:las |los )?(?:pruebas|tests)|(?:de las pruebas|de los tests) (?:unitari[ao]s )?"
        r"(?:pasan|pasando|superad[ao]s)",
        r"taxa de sucesso dos testes|dos testes (?:unitários )?(?:passam|passando|aprovados)",
        r"tasso di successo dei test|dei test (?:unitari )?(?:passano|superati)",
        r"slagingspercentage(?: van (?:de )?tests)?|van (?:de )?tests (?:slaagt|slagen|geslaagd|is geslaagd)",
    ),
    phrase("tests_passed_percent", r"(?:unit )?tests?", needs=r"pass(?:ing|ed|es)?|green"),
    phrase(
        "secrets_count",
        r"(?:hard-?coded |committed |leaked |exposed |plain-?text )*(?:secrets?|credentials)"
        rf"(?:{_KEY_LINK}(?:hard-?coded )?(?:secrets?|credentials|passwords?|api keys?|keys|(?:api )?tokens?))*",
        r"(?:hard-?coded|hart-?[ck]odierte[nrs]?|hardcodierte[nrs]?) (?:passwords?|api keys?|passwörter|schlüssel"
        r"|zugangsdaten|geheimnisse|secrets|wachtwoorden|geheimen)"
        rf"(?:{_KEY_LINK}(?:hard-?coded )?{_KEYS})*",
        r"geheimnisse|zugangsdaten|secretos?|segredos?|segret[oi]|geheimen|mots? de passe en dur",
        extra=CODE + " embedded stored tracked pushed removed eliminated hardcoded hardcodés hardcodé hardcodeados"
        " hardcodeadas hartcodiert hartcodierte exposé"
        " exposés expuestos expuestas expostos esposti dur commité commités committé committés hardcodeado"
        " blootgesteld",
    ),
    phrase(
        "secrets_count",
        rf"{_KEYS}(?:{_KEY_LINK}{_KEYS})*",
        needs=_IN_CODE,
        extra="exposed exposées exposés expuestas expuestos expostas expostos esposte esposti"
        " blootgesteld leaked found",
    ),
    phrase(
        "type_errors_count",
        r"(?:typescript|type|tsc|mypy|pyright|type[- ]check(?:er|ing)?) errors?"
        r"|(?:typescript-?|typ|type-?)(?:fehler|fouten)",
        r"(?:erreurs?|errores|erros|error[ei]|errore) (?:de |di )?(?:typescript|type|typage|tipos?|tipado|tipagem"
        r"|tipi)",
        extra=COUNTED + " resolved fixed",
    ),
    phrase(
        "lint_problems_count",
        r"(?:lint(?:er|ing)?|eslint|pylint|ruff|flake8|rubocop|clippy|stylelint)"
        r" (?:errors?|problems?|warnings?|issues?|violations?|findings)(?: (?:or|and) (?:errors|warnings))?",
        r"(?:es)?lint(?:er|ing)?-?(?:fehler|probleme|warnungen|meldungen|fouten|waarschuwingen|problemen)",
        r"(?:erreurs?|avertissements?|problèmes?) (?:de |du |d')?(?:es)?lint(?:er|ing)?",
        r"(?:errores|advertencias|problemas|erros|avisos) (?:de |del |do )?(?:es)?lint(?:er|ing)?",
        r"(?:error[ei]|avvis[oi]|problem[ai]) (?:di |del )?(?:es)?lint(?:er|ing)?",
        extra=CODE + " resolved fixed lint linter linting clean",
    ),
)
