"""The review as one HTML file that needs nothing else: no script, no font, no request."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from html import escape

from app.reports.pictures import Picture
from app.reports.svg import DARK_STYLE, NAMESPACE

_SHORT = 12  # characters of a cell that stays on one line: a date is not broken
_STYLE = f"""
:root {{ color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --line: #d9dee4; --soft: #57606a; --link: #1f5a8c; }}
body {{ font: 16px/1.55 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 0; }}
main {{ max-width: 60rem; margin: 2.5rem auto; padding: 0 1.25rem; overflow-wrap: break-word; }}
h1 {{ font-size: 1.6rem; line-height: 1.25; }} h2 {{ font-size: 1.15rem; margin-top: 2.2rem; }}
table {{ border-collapse: collapse; width: 100%; font-size: .92rem; }}
th, td {{ text-align: left; padding: .35rem .75rem .35rem 0; vertical-align: top;
border-bottom: 1px solid var(--line); }}
.short {{ white-space: nowrap; }} th {{ color: var(--soft); font-weight: 600; }} code {{ font-size: .88em; }}
blockquote {{ color: var(--soft); margin-left: 0; padding-left: 1rem; border-left: 3px solid var(--line); }}
figure {{ margin: 1rem 0 1.4rem; max-width: 600px; }} figure svg {{ display: block; width: 100%; height: auto; }}
figcaption {{ color: var(--soft); font-size: .88rem; margin-bottom: .3rem; }} figcaption a {{ color: var(--link); }}
@media (prefers-color-scheme: dark) {{
:root {{ --ink: #e6e9ed; --paper: #14171b; --line: #353c44; --soft: #9aa4af; --link: #6fa8dc; }}
{DARK_STYLE}
}}
@media (max-width: 600px) {{
main {{ margin: 1.2rem auto; padding: 0 .9rem; }}
thead {{ position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }}
table, tbody, tr, td {{ display: block; }}
tr {{ border: 1px solid var(--line); border-radius: 6px; padding: .3rem .7rem; margin: 0 0 .6rem; }}
td {{ border: 0; padding: .1rem 0; }} td:empty {{ display: none; }}
td[data-label]:not([data-label=""])::before {{ content: attr(data-label) ": "; color: var(--soft); }}
}}
@page {{ size: A4; margin: 16mm 15mm 18mm; @bottom-right {{ content: counter(page) " of " counter(pages);
font: 9pt system-ui, sans-serif; color: #57606a; }} }}
@media print {{
:root {{ --ink: #1b1f24; --paper: #fff; --line: #d9dee4; --soft: #57606a; --link: #1f5a8c; }}
main {{ max-width: none; margin: 0; padding: 0; }} body {{ font-size: 10pt; }}
table, tr, figure, blockquote, li {{ break-inside: avoid; }} thead {{ display: table-header-group; }}
h1, h2, figcaption {{ break-after: avoid; }} figure {{ max-width: 150mm; }} .save {{ display: none; }}
}}
""".strip()


def page_html(title: str, sections: Sequence[str], pictures: Mapping[str, Sequence[Picture]] | None = None) -> str:
    """A self-contained page of Markdown sections; `pictures` come after the heading of their section.

    HTML inside the Markdown is shown as text, and no link leads to a script.
    """
    body = "".join(_section(section, pictures or {}) for section in sections)
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{_STYLE}\n</style>\n</head>\n<body>\n<main>\n{body}</main>\n"
        f"</body>\n</html>\n"
    )


def _section(markdown: str, pictures: Mapping[str, Sequence[Picture]]) -> str:
    heading = re.match(r"## (.+)", markdown)
    figures = "".join(map(_figure, pictures.get(heading.group(1), ()))) if heading else ""
    html = _rendered(markdown)
    return html.replace("</h2>\n", f"</h2>\n{figures}", 1) if figures else html


def _figure(picture: Picture) -> str:
    """A picture with a link that saves it as a file of its own."""
    data = b64encode(picture.svg.encode()).decode()
    link = f'<a download="{picture.name}.svg" href="data:image/svg+xml;base64,{data}">SVG</a>'
    inline = picture.svg.replace(f' xmlns="{NAMESPACE}"', "", 1)  # inside HTML it goes without saying
    caption = f'{escape(picture.title)} <span class="save">({link})</span>'
    return f"<figure>\n<figcaption>{caption}</figcaption>\n{inline}\n</figure>\n"


def _rendered(markdown: str) -> str:
    """Markdown as HTML; each cell of a table carries the name of its column, which a phone shows beside it."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(markdown)
    columns: list[str] = []
    place = 0
    for token, content in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type == "table_open":
            columns = []
        elif token.type == "th_open" and content is not None:
            columns.append(content.content)
            token.attrSet("scope", "col")
        elif token.type == "tr_open":
            place = 0
        elif token.type == "td_open" and place < len(columns):
            token.attrSet("data-label", columns[place])
            if content is not None and len(content.content) <= _SHORT:
                token.attrSet("class", "short")
            place += 1
    html: str = parser.renderer.render(tokens, parser.options, {})
    return html
