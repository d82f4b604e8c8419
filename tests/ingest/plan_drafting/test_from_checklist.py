"""A checklist becomes a plan: nothing lost, everything reported, and the text is the same plan when read again."""

from __future__ import annotations

import importlib.util
import os
import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.advice.metric_steps import FIXES, MEASURING
from ingest.config import parse_config
from ingest.counting.counters import parse_counters
from ingest.observation import CATALOGUE
from ingest.plan_drafting.draft import slug, tidy_title
from ingest.plan_drafting.from_checklist import plan_from_checklist, plan_text
from ingest.plan_drafting.from_tree import default_plan
from ingest.plan_drafting.language.phrases import PHRASES
from ingest.plan_drafting.language.vocabulary import IMPLIED, MEANINGS, SUBJECTS
from ingest.plan_drafting.tree_facts import TreeFacts
from ingest.readers.documents.checklist import read_checklist
from ingest.source import TMinusError
from models.plan.parsing import parse_plan

FIXTURES = Path(__file__).parents[2] / "fixtures" / "checklist"
PLANS = Path(__file__).parents[3] / "data" / "plans"


def imported(name):
    document = read_checklist((FIXTURES / name).read_bytes(), name)
    return document, *plan_from_checklist(document, name="example")


def build_plans():
    path = PLANS.parent / "build_plans.py"
    spec = importlib.util.spec_from_file_location("build_plans", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def criteria(mapping):
    return {c["id"]: {**c, "gate": gate["id"]} for gate in mapping["gate"] for c in gate["criterion"]}


@pytest.mark.parametrize("name", sorted(p.name for p in FIXTURES.glob("*.md")))
def test_every_imported_plan_is_valid_and_survives_its_own_text(name):
    """parse_plan accepts it, tomllib reads the same mapping back, and ids are unique."""
    _, mapping, _ = imported(name)
    assert tomllib.loads(plan_text(mapping)) == mapping
    plan = parse_plan(mapping)
    parse_config(mapping, Path("/"))
    names = [criterion.id for criterion in plan.criteria] + [gate.id for gate in plan.gates]
    assert len(names) == len(set(names))
    known = set(names)
    assert all(set(rule.needs) <= known for rule in plan.rules)


@pytest.mark.parametrize("name", sorted(p.name for p in FIXTURES.glob("*.md")))
def test_no_word_of_a_document_is_lost(name):
    """Each box, bullet, table cell, command and sentence is found again somewhere in the plan's text or the account."""
    document, mapping, account = imported(name)
    shown_text = _flat(mapping) + "\n" + "\n".join(map(str, account))
    lines = [(n, line) for n, line in enumerate(document.lines, 1) if line.strip(" \t>|:-=")]
    lost = [line for n, line in lines if not _is_reported(line, shown_text, n, account)]
    assert lost == []


def _flat(value):
    if isinstance(value, dict):
        return "\n".join(_flat(part) for part in value.values())
    if isinstance(value, list):
        return "\n".join(_flat(part) for part in value)
    return str(value)


def _is_reported(line, shown_text, number, account):
    if line.lstrip("> ").startswith(("#", "```", "<", "[link]")) or any(
        not part.placed and part.line <= number <= part.end for part in account
    ):
        return True
    words = re.findall(r"\w{4,}", re.sub(r"\]\([^)]*\)", "", line))
    lowered = shown_text.lower()
    # A number may stand there normalised, its words may not be missing. Headers of known columns say nothing alone.
    known = {
        "factor",
        "current",
        "required",
        "status",
        "blocker",
        "metric",
        "target",
        "actual",
        "blocking",
        "estimated",
        "duration",
    }
    return all(word.lower() in lowered for word in words if word.lower() not in known)


def test_the_staging_checklist_becomes_three_gates_with_their_claims():
    """Gates to deploy keep order, title and what the document claimed of them."""
    _, mapping, _ = imported("staging_double_encoded.md")
    assert [(gate["id"], gate["claim"]) for gate in mapping["gate"] if "kind" not in gate] == [
        ("critical-functionality", "BLOCKED, 35% (CURRENTLY FAILING)"),
        ("security-validation", "CONDITIONAL, 82% (MOSTLY PASSING)"),
        ("documentation-operations", "APPROVED, 94% (PASSING)"),
    ]
    assert mapping["readiness"] == {"target": 90, "assessment_date": date(2025, 9, 8), "review_cadence": "weekly"}


MATRIX = [
    ("test-coverage", "critical-functionality", "coverage_line_percent", ">", 15, "percent", 3.4, True),
    ("api-completeness", "critical-functionality", "api_implemented_percent", ">", 95, "percent", 65, True),
    ("bundle-size", "critical-functionality", "bundle_raw_bytes", "<", 10_000_000, "bytes", 465_000_000, True),
    ("memory-stability", "critical-functionality", "memory_growth_mb_per_hour", "<", 10, "MB/h", 50, True),
    ("load-time", "critical-functionality", "load_lcp_seconds", "<", 5, "seconds", 30, True),
    ("todo-markers", "critical-functionality", "todo_count", "<=", 0, "markers", 39, True),
    ("failing-tests", "critical-functionality", "tests_failed", "<=", 0, "tests", 6, True),
    ("hardcoded-secrets", "security-validation", "secrets_count", "<=", 0, "findings", None, True),
    ("security-score", "security-validation", "", ">", 7, "points of 10", None, False),
    ("documentation", "documentation-operations", "", ">", 7, "points of 10", None, False),
    ("infrastructure", "documentation-operations", "", ">", 7, "points of 10", None, False),
    ("rollback-time", "documentation-operations", "rollback_seconds", "<", 60, "seconds", None, False),
]


@pytest.mark.parametrize("row", MATRIX, ids=lambda row: row[0])
def test_the_matrix_becomes_criteria_in_the_metrics_own_unit(row):
    """Threshold, baseline, unit, blocker and gate of each factor are those of the document."""
    identity, gate, metric, comparator, threshold, unit, baseline, blocker = row
    _, mapping, _ = imported("staging_double_encoded.md")
    found = criteria(mapping)[identity]
    assert (found["gate"], found["metric"], found["comparator"]) == (gate, metric, comparator)
    assert (found["threshold"], found["unit"], found.get("baseline")) == (threshold, unit, baseline)
    assert found["blocker"] is blocker


def test_the_original_words_stay_with_the_criterion():
    """465MB, Leaking and 8.2/10 are kept word for word, and so are the boxes that say the same."""
    found = criteria(imported("staging_double_encoded.md")[1])
    assert found["bundle-size"]["claim"].startswith("465MB, required <10MB")
    assert "[ ] Bundle size <10MB (interim target)" in found["bundle-size"]["claim"]
    assert found["memory-stability"]["claim"].startswith("Leaking, required <10MB/hr (50MB/hour growth)")
    assert found["security-score"]["claim"] == "8.2/10, required >7.0; Status: ✅"


RULES = {
    "go-1": ["todo-markers"],
    "go-2": ["test-coverage", "failing-tests", "ci-success"],
    "go-3": ["core-api-endpoints-functional"],  # the box itself: "100% functional" is not "> 95% implemented"
    "go-4": ["load-time", "memory-stability"],
    "go-5": ["hardcoded-secrets", "critical-findings", "high-findings"],
    "go-6": ["rollback-time"],
    "no-go-1": ["critical-functionality"],
    "no-go-2": ["hardcoded-secrets", "critical-findings", "high-findings"],
    "no-go-3": ["bundle-size", "load-time", "memory-stability"],
    "no-go-4": ["failing-tests", "ci-success"],
    "no-go-5": ["rollback-time"],  # measured: it does not fire on a slow drill
    "no-go-6": [],
    "blocker-1": ["test-coverage", "failing-tests", "ci-success"],
    "blocker-2": ["todo-markers", "api-completeness"],
    "blocker-3": ["bundle-size", "load-time"],
    "blocker-4": ["memory-stability"],
}


def test_rules_name_the_criteria_that_their_words_are_about():
    """A rule about which nothing is known needs nothing, and therefore never holds."""
    _, mapping, _ = imported("staging_double_encoded.md")
    assert {rule["id"]: rule.get("measured") or rule["needs"] for rule in mapping["rule"]} == RULES


def test_stages_keep_users_durations_and_the_limits_that_end_them():
    """Stages inside a code block come out with their users, their commands, and the monitoring list as exit rule."""
    stages = {stage["id"]: stage for stage in imported("staging_double_encoded.md")[1]["stage"]}
    assert [stages[f"stage-{n}"]["users"] for n in (1, 2, 3, 4)] == [0, 5, 50, 500]
    assert stages["stage-3"]["title"] == "Stage 3: Limited User Access (Beta Group - 50 users)"
    assert stages["staged-rollout-protocol"]["duration"] == "4-6 hours"
    assert stages["stage-1"]["exit"] == ["application-performance", "business-metrics", "infrastructure-health"]
    kinds = [stage["kind"] for stage in stages.values()]
    assert {kind: kinds.count(kind) for kind in kinds} == {"phase": 3, "stage": 4}


def test_commands_become_runbook_steps_with_the_comment_above_them():
    """Phases, stages and the three rollback procedures are runbooks; the one with a limit is a drill, too."""
    mapping = imported("staging_double_encoded.md")[1]
    books = {book["id"]: book for book in mapping["runbook"]}
    assert [book["kind"] for book in books.values()].count("rollback") == 3
    steps = [(step["title"], step["command"]) for step in books["immediate-rollback"]["step"]]
    assert steps[0] == (
        "Emergency stop and rollback to previous stable version",
        "kubectl rollout undo deployment/medianest-app --to-revision=1",
    )
    assert len(steps) == 4
    (drill,) = mapping["drill"]
    assert (drill["runbook"], drill["limit_seconds"]) == ("immediate-rollback", 60)
    assert drill["health_url"] == "http://staging.medianest.com/health"


def test_the_monitoring_list_becomes_running_gates_with_proposed_queries():
    """All twelve limits have a metric of a common exporter, none confirmed; none is part of the deployment."""
    mapping = imported("staging_double_encoded.md")[1]
    later = [gate for gate in mapping["gate"] if "kind" in gate]
    assert [(gate["kind"], gate.get("judged_after"), len(gate["criterion"])) for gate in later] == [
        ("running", None, 4),
        ("running", None, 4),
        ("running", None, 4),
        ("running", "1h", 5),
        ("running", "24h", 5),
        ("promotion", None, 6),
    ]
    queries = mapping["sources"]["prometheus"]["query"]
    watched = [(row["metric"], row["scope"]) for gate in later[:3] for row in gate["criterion"]]
    assert [(query["metric"], query["scope"]) for query in queries] == watched
    assert len(set(watched)) == 12
    assert not any(query["confirmed"] for query in queries)
    assert {row["level"] for gate in later[:3] for row in gate["criterion"]} == {4}
    assert [table["level"] for table in mapping["escalation"]] == [1, 2, 3, 4]


def test_the_communication_plan_becomes_messages_at_their_moments():
    """T-24 h, T-0 to T+4 and T+4 to T+24 are schedules; "every 30 minutes" is a rhythm."""
    found = imported("staging_double_encoded.md")[1]["message"]
    assert [message["when"] for message in found] == [
        *["T-24h"] * 4,
        "T+0h every 30m until T+4h",
        *["T+0h until T+4h"] * 3,
        *["T+4h until T+24h"] * 4,
    ]
    assert (found[0]["audience"], found[4]["channel"]) == ("Development Team", "Slack #deployment channel")


def test_every_box_of_the_seed_is_a_criterion_below_its_parent():
    """Nine boxes are parents; each inner box is a criterion below its own one, with its own tick as claim."""
    document, mapping, _ = imported("staging_double_encoded.md")
    rows = criteria({"gate": [gate for gate in mapping["gate"] if "kind" not in gate]})
    parents = {row["parent"] for row in rows.values() if "parent" in row}
    boxes = [box for section in document.sections if "GATE" in section.title for box in section.boxes]
    assert (len(parents), len(boxes)) == (9, 9)
    for box in boxes:
        parent = next(row for row in rows.values() if row["id"] in parents and row["title"] == box.text)
        assert parent["claim"].startswith(f"[{'x' if box.checked else ' '}] {box.text}; Current Status: ")
        children = [row for row in rows.values() if row.get("parent") == parent["id"]]
        for child in (entry for entry in box.children if entry.checked is not None):
            assert any(f"[{'x' if child.checked else ' '}] {child.text}" in row["claim"] for row in children)


def test_risk_levels_and_named_blockers_reach_their_criteria():
    """Critical risk blocks, the more specific level wins, and each named blocker is a NO-GO rule about its criteria."""
    rows = criteria(imported("staging_double_encoded.md")[1])
    assert [rows[name]["risk"] for name in ("test-coverage", "load-time", "memory-stability", "documentation")] == [
        "critical",
        "critical",
        "moderate",
        "low",
    ]
    assert rows["load-time"]["blocker"]
    assert "line 304: " in rows["failing-tests"]["why"]


def test_the_account_has_one_line_for_every_heading_and_tells_contradictions():
    """`init` can print what became of each section; nothing is left open in this document."""
    document, _, account = imported("staging_double_encoded.md")
    headings = [(section.line, section.end) for section in document.sections]
    assert [(part.line, part.end) for part in account[: len(headings)]] == headings
    assert all(part.placed and part.became for part in account)
    shown_text = "\n".join(map(str, account))
    assert "Critical Success Factors (lines 144-154): 7 criteria from the table" in shown_text
    assert shown_text.count("CONTRADICTION") == 2


def test_what_cannot_be_placed_is_reported():
    """A link definition belongs to no section: the account names its line as not placed."""
    _, _, account = imported("odd_signs.md")
    assert [(part.line, part.placed) for part in account if not part.placed] == [(19, False)]


def test_a_document_of_phases_makes_gates_of_them():
    """Where only phases hold boxes, they are both rollout stages and gates; GO sentences become criteria."""
    _, mapping, _ = imported("phases_only.md")
    assert [gate["id"] for gate in mapping["gate"]] == ["preparation", "go-rules"]
    assert [rule["kind"] for rule in mapping["rule"]] == ["go", "go", "no-go", "no-go"]
    assert mapping["rule"][0]["needs"] == ["request-p95"] and mapping["rule"][3]["needs"] == []
    assert [stage.get("users") for stage in mapping["stage"]] == [None, None, 200, 4000]


def test_a_table_with_other_column_names_is_a_matrix_too():
    """Target, actual and blocking work as required, current and blocker; the worse value becomes the baseline."""
    found = criteria(imported("matrix_only.md")[1])
    assert found["branch-coverage"]["threshold"] == 75 and found["branch-coverage"]["baseline"] == 61.2
    assert found["gzip-bundle"]["metric"] == "bundle_gzip_bytes" and found["gzip-bundle"]["threshold"] == 250_000
    assert found["critical-vulnerabilities"]["comparator"] == "<=" and found["critical-vulnerabilities"]["blocker"]
    assert "baseline" not in found["customer-happiness"]


def test_each_of_many_flat_boxes_is_a_criterion_of_its_own():
    """Forty boxes in a row are forty criteria, each with its own tick as claim."""
    text = "# All\n" + "\n".join(f"- [{'x' if n % 2 else ' '}] item number {n}" for n in range(40))
    mapping, _ = plan_from_checklist(read_checklist(text.encode()), name="x")
    claims = [row["claim"] for row in mapping["gate"][0]["criterion"]]
    assert claims == [f"[{'x' if n % 2 else ' '}] item number {n}" for n in range(40)]


@pytest.mark.parametrize("text", ["", "# Only a title\n\nSome words.\n", "- a\n- b\n"])
def test_a_document_without_any_demand_is_refused_with_the_next_step(text):
    """No boxes, no table, no rules: no plan."""
    with pytest.raises(TMinusError, match="no task boxes, readiness table or measurable rules"):
        plan_from_checklist(read_checklist(text.encode(), "x.md"), name="x")


FRAGMENTS = st.sampled_from(
    [
        *(
            "# Gate 1: A",
            "## GO criteria",
            "## NO-GO",
            "### Phase 2: Roll",
            "## Rollback",
            "## Monitoring",
            "## Release",
        ),
        *(
            "- [ ] coverage >15%",
            "- [x] done",
            "  - [ ] no secrets",
            "- load time <5s",
            "1. [ ] zero P0 vulnerabilities",
        ),
        *(
            "| Factor | Current | Required |",
            "|---|---|---|",
            "| API | 65% | >95% |",
            "| Bundle | x | <10MB |",
            "| | | |",
        ),
        *("```", "# Stage 1: All (5 users)", "**Status:** BLOCKED | **Completion:** 35%", "", "text", "> quote", "---"),
        *("**Target Readiness:** >90%", "<details>", "- [ ] ", "- [ ] 🚀", "- 6/7 tests failing", '- [ ] "a\\b" '),
    ]
)


@given(st.lists(FRAGMENTS, max_size=25))
@settings(max_examples=200, deadline=None)
def test_any_mixture_of_markdown_makes_a_valid_plan_or_a_refusal(lines):
    """Whatever order the parts come in: the plan parses, its text reads back, and every heading is in the account."""
    document = read_checklist("\n".join(lines).encode())
    try:
        mapping, account = plan_from_checklist(document, name="x")
    except TMinusError:
        return
    assert tomllib.loads(plan_text(mapping)) == mapping
    plan = parse_plan(mapping)
    names = [criterion.id for criterion in plan.criteria] + [gate.id for gate in plan.gates]
    assert len(names) == len(set(names))
    assert len(account) >= len(document.sections)


def test_the_word_tables_name_catalogued_metrics_only():
    """Every synonym, implied demand and subject of a rule leads to a metric that exists and has a next step."""
    metrics = {meaning.metric for meaning in MEANINGS} | {row[1] for row in IMPLIED}
    metrics |= {metric for phrase in PHRASES for metric in phrase.metrics}
    metrics |= {metric for _, names in SUBJECTS for metric in names}
    assert metrics <= set(CATALOGUE)
    assert metrics <= set(MEASURING) | set(FIXES)


def test_the_plans_in_the_data_folder_are_what_the_code_writes():
    """`python data/build_plans.py` renews them; T_MINUS_UPDATE=1 does it from here."""
    texts = build_plans().texts()
    if os.environ.get("T_MINUS_UPDATE"):
        for name, text in texts.items():
            (PLANS / name).write_text(text, encoding="utf-8")
    assert {path.name: path.read_text(encoding="utf-8") for path in PLANS.glob("*.toml")} == texts
    for text in texts.values():
        parse_plan(tomllib.loads(text))


@pytest.mark.parametrize(
    ("facts", "expected", "absent"),
    [
        (
            TreeFacts(),
            {"todo-markers", "tests-present", "readme"},
            {"bundle-size", "type-errors", "pinned-dependencies"},
        ),
        (TreeFacts(["python"], manifests=1, markers=9), {"type-errors", "pinned-dependencies"}, {"bundle-size"}),
        (TreeFacts(["javascript"], manifests=1, bundler="vite", markers=0), {"bundle-size"}, {"type-errors"}),
        (TreeFacts(["go"], openapi="api/openapi.yaml"), {"api-completeness"}, {"bundle-size"}),
    ],
)
def test_the_default_plan_fits_the_tree(facts, expected, absent):
    """Criteria follow what is there; each has a next step, and the counters compile."""
    mapping = default_plan(facts, name="x")
    assert tomllib.loads(plan_text(mapping)) == mapping
    plan = parse_plan(mapping)
    found = {criterion.id for criterion in plan.criteria}
    assert expected <= found and not absent & found
    assert all(criterion.fix and criterion.why and criterion.metric in CATALOGUE for criterion in plan.criteria)
    parse_counters(mapping.get("counters", {}))
    parse_config(mapping, Path("/"))


WORDS = st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=40)
VALUES = st.one_of(
    WORDS,
    st.booleans(),
    st.integers(-(2**62), 2**62),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(min_value=date(1900, 1, 1)),
    st.lists(WORDS, max_size=5),
)


@given(st.dictionaries(WORDS, st.dictionaries(WORDS, VALUES, max_size=4), min_size=1, max_size=4))
@settings(max_examples=150, deadline=None)
def test_any_words_survive_the_text(mapping):
    """Quotes, backslashes, emoji, control characters and empty keys read back as they were."""
    assert tomllib.loads(plan_text(mapping)) == mapping


@given(WORDS)
def test_ids_are_plain_and_short(text):
    """An id is made of lower-case ASCII words joined by hyphens."""
    name = slug(text)
    assert len(name) <= 40 and all(c.isascii() and (c.isalnum() or c == "-") for c in name)
    assert tidy_title(text) is not None


def test_proposed_windows_are_as_long_as_the_stable_hours():
    """A nightly pull leaves no gap in them, and T+1 h, T+24 h and the 72 hours are shown side by side."""
    queries = imported("staging_double_encoded.md")[1]["sources"]["prometheus"]["query"]
    assert {query["window"] for query in queries} == {"72h"}
