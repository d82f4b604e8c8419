"""A stats file of hundreds of megabytes is streamed, and gives what the whole document would have given."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.readers.bundles import stats
from ingest.readers.contract import ReadError

WANTED = ("version", "assets", "entrypoints", "children", "errors")
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT | st.sampled_from(WANTED), inner, max_size=3),
    max_leaves=12,
)
DOCUMENTS = st.dictionaries(st.sampled_from([*WANTED, "modules", "chunks", "é"]), VALUES, max_size=6)


@settings(max_examples=150, deadline=None)
@given(DOCUMENTS, st.sampled_from([None, 2]), st.booleans(), st.booleans())
def test_a_streamed_document_gives_the_members_of_the_whole(document, indent, ascii_only, marked):
    """The wanted members equal those of the parsed document, whatever the spacing, escapes and byte order mark."""
    data = (b"\xef\xbb\xbf" if marked else b"") + json.dumps(document, indent=indent, ensure_ascii=ascii_only).encode()
    assert stats._only_wanted(data) == {key: value for key, value in document.items() if key in stats._WANTED}


@settings(max_examples=60, deadline=None)
@given(DOCUMENTS.filter(bool), st.data())
def test_a_cut_document_is_refused(document, data):
    """A file that ends early gives no figure, wherever it was cut."""
    whole = json.dumps(document).encode()
    with pytest.raises(ReadError, match=r"damaged or cut off|expected a JSON object"):
        stats._only_wanted(whole[: data.draw(st.integers(0, len(whole) - 1))])


@pytest.mark.parametrize(
    "data",
    [b"[]", b"3", b"", b'{"assets": []} {"assets": []}', b'{"a": "\xff"}', b'{"modules": ' + b"[" * 200_000, b"{]"],
)
def test_what_is_no_single_object_is_refused(data):
    """A list, a number, nothing, two documents, broken text or bottomless nesting: one clear refusal."""
    with pytest.raises(ReadError):
        stats._only_wanted(data)


def test_a_large_file_is_read_as_a_small_one(monkeypatch):
    """The same stats file gives the same figures streamed and whole."""
    document = {
        "hash": "h",
        "version": "5.1",
        "assets": [{"name": f"{n}.js", "size": n} for n in range(50)] + [{"name": "ü.js.map", "size": 9}],
        "modules": [{"name": "ü" * 9, "source": "x", "reasons": [{"loc": "1:0"}] * 3}] * 40,
        "entrypoints": {"main": {"assets": [{"name": "3.js"}, {"name": "7.js"}]}},
    }
    data = json.dumps(document, ensure_ascii=False).encode()
    whole = stats.read_webpack(data, "stats.json")
    monkeypatch.setattr(stats, "STREAMED", 1)
    assert stats.read_webpack(data, "stats.json") == whole
    assert [figure.value for figure in whole.figures] == [1225.0, 10.0]
