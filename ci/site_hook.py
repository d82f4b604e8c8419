"""What the site needs beside MkDocs: links that leave docs/ lead to a file that the site does not have."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parents[1] / "docs"
_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((\.\.?/[^)#\s]+)(#[^)\s]*)?\)")


def on_page_markdown(markdown: str, *, page: Any, **_rest: Any) -> str:
    """The page with words in place of such links; a link to a file that does not exist stays, and is refused."""
    folder = (DOCS / page.file.src_uri).parent

    def words(link: re.Match[str]) -> str:
        target = (folder / link[2]).resolve()
        return link[1] if target.exists() and not target.is_relative_to(DOCS) else link[0]

    return _LINK.sub(words, markdown)
