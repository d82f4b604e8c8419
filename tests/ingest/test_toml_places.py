"""Every key of a TOML text has its line and column."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.toml_places import Place, error_place, place_of, toml_places

ROOT = Path(__file__).parents[2]
TRICKY = '''\
# [[gate]] in a comment
"quoted.key" = "a # no comment" # one
[a . "b c"]
list = [ # first
  1, "two ]", {inner = [true, 'x}'], other.way = """
]] "" [x]
"""},
]
[[t]]
[[t.u]]
x = 1979-05-27 07:32:00
[[t.u]]
[t.u.v]
y = \'\'\'
[no]\'\'\'
[[t]]
[[t.u]]
last.one = 1
'''


def paths_of(value: Any, path: str = "") -> set[str]:
    """The path of every table, key and element that tomllib reads."""
    found = set()
    if isinstance(value, dict):
        for key, inner in value.items():
            where = f"{path}.{key}" if path else key
            found |= {where, *paths_of(inner, where)}
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            found |= {f"{path}[{number}]", *paths_of(inner, f"{path}[{number}]")}
    return found


@pytest.mark.parametrize("path", sorted((ROOT / "data").rglob("*.toml")), ids=lambda path: path.name)
def test_every_path_of_a_plan_has_a_place(path: Path) -> None:
    """What tomllib reads from a real plan is found, no more and no less."""
    text = path.read_text(encoding="utf-8")
    assert set(toml_places(text)) == paths_of(tomllib.loads(text))


def test_places_are_those_that_an_editor_shows() -> None:
    """Comments, quotes, dotted keys, lists over lines, tables in tables, and Windows line ends."""
    for text in (TRICKY, TRICKY.replace("\n", "\r\n")):
        found = toml_places(text)
        assert set(found) == paths_of(tomllib.loads(text))
        assert found["quoted.key"] == Place(2, 1)
        assert found["a.b c.list[2].inner[1]"] == Place(5, 31)
        assert found["t[0].u[1].v.y"] == Place(14, 1)
        assert found["t[1].u[0].last.one"] == Place(18, 1)


KEYS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=5)
VALUES = st.recursive(
    st.booleans()
    | st.integers(-99, 99)
    | st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


def written(value: Any) -> str:
    """A value as TOML, tables inline."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + "".join(f"\\u{ord(c):04x}" if ord(c) < 32 or c in '"\\\x7f' else c for c in value) + '"'
    if isinstance(value, list):
        return f"[ {', '.join(map(written, value))} ]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{written(k)} = {written(v)}" for k, v in value.items()) + " }"
    return str(value)


@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_the_scanner_agrees_with_tomllib(tables: dict[str, Any]) -> None:
    """Whatever keys and values a text holds, each path that tomllib reads has a place on its line."""
    text = "".join(f"{written(key)} = {written(value)}\n" for key, value in tables.items())
    found = toml_places(text)
    assert set(found) == paths_of(tomllib.loads(text))
    for number, key in enumerate(tables, 1):
        assert found[key] == Place(number, 1)


def test_a_missing_key_is_placed_at_its_table() -> None:
    """What is not there is shown where it belongs."""
    places = toml_places("[x]\n[[gate]]\nid = 1\n")
    assert place_of("gate[0].criterion", places) == Place(2, 1)
    assert place_of("gate[0].criterion[1].id", places) == Place(2, 1)
    assert place_of("nowhere", places) == Place(1, 1)


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"a = 1\nb = \n", Place(2, 5)),
        (b"a = 'x", Place(1, 7)),
        (b"a = 1\nb = \xff\n", Place(2, 5)),
        (b"[a", Place(1, 3)),
    ],
)
def test_an_error_has_its_place(content: bytes, place: Place) -> None:
    """Where a text stops being TOML or UTF-8."""
    with pytest.raises(ValueError) as refused:
        tomllib.loads(content.decode("utf-8"))
    assert error_place(refused.value, content)[0] == place
