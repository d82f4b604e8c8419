"""What leaves the program as text: no held secret, and no control character that a terminal would obey."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOBase
from typing import TextIO, cast

from ingest.held_values import mask

# C0 and C1 controls and DEL but for line break and tab; and the marks that turn the direction of writing around.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
# What rich itself writes to a terminal: colours, the cursor of the progress bar, hyperlinks are not among it.
_STYLE = re.compile(r"\x1b\[[0-9;]*[mAKG]|\x1b\[\?25[lh]|\r")


def visible(text: str) -> str:
    """The text with control characters written out (`\\x1b`), so that a path or a name cannot command a terminal."""
    return _CONTROL.sub(lambda found: _written(found.group()), text)


def _written(sign: str) -> str:
    number = ord(sign)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"


class SafeStream(TextIOBase):
    """Wraps a stream: masks held secrets; shows control characters, but for the styles of a terminal."""

    def __init__(self, inner: TextIO) -> None:
        self._inner = inner

    def write(self, text: str) -> int:
        """Write the text without what must not leave."""
        clean = mask(text)
        self._inner.write(self._styled(clean) if self.isatty() else visible(clean))
        return len(text)

    def _styled(self, text: str) -> str:
        styles = _STYLE.findall(text)
        parts = [visible(part) for part in _STYLE.split(text)]
        return "".join(part + style for part, style in zip(parts, [*styles, ""], strict=True))

    def flush(self) -> None:
        """Flush the stream beneath."""
        self._inner.flush()

    def close(self) -> None:
        """Leave the stream beneath open: Python closes this wrapper when nobody holds it any more."""
        with suppress(ValueError):  # closed beneath
            self._inner.flush()

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


@contextmanager
def safe_output() -> Iterator[None]:
    """Let everything that is printed within the block, tracebacks too, go through a SafeStream."""
    out, err = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = cast("TextIO", SafeStream(out)), cast("TextIO", SafeStream(err))
    try:
        yield
    finally:
        sys.stdout, sys.stderr = out, err
