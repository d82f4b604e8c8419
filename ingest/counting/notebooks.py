"""The code cells of Jupyter notebooks: their source lines count, outputs and prose cells do not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

_SOURCE = re.compile(rb'"(?:[^"\\]|\\.)*"')
_KERNELS = {
    "r": "r",
    "ir": "r",
    "julia": "julia",
    "javascript": "js",
    "typescript": "js",
    "scala": "jvm",
    "bash": "shell",
}


def code_of(content: bytes) -> tuple[bytes, str]:
    """Return the code of all cells, each line of it at the line of the file where it is written, and its family.

    A file that is not a notebook has no code. Cells whose lines cannot be found in the file follow line after line.
    """
    try:
        notebook = json.loads(content)
        cells = list(_cells(notebook))
        language = _language(notebook)
    except (ValueError, TypeError, AttributeError, RecursionError):
        return b"", "none"
    lines = content.split(b"\n")
    code: list[bytes] = []
    at = 0
    for cell in cells:
        at = _place(cell, lines, at, code)
    return b"\n".join(code), language


def code_lines(content: bytes) -> int:
    """How many lines the code cells have; 0 for a file that is not a notebook."""
    try:
        return sum(map(len, _cells(json.loads(content))))
    except (ValueError, TypeError, AttributeError, RecursionError):
        return 0


def _cells(notebook: Any) -> Iterator[list[str]]:
    """Yield the source lines of each code cell, of notebooks of format 3 too."""
    sheets = notebook.get("worksheets") or [notebook]
    for sheet in sheets:
        for cell in sheet.get("cells") or []:
            source = cell.get("source", cell.get("input", ""))
            if cell.get("cell_type") == "code":
                yield source.splitlines(True) if isinstance(source, str) else [str(line) for line in source]


def _language(notebook: Any) -> str:
    about = notebook.get("metadata") or {}
    name = (about.get("language_info") or {}).get("name") or (about.get("kernelspec") or {}).get("language") or "python"
    return _KERNELS.get(str(name).lower(), "python")


def _place(cell: list[str], lines: list[bytes], at: int, code: list[bytes]) -> int:
    """Add the cell's lines to `code` at the lines of the file that write them; return where to look on."""
    for text in cell:
        written = (json.dumps(text).encode(), json.dumps(text, ensure_ascii=False).encode())
        found = next((n for n in range(at, len(lines)) if any(form in lines[n] for form in written)), None)
        if found is not None:
            at = found + 1
            code.extend(b"" for _ in range(found - len(code)))
        code.append(text.rstrip("\n").encode().replace(b"\n", b" "))
    return at
