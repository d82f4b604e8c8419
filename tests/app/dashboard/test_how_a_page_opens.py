"""A page that a browser opens: its head names the scripts that it needs, and its verdict is sent first."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest


def test_scripts_are_found_with_what_they_import(tmp_path: Path) -> None:
    """Each script once, also where two import each other; a file that is not there is left out."""
    from app.dashboard.entry.page_head import scripts_with_imports

    texts = {
        "Html.a1.js": 'import{o as e}from"./runtime.b2.js";import{t}from"./pure.c3.js";',
        "runtime.b2.js": "import {x} from './Html.a1.js'",
        "pure.c3.js": 'import{y}from"./absent.d4.js";import("./later.e5.js")',
        "later.e5.js": "",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = scripts_with_imports(tmp_path, ("Html", "Button"))
    assert found == ("Html.a1.js", "runtime.b2.js", "pure.c3.js")
    assert scripts_with_imports(tmp_path, ("Html",), "src=pure.c3.js") == ("Html.a1.js", "runtime.b2.js")


def test_the_head_of_streamlits_page_names_scripts_that_exist_each_once() -> None:
    """The page of the installed Streamlit keeps its own lines but its title, and every hint leads to a file."""
    import streamlit

    from app.dashboard.entry.page_head import with_head

    static = Path(streamlit.__file__).parent / "static"
    page = (static / "index.html").read_bytes()
    head = with_head(page).decode()
    hints = re.findall(r'<link rel="modulepreload" crossorigin href="\./([^"]+)"', head)
    assert len(hints) == len(set(hints))
    assert all((static / hint).is_file() for hint in hints)
    assert any("/Html." in hint for hint in hints) and any("/Button." in hint for hint in hints)
    assert head.index("BACKEND_BASE_URL") < head.index('type="module"')
    assert "<title>T-minus</title>" in head
    changed = ("<head>", "</head>", "<title>")
    assert all(line in head for line in page.decode().splitlines() if not any(tag in line for tag in changed))


def test_a_page_without_a_head_is_left_as_it_is() -> None:
    """A message of an error has no head to put lines into."""
    from app.dashboard.entry.page_head import with_head

    assert with_head("<p>404 – nicht gefunden".encode()) == "<p>404 – nicht gefunden".encode()


@pytest.mark.parametrize(("is_served", "pauses"), [(True, 1), (False, 0)])
def test_only_a_page_that_a_browser_opens_waits_and_only_once(
    is_served: bool, pauses: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second run of the same session, as a click gives it, does not wait."""
    from streamlit.testing.v1 import AppTest

    from app.dashboard.kept import bookkeeping
    from app.dashboard.meeting import first_picture

    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    monkeypatch.setattr(bookkeeping(), "is_kept_up", is_served)
    page = AppTest.from_string(
        "from app.dashboard.meeting.first_picture import let_browser_draw\n"
        "from app.dashboard.sheet import Sheet\n"
        "let_browser_draw(Sheet('Review', None, None))"
    )
    for _ in range(3):
        page.run()
    assert not page.exception
    assert len([seconds for seconds in waited if seconds == first_picture.SECONDS]) == pauses
