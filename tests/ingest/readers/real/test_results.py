"""Test reports that the tools themselves wrote give the counts that those tools print."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ingest.readers.registry import read_bytes
from tests.testing.reports import read

FORMATS = Path(__file__).parents[3] / "fixtures/formats"

# First parts of the absolute paths that reports may hold: CI's own checkouts, system packages, routes of the sample.
NEUTRAL = {b"home", b"usr", b"builds", b"var", b"Users", b"app", b"api", b"items", b"components"}

# file -> (reader, passed, failed with errored ones, errored, skipped, todo)
REAL = {
    # `go test` of 1.19.8 and 1.27.3: TestTable/two and TestPanics fail, a package does not build, a test is skipped.
    "go-1.19.test.jsonl": ("go-test", 5, 3, 1, 1, 0),
    "go-1.27.test.jsonl": ("go-test", 5, 3, 1, 1, 0),
    # Ant 1.10.13 and Surefire 2.22.3 (two reruns): Tests run: 4, Failures: 1, Errors: 1, Skipped: 1.
    "ant-1.10-junit.xml": ("junit", 1, 2, 1, 1, 0),
    "surefire-2.22-junit.xml": ("junit", 1, 2, 1, 1, 0),
    "surefire-2.22-flaky-junit.xml": ("junit", 1, 0, 0, 0, 0),  # Flakes: 1
    # JUnit Platform 1.9.1: 9 tests found, 1 skipped, 1 aborted, 5 successful, 2 failed.
    "junit-platform-1.9-junit.xml": ("junit", 5, 2, 1, 2, 0),
    # PHPUnit 9.6.7: Tests: 9, Errors: 2, Failures: 2, Skipped: 1, Incomplete: 1, Risky: 1.
    "phpunit-9.6-junit.xml": ("junit", 2, 4, 2, 3, 0),
    # CTest 3.25.1: 6 tests failed out of 9 (not run for want of a program or a fixture: two of the 6), 1 skipped,
    # and 1 disabled that it leaves out of the 9. Its JUnit file does not tell a crash or a timeout from a failure.
    "ctest-3.25.Test.xml": ("ctest-xml", 2, 6, 4, 2, 0),
    "ctest-3.25.txt": ("ctest-text", 2, 6, 4, 2, 0),
    "ctest-3.25-junit.xml": ("junit", 2, 6, 2, 2, 0),
    # GoogleTest 1.12.1: 3 passed, 1 skipped, 3 failed, 1 disabled.
    "googletest-1.12-junit.xml": ("junit", 3, 3, 0, 2, 0),
    "googletest-1.12.json": ("gtest", 3, 3, 0, 2, 0),
    # Catch2 2.13.10: 4 test cases, 1 passed, 2 failed, 1 failed as expected; "fails" has two sections, one passes.
    "catch2-2.13-junit.xml": ("junit", 2, 2, 1, 1, 0),
    # prove of this file: Tests: 9 Failed: 2 (2, 7), 3 skipped, TODO 5 and 6; 7 is a subtest of two, of which one fails.
    "perl-5.36.tap": ("tap", 3, 2, 0, 3, 2),
    # prove 3.44 of six programs: Tests=13; failed 2 of t.t, 2 of dies.t's 3 planned never came, early.t died before its
    # first test, late.t after its last.
    "prove-3.44.txt": ("tap", 7, 6, 4, 3, 2),
    # bats 1.8.2 and 1.13.0: 4 tests, 1 failure, 2 skipped.
    "bats-1.8.tap": ("tap", 1, 1, 0, 2, 0),
    "bats-1.13.tap": ("tap", 1, 1, 0, 2, 0),
    "bats-1.8-junit.xml": ("junit", 1, 1, 0, 2, 0),
    "bats-1.13-junit.xml": ("junit", 1, 1, 0, 2, 0),
    # node 20.20.2 and 26.10.0: tests 13, pass 5, fail 5 (one is the parent of a failing subtest), skipped 2, todo 1.
    "node-20.20.tap": ("tap", 5, 4, 0, 2, 1),
    "node-26.10.tap": ("tap", 5, 4, 0, 2, 1),
    "node-20.20-junit.xml": ("junit", 5, 4, 0, 2, 1),
    "node-26.10-junit.xml": ("junit", 5, 4, 0, 2, 1),
    # mocha 12.0.3: 1 passing, 2 pending, 3 failing (one of them a hook).
    "mocha-12.xunit.xml": ("junit", 1, 3, 0, 2, 0),
    "mocha-12.tap": ("tap", 1, 3, 0, 2, 0),
    # The same with mocha 9.2.2; these two reporters leave pending tests out.
    "mocha-xunit-reporter-2.3.xml": ("xunit", 1, 3, 0, 0, 0),
    "mocha-junit-reporter-2.2-junit.xml": ("junit", 1, 3, 0, 0, 0),
    # <Counters total="7" executed="5" passed="1" failed="4">: the two tests behind the broken hook each count.
    "mocha-trx-reporter-3.3.trx": ("trx", 1, 4, 0, 2, 0),
    # jest 29.7: Tests: 2 failed, 1 skipped, 1 todo, 1 passed; a file that does not load is a failed test of its own.
    "jest-trx-results-processor-3.0.trx": ("trx", 1, 3, 0, 2, 0),
    # VSTest 15.9.0: Total tests: 6. Passed: 2. Failed: 2. Skipped: 1. (and one not found)
    "vstest-15.9.trx": ("trx", 2, 2, 0, 2, 0),
    # MSTest 2.1 prints: Total tests: 23. Passed: 9. Failed: 11. Skipped: 3. Three of these, one passed, are data-driven
    # tests whose seven rows it counts as well.
    "mstest-2.1.trx": ("trx", 8, 9, 0, 3, 0),
    # "The active test run was aborted": no test is in the file.
    "vstest-15.9-aborted.trx": ("trx", 0, 1, 1, 0, 0),
    # NUnit 2.6.4: Tests run: 8, Errors: 1, Failures: 4, Inconclusive: 1; not run: 2, Invalid: 1, Ignored: 1. An invalid
    # test is an error here, as it is a failure in NUnit 3.
    "nunit-2.6.4.xml": ("nunit", 2, 6, 2, 2, 0),
    # NUnit 3.2.1 and 3.6.1: Test Count: 29, Passed: 13, Failed: 9 (4 errors, 1 invalid), Inconclusive: 2, Skipped: 5;
    # and 32, 14, 10, 2, 5 with Warnings: 1, which failed nothing. Both list a tear-down error that they do not count.
    "nunit-3.2.xml": ("nunit", 13, 10, 5, 7, 0),
    "nunit-3.6.xml": ("nunit", 15, 11, 5, 7, 0),
    # xUnit.net 2.1: Total: 18, Errors: 1, Failed: 9, Skipped: 1. Its older shapes leave the error out.
    "xunit-2.1.xml": ("xunit", 8, 10, 1, 1, 0),
    "xunit-2.1-v1.xml": ("xunit", 8, 9, 0, 1, 0),
    "xunit-2.1-nunit.xml": ("nunit", 8, 9, 0, 1, 0),
    # 2.4.1 prints the same; its JUnit shape leaves the error out, too, and shows nowhere which test was skipped.
    "xunit-2.4.xml": ("xunit", 8, 10, 1, 1, 0),
    "xunit-2.4-junit.xml": ("junit", 8, 9, 0, 1, 0),
    # pytest 9.2: 2 failed, 2 passed, 1 skipped, 1 xfailed, 1 xpassed, 1 error; the NUnit plug-in writes both x as
    # passed and the error as a failure.
    "pytest-nunit-1.0.xml": ("nunit", 4, 3, 0, 1, 0),
    "pytest-json-report-1.5.json": ("pytest-json", 3, 3, 1, 2, 0),
    # Robot Framework 7.5: 4 tests, 1 passed, 2 failed, 1 skipped.
    "robot-7.5-junit.xml": ("junit", 1, 2, 0, 1, 0),
    # RSpec 3.12: 7 examples, 3 failures, 3 pending; and a spec file that does not load.
    "rspec-3.12.json": ("rspec", 1, 3, 0, 3, 0),
    "rspec-junit-formatter-0.4-junit.xml": ("junit", 1, 3, 0, 3, 0),
    "rspec-3.12-load-error.json": ("rspec", 0, 1, 1, 0, 0),
    # minitest 5.17: 4 tests, 1 failures, 1 errors, 1 skips.
    "minitest-reporters-1.0-junit.xml": ("junit", 1, 2, 1, 1, 0),
}


def counts(reading):
    """Metric -> value."""
    return {figure.metric: figure.value for figure in reading.figures}


def failing(data):
    """Words of the failing tests of some bytes."""
    return [item.text for item in read_bytes(data, "x")[0].items]


@pytest.mark.parametrize("name", sorted(REAL))
def test_a_real_report_gives_what_the_tool_prints(name):
    """Passed, failed, errored, skipped and todo tests as the tool's console has them, and nothing besides."""
    form, passed, failed, errored, skipped, todo = REAL[name]
    reading = read(name)
    found = counts(reading)
    assert reading.format == form
    keys = ("tests_passed", "tests_failed", "tests_errored", "tests_skipped")
    assert tuple(found[key] for key in keys) == (passed, failed, errored, skipped)
    assert found.get("tests_todo", 0) == todo
    assert found["tests_total"] == passed + failed + skipped + todo


@pytest.mark.parametrize("name", sorted(set(REAL) - {"prove-3.44.txt"}))
def test_each_failing_test_of_a_real_report_is_an_item(name):
    """As many items as failing tests; tests that never came have no name and only a warning."""
    reading = read(name)
    assert len(reading.items) == counts(reading)["tests_failed"]
    assert all(item.text for item in reading.items)


def test_a_flaky_test_of_surefire_passed_in_the_end():
    """Surefire 2.22.3 says: Flakes: 1."""
    assert counts(read("surefire-2.22-flaky-junit.xml"))["tests_flaky"] == 1


def test_durations_are_those_of_the_tool():
    """VSTest's clock of days, hours and minutes; bats' milliseconds of its titles; CTest's seconds."""
    assert counts(read("vstest-15.9.trx"))["tests_duration_seconds"] == pytest.approx(61.065)
    assert counts(read("bats-1.8.tap"))["tests_duration_seconds"] == pytest.approx(0.067)  # 11 + 20 + 11 + 25 ms
    assert counts(read("ctest-3.25.txt"))["tests_duration_seconds"] == pytest.approx(1.17)


def test_versions_are_those_of_the_tool():
    """NUnit 2 names itself in its environment, CTest as the generator, RSpec at the top."""
    assert [read(name).tool_version for name in ("nunit-2.6.4.xml", "ctest-3.25.Test.xml", "rspec-3.12.json")] == [
        "2.6.4.0",
        "3.25.1",
        "3.12.0",
    ]


def test_what_could_not_run_says_why():
    """A missing program is no skipped test, in none of CTest's three outputs."""
    for name in ("ctest-3.25.Test.xml", "ctest-3.25-junit.xml"):
        words = [item.text for item in read(name).items if "missing" in item.text]
        assert len(words) == 1 and "Unable to find executable" in words[0]
    assert "missing: Not Run" in [item.text for item in read("ctest-3.25.txt").items]
    assert read("ctest-3.25.txt").warnings == ()


def test_a_failing_test_is_named_by_its_reason():
    """PHPUnit repeats the test's name in front of its message, RSpec keeps load errors apart from examples."""
    words = [item.text for item in read("phpunit-9.6-junit.xml").items]
    assert "CartTest testReduces: Failed asserting that 190 is identical to 180." in words
    assert "broken_spec.rb" in read("rspec-3.12-load-error.json").items[0].text


def test_a_fixture_that_could_not_be_taken_down_is_an_error_with_its_reason():
    """All its tests passed, and the run of NUnit and of xUnit.net failed all the same."""
    for name in ("nunit-3.2.xml", "nunit-3.6.xml"):
        assert "Shop.BrokenTearDown: TearDown : System.Exception : left open" in [
            item.text for item in read(name).items
        ]
    assert "Shop.UsesQueue: System.Exception : queue left open" in [item.text for item in read("xunit-2.1.xml").items]


def test_a_reason_of_xunit_ends_with_its_first_line():
    """It writes the ends of lines as backslash and n: the values behind them would make an item of each run."""
    words = [item.text for item in read("xunit-2.1.xml").items]
    assert "Shop.CartTests.Reduces: Assert.Equal() Failure" in words


def test_a_skipped_test_without_a_mark_does_not_pass():
    """xUnit.net's JUnit shape tells their number alone; no more than what would have passed is taken for them."""
    assert "1 skipped tests have no mark" in read("xunit-2.4-junit.xml").warnings[0]
    many = b'<testsuites><properties><property name="skipped" value="9"/></properties><testsuite name="s">'
    found = counts(read_bytes(many + b'<testcase name="a"/></testsuite></testsuites>', "x.xml")[0])
    assert (found["tests_total"], found["tests_passed"], found["tests_skipped"]) == (1, 0, 1)


def test_tests_of_one_name_in_two_classes_stay_apart():
    """MSTest 2.1 writes the method as the test's name and its class elsewhere, old versions with the assembly."""
    titles = [item.text.partition(":")[0] for item in read("mstest-2.1.trx").items]
    assert len(set(titles)) == len(titles) == 9
    assert {"Shop.BrokenCleanUp.A", "Shop.BrokenSetUp.A", "Shop.CartTests.Squares (3,8)"} <= set(titles)
    method = '<TestMethod name="A" className="Shop.Cart, Shop, Version=1.0.0.0"/>'
    result = '<UnitTestResult testId="1" testName="A" outcome="Failed"/>'
    run = f'<TestRun><Results>{result}</Results><UnitTest id="1">{method}</UnitTest></TestRun>'
    assert failing(run.encode()) == ["Shop.Cart.A"]


def test_a_title_of_bats_has_no_time_in_it():
    """A title that changes with every run would open and close a failing test each time."""
    assert [read(name).items[0].text for name in ("bats-1.8.tap", "bats-1.13.tap")] == ["fails", "fails"]
    assert read("bats-1.8.tap").items[0].fingerprint == read("bats-1.13.tap").items[0].fingerprint
    assert failing(b"1..2\nok 1 starts\nnot ok 2 answers in 20ms\n") == ["answers in 20ms"]


def test_programs_in_one_tap_file_are_counted_one_by_one():
    """What one program did not run is not made up for by what another ran beyond the plan of the first."""
    died, fine, late = b"1..3\nok 1 - a\n", b"ok 1 - x\nok 2 - y\n1..2\n", b"1..1\nok 1 - z\n"
    for parts in ((died, fine, late), (fine, died, late), (late, fine, died), (died, late, fine)):
        found = counts(read_bytes(b"".join(parts), "all.tap")[0])
        assert (found["tests_passed"], found["tests_errored"]) == (4, 2)


def test_a_tap_program_that_was_cut_off_among_others_is_an_error():
    """It has results and no plan."""
    found = counts(read_bytes(b"TAP version 13\n1..1\nok 1\nTAP version 13\nok 1\nok 2\n", "all.tap")[0])
    assert (found["tests_passed"], found["tests_errored"]) == (3, 1)


def test_a_program_that_skips_itself_has_no_tests():
    """Perl 5.36 writes `1..0 # SKIP not here` alone: no test ran, which is unknown and not a pass."""
    reading = read_bytes(b"1..0 # SKIP not here\n", "skipall.tap")[0]
    assert reading.format == "tap"
    assert counts(reading)["tests_total"] is None


def test_a_bail_out_counts_once():
    """The test under way when everything ends is the one that Perl planned and that never came."""
    found = counts(read_bytes(b"1..2\nok 1\nBail out!  no disk\n", "bail.tap")[0])
    assert (found["tests_total"], found["tests_errored"]) == (2, 1)


def test_packages_that_go_could_not_build_are_found_wherever_they_stand():
    """Up to go 1.23 they are plain lines, here even the first one."""
    data = (FORMATS / "go-1.19.test.jsonl").read_bytes()
    first = b"FAIL\texample.com/shop/aaa [setup failed]\n" + data
    found = counts(read_bytes(first, "go.jsonl")[0])
    assert found["tests_errored"] == 2
    assert sorted(words for words in failing(first) if "outside its tests" in words)[0].startswith(
        "example.com/shop/aaa"
    )


def test_a_hook_of_mocha_makes_no_todo_of_a_passing_test():
    """mocha writes a failed hook as a case that it does not count: the surplus is no todo of jest-junit's kind."""
    suite = (
        '<testsuites><testsuite name="s" tests="1"><testcase name="quick" time="0"/>'
        '<testcase name="s &quot;before all&quot; hook for &quot;x&quot;" time="0"><failure/></testcase>'
        "</testsuite></testsuites>"
    )
    found = counts(read_bytes(suite.encode(), "x.xml")[0])
    assert (found["tests_passed"], found["tests_failed"], found.get("tests_todo")) == (1, 1, None)


def test_an_error_after_a_skip_still_counts():
    """pytest writes the skip of a test and the error of its teardown into one case."""
    case = '<testcase name="t" classname="c"><skipped message="later"/><error message="teardown"/></testcase>'
    found = counts(read_bytes(f"<testsuite>{case}</testsuite>".encode(), "x.xml")[0])
    assert (found["tests_errored"], found["tests_skipped"]) == (1, 0)


def test_files_that_pytest_could_not_collect_are_errors():
    """pytest-json-report lists them among the collectors, not among the tests."""
    collector = b'{"nodeid": "test_a.py", "outcome": "failed", "longrepr": "test_a.py:1: in <module>\\nE   No x"}'
    summary = b'{"exitcode": 2, "root": ".", "summary": {"total": 0, "collected": 0}, "tests": [], "collectors": ['
    broken = summary + collector + b"]}"
    assert counts(read_bytes(broken, "report.json")[0])["tests_errored"] == 1
    assert failing(broken) == ["could not be collected: E No x"]


@pytest.mark.parametrize("name", sorted(REAL))
def test_no_real_report_names_the_machine_it_was_made_on(name):
    """Fixtures are public."""
    data = (FORMATS / name).read_bytes()
    assert len(data) < 40_000
    assert set(re.findall(rb"(?<![\w.:/)>*@\]-])/(\w+)/", data)) <= NEUTRAL
    assert b'="root"' not in data
    assert b'="vm"' not in data


def test_the_first_nunit_versions_have_no_result():
    """Up to NUnit 2.4 a case says only whether it ran and whether it was a success."""
    cases = (
        '<test-case name="a" executed="True" success="True"/><test-case name="b" executed="True" success="False">'
        '<failure><message>no</message></failure></test-case><test-case name="c" executed="False"/>'
        '<test-case name="d" executed="true"/>'
    )
    found = counts(read_bytes(f"<test-results><test-suite>{cases}</test-suite></test-results>".encode(), "x")[0])
    assert [found[f"tests_{key}"] for key in ("passed", "failed", "skipped")] == [2, 1, 1]


def test_one_suite_of_nunit_alone_is_read():
    """Some runners write the suite of an assembly without the run around it."""
    suite = '<test-suite type="Assembly" total="1"><test-case name="a" result="Failed" label="Error"/></test-suite>'
    assert counts(read_bytes(suite.encode(), "x.xml")[0])["tests_errored"] == 1


def test_a_failing_dart_test_says_why():
    """The message comes as an event of its own, between the start and the end of the test."""
    rows = (
        '{"protocolVersion":"0.1.1","runnerVersion":"1.25.3","type":"start","time":0}',
        '{"test":{"id":1,"name":"adds","suiteID":0},"type":"testStart","time":1}',
        '{"testID":1,"error":"\\nExpected: <3>\\n  Actual: <2>","isFailure":true,"type":"error","time":2}',
        '{"testID":1,"result":"failure","skipped":false,"hidden":false,"type":"testDone","time":3}',
        '{"success":false,"type":"done","time":4}',
    )
    assert failing("\n".join(rows).encode()) == ["adds: Expected: <3>"]


def test_an_aborted_run_of_vstest_is_an_error_beside_what_had_passed():
    """The tests after a crash stand nowhere; messages of adapters about single tests are no crash."""
    info = '<RunInfos><RunInfo outcome="Error"><Text>{}</Text></RunInfo></RunInfos>'
    result = '<Results><UnitTestResult testName="a" outcome="Passed"/></Results>'
    run = f"<TestRun>{result}<ResultSummary>{{}}</ResultSummary></TestRun>"
    for words, errored in (("The active test run was aborted. Reason: exit", 1), ("[xUnit.net] b [FAIL]", 0)):
        found = counts(read_bytes(run.format(info.format(words)).encode(), "x.trx")[0])
        assert (found["tests_passed"], found["tests_errored"]) == (1, errored)
