"""What the page gets beside Streamlit's own lines, so that it opens sooner.

- Its title and first sentence, where the server knows them (`app.dashboard.markup.opening`).
- Where its server is. Without it, the page of a deep link asks below its own address first (404).
- What its links, its buttons and its choices do (`app.dashboard.markup.style.SCRIPT`).
- The scripts of the elements that every page has. Otherwise the browser asks for them when the first elements arrive.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from app.dashboard.markup.opening import cover
from app.dashboard.markup.style import SCRIPT

_SERVER = '<script>window.__streamlit={BACKEND_BASE_URL:location.origin+"/"};</script>'
_ELEMENTS = ("Html", "Button")
_IMPORTED = re.compile(r"""\bfrom\s*["'`]\./([\w.$-]+\.js)["'`]""")


def with_head(page: bytes, opening: str = "") -> bytes:
    """The page with the lines of this module, and its opening (HTML) on top; one without a head is left as it is."""
    text = page.decode()
    if opening:
        text = text.replace("<body>", f"<body>{cover(opening)}", 1)
    hints = "".join(
        f'<link rel="modulepreload" crossorigin href="./static/js/{name}">' for name in scripts_of_elements()
    )
    text = text.replace("<title>Streamlit</title>", "<title>T-minus</title>", 1)  # until the page names itself
    return text.replace("<head>", f"<head>{_SERVER}{SCRIPT}", 1).replace("</head>", f"{hints}</head>", 1).encode()


@cache
def scripts_of_elements() -> tuple[str, ...]:
    """The file names of the scripts of the elements and of what they import, beside those that Streamlit's page names.

    Empty where this Streamlit has none: a script that is missing here is only asked for later.
    """
    import streamlit

    static = Path(streamlit.__file__).parent / "static"
    try:
        page = (static / "index.html").read_text(encoding="utf-8")
    except OSError:
        return ()
    return scripts_with_imports(static / "static" / "js", _ELEMENTS, page)


def scripts_with_imports(folder: Path, elements: tuple[str, ...], page: str = "") -> tuple[str, ...]:
    """The file names of the scripts `NAME.HASH.js` in a folder, and of all that they import, each once.

    Scripts that the page names already are neither read nor returned; they are most of the bytes.
    """
    todo = [path.name for name in elements for path in sorted(folder.glob(f"{name}.*.js"))]
    found: dict[str, None] = {}
    while todo:
        name = todo.pop(0)
        if name not in found and name not in page and (folder / name).is_file():
            found[name] = None
            todo += _IMPORTED.findall((folder / name).read_text(encoding="utf-8"))
    return tuple(found)
