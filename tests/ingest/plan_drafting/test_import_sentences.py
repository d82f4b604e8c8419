"""Sentences of checklists in seven languages: plain ones are bound exactly, doubtful ones not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.observation import CATALOGUE
from ingest.plan_drafting.from_checklist import plan_from_checklist, plan_text
from ingest.plan_drafting.language.grammar import demands_in
from ingest.plan_drafting.language.vocabulary import MEANINGS
from ingest.readers.documents.checklist import read_checklist
from models.plan.better_direction import is_against_direction
from models.plan.parsing import parse_plan

FOLDER = Path(__file__).parents[2] / "fixtures" / "import_sentences"
BOUND = [line.split(" -> ") for line in (FOLDER / "bound.txt").read_text(encoding="utf-8").splitlines()]
UNBOUND = (FOLDER / "unbound.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(("sentence", "demands"), BOUND)
def test_a_plain_sentence_is_bound_exactly(sentence: str, demands: str) -> None:
    """Metric, comparator and threshold in the metric's own unit, for each demand of the sentence."""
    found = [f"{demand.metric} {demand.comparator} {demand.threshold:g}" for demand in demands_in(sentence)]
    assert "; ".join(found) == demands


@pytest.mark.parametrize("sentence", UNBOUND)
def test_a_doubtful_sentence_binds_nothing_and_is_kept(sentence: str) -> None:
    """Alarms, refusals, other scopes, other percentiles: a criterion without a metric that has all the words."""
    document = f"# Release\n\n## Quality\n\n- [ ] Handbook printed\n- [ ] {sentence}\n"
    mapping, _ = plan_from_checklist(read_checklist(document.encode()), name="x")
    rows = [row for gate in mapping["gate"] for row in gate["criterion"]]
    assert [row["metric"] for row in rows] == ["", ""]
    assert all(word in plan_text(mapping) for word in sentence.replace('"', "").split())


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
