"""The folders stay apart: who may import whom, no circles, and how large a folder, a module and a function may be."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import median

import pytest

from tests.testing.code_survey import Code, circles, statements

ROOT = Path(__file__).parents[1]

# The architecture. A folder may import the folders of its row and no others; a row names only what is used.
# `app` alone means the modules directly in app/ (workspace.py, demo.py); so do `ingest`, `models`, `ingest.readers` and
# `ingest.sources`. Only app.steps, with its subfolders, runs code of both ingest and
# models; other folders of app use one of them at most, apart from types.
ALLOWED = {
    # models: computes on frames; knows no clock, file or network.
    "models.plan": "",  # the plan: gates, criteria, rules; knows nothing of measurements
    "models.series": "models models.reasons",  # one measured series: history, simulation, scoring
    "models.reasons": "models.plan",  # reasons as values
    # windows after a deployment: samples, gaps and the demand of a criterion
    "models.windows": "models models.plan",
    # from GO to promotion: events, the soak clock, stages and what holds them
    "models.rollout": "models models.plan models.readiness models.reasons",
    # what the plan and the measurements say today
    "models.readiness": "models models.plan models.reasons models.windows",
    # the difference of two readiness states, by commit
    "models.movement": "models models.plan models.readiness models.reasons",
    "models.reference_class": "models models.series",  # what other projects' series teach
    "models.portfolio": "models",  # many projects: how many are ready, what holds them back
    "models.meeting": "models models.plan models.readiness",  # decisions of a review meeting, due and kept or not
    # when each criterion and the whole plan crosses
    "models.forecast": "models models.series models.reference_class models.reasons",
    "models.evaluation": (  # scores forecasts, so it sees all that makes one
        "models models.plan models.series models.readiness models.reference_class models.forecast models.reasons"
    ),
    # ingest: reads the world into observations; never scores them.
    # contracts (observation, source), pull and record; transport: the priority of processes beside a pull
    "ingest": "ingest.redaction ingest.transport ingest.warehouse ingest.sources.report_files",
    "ingest.redaction": "ingest",  # credentials out of every text that is kept; any folder of ingest may import it
    "ingest.transport": "ingest ingest.redaction",  # HTTP, git and the API clients
    "ingest.acts": "ingest ingest.redaction ingest.transport",  # commands that a person has confirmed
    "ingest.warehouse": "ingest ingest.redaction ingest.transport",  # the only folder that writes the database
    "ingest.counting": "ingest",  # what one text holds: markers, counters, classes of paths
    "ingest.readers": (  # the contract, and the registry that lists every reader
        "ingest ingest.redaction ingest.readers.text ingest.readers.coverage ingest.readers.test_results "
        "ingest.readers.bundles "
        "ingest.readers.performance ingest.readers.security ingest.readers.api ingest.readers.quality"
    ),
    "ingest.readers.text": "ingest.counting ingest.readers",  # bytes into text, JSON, XML; component of a path
    "ingest.readers.coverage": "ingest.readers ingest.readers.text ingest.readers.test_results",  # agreement
    "ingest.readers.test_results": "ingest.readers ingest.readers.text",
    "ingest.readers.bundles": "ingest.readers ingest.readers.text ingest.readers.test_results",  # stated against listed
    "ingest.readers.performance": "ingest.redaction ingest.readers ingest.readers.text",  # labels are redacted
    "ingest.readers.security": (  # findings are redacted; test_results: agreement of stated and listed
        "ingest.redaction ingest.readers ingest.readers.text ingest.readers.test_results"
    ),
    "ingest.readers.api": "ingest.readers ingest.readers.text",
    "ingest.readers.quality": "ingest.readers ingest.readers.text ingest.readers.test_results",  # stated against listed
    "ingest.sources": "ingest ingest.transport",  # what sources share: their settings, and how a service is asked
    "ingest.sources.git": "ingest ingest.advice ingest.counting ingest.transport",  # the history, commit by commit
    "ingest.sources.documents": (  # checklists and claims, by version of the document
        "ingest ingest.redaction ingest.sources ingest.sources.git ingest.readers.documents"
    ),
    "ingest.sources.report_files": (  # reports in folders and in the history; the only source that combines files
        "ingest ingest.counting ingest.redaction ingest.sources ingest.sources.git ingest.transport ingest.warehouse "
        "ingest.readers ingest.readers.text ingest.readers.coverage ingest.readers.performance ingest.readers.api"
    ),
    "ingest.sources.ci": (  # reports of CI runs, read as report files are
        "ingest ingest.counting ingest.sources ingest.sources.report_files ingest.transport ingest.warehouse "
        "ingest.readers ingest.readers.text"
    ),
    "ingest.sources.trackers": (  # issues and incidents; items that open and close as those of reports do
        "ingest ingest.readers ingest.sources ingest.sources.ci ingest.sources.report_files ingest.transport"
    ),
    "ingest.sources.services": (  # services that judge code; their answers are read as report files are
        "ingest ingest.readers ingest.sources ingest.sources.ci ingest.sources.report_files ingest.transport "
        "ingest.warehouse"
    ),
    "ingest.sources.deployments": "ingest ingest.sources ingest.transport",  # tags, and the APIs of the forges
    "ingest.sources.running": (  # a running service: probes and Prometheus
        "ingest ingest.sources ingest.transport ingest.warehouse ingest.readers ingest.readers.performance"
    ),
    "ingest.rereading": (  # kept files read again by newer readers
        "ingest ingest.counting ingest.readers ingest.sources.report_files ingest.warehouse"
    ),
    "ingest.advice": "",  # what to do next, by metric and by language
    "ingest.plan_drafting.language": "ingest ingest.readers.documents",  # what the words of a checklist demand
    # what a checklist says about the time from GO on
    "ingest.plan_drafting.after_go": "ingest.plan_drafting ingest.plan_drafting.language ingest.readers.documents",
    "ingest.living_document": (  # the document of a plan: written from evidence, compared with its earlier version
        "ingest ingest.plan_drafting ingest.plan_drafting.after_go ingest.readers.documents ingest.transport"
    ),
    "ingest.plan_drafting": (  # a first plan from a tree or a checklist
        "ingest ingest.plan_drafting.after_go ingest.plan_drafting.language ingest.advice ingest.counting "
        "ingest.readers ingest.readers.documents ingest.sources.git ingest.transport"
    ),
    # app: asks and answers.
    "app": (  # the workspace; the demo; the Python door
        "app.answers.types app.steps app.steps.date app.steps.evidence ingest ingest.warehouse models.plan"
    ),
    # values into sentences; the advice for each metric has its home in ingest
    "app.wording": "app.answers.types app.wording.windows ingest.advice models.reasons models.plan",
    "app.wording.portfolio": "app.answers.types app.wording",
    "app.wording.windows": "app.wording models.reasons",
    "app.wording.rollout": "app.wording app.wording.windows app.answers.types models.reasons",
    "app.wording.change": "app.answers.types app.wording models.reasons",  # a branch against its base
    "app.answers.types": "",  # the types of the answers; every folder of the app may import them
    "app.answers": (  # results into answers
        "app.wording app.wording.change app.wording.rollout app.wording.windows models.plan models.readiness "
        "models.movement models.forecast models.rollout models.windows app.answers.types "
        "ingest ingest.rereading models.reasons"
    ),
    # words that are written into documents of people
    "app.wording.documents": "app.answers.types app.wording app.wording.rollout",
    "app.steps": (  # one module a verb; with its two subfolders, the only ones that run code of ingest and models
        "app app.answers app.answers.types app.delivery app.reports app.steps.date app.steps.production ingest "
        "ingest.acts "
        "ingest.living_document ingest.plan_drafting ingest.readers.documents ingest.redaction ingest.transport "
        "ingest.warehouse models models.plan models.readiness models.movement models.meeting models.rollout"
    ),
    "app.steps.plan_file": (  # the text of tminus.toml: lint and schema
        "app app.answers.types ingest ingest.readers.documents ingest.sources models.plan"
    ),
    "app.steps.production": (  # from GO to promotion: events, samples and the gates judged after the deployment
        "app app.answers app.answers.types app.delivery app.steps app.wording app.wording.rollout ingest "
        "ingest.sources.running ingest.warehouse models models.plan models.readiness models.reasons models.rollout "
        "models.windows"
    ),
    "app.steps.change": (  # a branch against its base; the trees of its two commits are counted afresh
        "app app.answers app.answers.types app.steps app.steps.date ingest ingest.sources.git ingest.transport "
        "models models.movement models.plan models.readiness"
    ),
    "app.steps.evidence": (  # what is collected and read; knows no forecast
        "app app.answers app.answers.types app.reports app.steps ingest ingest.advice ingest.plan_drafting "
        "ingest.readers ingest.readers.documents ingest.readers.text ingest.rereading ingest.sources.git "
        "ingest.transport ingest.warehouse "
        "app.steps.production ingest.living_document"
    ),
    "app.steps.date": (  # when the plan is fulfilled; evidence: a series from a CSV file that nothing stored
        "app app.answers app.answers.types app.steps app.steps.evidence app.steps.production app.wording "
        "ingest.warehouse models.plan models.series models.readiness models.reference_class models.forecast "
        "models.evaluation app.reports app.wording.documents ingest.living_document"
    ),
    "app.steps.portfolio": (  # many projects; each is asked through the steps of one
        "app app.answers app.answers.types app.steps app.steps.date app.steps.evidence app.wording "
        "ingest ingest.transport models.evaluation models.portfolio models.readiness models.forecast models.series"
    ),
    # answers into files; never computes
    "app.reports": "app app.answers app.wording app.wording.change app.wording.rollout app.answers.types",
    # a message and where it goes; ingest: the errors that a user may see
    "app.delivery": "app app.answers.types app.reports app.wording ingest",
    "app.command_line.terminal": (  # answers into text; reports: the spreadsheet that tables are written to
        "app.answers app.answers.types app.command_line app.reports app.wording app.wording.change "
        "app.wording.portfolio app.wording.rollout app.wording.documents ingest"
    ),
    # tools for agents: a step each; the held values, so that no secret leaves
    "app.agents": "app app.answers app.steps app.steps.date ingest",
    "app.command_line": (  # arguments in, one step, one printer
        "app app.agents app.answers app.answers.types app.command_line.terminal app.dashboard app.delivery app.reports "
        "app.steps "
        "app.steps.change app.steps.date app.steps.evidence app.steps.plan_file app.steps.portfolio "
        "app.steps.production ingest ingest.warehouse"
    ),
    # the sign-in file, and the person behind a session; knows no page
    "app.dashboard.access": "ingest ingest.transport",
    # values into HTML; never asks an answer. The forge gives addresses
    "app.dashboard.markup": "app.dashboard app.wording ingest",
    # answers into frames, whose cells may be links and pictures; never asks a step
    "app.dashboard.tables": (
        "app.answers app.answers.types app.dashboard.markup app.reports app.wording app.wording.rollout models "
        "models.plan"
    ),
    "app.dashboard": (  # cache, charts; ingest.warehouse: errors of a file that another process holds
        "app app.answers app.answers.types app.dashboard.access app.dashboard.markup app.dashboard.portfolio "
        "app.dashboard.tables app.reports app.steps app.steps.date app.steps.evidence app.steps.production "
        "app.wording app.wording.rollout "
        "ingest ingest.warehouse models.plan"
    ),
    # which project is shown, to whom, and the overview of all of them; ingest: the error of what cannot be read
    "app.dashboard.portfolio": (
        "app app.answers.types app.dashboard app.dashboard.access app.dashboard.markup app.steps.portfolio app.wording "
        "app.wording.portfolio ingest"
    ),
    # the sections of the Rollout page
    "app.dashboard.production": (
        "app.answers.types app.dashboard app.dashboard.markup app.dashboard.tables app.steps app.steps.production "
        "app.wording app.wording.rollout models.plan"
    ),
    # the sections of the weekly review; cache of its own for what the meeting writes
    "app.dashboard.meeting": (
        "app app.answers app.answers.types app.dashboard app.dashboard.access app.dashboard.markup "
        "app.dashboard.tables app.reports app.steps app.wording ingest ingest.warehouse"
    ),
    # never a step: cache asks it
    "app.dashboard.pages": (
        "app.answers app.dashboard app.dashboard.access app.dashboard.markup app.dashboard.meeting "
        "app.dashboard.portfolio app.dashboard.production app.dashboard.tables app.wording app.wording.portfolio "
        "app.wording.rollout "
        "app.answers.types"
    ),
    # what the server process starts: the pages, and the thread that computes new figures before they are shown
    "app.dashboard.entry": (
        "app app.dashboard app.dashboard.access app.dashboard.markup app.dashboard.meeting app.steps.evidence ingest"
    ),
    "app.maintenance": (  # generated pages, the tour and the refit of the reference class; no part of an answer
        "app app.answers.types app.command_line app.dashboard app.steps.date app.steps.plan_file ingest "
        "ingest.living_document ingest.warehouse models models.evaluation models.forecast models.reference_class "
        "models.series"
    ),
}
MOST_LINES = 400  # of a module
MOST_MODULES = 16  # side by side in a folder
# Folders that are too full today, with their number of modules; it only goes down, and a row goes when it is at 16.
TOO_FULL: dict[str, int] = {}
MOST_BODY_LINES, MEDIAN_BODY_LINES, P90_BODY_LINES = 40, 6, 16
COMPLEX = 10  # cyclomatic complexity above which a function counts as complex
# This ceiling only goes down: lower it with every function that gets simpler.
MOST_COMPLEX_FUNCTIONS = 43

FORBIDDEN = {
    "ingest": {"streamlit", "sklearn"},
    "models": {"duckdb", "streamlit", "git", "subprocess", "os", "pathlib", "io", "urllib"}
    | {"requests", "httpx", "socket", "shutil", "tempfile", "time"},
    "app": {"git", "urllib", "requests", "httpx"},
}
CLOCKS = {"now", "today", "utcnow", "time", "monotonic", "perf_counter"}
JOINING = "app.steps"


@cache
def our_code() -> Code:
    """The three rooms as they are, parsed once for all tests of this file."""
    return Code.read(ROOT)


def strange_imports(code: Code, allowed: dict[str, str]) -> list[str]:
    """Imports between folders that the table does not allow, with their place."""
    rows = {folder: set(row.split()) for folder, row in allowed.items()}
    return sorted(
        f"{found.importer}:{found.line} imports {found.imported}"
        for found in code.imports
        if (start := code.folder(found.importer)) != (end := code.folder(found.imported))
        and end not in rows.get(start, ())
    )


def unused_rows(code: Code, allowed: dict[str, str]) -> list[str]:
    """What the table allows and no module does."""
    made = {(code.folder(found.importer), code.folder(found.imported)) for found in code.imports}
    return sorted(
        f"{start} -> {end}" for start, row in allowed.items() for end in row.split() if (start, end) not in made
    )


def node_circles(code: Code) -> list[list[str]]:
    """Circles between nodes, through imports inside functions and under TYPE_CHECKING, too."""
    return circles((code.node(found.importer), code.node(found.imported)) for found in code.imports)


def too_long_modules(code: Code) -> list[str]:
    """Modules with more lines than one may have."""
    return [f"{name} has {lines} lines" for name, lines in code.lines.items() if lines > MOST_LINES]


def crowded_folders(code: Code) -> list[str]:
    """Folders with more modules side by side than one may have."""
    return [
        f"{folder} has {count} modules"
        for folder, count in code.siblings().items()
        if count > TOO_FULL.get(folder, MOST_MODULES)
    ]


def too_long_functions(code: Code) -> list[str]:
    """Functions whose body is longer than one may be."""
    return [f"{f.place} has {f.body_lines} lines" for f in code.functions if f.body_lines > MOST_BODY_LINES]


def complex_functions(code: Code) -> list[str]:
    """Functions with a higher complexity than COMPLEX, the worst first."""
    functions = sorted(code.functions, key=lambda f: -f.complexity)
    return [f"{f.place} has {f.complexity}" for f in functions if f.complexity > COMPLEX]


def forbidden_libraries(room: str, code: Code) -> list[str]:
    """Every library that the room may not import, with its place."""
    return [
        f"{name}:{line} imports {top}"
        for name, tree in _trees(room, code)
        for top, line in _imports(tree)
        if top in FORBIDDEN[room]
    ]


def _trees(room: str, code: Code) -> list[tuple[str, ast.Module]]:
    return [(name, tree) for name, tree in code.trees.items() if name.partition(".")[0] == room]


def _imports(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in statements(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name.split(".")[0], node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0], node.lineno


def clock_readings(code: Code) -> list[str]:
    """Every call in models that reads a clock or opens a file, with its place."""
    calls = [(name, node) for name, tree in _trees("models", code) for node in ast.walk(tree) if type(node) is ast.Call]
    places = []
    for name, node in calls:
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if (isinstance(node.func, ast.Attribute) and called in CLOCKS) or called == "open":
            places.append(f"{name}:{node.lineno} calls {called}()")
    return places


def joining_modules(code: Code) -> set[str]:
    """Modules of the app outside app.steps that run code of both ingest and models (types alone do not count)."""
    outside = [name for name in code.trees if name.startswith("app") and not code.folder(name).startswith(JOINING)]
    return {name for name in outside if {"ingest", "models"} <= _run_imports(code.trees[name])}


def _run_imports(tree: ast.Module) -> set[str]:
    for_types = [
        node for node in statements(tree) if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
    ]
    lines = {line for node in for_types for line in range(node.lineno, (node.end_lineno or 0) + 1)}
    return {top for top, line in _imports(tree) if line not in lines}


def test_imports_between_folders_are_those_of_the_table() -> None:
    """No module imports a folder that the architecture does not allow it."""
    assert strange_imports(our_code(), ALLOWED) == []


def test_every_row_of_the_table_is_used() -> None:
    """The table allows nothing that nobody needs."""
    assert unused_rows(our_code(), ALLOWED) == []


def test_no_folders_import_each_other_in_a_circle() -> None:
    """No circle between folders or modules, also none through an import inside a function."""
    assert node_circles(our_code()) == []


def test_modules_and_folders_stay_small() -> None:
    """No module is longer, and no folder fuller, than a reader can survey."""
    assert too_long_modules(our_code()) + crowded_folders(our_code()) == []


def test_exceptions_for_full_folders_go_when_they_can() -> None:
    """A folder that got smaller has no higher number in the list of exceptions."""
    counts = our_code().siblings()

    assert {folder: counts[folder] for folder in TOO_FULL} == TOO_FULL
    assert min(TOO_FULL.values(), default=MOST_MODULES + 1) > MOST_MODULES


def test_functions_stay_small() -> None:
    """No function body is over 40 lines; half of them have 6 lines at most, nine of ten 16."""
    lengths = sorted(function.body_lines for function in our_code().functions)

    assert too_long_functions(our_code()) == []
    assert median(lengths) <= MEDIAN_BODY_LINES
    assert lengths[len(lengths) * 9 // 10] <= P90_BODY_LINES


def test_complex_functions_do_not_get_more() -> None:
    """The number of functions with a cyclomatic complexity over 10 never grows."""
    complex_ones = complex_functions(our_code())

    assert len(complex_ones) <= MOST_COMPLEX_FUNCTIONS, complex_ones


@pytest.mark.parametrize("room", sorted(FORBIDDEN))
def test_no_room_imports_a_library_of_another(room: str) -> None:
    """Each room uses only the libraries that its task needs."""
    assert forbidden_libraries(room, our_code()) == []


def test_models_read_no_clock_and_no_file() -> None:
    """Models get their moment and their data as arguments."""
    assert clock_readings(our_code()) == []


def test_one_folder_joins_ingest_and_models() -> None:
    """Outside app.steps, no module of the app runs code of both rooms."""
    assert joining_modules(our_code()) == set()


def test_a_planted_import_is_reported() -> None:
    """An import outside the table and a row without an import are both shown, also from inside a function."""
    planted = Code.of(
        {
            "models/plan/plan.py": "def late():\n    from ingest.warehouse import database\n",
            "ingest/warehouse/database.py": "x = 1\n",
        }
    )

    assert strange_imports(planted, {"models.plan": ""}) == ["models.plan.plan:2 imports ingest.warehouse.database"]
    assert unused_rows(planted, {"ingest.warehouse": "models.plan"}) == ["ingest.warehouse -> models.plan"]


@pytest.mark.parametrize(
    "back",
    [
        "from models.plan import plan\n",
        "def late():\n    import models.plan.plan\n",
        "if TYPE_CHECKING:\n    from models.plan.plan import Plan\n",
    ],
)
def test_a_planted_circle_is_reported(back: str) -> None:
    """A circle is shown through an import at the top, inside a function and for types alone."""
    planted = Code.of(
        {"models/plan/plan.py": "from models.series.history import History\n", "models/series/history.py": back}
    )

    assert node_circles(planted) == [["models.plan", "models.series"]]


def test_modules_beside_subfolders_are_checked_one_by_one() -> None:
    """A module beside subfolders may import one that imports its sibling: that is no circle."""
    fine = Code.of(
        {
            "app/demo.py": "from app.steps import assess\n",
            "app/steps/assess.py": "from app import workspace\n",
            "app/workspace.py": "",
        }
    )

    assert node_circles(fine) == []


def test_planted_size_and_complexity_are_reported() -> None:
    """A long module, a crowded folder, a long function and a complex one are all shown."""
    long_body = "def f():\n" + "    x = 1\n" * (MOST_BODY_LINES + 1)
    branches = "def g(a):\n" + "    if a: pass\n" * COMPLEX
    crowd = {f"app/reports/m{number}.py": "" for number in range(MOST_MODULES + 1)}
    planted = Code.of({"models/long.py": "x = 1\n" * MOST_LINES, "models/body.py": long_body + branches, **crowd})

    assert too_long_modules(planted) == [f"models.long has {MOST_LINES + 1} lines"]
    assert crowded_folders(planted) == [f"app.reports has {MOST_MODULES + 1} modules"]
    assert too_long_functions(planted) == ["models.body:1 f has 41 lines"]
    assert complex_functions(planted) == ["models.body:43 g has 11"]


def test_a_planted_library_clock_and_join_are_reported() -> None:
    """A forbidden library, a clock and a second joining module are all shown."""
    joined = {"app/extra.py": "import ingest.pull\nimport models.plan", "ingest/pull.py": "", "models/plan.py": ""}

    inside = "def f():\n    try:\n        x = 1\n    except E:\n        with y:\n            import duckdb\n"
    clock = "import datetime\ndatetime.datetime.now()"
    planted = Code.of({"models/lib.py": inside, "models/clock.py": clock, "ingest/pull.py": f"{clock}\n{inside}"})

    assert forbidden_libraries("models", planted) == ["models.lib:6 imports duckdb"]
    assert clock_readings(planted) == ["models.clock:2 calls now()"]
    assert joining_modules(Code.of(joined)) == {"app.extra"}


def test_tests_have_no_init_files_that_shadow_the_rooms() -> None:
    """No __init__.py is under tests, and no module of the app has a room's name."""
    assert [path for path in (ROOT / "tests").rglob("__init__.py") if "plugin_package" not in path.parts] == []
    assert not [name for name in ("ingest", "models", "app", "data") if (ROOT / "app" / f"{name}.py").exists()]


def test_the_picture_of_the_folders_shows_allowed_arrows_only() -> None:
    """Every arrow of the picture in docs/architecture.md is in the table, and every folder of it exists."""
    page = (ROOT / "docs" / "architecture.md").read_text().split("## The folders")[1].split("```")[1]
    arrows = re.findall(r"^ *([a-z_.]+) --> ([a-z_.]+)$", page, re.MULTILINE)

    assert len(arrows) > 25
    assert [f"{start} -> {end}" for start, end in arrows if end not in ALLOWED.get(start, "").split()] == []


def test_the_words_of_the_architecture_exist() -> None:
    """Every type that the table of words names is defined where it says."""
    page = (ROOT / "docs" / "architecture.md").read_text().split("## Twelve words")[1].split("## Where")[0]
    named = re.findall(r"`((?:ingest|models)[a-z_.]*)\.([A-Z]\w+)`", page)
    classes = {
        name: {n.name for n in tree.body if isinstance(n, ast.ClassDef)} for name, tree in our_code().trees.items()
    }

    assert len(named) == 10
    assert [f"{module}.{word}" for module, word in named if word not in classes.get(module, ())] == []
