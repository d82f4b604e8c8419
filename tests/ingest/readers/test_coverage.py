"""Shards of coverage are merged line by line; directories compare by whole parts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.counting.path_classes import component_of
from ingest.readers.coverage.merge import BY_LINE, merge_coverage
from ingest.readers.coverage.xml_formats import read_jacoco
from ingest.readers.registry import read_bytes
from ingest.readers.text.report_paths import component, relative, strip_sources

FIXTURES = Path(__file__).parents[2] / "fixtures"
# Totals only: nothing to merge. dotnet-coverage counts a line that two classes share twice.
WITHOUT_LINES = (
    "dotnet-coverage",
    "last_run",
    "gcovr-5.2.summary",
    "gcovr-8.8.summary",
    "gcovr-7.2.jacoco",
    "gcovr-8.8.jacoco",
)
LINES = st.dictionaries(
    st.sampled_from(["src/a.py", "src/b.py", "lib/c.py", "top.py"]),
    st.dictionaries(st.integers(1, 9), st.integers(0, 3), min_size=1),
    min_size=1,
)


def lcov(report, sums=True):
    """An lcov file of path -> line -> hits."""
    out = []
    for path, lines in report.items():
        out += [f"SF:{path}", *(f"DA:{line},{hits}" for line, hits in lines.items())]
        if sums:
            out += [f"LF:{len(lines)}", f"LH:{sum(h > 0 for h in lines.values())}"]
        out.append("end_of_record")
    return ("TN:\n" + "\n".join(out) + "\n").encode()


def cobertura(report):
    """The same as Cobertura."""
    classes = "".join(
        f'<class filename="{path}"><lines>'
        + "".join(f'<line number="{n}" hits="{h}"/>' for n, h in lines.items())
        + "</lines></class>"
        for path, lines in report.items()
    )
    inside = f"<packages><package><classes>{classes}</classes></package></packages>"
    return f'<coverage line-rate="0">{inside}</coverage>'.encode()


def final(report):
    """The same as Istanbul's coverage-final."""
    entries = {}
    for path, lines in report.items():
        places = {str(n): {"start": {"line": n, "column": 0}, "end": {"line": n}} for n in lines}
        entries[path] = {
            "path": path,
            "statementMap": places,
            "s": {str(n): h for n, h in lines.items()},
            "fnMap": {},
            "f": {},
            "branchMap": {},
            "b": {},
        }
    return json.dumps(entries).encode()


def twin(reports):
    """Line coverage by counting one by one."""
    seen = {(path, line) for report in reports for path, lines in report.items() for line in lines}
    hit = {(path, line) for report in reports for path, lines in report.items() for line, hits in lines.items() if hits}
    return 100 * len(hit) / len(seen)


def line(reading, scope=""):
    """Line coverage of a scope."""
    return next(f.value for f in reading.figures if (f.metric, f.scope) == ("coverage_line_percent", scope))


@settings(deadline=None, max_examples=50)
@given(st.lists(LINES, min_size=1, max_size=4))
def test_merging_equals_counting_lines_one_by_one(reports):
    """In every line format, and whatever the shards share."""
    for form in (lcov, cobertura, final):
        merged = merge_coverage([(f"{i}", form(report)) for i, report in enumerate(reports)])
        assert line(merged) == pytest.approx(twin(reports))


@settings(deadline=None, max_examples=50)
@given(LINES)
def test_a_file_alone_equals_its_merge(report):
    """Reading and merging are the same arithmetic; sums left out of lcov change nothing."""
    for data in (lcov(report), lcov(report, sums=False), cobertura(report), final(report)):
        assert line(read_bytes(data, "x")[0]) == pytest.approx(twin([report]))


@settings(deadline=None, max_examples=50)
@given(st.lists(LINES, min_size=2, max_size=4))
def test_shards_written_one_behind_the_other_count_once(reports):
    """`cat *.info` repeats files: a line counts once."""
    data = b"".join(lcov(report) for report in reports)
    assert line(read_bytes(data, "x")[0]) == pytest.approx(twin(reports))


@pytest.fixture(scope="module")
def real_files():
    """What every real report among the fixtures reads as, with its name and its bytes."""
    paths = [*(FIXTURES / "formats").iterdir(), *(FIXTURES / "ci_outputs").glob("*/*")]
    read = [(path.name, path.read_bytes()) for path in paths]
    return [(name, data, read_bytes(data, name)[0]) for name, data in read]


@pytest.mark.parametrize("form", sorted(BY_LINE))
def test_merging_a_report_with_itself_changes_nothing(form, real_files):
    """For a real file of every line format."""
    for name, data, reading in real_files:
        if reading.format == form and not any(word in name for word in WITHOUT_LINES):
            merged = merge_coverage([("1", data), ("2", data)])
            assert line(merged) == pytest.approx(line(reading))


def test_what_cannot_be_merged_is_unknown():
    """Summaries, mixed formats, damaged shards and no shard at all."""
    summary = (FIXTURES / "ci_outputs/js/c8.coverage-summary.json").read_bytes()
    one = {"a/b.py": {1: 1}}
    for shards in (
        [("a", summary)],
        [("a", lcov(one)), ("b", cobertura(one))],
        [("a", lcov(one)[:-9])],
        [("a", b"")],
        [],
    ):
        figure = merge_coverage(shards).figures[0]
        assert figure.value is None and figure.reason


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("src/a.py", "src"),
        ("src/api/a.py", "src/api"),
        ("packages/web/src/a.ts", "packages/web"),
        ("web/src/a.ts", "web"),
        ("src2/a.py", "src2"),
        ("a.py", ""),
        ("/usr/lib/a.py", ""),
        ("C:/x/a.py", ""),
    ],
)
def test_components(path, place):
    """First folder, or two where the first only groups; files outside belong to none."""
    assert component(path) == place


@pytest.mark.parametrize(
    "path",
    ["plugins/foo/x.py", "cmd/serve/main.go", "internal/cart/cart.go", "tools/lint/a.js", "src/api/a.py", "web/a.ts"],
)
def test_components_of_reports_are_those_of_the_tree(path):
    """TODO counts and coverage of one file have the same scope."""
    assert component(path) == component(f"./{path}") == component_of(path)


@pytest.mark.parametrize(
    ("path", "short"),
    [
        ("/home/runner/work/shop/shop/src/a.py", "src/a.py"),
        ("/builds/team/shop/src/a.py", "src/a.py"),
        ("D:\\a\\shop\\shop\\src\\a.cs", "src/a.cs"),
        ("./src/a.py", "src/a.py"),
        ("file:///home/runner/work/shop/shop/a.py", "a.py"),
        ("src/a.py", "src/a.py"),
    ],
)
def test_paths_of_ci_machines(path, short):
    """The checkout folder of the machine is no part of the path."""
    assert relative(path) == short


def test_sources_are_stripped_by_whole_parts():
    """/repo/src is no prefix of /repo/src2."""
    assert strip_sources("/repo/src/a.py", ["/repo/src"]) == "a.py"
    assert strip_sources("/repo/src2/a.py", ["/repo/src"]) == "/repo/src2/a.py"


def jacoco(name):
    """A report of one file in one package."""
    counter = '<counter type="LINE" missed="1" covered="3"/>'
    source = f'<sourcefile name="A.java"><line nr="1" mi="0" ci="1" mb="0" cb="0"/>{counter}</sourcefile>'
    return f'<report name="{name}"><package name="com/acme/shop">{source}</package>{counter}</report>'.encode()


@pytest.mark.parametrize(("name", "scopes"), [("backend", {"", "backend"}), ("JaCoCo Coverage Report", {""})])
def test_a_package_of_java_is_no_directory(name, scopes):
    """JaCoCo without groups: the module that names the report is the scope, never the first word of a package."""
    found = {f.scope: f.value for f in read_jacoco(jacoco(name), "x").figures if f.metric == "coverage_line_percent"}
    assert found == dict.fromkeys(scopes, 75)
