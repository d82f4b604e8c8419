"""Sentences of checklists in seven languages: plain ones are bound exactly, doubtful ones not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.observation import CATALOGUE
from ingest.plan_drafting.from_checklist import plan_from_checklist, plan_text
from ingest.plan_drafting.language.grammar import Demand, demands_in
from ingest.plan_drafting.language.vocabulary import MEANINGS
from ingest.readers.documents.checklist import read_checklist
from models.plan.better_direction import is_against_direction
from models.plan.parsing import parse_plan

FOLDER = Path(__file__).parents[2] / "fixtures" / "import_sentences"
BOUND = [line.split(" -> ") for line in (FOLDER / "bound.txt").read_text(encoding="utf-8").splitlines()]
UNBOUND = (FOLDER / "unbound.txt").read_text(encoding="utf-8").splitlines()


def test_each_plain_sentence_is_bound_exactly() -> None:
    """Metric, comparator and threshold in the metric's own unit, for each demand of the sentence.

    The rows that differ are listed. As a test each, a thousand rows cost five times what is tested.
    """
    found = [[sentence, "; ".join(map(_written, demands_in(sentence)))] for sentence, _ in BOUND]
    assert [row for row, expected in zip(found, BOUND, strict=True) if row != expected] == []


def _written(demand: Demand) -> str:
    return f"{demand.metric} {demand.comparator} {demand.threshold:g}"


def test_each_doubtful_sentence_binds_nothing_and_is_kept() -> None:
    """Alarms, refusals, other scopes, other percentiles: a criterion without a metric that has all the words."""
    assert [sentence for sentence in UNBOUND if not _is_kept_unbound(sentence)] == []


def _is_kept_unbound(sentence: str) -> bool:
    document = f"# Release\n\n## Quality\n\n- [ ] Handbook printed\n- [ ] {sentence}\n"
    mapping, _ = plan_from_checklist(read_checklist(document.encode()), name="x")
    metrics = [row["metric"] for gate in mapping["gate"] for row in gate["criterion"]]
    text = plan_text(mapping)
    return metrics == ["", ""] and all(word in text for word in sentence.replace('"', "").split())


NAMES = {
    "coverage_line_percent": ("line coverage", "test coverage", "Testabdeckung", "couverture de code"),
    "request_error_percent": ("error rate", "Fehlerquote", "taux d'erreur", "tasa de error"),
    "request_p95_seconds": ("p95 latency", "p95 response time"),
    "todo_count": ("TODO markers", "FIXME comments"),
    "findings_critical_count": ("critical vulnerabilities", "critical CVEs"),
}
NAMES |= {m.metric: (m.title, m.title.lower()) for m in MEANINGS if m.metric not in NAMES}
UNITS = {"percent": "%", "seconds": " s", "bytes": " KB", "MB/h": " MB/h"}
COMPARISONS = (
    *("<", "<=", ">", ">=", "=", ":", "under", "over", "above", "below", "not below", "not above", "never over"),
    *("at least", "at most", "must not exceed", "does not drop under", "no more than", "no less than", "no worse than"),
    *(
        "worse than",
        "better than",
        "within",
        "up to",
        "may not go over",
        "must stay below",
        "nicht über",
        "nicht unter",
    ),
    *("ne dépasse pas", "no supera el", "non supera", "não ultrapassa", "niet hoger dan", "mindestens", "au plus", ""),
)
FRAMES = (
    *("{}", "- {}", "Alert if {}", "{} fails the build", "{} triggers alert", "No release with {}", "{} or better"),
    *("Rollback when {}", "{} blocks", "{} today", "Blocker: {}", "{} (minimum)", "Kein Release bei {}", "not {}"),
    *(
        "{} on new code",
        "Ensure {}",
        "{} before release",
        "{} and no flaky tests",
        "Never {}",
        "{} or more",
        "{}, always",
    ),
)
_SAYS_REFUSAL = ("Alert", "fails", "triggers", "No release", "Rollback", "blocks", "Kein", "not {", "new code", "Never")


@given(
    st.sampled_from(sorted(NAMES)).flatmap(lambda name: st.tuples(st.just(name), st.sampled_from(NAMES[name]))),
    st.sampled_from(COMPARISONS),
    st.integers(0, 120),
    st.sampled_from(FRAMES),
)
@settings(max_examples=300, deadline=None)
def test_no_sentence_makes_a_comparator_against_the_metrics_direction(
    named: tuple[str, str], comparison: str, value: int, frame: str
) -> None:
    """Whatever the words around a figure are: what is bound gets better towards its threshold."""
    metric, words = named
    unit = UNITS.get(CATALOGUE[metric].unit, "")
    found = demands_in(frame.format(f"{words} {comparison} {value}{unit}"))
    assert not any(is_against_direction(demand.metric, demand.comparator) for demand in found)
    assert not (found and any(mark in frame for mark in _SAYS_REFUSAL))


@given(st.lists(st.sampled_from([*UNBOUND, *(sentence for sentence, _ in BOUND)]), min_size=1, max_size=6))
@settings(max_examples=100, deadline=None)
def test_the_import_never_writes_a_comparator_that_the_plan_refuses(sentences: list[str]) -> None:
    """The plan parser accepts every imported plan, and none says against_direction."""
    text = "# Release\n\n## Quality\n\n" + "".join(f"- [ ] {sentence}\n" for sentence in sentences)
    mapping, _ = plan_from_checklist(read_checklist(text.encode()), name="x")
    assert not any(criterion.against_direction for criterion in parse_plan(mapping).criteria)


PUBLIC = [
    line.split("\t") for line in (FOLDER / "public_documents.tsv").read_text(encoding="utf-8").splitlines()
]  # number of the document, heading, line ("//" ends a row of a table), what is bound ("-": nothing)


def test_lines_of_public_documents_are_read_as_reviewed() -> None:
    """Lines of 75 public checklists in eleven languages: 73 are bound, alarms, averages and other scopes are not."""
    found = []
    for number, heading, line, _ in PUBLIC:
        body = line.replace(" // ", "\n") if line.startswith("|") else f"- [ ] {line}"
        document = f"# Release\n\n## First\n\n- [ ] Handbook printed\n\n## {heading}\n\n{body}\n"
        mapping, _ = plan_from_checklist(read_checklist(document.encode()), name="x")
        rows = [row for gate in mapping["gate"] for row in gate["criterion"] if row["metric"]]
        bound = "; ".join(f"{row['metric']} {row['comparator']} {row['threshold']:g}" for row in rows)
        found.append([number, heading, line, bound or "-"])
    assert found == PUBLIC


STATISTICS = [
    *(
        "Average latency < 2 s",
        "Latency, averaged over 5 min, < 2 s",
        "Ø response time < 200 ms",
        "p99.9 latency < 1 s",
    ),
    *("p999 latency < 1 s", "Maximum response time < 2 s", "Slowest request < 2 s", "90% of requests < 200 ms latency"),
    *("P95/P99 latency < 2 s", "latency 50th < 2 s", "genomsnittlig latency < 200 ms", "keskimääräinen latency < 2 s"),
    *("Temps de réponse moyen < 2 s", "Durchschnittliche Antwortzeit < 2 s", "Průměrná response time < 200 ms"),
    *("Average error rate < 1%", "Mean time to interactive < 3 s", "Average response time < 300ms (p95 < 500ms)"),
]


@pytest.mark.parametrize("heading", ["Quality", "First week in production", "Monitoring"])
def test_an_average_is_never_a_percentile(heading: str) -> None:
    """Before the deployment and after it: another statistic than the 95th percentile is not bound to it."""
    lines = "\n".join(f"- [ ] {line}" for line in STATISTICS)
    mapping, _ = plan_from_checklist(
        read_checklist(f"# R\n\n## First\n\n- [ ] Handbook\n\n## {heading}\n\n{lines}\n".encode()), name="x"
    )
    assert [row["title"] for gate in mapping["gate"] for row in gate["criterion"] if row["metric"]] == []


@pytest.mark.parametrize("sign", ["⛔", "🚫", "🛑", "⛔️"])
@pytest.mark.parametrize("form", ["- [ ] {}", "- {}", "| Metric | Target |\n|---|---|\n| {} | |", "1. {}"])
def test_a_line_with_a_no_entry_sign_binds_nothing_and_says_why(sign: str, form: str) -> None:
    """The figure may be what is ruled out; in a list of GO rules it decides nothing either."""
    text = form.format(f"{sign} coverage ≥ 5%")
    for heading in ("Quality", "GO if", "Monitoring"):
        document = f"# R\n\n## First\n\n- [ ] Handbook\n- [ ] Coverage >= 80%\n\n## {heading}\n\n{text}\n"
        mapping, _ = plan_from_checklist(read_checklist(document.encode()), name="x")
        rows = [row for gate in mapping["gate"] for row in gate["criterion"]]
        assert [row["threshold"] for row in rows if row["metric"]] == [80]
        assert all(rule.get("needs", []) == [] for rule in mapping.get("rule", []))
        if heading == "Quality" and form == "- [ ] {}":
            assert "no-entry sign" in rows[-1]["why"]
