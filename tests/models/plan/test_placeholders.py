"""Placeholders of a command: a real shell reads each value as one literal text, wherever the placeholder is."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from models.plan.placeholders import PlaceholderError, fill, placeholders

# What a shell would act on, in all combinations.
SIGNS = "ab0 '\"\\$`;|&<>(){}[]*?!#~=-%\u00e9"
PLACES = {
    "bare": ("printf %s {v}", "{}"),
    "in single quotes": ("printf %s 'x{v}y'", "x{}y"),
    "in double quotes": ('printf %s "x{v}y"', "x{}y"),
    "beside quotes": ("printf %s 'x'{v}\"y\"", "x{}y"),
    "behind an escaped quote": ("printf %s it\\'s{v}", "it's{}"),
    "single in double": ("printf %s \"'{v}'\"", "'{}'"),
    "behind a comment": ("true # it's\nprintf %s '{v}'", "{}"),
    "behind a comment after a parenthesis": ("(true)# it's\nprintf %s {v}", "{}"),
    "behind a hash in a word": ('printf %s a#"\'"{v}', "a#'{}"),
}


@pytest.mark.parametrize("place", PLACES)
@settings(max_examples=40, deadline=None)
@given(value=st.text(SIGNS, min_size=1, max_size=12).filter(str.strip))
@example(value="'; touch marker; '")
@example(value='"; touch marker; "')
@example(value="$(touch marker)")
@example(value="`touch marker`")
def test_a_shell_reads_the_value_as_one_literal_text(place: str, value: str) -> None:
    """Bare, in quotes or beside them, the program gets the value as it was given, and nothing of it is run."""
    command, expected = PLACES[place]
    ran = subprocess.run(["sh", "-c", fill(command, {"v": value})], capture_output=True, text=True, check=True)
    assert ran.stdout == expected.replace("{}", value)


@pytest.mark.parametrize(
    "command",
    ['echo "$(date {v})"', "echo `date {v}`", "cat <<END\n{v}\nEND", "true # {v}", "echo $'{v}'", 'echo "${x:-{v}}"'],
)
def test_where_quoting_is_not_certain_only_plain_values_are_taken(command: str) -> None:
    """In substitutions, here-documents and comments a value with other signs is refused in one line."""
    assert fill(command, {"v": "1.2.3"}).count("1.2.3") == 1
    with pytest.raises(PlaceholderError, match="cannot be quoted where it is"):
        fill(command, {"v": "a; b"})


@pytest.mark.parametrize(
    ("command", "names"),
    [
        ('kubectl patch deploy app -p \'{"spec":{"replicas":{n}}}\'', ["n"]),
        ("echo ${HOME} {{.State}} \\{v} {} {a,b} {1..3}", []),
        ("deploy {version} {version} {Target-env}", ["version", "Target-env"]),
    ],
)
def test_only_names_in_single_braces_are_placeholders(command: str, names: list[str]) -> None:
    """Shell variables, templates, JSON and brace expansions are left as they are."""
    assert list(dict.fromkeys(found.name for found in placeholders(command))) == names


@pytest.mark.parametrize(
    ("command", "values", "words"),
    [
        ("a {x} {y} {x}", {"y": "1"}, "no value for {x}: add --set x=VALUE"),
        ("a {x}", {"x": "1", "z": "2"}, "no placeholder {z}: it has {x}"),
        ("a", {"z": "2"}, "no placeholder {z}: it has none"),
        ("rm -rf /srv/{x}", {"x": " "}, "the value of {x} is empty"),
        ("a {x}", {"x": "1\n2"}, "control character or a line break"),
        ("a \u202e{x}", {"x": "1"}, "the command has a control character (U+202E)"),
        ("a \x1b[2K", {}, "the command has a control character (U+001B)"),
    ],
)
def test_what_cannot_be_filled_in_is_one_clear_line(command: str, values: dict[str, str], words: str) -> None:
    """A missing, unknown, empty or hidden value names the placeholder and what to do; nothing is filled in."""
    with pytest.raises(PlaceholderError) as problem:
        fill(command, values)
    assert words in str(problem.value)
    assert "\n" not in str(problem.value)
