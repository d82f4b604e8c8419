"""SARIF 2.1.0 of any scanner or linter: levels, suppressions, baselines, several runs in one file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from ingest.readers.contract import Figure, Reader, ReadError, Reading, count
from ingest.readers.security.findings import METRICS, SECRETS, Findings, severity_of_score
from ingest.readers.security.sarif_rules import SarifRules
from ingest.readers.text.json import has, load_object, mapping, objects, sequence, text

_SECRET_TOOLS = ("gitleaks", "trufflehog", "detect-secrets", "ggshield")
_LINTERS = (
    "eslint", "ruff", "pylint", "flake8", "stylelint", "clang-tidy", "golangci", "checkstyle", "pmd", "rubocop",
    "hadolint", "detekt", "ktlint", "biome", "oxlint", "shellcheck", "markdownlint", "swiftlint", "vale",
)  # fmt: skip
_NOT_FOUND = frozenset({"pass", "notApplicable", "informational", "open"})


def _detect(head: bytes, name: str) -> float:
    if b"sarif" in head[:400].lower() or has(head, "runs", "[]", "tool") or has(head, "runs", "[]", "results"):
        return 0.97 if has(head, "runs") else 0.0
    return 0.0


def read_sarif(data: bytes, name: str) -> Reading:
    """Findings of all runs. Suppressed results and those a baseline calls absent do not count."""
    runs = list(objects(load_object(data).get("runs")))
    if not runs:
        raise ReadError("no run in the SARIF file: nothing was scanned")
    reader = _Runs()
    for run in runs:
        reader.add(run)
    drivers = [mapping(mapping(run.get("tool")).get("driver")) for run in runs]
    tools = list(dict.fromkeys(text(driver.get("name")) for driver in drivers))
    version = text(drivers[0].get("semanticVersion")) or text(drivers[0].get("version"))
    warnings = (*reader.findings.warnings(), *reader.warnings)
    return Reading("sarif", ", ".join(tools)[:100], version, reader.figures(), tuple(reader.findings.items), warnings)


class _Runs:
    """Findings of the runs of one file, by what kind of tool made them."""

    def __init__(self) -> None:
        self.findings = Findings("sarif")
        self.kinds: set[str] = set()
        self.problems = 0
        self.warnings: list[str] = []
        self.given_up: set[str] = set()  # files
        self.ordinals: Counter[tuple[str, ...]] = Counter()

    def add(self, run: dict[str, Any]) -> None:
        """Count the results of one run."""
        tool = text(mapping(mapping(run.get("tool")).get("driver")).get("name"))
        results = run.get("results")
        broken = any(map(_broke, objects(run.get("invocations"))))
        if not isinstance(results, list) or (broken and not results):
            raise ReadError(f"{tool[:60] or 'the tool'} did not finish its scan: no results in a run")
        if broken:
            self.findings.unread = f"{tool[:60]} reports errors in its run: there may be more findings"
            self.warnings.append(self.findings.unread)
        self.given_up |= set(_given_up(run))
        if mapping(run.get("externalPropertyFileReferences")).get("results"):
            self.findings.unread = f"{tool[:60]} keeps results in another file, which is not read"
        kind = _kind(tool)
        self.kinds.add(kind)
        rules = SarifRules(run)
        counted = list(filter(_counts, objects(results)))
        unparsed = _unparsed(run) if kind == "lint" else ()
        for result in (*counted, *unparsed):
            self._count(kind, tool, result, rules)
        if left_out := len(list(objects(results))) - len(counted):
            self.warnings.append(f"{left_out} suppressed, fixed or passed results are left out")

    def _count(self, kind: str, tool: str, result: dict[str, Any], rules: SarifRules) -> None:
        rule_id, rule = rules.of(result)
        path, line = _place(result)
        level = text(result.get("level")) or rule.level
        score = severity_of_score(mapping(result.get("properties")).get("security-severity", rule.score))
        if level == "none" and not score:
            return
        identity = self._identity(tool, rule_id, path, result)
        if kind == "secrets":
            self.findings.secret(rule_id, path, line, *identity)
        elif kind == "lint":
            words = text(mapping(result.get("message")).get("text")) or rule.words
            self.problems += self.findings.add(level, rule_id, words, path, line, *identity)
        else:
            words = text(mapping(result.get("message")).get("text")) or rule.words
            self.findings.add(score or level, rule_id, words, path, line, *identity)

    def _identity(self, tool: str, rule: str, path: str, result: dict[str, Any]) -> tuple[object, ...]:
        """The tool's own fingerprints; without them the n-th of its rule in its file. Never a hash of the message."""
        prints = {**mapping(result.get("fingerprints")), **mapping(result.get("partialFingerprints"))}
        known = tuple(sorted(f"{key}={value}" for key, value in prints.items() if value != "requires login"))
        # Two findings may share a fingerprint that leaves out the place.
        key = (tool, rule, path, *known)
        self.ordinals[key] += 1
        return (*key, self.ordinals[key])

    def figures(self) -> tuple[Figure, ...]:
        """Figures of the kinds of tools that ran; a linter's problems are not security findings."""
        figures: list[Figure] = []
        if not self.findings.unread:
            self.findings.not_scanned(len(self.given_up))
        if "findings" in self.kinds:
            figures += self.findings.figures()
        if "secrets" in self.kinds:
            figures.append(self.findings.counted(SECRETS, self.findings.counts["secret"]))
        if "lint" in self.kinds:
            figures.append(self.findings.counted("lint_problems_count", self.problems))
        return tuple(figures)


def _unparsed(run: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Files that a linter could not parse: ESLint counts each as a problem and lists it as a notification."""
    for call in objects(run.get("invocations")):
        for note in objects(call.get("toolConfigurationNotifications")):
            if text(note.get("level")) == "error" and _place(note)[0]:
                yield {**note, "ruleId": text(mapping(note.get("descriptor")).get("id"))}


def _broke(call: dict[str, Any]) -> bool:
    """Whether an invocation calls itself failed, or says that it succeeded and names an error that ended it."""
    if call.get("executionSuccessful") in (False, "false") or text(call.get("exitSignalName")):
        return True
    if text(call.get("processStartFailureMessage")):
        return True
    notes = objects(call.get("toolExecutionNotifications"))
    return any(text(note.get("level")) == "error" and not _place(note)[0] for note in notes)


def _given_up(run: dict[str, Any]) -> Iterator[str]:
    """Files that an error of the run names: the tool did not scan them."""
    for call in objects(run.get("invocations")):
        for note in objects(call.get("toolExecutionNotifications")):
            if text(note.get("level")) == "error" and (place := _place(note)[0]):
                yield place


def _kind(tool: str) -> str:
    name = tool.lower()
    if any(known in name for known in _SECRET_TOOLS):
        return "secrets"
    return "lint" if any(known in name for known in _LINTERS) else "findings"


def _counts(result: dict[str, Any]) -> bool:
    """Whether a result is found now and not suppressed: one suppression in review or rejected is enough to count it."""
    if result.get("baselineState") == "absent" or text(result.get("kind")) in _NOT_FOUND:
        return False
    states = [text(s.get("status", "accepted")) for s in objects(result.get("suppressions"))]
    return not states or any(state != "accepted" for state in states)


def _place(result: dict[str, Any]) -> tuple[str, int | None]:
    locations = sequence(result.get("locations"))
    physical = mapping(mapping(locations[0] if locations else None).get("physicalLocation"))
    path = text(mapping(physical.get("artifactLocation")).get("uri"))
    return path, count(mapping(physical.get("region")).get("startLine"))


READERS = (
    Reader(
        "sarif",
        "SARIF 2.1.0",
        "bandit 1.7 and 1.9, semgrep 1.50 and 1.182, gitleaks 8.30, Trivy 0.59, osv-scanner 1.4,"
        " CodeQL 2.12-2.23 (figures), linters",
        METRICS,
        _detect,
        read_sarif,
    ),
)
