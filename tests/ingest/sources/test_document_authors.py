"""Who wrote what documents say, in merged work; and documents that could not be read."""

from __future__ import annotations

import pytest

from ingest.sources.documents.checklist import Checklists
from ingest.sources.documents.claims import UNREADABLE, Claims
from tests.ingest.sources.git.test_merged_authors import branch_off, merge
from tests.ingest.sources.git.test_unreadable_files import loosen, object_of
from tests.testing.document_pulls import Pulls
from tests.testing.repositories import DAY, START, add_commits

BOXES = "".join(f"- [ ] box {number}\n" for number in range(6))
READY = b"# State\n\n**Overall readiness: 40%**\n"


def on_side(repository, author, text, day, name="side", path="a.md"):
    add_commits(repository, [{path: text.encode()}], branch=name, author=author, start=START + day * DAY)


def test_a_box_of_merged_work_names_its_writer_and_who_merged_it(repository):
    """Written by Ada, ticked by Bo on another branch, both merged by a third person."""
    add_commits(repository, [{"b.py": b"1\n"}])
    branch_off(repository, "side")
    on_side(repository, b"Ada", BOXES, 2)
    on_side(repository, b"Cyd", "# Title\n\n" + BOXES, 3)
    merge(repository, "side")
    branch_off(repository, "more")
    on_side(repository, b"Bo", "# Title\n\n" + BOXES.replace("[ ] box 0", "[x] box 0"), 99, "more")
    merge(repository, "more", day=120)
    pulls = Pulls(Checklists(), repository)
    pulls.pull()
    assert {(i.opened_by, i.opened_merged_by) for i in pulls.items.values()} == {("Ada", "Merger")}
    [ticked] = [i for i in pulls.items.values() if i.closed_at]
    assert (ticked.text, ticked.closed_by, ticked.closed_merged_by) == ("box 0", "Bo", "Merger")


def test_a_box_keeps_its_writer_from_pull_to_pull(repository):
    """What the first pull found out is in the item that a later pull closes."""
    add_commits(repository, [{"b.py": b"1\n"}])
    branch_off(repository, "side")
    on_side(repository, b"Ada", BOXES, 2)
    merge(repository, "side")
    pulls = Pulls(Checklists(), repository)
    pulls.pull()
    add_commits(repository, [{"a.md": b"# none\n"}], author=b"Dov", start=START + 200 * DAY)
    pulls.pull()
    found = {(i.opened_by, i.opened_merged_by, i.closed_by, i.closed_merged_by) for i in pulls.items.values()}
    assert found == {("Ada", "Merger", "Dov", "")}


def test_a_claim_of_merged_work_names_its_writer(repository):
    """Of two authors on a branch the one who wrote the sentence is named, not the one who pressed merge."""
    add_commits(repository, [{"b.py": b"1\n"}])
    branch_off(repository, "side")
    on_side(repository, b"Ada", READY.decode(), 2)
    on_side(repository, b"Bo", "x\n\n" + READY.decode(), 3)
    on_side(repository, b"Bo", "y = 1\n", 4, path="c.py")
    merge(repository, "side")
    pulls = Pulls(Claims(), repository)
    pulls.pull()
    assert [evidence.tool for evidence in pulls.evidence.values()] == ["Ada"]


@pytest.mark.parametrize("again", [False, True])
def test_claims_of_an_unreadable_document_are_unknown_and_not_gone(repository, again):
    """One row says so; the claims before it are not called removed, and a readable version goes on from them."""
    add_commits(repository, [{"a.md": READY}, {"a.md": READY + b"\nmore\n"}])
    add_commits(repository, [{"a.md": READY + b"\nand more\n"}], start=START + 9 * DAY)
    loosen(repository)
    object_of(repository, "main~1:a.md").unlink()
    pulls = Pulls(Claims(), repository)
    if again:
        tip = add_commits(repository, [{"b.md": b"x\n"}], start=START + 20 * DAY)
        assert tip
    pulls.pull()
    rows = [(o.metric, o.value, o.reason) for o in pulls.observations]
    assert rows[:2] == [("readiness_claim_percent", 40, ""), ("readiness_claim_percent", None, UNREADABLE)]
    assert [row[0] for row in rows[2:]] == ["claim_removed"]  # of the unknown row: the document is readable again
    assert pulls.evidence[pulls.observations[2].evidence].excerpt == UNREADABLE


def test_a_document_that_stays_unreadable_is_one_row_over_two_pulls(repository):
    """The cursor keeps the last readable version: a later readable one brings no claim a second time."""
    add_commits(repository, [{"a.md": READY}, {"a.md": READY + b"x" * 2_100_000}])
    pulls = Pulls(Claims(), repository)
    pulls.pull()
    add_commits(repository, [{"a.md": READY + b"y" * 2_200_000}], start=START + 9 * DAY)
    pulls.pull()
    assert [o.reason for o in pulls.observations] == ["", UNREADABLE]
    add_commits(repository, [{"a.md": READY + b"\nshort\n"}], start=START + 19 * DAY)
    pulls.pull()
    assert [o.metric for o in pulls.observations][2:] == ["claim_removed"]
