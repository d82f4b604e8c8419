"""Usual wordings -> the plain wording that the grammar reads: number words, verbs that say a limit, tools that report.

Each one keeps the meaning whole. A wording that could mean two things is not here.
"""

from __future__ import annotations

import re

_NUMBER_WORDS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_COUNTED_THINGS = (
    r"(?:(?:open|skipped|flaky|failing|failed|lint|type|critical|high|medium|low|known|remaining|todo|fixme"
    r"|eslint)[ -])+"
    r"|(?:todos?|fixmes?|tests?|markers?|warnings?|errors?|problems?|findings?|vulnerabilities|secrets?|cves)\b"
)
_GROWS = r"(?:memory|heap)(?: use| usage| consumption)?"
_MAY = r"(?:does|must|should|may|shall|can|will|do)"
_SEVERE = r"(?:critical|high|medium|moderate|low)"
_SCANNER = (
    r"(?:npm|yarn|pnpm|pip|cargo|composer|bundler?)[ -]audit|snyk(?: scan)?|trivy(?: scan)?|grype|dependabot"
    r"|security scan|dependency (?:scan|check)|vulnerability scan|govulncheck"
)
_LINTER = r"(?:linting|eslint|pylint|ruff|flake8|rubocop|clippy|stylelint|golangci-lint|ktlint|detekt|linter|lint)"
_TYPES = (
    r"(?:(?:npm|pnpm|yarn|bun|npx)(?: run| exec| -s)* (?:type-?check|tsc(?: -\S+)*)"
    r"|mypy|pyright|tsc|typescript(?: compiler| compilation)?|type[- ]check(?:er|ing|s)?)"
)
_DONE = r"(?:completed?|passe[sd]|done|run|clean|effectué|réussi|completado|durchgeführt|bestanden|concluído|eseguito)"
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

# (what is written, what the grammar reads); applied once each, in this order, to text in lower case.
_REWRITES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), plain)
    for pattern, plain in (
        # "Coverage: 62% (target: 80%)", "62% now, goal 80%": what is demanded, and what it is today.
        (
            r"([\d.,]+\s?%)(?: (?:now|today|currently))?,?\s?\(?\s?(?:target|goal|ziel|objectif|objetivo"
            r"|obiettivo|meta|doel)"
            r":?\s*((?:[<>≤≥]=?\s?)?[\d.,]+\s?%)\)?",
            r"\2 (currently \1)",
        ),
        (r"(?:current(?:ly)?|now|today):? ([\d.,]+\s?%)[,;]? \(?(?:target|goal):? ((?:[<>≤≥]=?\s?)?[\d.,]+\s?%)\)?",
         r"\2 (currently \1)"),
        (r"^unit tests?(?: with| have)? ((?:≥|>=|>|at least|min(?:imum)?\.?) ?[\d.,]+\s?%) (?:test |code )?coverage$",
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
        (rf"^(?:gitleaks|trufflehog|detect-secrets|secrets? scan(?:ner|ning)?)(?::| {_SHOWS}) {_NONE} (?:leaks"
         rf"|secrets)$",
         "no secrets"),
        (r"(?<=almeno )l'(?=\d)", ""),  # Italian: almeno l'80%
        (r"^pas d(?:e |')", "aucun "),
        (r"(?<!\w)no c[óo]digo(?!\w)", "código"),  # Portuguese: in the code
        (r"^(?:unit )?tests: ([\d.,]+\s?%) (?:pass(?:ing|ed)?|green)$", r"test pass rate: \1"),
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
        (rf"^(?:{_SCANNER})\s*(?::|{_SHOWS})?\s*{_NONE} ({_SEVERE}(?:(?:,| or| and|/)? ?{_SEVERE})*)(?: severity)?"
         r"(?: (?:vulnerabilities|findings|issues|cves))?$",
         r"no \1 vulnerabilities"),
        # What a scan has to show, in brackets behind its name.
        (rf"^(?:{_SCANNER}|owasp zap(?: scan)?|sast|dast|scan de sécurité|escaneo de seguridad|sicherheitsscan)"
         rf" (?:{_DONE} )?\(((?:no|zero|0|pas de|aucune|sin|sem|keine|nessuna|geen) [^()]*)\)$", r"\1"),
        (rf"^(?:fix|resolve|remediate|eliminate|patch) (?:all|any) ({_SEVERE}(?:(?:,| or| and|/)? ?{_SEVERE})*)"
         r" (vulnerabilities|findings|cves)$", r"no \1 \2"),
        (rf"^{_LINTER}: {_NONE} errors?,? (?:and |& )?{_NONE} warnings?$", "no lint problems"),
        (r"^eslint: (?:0|aucune) erreurs?, (?:0|aucun) (?:warning|avertissement)s?$", "no lint problems"),
        (r"^linter (?:pasa|passa|passe|läuft) (?:sin errores|sem erros|sans erreurs?|senza errori|ohne fehler)$",
         "no lint problems"),
        (r"^(?:unit )?tests?: ([\d.,]+\s?%) pass(?:ing)? rate$", r"test pass rate: \1"),
        (r"\((\d{1,6}) ?/ ?\1\)", " "),  # "all tests pass (45/45)"
        (r"(?<=coverage) requirements?(?: (?:is |are )?met)?(?= |$)", ""),
        (r"(?<=coverage) (?:from|by|through|with) (?:automated |unit )*tests$", ""),
        (r"(?:under|within) (?:the )?budget \(([^()]*)\)", r"\1"),
        (r":? _{2,} ?(?:ms|s|kb|mb|%)? ?\((?:target|goal):? ([^()]*)\)", r" \1"),
        (r"(?<!\w)n'(?=est|excède|atteint)", "ne "),
        (r"(?<!\w)maximale? de (?=\d)", "au plus "),
        (r"(?<!\w)minimale? de (?=\d)", "au moins "),
        (r"(?<!\w)(hoger|lager|groter|kleiner) zijn dan", r"\1 dan"),
        (r"(?<!\w)(?:oder besser|ou mieux|o mejor|o meglio|ou melhor|of beter)(?!\w)", "or better"),
        (r"(?<!\w)p95-(?=responstijd|latentie)", "p95 "),
        (rf"^{_LINTER}\s*(?::|{_SHOWS})\s*{_NONE} (errors?|problems?|warnings?|issues?|violations?|findings)$",
         r"no lint \1"),
        (rf"^{_TYPES}\s*(?::|{_SHOWS})\s*{_NONE} (?:type )?errors?$", "no type errors"),
        (r"(?<!\w)(?:capped|limited) (?:at|to)(?= [\d])", "at most"),
        (r"^(?:bring|get|drive|take|cut) (?:the )?(.+?) down to (?=[\d])", r"\1 at most "),
        (r"(?<!\w)(?:at|to) ([\d.,]+\s?%?) (or (?:lower|less|below|fewer|higher|more|above|better))", r"\1 \2"),
        (rf"(?<!\w)({'|'.join(_NUMBER_WORDS)}) (?={_COUNTED_THINGS})", ""),
    )
)  # fmt: skip


def rewritten(text: str) -> str:
    """The text in lower case, with each usual wording replaced by its plain one."""
    for pattern, plain in _REWRITES[:-1]:
        text = pattern.sub(plain, text, count=1)
    return _REWRITES[-1][0].sub(lambda found: f"{_NUMBER_WORDS.index(found[1]) + 2} ", text)
