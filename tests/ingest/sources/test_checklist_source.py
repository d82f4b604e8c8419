"""The tick history of checklists: shares by commit, and boxes as items with who ticked them when."""

from __future__ import annotations

import random

import pytest

from ingest.readers.documents.checkboxes import read_boxes
from ingest.source import SourceError
from ingest.sources.documents.checklist import Checklists
from ingest.sources.documents.claims import Claims
from tests.testing.document_pulls import Pulls
from tests.testing.repositories import DAY, START, add_commits

METRIC = "checklist_done_percent"


def checklist(ticks: str) -> bytes:
    """One box a letter: x is ticked."""
    return ("# List\n\n" + "".join(f"- [{'x' if t == 'x' else ' '}] box {n}\n" for n, t in enumerate(ticks))).encode()


def test_each_commit_that_touches_the_list_tells_its_share(repository):
    """Commits that leave the document alone add nothing; the figure is a claim."""
    lists = [checklist("....."), checklist("x...."), checklist("xxxxx")]
    add_commits(repository, [{"a.md": lists[0]}, {"b.py": b"1\n"}, {"a.md": lists[1]}, {"a.md": lists[2]}])
    pulls = Pulls(Checklists(), repository)
    pulls.pull()
    assert pulls.values(METRIC, "a.md") == [0, 20, 100]
    assert {o.kind for o in pulls.observations} == {"claimed"}
    assert [e.excerpt for e in pulls.evidence.values()][1] == "1 of 5 boxes are ticked"


def test_a_ticked_box_is_closed_by_its_commit_and_an_unticked_one_opens_again(repository):
    """Opening and closing carry commit, author and date; an unticked box is a new item."""
    one = add_commits(repository, [{"a.md": checklist(".....")}])
    two = add_commits(repository, [{"a.md": checklist("x....")}], start=START + DAY, author=b"Bo")
    three = add_commits(repository, [{"a.md": checklist(".....")}], start=START + 2 * DAY)
    pulls = Pulls(Checklists(), repository)
    pulls.pull()
    zero = sorted((i for i in pulls.items.values() if i.text == "box 0"), key=lambda item: item.opened_at)
    assert [(i.opened_commit, i.closed_commit, i.closed_by) for i in zero] == [(one, two, "Bo"), (three, "", "")]
    assert sum(i.closed_at is None for i in pulls.items.values()) == 5
    assert {i.kind for i in pulls.items.values()} == {"checkbox"}


def test_a_removed_list_becomes_unknown_and_closes_its_boxes(repository):
    """A deleted document is not done: its share is unknown with the reason."""
    add_commits(repository, [{"a.md": checklist("x....")}, {"a.md": None}])
    pulls = Pulls(Checklists(), repository)
    pulls.pull()
    assert pulls.values(METRIC, "a.md") == [20, None]
    assert pulls.observations[-1].reason == "the document holds no boxes any more"
    assert all(item.closed_at for item in pulls.items.values())


def test_a_moved_list_keeps_its_items(repository):
    """A document that moves unchanged closes and opens nothing."""
    add_commits(repository, [{"a.md": checklist("x....")}, {"a.md": None, "docs/b.md": checklist("x....")}])
    pulls = Pulls(Checklists(), repository)
    pulls.pull()
    assert pulls.values(METRIC, "a.md") == [20] and pulls.values(METRIC, "docs/b.md") == [20]
    assert len(pulls.items) == 4 and not any(item.closed_at for item in pulls.items.values())


def test_few_boxes_are_no_checklist_unless_the_file_is_named(repository):
    """Four boxes are an aside; a file that the plan names is followed from its first box."""
    add_commits(repository, [{"a.md": checklist("x..."), "node_modules/p/b.md": checklist("." * 9)}])
    found = Pulls(Checklists(), repository)
    found.pull()
    named = Pulls(Checklists(), repository, files=["a.md"])
    named.pull()
    assert found.observations == [] and named.values(METRIC, "a.md") == [25]


def test_settings_of_the_wrong_kind_are_reported_with_their_place(repository):
    """A text where a list belongs, or an unknown key, names its place in the configuration."""
    with pytest.raises(SourceError, match=r"sources\.checklist\.files: must be a list of texts"):
        Pulls(Checklists(), repository, files="a.md").pull()
    with pytest.raises(SourceError, match=r"sources\.claims\.fils: unknown key"):
        Pulls(Claims(), repository, fils=["a.md"]).pull()


def test_boxes_in_code_are_examples():
    """Fences of any kind are skipped, and what follows them counts again."""
    text = b"- [ ] a\n```\n- [ ] no\n```\n~~~md\n- [x] no\n```\n~~~\n* [X] b\n2) [ ] c\n- [y] no\n-[ ] no\n"
    assert [(box.text, box.checked, box.line) for box in read_boxes(text)] == [
        ("a", False, 1),
        ("b", True, 9),
        ("c", False, 10),
    ]


@pytest.mark.parametrize("seed", range(3))
def test_pulling_in_pieces_equals_pulling_once_and_a_plain_count(repository, seed):
    """Random ticks, cuts and removals: same rows either way, and open boxes are the unticked ones of the end."""
    chance = random.Random(seed)
    last: dict[str, bytes | None] = {}
    pieces = Pulls(Checklists(), repository)
    for number in range(16):
        path = chance.choice(["a.md", "b/c.md", "d.md"])
        ticks = "".join(chance.choices("x.", k=chance.randint(5, 8)))
        content = None if chance.random() < 0.15 and last.get(path) else checklist(ticks)
        last[path] = content
        add_commits(repository, [{path: content}], start=START + number * DAY)
        if chance.random() < 0.4:
            pieces.pull()
    pieces.pull()
    whole = Pulls(Checklists(), repository)
    whole.pull()
    assert pieces.observations == whole.observations
    assert pieces.items == whole.items
    expected = sorted(
        (path, box.text) for path, content in last.items() if content for box in read_boxes(content) if not box.checked
    )
    assert sorted((i.path, i.text) for i in whole.items.values() if i.closed_at is None) == expected
    assert whole.pull().observations == []


def test_the_cursor_holds_no_words_of_a_document(repository):
    """A box is known in the cursor by a digest; what it says is in its item alone."""
    add_commits(repository, [{"a.md": checklist("......")}], start=START)
    pulls = Pulls(Checklists(), repository)
    pulls.pull()
    texts = {item.text for item in pulls.items.values()}
    assert texts
    assert not any(text in pulls.marker for text in texts)
