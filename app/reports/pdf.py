"""The review as PDF, and its pictures as PNG, from the same HTML and SVG. Needs the extra `pdf`."""

from __future__ import annotations

from app.workspace import UsageError

INSTALL = 'python -m pip install "tminus[pdf]"'


def pdf_bytes(html: str) -> bytes:
    """The pages of an HTML file. UsageError: what draws them is not installed."""
    try:
        from weasyprint import HTML
    except ImportError:
        raise UsageError(f"a PDF needs WeasyPrint: {INSTALL}") from None
    except OSError as problem:  # its wheel does not carry the text library of the system
        raise UsageError(
            f"a PDF needs the library Pango, which WeasyPrint did not find ({problem}): "
            "install it (Debian: apt install libpango-1.0-0 libpangoft2-1.0-0; macOS: brew install pango)"
        ) from None
    pages: bytes = HTML(string=html, url_fetcher=_nothing_from_elsewhere).write_pdf()
    return pages


def _nothing_from_elsewhere(url: str) -> dict[str, object]:
    """The page holds everything that it shows: an address in a quoted text is never opened."""
    raise ValueError(f"{url} is not part of the review")


def png_bytes(svg: str) -> bytes:
    """A picture in twice its size, on white. UsageError: what draws it is not installed."""
    try:
        from resvg_py import svg_to_bytes
    except ImportError:
        raise UsageError(f"a PNG needs resvg: {INSTALL}") from None
    return bytes(svg_to_bytes(svg_string=svg, background="#ffffff", zoom=2))
