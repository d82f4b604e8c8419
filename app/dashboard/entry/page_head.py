"""What the head of the page gets beside Streamlit's own lines, so that a page opens sooner.

- Where its server is. Without it, the page of a deep link asks below its own address first (404).
- The scripts of the elements that every page has. Otherwise the browser asks for them when the first elements arrive.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_SERVER = '<script>window.__streamlit={BACKEND_BASE_URL:location.origin+"/"};</script>'
_ELEMENTS = ("Html", "DateInput", "Selectbox", "Button")
_IMPORTED = re.compile(r"""\bfrom\s*["'`]\./([\w.$-]+\.js)["'`]""")


def with_head(page: bytes) -> bytes:
    """The page with the lines of this module; one without a head is left as it is."""
    text = page.decode()
    hints = "".join(
        f'<link rel="modulepreload" crossorigin href="./static/js/{name}">'
        for name in scripts_of_elements()
        if name not in text
    )
    return text.replace("<head>", f"<head>{_SERVER}", 1).replace("</head>", f"{hints}</head>", 1).encode()


@cache
def scripts_of_elements() -> tuple[str, ...]:
    """The file names of the scripts of the elements, with everything they import; empty where this Streamlit has none.

    A script that is missing here is only asked for later.
    """
    import streamlit

    folder = Path(streamlit.__file__).parent / "static" / "static" / "js"
    return scripts_with_imports(folder, _ELEMENTS)


def scripts_with_imports(folder: Path, elements: tuple[str, ...]) -> tuple[str, ...]:
    """The file names of the scripts `NAME.HASH.js` in a folder, and of all that they import, each once."""
    todo = [path.name for name in elements for path in sorted(folder.glob(f"{name}.*.js"))]
    found: dict[str, None] = {}
    while todo:
        name = todo.pop(0)
        if name not in found and (folder / name).is_file():
            found[name] = None
            todo += _IMPORTED.findall((folder / name).read_text(encoding="utf-8"))
    return tuple(found)
