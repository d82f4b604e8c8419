"""Counters of a first plan: silenced checks and skipped tests, in the words of each language."""

from __future__ import annotations

from typing import Any, NamedTuple

from ingest.plan_drafting.baselines import baseline_counters
from ingest.plan_drafting.tree_facts import TreeFacts

SKIPPED = "skipped-tests"
_SKIPPED_TITLE = "Tests skipped in code"


class LanguageCounter(NamedTuple):
    """One [counters.*] table: matches of a pattern in the files of a language."""

    name: str
    title: str
    pattern: str
    paths: tuple[str, ...]


def _skipped(pattern: str, *paths: str) -> LanguageCounter:
    return LanguageCounter(SKIPPED, _SKIPPED_TITLE, pattern, paths)


_SCRIPT_TESTS = (
    "*.test.*",
    "*.spec.*",
    "*.cy.*",
    "**/test-*.js",
    "**/test/**/*.[jt]s",
    "**/tests/**/*.[jt]s",
    "**/__tests__/*",
)
_SCRIPT_SKIPS = _skipped(
    r"\b(?:it|test|tape|describe|context|suite|specify)\.(?:skip|todo|fixme|failing)\b"
    r"|\bx(?:it|describe|test|context|specify)\(|\bthis\.skip\(\)",
    *_SCRIPT_TESTS,
)
_JVM_TESTS = ("**/src/**/*[tT]est*/**", "*Test.java", "*Tests.java", "*Test.kt", "*Spec.kt")

LANGUAGE_NAMES = {
    "typescript": "TypeScript",
    "javascript": "JavaScript",
    "python": "Python",
    "rust": "Rust",
    "go": "Go",
    "java": "Java and Kotlin",
    "c": "C and C++",
    "ruby": "Ruby",
    "php": "PHP",
    "csharp": "C#",
    "swift": "Swift",
    "elixir": "Elixir",
    "dart": "Dart",
    "solidity": "Solidity",
}
# Language -> counters worth watching; the first one becomes a criterion where the language is the main one.
LANGUAGE_COUNTERS: dict[str, tuple[LanguageCounter, ...]] = {
    "typescript": (
        LanguageCounter("any", "Uses of any", r":\s*any\b|\bas any\b|<any>", ("*.ts", "*.tsx")),
        LanguageCounter("ts-ignore", "Type errors silenced", r"@ts-(?:ignore|nocheck|expect-error)", ("*.ts", "*.tsx")),
        LanguageCounter("eslint-disable", "Lint rules silenced", r"eslint-disable", ("*.ts", "*.tsx", "*.js", "*.jsx")),
        _SCRIPT_SKIPS,
    ),
    "javascript": (
        LanguageCounter(
            "eslint-disable", "Lint rules silenced", r"eslint-disable", ("*.js", "*.jsx", "*.mjs", "*.cjs")
        ),
        _SCRIPT_SKIPS,
    ),
    "python": (
        LanguageCounter("type-ignore", "Type errors silenced", r"#\s*type:\s*ignore", ("*.py",)),
        LanguageCounter("noqa", "Lint rules silenced", r"#\s*noqa\b", ("*.py",)),
        LanguageCounter("nosec", "Security findings silenced", r"#\s*nosec\b", ("*.py",)),
        _skipped(
            r"\bpytest\.mark\.(?:skip|xfail)\b|\bpytest\.(?:skip|xfail)\(|@(?:unittest\.)?skip\("
            r"|@(?:unittest\.)?expectedFailure\b|\.skipTest\(",
            "*.py",
        ),
    ),
    "rust": (
        LanguageCounter("allow", "Lint rules silenced", r"#!?\[allow\(", ("*.rs",)),
        LanguageCounter("unsafe", "Unsafe blocks", r"\bunsafe\s*(?:\{|fn|impl)", ("*.rs",)),
        _skipped(r"#\[ignore\b", "*.rs"),
    ),
    "go": (
        LanguageCounter("nolint", "Lint rules silenced", r"//\s*nolint", ("*.go",)),
        LanguageCounter("nosec", "Security findings silenced", r"#\s*nosec\b", ("*.go",)),
        _skipped(r"\b[tb]\.Skip(?:f|Now)?\(|\b[PX](?:It|Describe|Context|Entry)\(", "*_test.go"),
    ),
    "java": (
        LanguageCounter("suppress-warnings", "Warnings silenced", r"@Suppress(?:Warnings)?\b", ("*.java", "*.kt")),
        _skipped(
            r"@(?:Disabled|Ignored?)\b|@Test\([^)\n]*enabled\s*=\s*false"
            r"|\.config\([^)\n]*enabled\s*=\s*false|\bx(?:test|it|describe|context|should)\(",
            *_JVM_TESTS,
        ),
    ),
    "c": (
        LanguageCounter(
            "silenced-warnings",
            "Warnings silenced",
            r"\bNOLINT|#\s*pragma\s+(?:GCC|clang)\s+diagnostic\s+ignored",
            ("*.c", "*.h", "*.cc", "*.cpp", "*.hpp"),
        ),
        _skipped(
            r"\bGTEST_SKIP\(|\bTEST(?:_F|_P)?\([^)\n]*\bDISABLED_\w|\bQSKIP\(",
            *("*.c", "*.cc", "*.cpp", "*.cxx"),
        ),
    ),
    "ruby": (
        LanguageCounter("rubocop-disable", "Lint rules silenced", r"#\s*rubocop:\s*(?:disable|todo)", ("*.rb",)),
        _skipped(
            r"^\s*(?:skip\b|pending\b|x(?:it|describe|context|specify|example)\b)"
            r"|^\s*(?:it|describe|context|specify|example)\b[^#\n]*,\s*(?::skip\b|:pending\b|skip:|pending:)",
            *("*_spec.rb", "*_test.rb", "**/test_*.rb"),
        ),
    ),
    "php": (
        LanguageCounter("phpstan-ignore", "Type errors silenced", r"@phpstan-ignore|@psalm-suppress", ("*.php",)),
        _skipped(
            r"(?:->|::)markTest(?:Skipped|Incomplete)\(|^\s*\}?\)->(?:skip|todo)\(",
            *("*Test.php", "**/tests/**/*.php"),
        ),
    ),
    "csharp": (
        LanguageCounter("pragma-disable", "Warnings silenced", r"#pragma\s+warning\s+disable", ("*.cs",)),
        _skipped(
            r"\[(?:\w+\s*,\s*)?(?:Ignore|Explicit)\b"
            r"|\[(?:\w+\s*,\s*)?(?:\w*Fact|\w*Theory)\([^)\n]*\bSkip\s*=|\bAssert\.(?:Ignore|Inconclusive)\(",
            "*.cs",
        ),
    ),
    "swift": (
        LanguageCounter("swiftlint-disable", "Lint rules silenced", r"swiftlint:disable", ("*.swift",)),
        _skipped(
            r"\bXCTSkip(?:If|Unless)?\(|@(?:Test|Suite)\([^)\n]*\.disabled\b|\bx(?:it|describe|context)\(",
            *("*Tests.swift", "*Test.swift", "*Spec.swift", "**/Tests/**/*.swift"),
        ),
    ),
    "elixir": (
        LanguageCounter("credo-disable", "Lint rules silenced", r"#\s*credo:disable", ("*.ex", "*.exs")),
        _skipped(r"@(?:module|describe)?tag\s*\(?\s*:?skip\b", "*_test.exs"),
    ),
    "dart": (
        LanguageCounter("ignore", "Lint rules silenced", r"//\s*ignore(?:_for_file)?:", ("*.dart",)),
        _skipped(r"""\bskip:\s*(?:true\b|['"])|@Skip\(|\bmarkTestSkipped\(""", "*_test.dart"),
    ),
    "solidity": (
        LanguageCounter(
            "lint-disable", "Lint rules silenced", r"solhint-disable|slither-disable|forge-lint:\s*disable", ("*.sol",)
        ),
        _skipped(r"\bvm\.skip\(", "*.t.sol", "**/test/**/*.sol"),
    ),
}


def counters_for(facts: TreeFacts) -> dict[str, Any]:
    """The [counters.*] tables of the project's languages; the TypeScript share where JavaScript is in use, too.

    Languages with the same pattern share a counter; with another pattern the later one is named after its language.
    """
    found: dict[str, Any] = dict(baseline_counters(facts.baselines))
    for language in facts.languages:
        for counter in LANGUAGE_COUNTERS.get(language, ()):
            _add(found, language, counter)
    if {"typescript", "javascript"} <= set(facts.languages):
        scripts = ["*.ts", "*.tsx", "*.js", "*.jsx"]
        found["typescript"] = {"kind": "file_share", "title": "TypeScript share", "paths": scripts[:2], "of": scripts}
    return found


def _add(found: dict[str, Any], language: str, counter: LanguageCounter) -> None:
    known = found.get(counter.name)
    if known is not None and known.get("pattern") == counter.pattern:
        known["paths"] += [path for path in counter.paths if path not in known["paths"]]
        return
    name = counter.name if known is None else f"{language}-{counter.name}"
    title = counter.title if known is None else f"{counter.title} ({language})"
    found[name] = {"kind": "matches", "title": title, "pattern": counter.pattern, "paths": list(counter.paths)}
