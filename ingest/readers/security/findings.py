"""Findings of every scanner counted alike: four severities, each thing once, never the secret itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from ingest.readers.contract import Figure, ReadItem, figure, fingerprint, item, number
from ingest.readers.test_results.agreement import worse_counts
from ingest.readers.text.report_paths import relative

SEVERITIES = ("critical", "high", "medium", "low")
METRICS = tuple(f"findings_{severity}_count" for severity in SEVERITIES)
SECRETS = "secrets_count"
MAX_CONTRADICTIONS = 5
_WORDS = {
    "critical": "critical",
    "high": "high",
    "error": "high",
    "medium": "medium",
    "moderate": "medium",
    "warning": "medium",
    "low": "low",
    "note": "low",
    "info": "low",
    "experiment": "low",
    "inventory": "low",
    "negligible": "low",
    "minor": "low",
}
_ABOUT_SECRETS = re.compile(
    r"secret|passw|credential|token|api.?key|private.?key|hardcoded|\bb10[5-7]\b|gitleaks|cwe-(?:259|798)\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Findings:
    """Counts by severity and the items behind them."""

    tool: str
    counts: Counter[str] = field(default_factory=Counter)
    items: list[ReadItem] = field(default_factory=list)
    unstated: int = 0
    seen: set[str] = field(default_factory=set)
    ordinals: Counter[tuple[object, ...]] = field(default_factory=Counter)
    contradicted: list[str] = field(default_factory=list)  # where the report states other figures than it lists
    unread: str = ""  # what the tool could not scan, in its words; zero findings there prove nothing

    def nth(self, *key: object) -> int:
        """Which of the findings of one rule in one file this is: an identity for tools that give none."""
        self.ordinals[key] += 1
        return self.ordinals[key]

    def add(self, severity: str, rule: str, text: str, path: str, line: object, *identity: object) -> bool:
        """Count a finding unless the same one was counted; True when it was new.

        `identity` must outlive a moved line. A severity that is not stated counts as high: unknown is never a pass.
        Words about a secret are replaced by the rule's name, since scanners like to quote what they found.
        """
        place = relative(path)
        if fingerprint("finding", self.tool, rule, *identity) in self.seen:
            return False
        label = _WORDS.get(severity.strip().lower(), "")
        if not label:
            self.unstated += 1
            label = "high"
        words = rule if is_about_secrets(rule) or is_about_secrets(text) else f"{rule}: {text}"
        entry = item("finding", label, words, place, line, self.tool, rule, *identity)
        self.seen.add(entry.fingerprint)
        self.items.append(entry)
        self.counts[label] += 1
        return True

    def secret(self, rule: str, path: str, line: object, *identity: object) -> None:
        """Count a secret; only the rule and the place are kept."""
        place = relative(path)
        entry = item("finding", "secret", rule, place, line, self.tool, "secret", place, *identity)
        if entry.fingerprint not in self.seen:
            self.seen.add(entry.fingerprint)
            self.items.append(entry)
            self.counts["secret"] += 1

    def settle(self, stated: Mapping[str, int | None], noun: str = "findings") -> None:
        """Take the larger of what the report states for each severity and what it lists; a warning names both."""
        listed = {word: self.counts[word] for word in SEVERITIES if stated.get(word) is not None}
        taken, words = worse_counts(stated, listed, noun)
        self.contradict(words)
        self.counts.update({word: number - self.counts[word] for word, number in taken.items()})

    def settle_total(self, stated: int | None, listed: int, noun: str, where: str) -> None:
        """Compare a total without severities; what is stated above the list counts as high."""
        if stated is None or stated == listed:
            return
        lack = max(stated - listed, 0)
        self.counts["high"] += lack
        more = f"the {lack} others count as high" if lack else "the listed ones count"
        self.contradict(f"{relative(where)}: the report states {stated} {noun} and lists {listed}: {more}")

    def contradict(self, words: str) -> None:
        """Keep a warning about two statements that do not agree."""
        if words:
            self.contradicted.append(words)

    def figures(self) -> tuple[Figure, ...]:
        """One figure a severity; none found is unknown where something could not be scanned."""
        return tuple(self.counted(metric, self.counts[word]) for metric, word in zip(METRICS, SEVERITIES, strict=True))

    def counted(self, metric: str, found: int) -> Figure:
        """What was found; none is unknown where something could not be scanned."""
        return figure(metric, found or (None if self.unread else 0), reason=self.unread)

    def not_scanned(self, files: int) -> None:
        """So many files (0: all were) were given up by the tool, each as a whole: decision 13."""
        if files:
            noun = "file" if files == 1 else "files"
            self.unread = f"{files} {noun} could not be scanned: repair them, or leave them out of the scan on purpose"

    def warnings(self) -> tuple[str, ...]:
        """What was assumed."""
        assumed = f"{self.unstated} findings without a stated severity count as high" if self.unstated else ""
        more = len(self.contradicted) - MAX_CONTRADICTIONS
        rest = [f"and {more} more places where the report contradicts itself"] if more > 0 else []
        return tuple(words for words in (assumed, *self.contradicted[:MAX_CONTRADICTIONS], *rest) if words)


def is_about_secrets(words: str) -> bool:
    """Whether a rule or a message speaks of credentials."""
    return bool(_ABOUT_SECRETS.search(words[:500]))


def severity_of_score(score: object) -> str:
    """The word for a CVSS score, empty when there is none."""
    value = number(score)
    if value is None or not 0 < value <= 10:
        return ""
    return next(
        word for least, word in ((9.0, "critical"), (7.0, "high"), (4.0, "medium"), (0.0, "low")) if value >= least
    )
