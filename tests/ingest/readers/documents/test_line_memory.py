"""The memory of lines changes how fast documents are read, never what is found in them."""

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.readers.documents.claims import read_claims
from ingest.readers.documents.line_memory import LineMemory
from ingest.readers.documents.timelines import read_timelines
from ingest.sources.documents.claims import _ClaimReader

LINES = (
    b"# Production readiness",
    b"## Security",
    b"Overall Readiness: 25/100",
    b"| Area | Current | Target |",
    b"| Overall | 61% | 90% |",
    b"| Production readiness | 40% | 90% |",
    b"| Tests | APPROVED |",
    b"The API is already read by threads.",
    b"NO-GO FOR PRODUCTION",
    b"Decision: GO",
    b"Time to Deployment Ready: 4-6 weeks",
    b"go-live by Q4 2027",
    b"\xff\xfe not UTF-8, production ready: 80%",
    b"\0 Production Readiness: 44%",
    b"\xef\xbb\xbfOverall Readiness: 12%",
    b"",
    b"x" * 1200 + b" readiness: 40%",
)
documents = st.lists(
    st.builds(
        lambda lines, end: end.join(lines),
        st.lists(st.sampled_from(LINES), max_size=8),
        st.sampled_from([b"\n", b"\r\n", b"\r"]),
    ),
    min_size=1,
    max_size=5,
)


@given(documents)
@settings(max_examples=150, deadline=None)
def test_versions_read_one_after_the_other_hold_what_each_holds_alone(versions):
    """Whatever was read before, a version's claims and timelines are those of the readers."""
    reader = _ClaimReader()
    for content in versions:
        assert reader.claims(content, is_json=False) == [*read_claims(content, "a.md"), *read_timelines(content)]


def test_each_line_is_judged_once_over_all_versions():
    """A second version costs only its new lines."""
    judged = []
    memory = LineMemory(lambda line: judged.append(line) or line == b"held")
    assert not memory.may_hold(b"a\nb")
    assert memory.may_hold(b"a\nb\nheld")
    assert memory.may_hold(b"held\r\nb")
    assert sorted(judged) == [b"a", b"b", b"held"]


def test_a_full_memory_starts_again_and_finds_the_same():
    """Forgetting lines costs time only."""
    memory = LineMemory(lambda line: line == b"held", most_lines=2)
    assert [memory.may_hold(text) for text in (b"a\nb\nc", b"held", b"d\ne", b"held\na")] == [False, True, False, True]
