"""Every page in every state of a project: each says what is true there, and an empty one what to do next."""

from __future__ import annotations

from itertools import product

import altair as alt
import pytest

from app.dashboard.navigation import PAGES
from tests.testing.app_test import AppTest
from tests.testing.page_words import charts_of, headings_of, lead_of, words_of
from tests.testing.states import STATES, opened, state

NAMES = [name for name, *_ in PAGES]
DOWNLOADS = {name: f"download-{'-'.join(title.lower().split())}" for name, title, *_ in PAGES}
NO_GO, GOES = "✗ NO-GO", "◐ CONDITIONAL GO All 5 rules hold, 1 of the required criteria under a condition."
CLAIMED = "On 8 Sep 2025 documents claimed 5 different values of readiness, from 23% to 97%"
HELD = "Next: Infrastructure only, which may not begin yet."
ONE_UNKNOWN = "3 sources read; 93% of the weight is measured; 1 criterion lacks fresh evidence."
REFUSED = "GO with readiness ≥ 90: not at this rate (chance within 24 months: <1%)."
TOO_LITTLE = "GO with readiness ≥ 90: no date, there is not enough evidence."
STILL = "No factor has moved since 10 Nov 2025"
# (page, state): the main sentence, then what else the page says, and what it must not say ("not: …").
TRUE = {
    ("weekly_review", "thin"): (f"{NO_GO} Readiness is 84.7 of 100", TOO_LITTLE, "not: chance by"),
    ("weekly_review", "flat"): ("Readiness is 23.8 of 100, target 90, unchanged since", STILL, REFUSED),
    ("weekly_review", "falling"): ("Readiness is 6.7 of 100, target 90, −0.8 since", "Documentation −0.4", REFUSED),
    ("weekly_review", "conditional"): (
        "◐ CONDITIONAL GO Readiness is 97.1 of 100", "waived by M. Weber until 1 Feb 2026", "No blocker is open.",
    ),
    ("weekly_review", "simulated"): (f"{NO_GO} Readiness is 84.7", "Run Lighthouse in CI", "2 blockers are open."),
    ("weekly_review", "rich"): (
        f"{NO_GO} Readiness is 84.7", "Odds of GO by 31 Mar 2026, the promised day: ",
        "overdue by 2 days D1 Shrink the bundle", "open D2 Cover the payment routes",
        "done on 17 Nov 2025 D3 Rotate the keys",
    ),
    ("forecast", "thin"): (TOO_LITTLE, "observations over 4 weeks are needed", "not: 50% chance by"),
    ("forecast", "flat"): (REFUSED, "not: 50% chance by"),
    ("forecast", "falling"): (REFUSED, "not: 50% chance by"),
    ("forecast", "conditional"): (
        "GO with readiness ≥ 90: holds now.", "GO takes the waivers as given; the first of them ends on 1 Feb 2026.",
    ),
    ("forecast", "simulated"): ("GO with readiness ≥ 90: beyond 24 months (chance within 24 months: ",),
    ("forecast", "rich"): ("Odds of GO by 31 Mar 2026, the promised day: ", "beyond 24 months"),
    ("gates", "thin"): (f"{NO_GO} 4 rules fail.", "ci/coverage_line_percent-1.xml"),
    ("gates", "flat"): (f"{NO_GO} 5 rules fail.", "BLOCKED, 35%"),
    ("gates", "falling"): (f"{NO_GO} 5 rules fail.", "BLOCKED, 35%"),
    ("gates", "conditional"): (GOES, "◐ waived Test coverage (blocker)", "not: Prevents GO"),
    ("gates", "simulated"): (f"{NO_GO} 4 rules fail and 1 rule cannot be answered.", "(simulated)"),
    ("gates", "rich"): (f"{NO_GO} 4 rules fail.", "ci/coverage_line_percent-23.xml@17171717", "Prevents GO (4)"),
    ("factors", "thin"): ("Of 8 criteria: 3 passing, 4 failing and 1 claimed only.", "2 weekly values"),
    ("factors", "flat"): ("Of 8 criteria: 7 failing and 1 claimed only.", "no change"),
    ("factors", "falling"): ("Of 8 criteria: 7 failing and 1 claimed only.", "24 weekly values"),
    ("factors", "conditional"): ("Of 8 criteria: 7 passing and 1 waived.", "◐ waived Test coverage"),
    ("factors", "simulated"): ("Of 8 criteria: 3 passing", "Hollow dots are simulated."),
    ("factors", "rich"): ("Of 8 criteria: 3 passing", "not: Hollow dots are simulated."),
    ("movement", "thin"): ("Readiness went from 6.7 to 84.7 (+78) since 10 Nov 2025: 7 factors gained.",),
    ("movement", "flat"): ("Readiness is unchanged at 23.8 since 10 Nov 2025.", STILL, "No item was opened"),
    ("movement", "falling"): ("Readiness went from 7.5 to 6.7 (−0.8) since 10 Nov 2025: 4 factors lost.", "opened"),
    ("movement", "conditional"): ("Readiness is unchanged at 97.1 since 10 Nov 2025.", STILL),
    ("movement", "simulated"): ("(+7) since 10 Nov 2025: 5 factors gained.", "Linus"),
    ("movement", "rich"): ("(+7) since 10 Nov 2025: 5 factors gained.", "Linus"),
    ("claims", "thin"): (f"{CLAIMED}.", "docs/STAGING_CHECKLIST.md:4"),
    ("claims", "flat"): (f"{CLAIMED}; the evidence of that week shows 23.8.",),
    ("claims", "falling"): (f"{CLAIMED}; the evidence of that week shows 23.9.",),
    ("claims", "conditional"): (f"{CLAIMED}; the evidence of that week shows 80.5.",),
    ("claims", "simulated"): (f"{CLAIMED}; the evidence of that week shows 53.2.",),
    ("claims", "rich"): (f"{CLAIMED}; the evidence of that week shows 53.2.",),
    ("rollout", "thin"): (HELD, "50 users"),
    ("rollout", "flat"): (HELD,),
    ("rollout", "falling"): (HELD,),
    ("rollout", "conditional"): ("Next: Infrastructure only, which may begin.", "not: may not begin yet"),
    ("rollout", "simulated"): (HELD, "Beta group"),
    ("rollout", "rich"): (HELD, "kubectl rollout undo deployment/medianest-app"),
    ("data_health", "thin"): (ONE_UNKNOWN, "2 commits"),
    ("data_health", "flat"): (ONE_UNKNOWN, "Load time"),
    ("data_health", "falling"): (ONE_UNKNOWN, "24 commits"),
    ("data_health", "conditional"): ("100% of the weight is measured; nothing is unknown.", "Nothing is unknown."),
    ("data_health", "simulated"): (ONE_UNKNOWN, "ci/old.xml: empty file, nothing read"),
    ("data_health", "rich"): (ONE_UNKNOWN, "ci/old.xml: empty file, nothing read"),
}  # fmt: skip


def seen(app: AppTest) -> str:
    """Every word of a page, on one line."""
    words = [*(box.value for box in app.info), *(block.value for block in app.code), words_of(app)]
    return " ".join(" ".join(words).split())


@pytest.mark.parametrize(("page", "name"), list(product(NAMES, STATES[1:])))
def test_a_page_says_what_is_true_in_its_state(page: str, name: str) -> None:
    """The main sentence is that of the state; charts are valid and have words; only simulated weeks are called so."""
    app = opened(state(name), page, DOWNLOADS[page] if name == "rich" else "unused")
    words, (lead, *more) = seen(app), TRUE[page, name]

    assert not app.error
    assert lead in " ".join(lead_of(app).split())
    for expected in (lead, *more):
        is_absent = expected.startswith("not: ")
        assert (expected.removeprefix("not: ") in words) is not is_absent, expected
    assert ("are simulated sample data" in words) is (name == "simulated")
    assert not {"nan", "None", "NaT", "null"} & set(words.split())
    for chart in charts_of(app):
        assert len(str(chart["alt"])) > 30
        if name == "rich":
            alt.Chart.from_dict(chart["spec"], validate=True)
    if name == "rich":
        labels = [button.label for button in app.get("download_button")]
        assert labels[0] == "This page as Markdown" and any(label.endswith("as CSV") for label in labels)


@pytest.mark.parametrize("page", NAMES)
def test_an_empty_project_says_what_to_do(page: str) -> None:
    """Before the first pull every page names the command that fills it, and draws no chart."""
    app = opened(state("empty"), page)

    assert "tminus pull" in seen(app)
    assert not charts_of(app) and not app.error and not headings_of(app, "h2")
