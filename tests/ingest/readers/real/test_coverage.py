"""Coverage files that the tools themselves wrote give the figures that those tools print."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.readers.coverage.merge import merge_coverage
from ingest.readers.registry import read_bytes
from tests.testing.reports import read

FORMATS = Path(__file__).parents[3] / "fixtures/formats"

# file -> (reader, covered lines, lines, covered branches, branches); (0, 0): the tool was not asked for branches
REAL = {
    # `go tool cover -func` of 1.19.8 and of 1.27.3: total 62.5% of the 16 statements of two packages. The profile
    # holds each block twice, once for each test binary.
    "go-1.19.coverpkg.out": ("go-cover", 10, 16, 0, 0),
    "go-1.27.coverpkg.out": ("go-cover", 10, 16, 0, 0),
    # JaCoCo 0.8.6's CSV of the same run: lines 13 covered, 5 missed; branches 7 covered, 1 missed.
    "jacoco-0.8.6.xml": ("jacoco", 13, 18, 7, 8),
    "jacoco-0.8.6-groups.xml": ("jacoco", 13, 18, 7, 8),
    # `llvm-cov report` of 14 and 19: 26 lines, 9 missed (65.38%); 16 branches, 5 missed (68.75%).
    "llvm-cov-14.json": ("llvm-cov", 17, 26, 11, 16),
    "llvm-cov-19.json": ("llvm-cov", 17, 26, 11, 16),
    "llvm-cov-19-summary.json": ("llvm-cov", 17, 26, 11, 16),
    "llvm-cov-19.info": ("lcov", 17, 26, 11, 16),
    # `lcov --summary` of 1.16: lines 72.2% (13 of 18), branches 71.4% (10 of 14).
    "lcov-1.16.info": ("lcov", 13, 18, 10, 14),
    # Two test names over the same files: lcov prints "26 of 36 lines", each line twice, the share is the same.
    "lcov-1.16-two-tests.info": ("lcov", 13, 18, 0, 0),
    # gcovr 8.8 prints: lines 13 of 18 (72%), branches 9 of 12 (75%).
    "gcovr-8.8.cobertura.xml": ("cobertura", 13, 18, 9, 12),
    "gcovr-8.8.jacoco.xml": ("jacoco", 13, 18, 9, 12),
    "gcovr-8.8.lcov.info": ("lcov", 13, 18, 9, 12),
    "gcovr-8.8.json": ("gcovr-json", 13, 18, 9, 12),
    "gcovr-8.8.summary.json": ("gcovr-json", 13, 18, 9, 12),
    "gcovr-8.8.clover.xml": ("clover", 13, 18, 0, 0),
    # SimpleCov 0.22 prints 12 / 19 LOC (63.16%) after leaving out two lines, one of them run, between :nocov:
    # marks; the resultset holds all 21, and 4 of 6 branches (66.66%).
    "simplecov-0.22.resultset.json": ("simplecov", 13, 21, 4, 6),
    # SimpleCov 0.22 prints 11 / 19 LOC (57.89%); the file holds the percentages, cut after two digits.
    "simplecov-0.22.last_run.json": ("simplecov", 57.89, 100, 33.33, 100),
    # PHPUnit 9.6.7 prints: Lines 55.56% (5/9); with Xdebug 3.2 and --path-coverage also Branches 75.00% (9/12).
    "phpunit-9.6-pcov.clover.xml": ("clover", 5, 9, 0, 0),
    "phpunit-9.6-xdebug.clover.xml": ("clover", 5, 9, 9, 12),
    "phpunit-9.6-pcov.cobertura.xml": ("cobertura", 5, 9, 0, 0),
    "phpunit-9.6-xdebug.cobertura.xml": ("cobertura", 5, 9, 9, 12),
    # coverlet 4.1.1 counts: line 31 of 42, branch 10 of 18. Its OpenCover summary says 42 of its branches, too.
    "coverlet-4.1.json": ("coverlet-json", 31, 42, 10, 18),
    "coverlet-4.1.cobertura.xml": ("cobertura", 31, 42, 10, 18),
    "coverlet-4.1.opencover.xml": ("opencover", 31, 42, 10, 18),
    "coverlet-4.1.lcov.info": ("lcov", 31, 42, 10, 18),
}

# file -> directory -> line coverage in percent, by the tool's own line for each file or package
DIRECTORIES = {
    "go-1.19.coverpkg.out": {"calc": 100 * 7 / 12, "text": 75},  # `go test` without -coverpkg: 58.3% and 75.0%
    "jacoco-0.8.6-groups.xml": {"cart": 100 * 11 / 14, "price": 50},  # CSV: 8 + 3 and 3 + 0; 2 and 2
    "gcovr-8.8.jacoco.xml": {"lib": 75, "src": 70},  # gcovr prints 75% for both files of lib, 70% for src
    "gcovr-8.8.json": {"lib": 75, "src": 70},
    "llvm-cov-19.json": {"lib": 100 * 8 / 12, "src": 100 * 9 / 14},
    # coverlet: Cart.cs 19/23; Price.cs 12/13, Idle.cs 0/6
    "coverlet-4.1.json": {"src": 100 * 19 / 23, "lib": 100 * 12 / 19},
    "coverlet-4.1.cobertura.xml": {"src": 100 * 19 / 23, "lib": 100 * 12 / 19},
    "coverlet-4.1.opencover.xml": {"src": 100 * 19 / 23, "lib": 100 * 12 / 19},
    "coverlet-4.1.lcov.info": {"src": 100 * 19 / 23, "lib": 100 * 12 / 19},
    "phpunit-9.6-pcov.clover.xml": {"src": 50, "src/Cart": 100 * 4 / 7},  # 57.14% for Cart; Idle 0/1, tax 1/1
}


def percent(reading, metric, scope=""):
    """A figure of a reading."""
    return {(found.metric, found.scope): found.value for found in reading.figures}[(metric, scope)]


@pytest.mark.parametrize("name", sorted(REAL))
def test_a_real_report_gives_what_the_tool_prints(name):
    """Covered lines and branches over all of them, as the tool's console has it."""
    form, lines, all_lines, branches, all_branches = REAL[name]
    reading = read(name)
    assert reading.format == form
    assert percent(reading, "coverage_line_percent") == pytest.approx(100 * lines / all_lines)
    expected = pytest.approx(100 * branches / all_branches) if all_branches else None
    assert percent(reading, "coverage_branch_percent") == expected


@pytest.mark.parametrize("name", sorted(DIRECTORIES))
def test_directories_of_a_real_report_have_their_own_figures(name):
    """Folders of the repository, without a Go module's name and with the module of a JaCoCo report."""
    reading = read(name)
    found = {figure.scope for figure in reading.figures if figure.scope}
    assert found == set(DIRECTORIES[name])
    for scope, value in DIRECTORIES[name].items():
        assert percent(reading, "coverage_line_percent", scope) == pytest.approx(value)


@pytest.mark.parametrize(
    ("path", "folder"),
    [
        ("github.com/acme/shop/internal/cart/cart.go", "internal/cart"),
        ("github.com/acme/shop/v2/internal/cart/cart.go", "internal/cart"),
        ("git.acme.example/shop/cart/cart.go", "cart"),
        ("shop/cart/cart.go", "shop"),
    ],
)
def test_a_go_module_is_no_folder(path, folder):
    """Import paths of hosted, versioned and private modules; a module without a host is a folder like any other."""
    reading = read_bytes(f"mode: set\n{path}:3.20,5.2 2 1\n".encode(), "c.out")[0]
    assert percent(reading, "coverage_line_percent", folder) == 100


def test_modules_with_one_package_name_stay_apart():
    """Two groups of a JaCoCo report that hold the same package and file."""
    group = (
        '<group name="{0}"><package name="app"><sourcefile name="Main.java"><line nr="1" mi="{1}" ci="{2}"/>'
        '<counter type="LINE" missed="{1}" covered="{2}"/></sourcefile></package></group>'
    )
    body = group.format("web", 1, 0) + group.format("batch", 0, 1)
    report = f'<report name="all">{body}<counter type="LINE" missed="1" covered="1"/></report>'.encode()
    reading = read_bytes(report, "report.xml")[0]
    shares = [percent(reading, "coverage_line_percent", scope) for scope in ("web", "batch", "")]
    assert shares == [0, 100, 50]
    assert percent(merge_coverage([("a", report), ("b", report)]), "coverage_line_percent") == 50


def test_the_tool_and_its_version_stay_the_same_between_runs():
    """gcovr writes the time where Clover has a version: a version of each run would part the series."""
    assert read("gcovr-8.8.clover.xml").tool_version == ""
    cobertura = read("gcovr-8.8.cobertura.xml")
    assert (cobertura.tool, cobertura.tool_version) == ("gcovr", "8.8")
    assert read("gcovr-8.8.jacoco.xml").tool == "gcovr"


def test_what_holds_no_single_lines_is_not_merged():
    """gcovr's summary and its JaCoCo file, which names lines without their hits."""
    for name in ("gcovr-8.8.summary.json", "gcovr-8.8.jacoco.xml"):
        shard = (FORMATS / name).read_bytes()
        figure = merge_coverage([(name, shard), (name, shard)]).figures[0]
        assert figure.value is None and "merged" in figure.reason


def test_a_resultset_says_what_it_cannot_tell():
    """SimpleCov leaves lines out by comments in the source, which its resultset does not show."""
    assert any(":nocov:" in words for words in read("simplecov-0.22.resultset.json").warnings)


def test_a_summary_of_opencover_that_holds_is_believed():
    """OpenCover counts the way into a method as a branch, which no branch point shows."""
    points = (
        '<SequencePoint vc="1" sl="3" sc="1" fileid="1"/><BranchPoint vc="0" sl="3" offset="1" path="0" fileid="1"/>'
    )
    numbers = 'numSequencePoints="1" visitedSequencePoints="1" numBranchPoints="2" visitedBranchPoints="1"'
    module = f'<Module><File uid="1" fullPath="a.cs"/><Method>{points}</Method></Module>'
    data = f"<CoverageSession><Summary {numbers}/>{module}</CoverageSession>".encode()
    assert percent(read_bytes(data, "x.xml")[0], "coverage_branch_percent") == 50


def test_targets_of_xcode_without_their_files_are_added_up():
    """`xccov view --only-targets --json` is a list of targets, without a total."""
    target = (
        '{{"coveredLines": {}, "lineCoverage": 0.5, "name": "{}", "executableLines": {}, "buildProductPath": "/x"}}'
    )
    data = f"[{target.format(3, 'App.app', 4)}, {target.format(0, 'Kit.framework', 8)}]".encode()
    reading = read_bytes(data, "targets.json")[0]
    assert reading.format == "xccov"
    assert percent(reading, "coverage_line_percent") == 25
