"""What leaves the program as text: no held secret, no control character that a terminal would obey, no traceback.

Every start loads this: neither typing nor pathlib is among what it imports.
"""

from __future__ import annotations

import errno
import os
import re
import sys
from contextlib import contextmanager, suppress
from io import TextIOBase

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

# C0 and C1 controls and DEL but for line break and tab; and the marks that turn the direction of writing around.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
# What rich itself writes to a terminal: colours, the cursor of the progress bar, hyperlinks are not among it.
_STYLE = re.compile(r"\x1b\[[0-9;]*[mAKG]|\x1b\[\?25[lh]|\r")

# What our own sentences hold, for a terminal without UTF-8.
_SUBSTITUTES = {
    "–": "-", "—": "-", "−": "-", "→": "->", "⇒": "=>", "…": "...", "✓": "ok", "✔": "ok", "✅": "ok", "✗": "x",
    "❌": "x", "×": "x", "·": "-", "•": "-", "●": "*", "◐": "o", "◇": "o", "□": "[ ]", "☑": "[x]", "☒": "[x]",
    "≤": "<=", "≥": ">=", "±": "+-", "’": "'", "‘": "'", "“": '"', "”": '"', "›": ">", "‹": "<",
    "\u00a0": " ", "\u202f": " ",
}  # fmt: skip


def visible(text: str) -> str:
    """The text with control characters written out (`\\x1b`), so that a path or a name cannot command a terminal."""
    return _CONTROL.sub(lambda found: _written(found.group()), text)


def _written(sign: str) -> str:
    number = ord(sign)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"


class TolerantStream(TextIOBase):
    """Wraps a stream: writes what its encoding lacks in other signs, and lets a reader that is gone be gone.

    `tminus check | head -1` closes the pipe before all is written. The answer is known by then: its exit code counts.
    """

    def __init__(self, inner: TextIO | None) -> None:
        self._is_own = inner is None
        # Without a stream (`>&-`) Python has None; what is written then goes nowhere.
        self._inner = inner if inner is not None else open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115

    def write(self, text: str) -> int:
        """Write the text, as far as somebody reads it."""
        with self._while_read():
            self._inner.write(encodable(text, self._inner.encoding or "utf-8"))
        return len(text)

    def flush(self) -> None:
        """Flush the stream beneath."""
        with self._while_read():
            self._inner.flush()

    @contextmanager
    def _while_read(self) -> Iterator[None]:
        try:
            yield
        except OSError as problem:
            # Windows reports a closed pipe as an invalid argument.
            is_closed = isinstance(problem, BrokenPipeError) or (os.name == "nt" and problem.errno == errno.EINVAL)
            if not is_closed:
                raise
            # The number is kept, so that what Python still holds for it is written nowhere at the end.
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._inner.fileno())
            os.close(nowhere)

    def close(self) -> None:
        """Leave the stream beneath open: Python closes this wrapper when nobody holds it any more."""
        with suppress(ValueError, OSError):  # closed beneath; a full disk was reported by the flush of the answer
            self.flush()
        if self._is_own:
            self._inner.close()

    def isatty(self) -> bool:
        """Whether the stream beneath is a terminal."""
        return self._inner.isatty()

    def fileno(self) -> int:
        """The number of the stream beneath."""
        return self._inner.fileno()

    def writable(self) -> bool:
        """Always."""
        return True

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding of the stream beneath."""
        return self._inner.encoding


class SafeStream(TolerantStream):
    """Masks held secrets too, and shows control characters, but for the styles of a terminal."""

    def __init__(self, inner: TextIO | None) -> None:
        super().__init__(inner)
        from ingest.held_values import mask  # `tminus --help` writes no foreign text, and is quick

        self._mask = mask

    def write(self, text: str) -> int:
        """Write the text without what must not leave."""
        clean = self._mask(text)
        super().write(self._styled(clean) if self.isatty() else visible(clean))
        return len(text)

    def _styled(self, text: str) -> str:
        styles = _STYLE.findall(text)
        parts = [visible(part) for part in _STYLE.split(text)]
        return "".join(part + style for part, style in zip(parts, [*styles, ""], strict=True))


def encodable(text: str, encoding: str) -> str:
    """The text in signs that the encoding has: ours have a substitute, any other is written as JSON escapes it."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return "".join(sign if _has(encoding, sign) else _SUBSTITUTES.get(sign, _escaped(sign)) for sign in text)
    return text


def _has(encoding: str, sign: str) -> bool:
    try:
        sign.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _escaped(sign: str) -> str:
    import json  # rarely needed, and `tminus --help` is quick

    return json.dumps(sign)[1:-1]


@contextmanager
def _through(kind: type[TolerantStream]) -> Iterator[None]:
    out, err = sys.stdout, sys.stderr
    wrapped = [kind(out), kind(err)]
    sys.stdout, sys.stderr = wrapped
    try:
        yield
    finally:
        for stream in wrapped:
            stream.close()
        sys.stdout, sys.stderr = out, err


@contextmanager
def tolerant_output() -> Iterator[None]:
    """Let what is printed within the block end neither in a closed pipe nor at a sign that the terminal lacks."""
    with _through(TolerantStream):
        yield


@contextmanager
def safe_output() -> Iterator[None]:
    """Let everything that is printed within the block, tracebacks too, go through a SafeStream."""
    with _through(SafeStream):
        yield
