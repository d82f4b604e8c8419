"""The opening of a page: its title and first sentence inside the page itself, until the program of the page draws them.

A browser needs half a second and more before the first element of Streamlit appears; what is in the page is readable
at once. The cover lies over the whole window and goes in the moment in which the same sentence is drawn below it.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from app.dashboard.markup.style import colours_of

PATIENCE_MS: Final = 20_000  # a page that has failed without a message does not stay covered for ever

_PLACES: Final = """
#tm-opening { position: fixed; inset: 0; z-index: 999999; overflow: hidden; background: var(--tm-ground);
  color: var(--tm-ink); font: 16px/24px "Source Sans", sans-serif; padding: 81.8px 80px 0 294px; }
#tm-opening::before { content: ""; position: absolute; inset: 0 auto 0 0; width: 213px; background: var(--tm-soft);
  border-right: 1px solid var(--tm-line); }
#tm-opening h1 { font-size: 2rem; line-height: 1.2; margin: 0; }
#tm-opening h2 { font-size: 1.5rem; line-height: 1.3; margin: 1.5rem 0 0.7rem; }
#tm-opening .tm-quiet { color: var(--tm-muted); font-size: 0.875rem; margin: 0.3rem 0; }
#tm-opening p { margin: 0.2rem 0; font-size: 1rem; }
#tm-opening a { color: var(--tm-link); }
#tm-opening .tm-chip { display: inline-block; padding: 0.1rem 0.5rem; border-radius: 999px; font-size: 0.8rem;
  line-height: 1.5; white-space: nowrap; border: 1px solid var(--tm-line);
  background: var(--tm-soft); }
#tm-opening .tm-notices { position: absolute; top: 24px; }
#tm-opening h2 .tm-chip { font-size: 1.1rem; line-height: 1.3; vertical-align: 0.15em; }
#tm-opening .tm-good { color: var(--tm-gain); } #tm-opening .tm-bad { color: var(--tm-loss); }
#tm-opening .tm-warn { color: var(--tm-target); }
@media (max-width: 1280px) { #tm-opening { padding-left: 246px; padding-right: 32px; } }
@media (max-width: 1000px) { #tm-opening { padding-left: 238px; padding-right: 24px; } }
@media (max-width: 975px) { #tm-opening { padding-top: 129.8px; } }
@media (max-width: 768px) { #tm-opening { padding-left: 24px; } #tm-opening::before { display: none; } }
@media (max-width: 640px) { #tm-opening { padding: 163.4px 14.4px 0; } #tm-opening .tm-notices { top: 66px; } }
"""
# It also goes when the page has a message instead of the sentence, or a dialog: that the server cannot be reached.
_SCRIPT: Final = """
(() => {
  const cover = document.getElementById("tm-opening");
  const drawn = "[data-testid=stMain] :is(h2, [data-testid=stAlert], [data-testid=stException]), [role=dialog]";
  const uncover = () => { cover.remove(); changes.disconnect(); };
  const changes = new MutationObserver(() => { if (document.querySelector(drawn)) uncover(); });
  changes.observe(document.documentElement, { childList: true, subtree: true });
  setTimeout(uncover, %d);
})();
"""


def through_sentence(markup: str) -> str:
    """The beginning of the HTML of a page, up to the end of its first sentence; empty where it has none."""
    before, end, _ = markup.partition("</h2>")
    return before + end if end else ""


def opening(notices: str, markup: str) -> str:
    """What is kept of a page: what a reader must know of every figure of it, its title and its first sentence."""
    return f'<div class="tm-notices">{notices}</div>{markup}'


def cover(markup: str) -> str:
    """The opening of a page, over everything else of it.

    It is inert: a screen reader and the keyboard get the page itself, and a click waits for the real link.
    """
    hidden = "<noscript><style>#tm-opening { display: none; }</style></noscript>"  # the page has a message then
    return f'{_style()}{hidden}<div id="tm-opening" inert>{markup}</div><script>{_SCRIPT % PATIENCE_MS}</script>'


@cache
def _style() -> str:
    light, dark = colours_of(dark=False), colours_of(dark=True)
    on_dark = f"@media (prefers-color-scheme: dark) {{ #tm-opening {{{dark}}} }}"
    return f"<style>#tm-opening {{{light}}}{on_dark}{_PLACES}</style>"
