"""Commands with placeholders: which ones a command has, and the command with each value quoted for its place."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Place = Literal["bare", "single", "double", "opaque"]

# {name}; not ${name} of the shell, not {{name}} of a template, not \{name}.
_PLACEHOLDER = re.compile(r"(?<![$\\{])\{([A-Za-z_][A-Za-z0-9_-]*)\}")
_PLAIN = re.compile(r"[A-Za-z0-9_./:@%+,-]+")
# Controls, and the marks that turn the direction of writing around: with them a person would confirm what is not shown.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
# Behind one of these a shell reads by other rules: substitutions, ANSI quotes, here-documents.
_OPAQUE_IN_QUOTES = ("`", "$(", "${")
_OPAQUE = (*_OPAQUE_IN_QUOTES, "$'", '$"', "<<")
# Where no sign but its own ends it: single quotes, a comment, a stretch with other rules.
_ENDS = {"'": "'", "#": "\n", "?": None}
_BEFORE_COMMENT = ("", " ", "\t", "\n", ";", "&", "|", "(", ")", "<", ">")


class PlaceholderError(ValueError):
    """The command cannot be filled in; one line says why."""


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One placeholder in a command: its name, where it is, and what the shell makes of the text around it."""

    name: str
    start: int
    end: int
    place: Place


def placeholders(command: str, declared: Collection[str] | None = None) -> tuple[Placeholder, ...]:
    """The placeholders of a command in order; with `declared` only those names: `awk '{print}'` has none then.

    >>> [(p.name, p.place) for p in placeholders("deploy {version} 'of {app}'")]
    [('version', 'bare'), ('app', 'single')]
    """
    found = [m for m in _PLACEHOLDER.finditer(command) if declared is None or m.group(1) in declared]
    places = _places(command, [m.start() for m in found])
    return tuple(Placeholder(m.group(1), *m.span(), place) for m, place in zip(found, places, strict=True))


def fill(command: str, values: Mapping[str, str], declared: Collection[str] | None = None) -> str:
    """The command with its placeholders replaced; the shell reads each value as the literal text that it is.

    PlaceholderError: a value is missing, empty, unknown, or cannot be quoted at its place; or the command or a value
    has control characters, so that nobody can see what would run.

    >>> fill("deploy {version} --note 'by {who}'", {"version": "1.2 rc", "who": "O'Hara"})
    "deploy '1.2 rc' --note 'by O'\\\\''Hara'"
    """
    if hidden := _CONTROL.search(command.replace("\n", " ").replace("\t", " ")):
        raise PlaceholderError(f"the command has a control character (U+{ord(hidden.group()):04X}): take it out")
    found = placeholders(command, declared)
    _check_names([p.name for p in found], values)
    pieces, end = [], 0
    for placeholder in found:
        pieces += [command[end : placeholder.start], _quoted(placeholder, values[placeholder.name])]
        end = placeholder.end
    return "".join([*pieces, command[end:]])


def _check_names(names: Sequence[str], values: Mapping[str, str]) -> None:
    wanted = list(dict.fromkeys(names))
    missing = [name for name in wanted if name not in values]
    if missing:
        options = " ".join(f"--set {name}=VALUE" for name in missing)
        raise PlaceholderError(f"no value for {_listed(missing)}: add {options}")
    unknown = [name for name in values if name not in wanted]
    if unknown:
        raise PlaceholderError(f"the command has no placeholder {_listed(unknown)}: it has {_listed(wanted) or 'none'}")


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)


def _quoted(placeholder: Placeholder, value: str) -> str:
    name = placeholder.name
    if not value.strip():
        raise PlaceholderError(f"the value of {{{name}}} is empty: give it as --set {name}=VALUE")
    if _CONTROL.search(value):
        raise PlaceholderError(f"the value of {{{name}}} has a control character or a line break: leave it out")
    if _PLAIN.fullmatch(value):
        return value
    if placeholder.place == "bare":
        return "'" + value.replace("'", "'\\''") + "'"
    if placeholder.place == "single":
        return value.replace("'", "'\\''")
    if placeholder.place == "double":
        return re.sub(r'([\\"$`])', r"\\\1", value)
    raise PlaceholderError(
        f"the value of {{{name}}} cannot be quoted where it is (a comment, a substitution or a here-document): "
        "use only letters, digits and _./:@%+,-"
    )


def _places(command: str, starts: Sequence[int]) -> Iterator[Place]:
    """The place of each start, in order; `starts` go up."""
    asked, position, quote = iter(starts), 0, ""
    wanted = next(asked, None)
    while wanted is not None:
        if wanted <= position:
            yield {"": "bare", "'": "single", '"': "double"}.get(quote, "opaque")  # type: ignore[misc]
            wanted = next(asked, None)
            continue
        position, quote = _step(command, position, quote)


def _step(command: str, at: int, quote: str) -> tuple[int, str]:
    """One sign further: the next position, and the quote that is open there ("#": a comment; "?": other rules)."""
    if quote in _ENDS:
        return at + 1, "" if command[at] == _ENDS[quote] else quote
    if command[at] == "\\":
        return at + 2, quote
    if command.startswith(_OPAQUE_IN_QUOTES if quote else _OPAQUE, at):
        return at + 1, "?"
    return at + 1, _in_double_quotes(command[at]) if quote else _outside(command, at)


def _in_double_quotes(sign: str) -> str:
    return "" if sign == '"' else '"'


def _outside(command: str, at: int) -> str:
    """What a sign outside of quotes opens."""
    sign = command[at]
    if sign == "#" and command[at - 1 : at] in _BEFORE_COMMENT:
        return "#"
    return sign if sign in "'\"" else ""
