"""The style sheet of the pages, light and dark, and the one script: links without a reload, copy, a typed day."""

from __future__ import annotations

from typing import Final

from app.dashboard.palette import CLAIM, EVIDENCE, GAIN, GRID, INK, LOSS, MUTED, TARGET, dark_of

_VARIABLES: Final = {
    "ink": INK,
    "muted": MUTED,
    "grid": GRID,
    "evidence": EVIDENCE,
    "claim": CLAIM,
    "target": TARGET,
    "gain": GAIN,
    "loss": LOSS,
}
_GROUNDS: Final = {
    False: {"ground": "#FFFFFF", "soft": "#F6F7F9", "line": "#E3E7EC", "link": "#1F5A8C"},
    True: {"ground": "#14181D", "soft": "#1D232A", "line": "#353C44", "link": "#7FB4E3"},
}

# No text of the project goes through here.
_RULES: Final = """
[data-testid="stMainBlockContainer"] { padding-top: 0.6rem; }
[data-testid="stHeader"] { background: transparent; pointer-events: none; }
[data-testid="stHeader"] * { pointer-events: auto; }
[data-testid="stMetricValue"] { font-variant-numeric: tabular-nums; }
.st-key-tm-bar { position: sticky; top: 0; z-index: 90; background: var(--tm-ground);
  border-bottom: 1px solid var(--tm-line); padding: 0.45rem 0 0.5rem; }
[data-testid="stVerticalBlock"] > div:has(> .st-key-tm-bar) { position: sticky; top: 0; z-index: 90; }
.tm-bar { display: flex; gap: 0.35rem; align-items: center; flex-wrap: wrap; min-height: 2.5rem; font-size: 0.875rem; }
.tm-bar .tm-step { padding: 0.3rem 0.55rem; border: 1px solid var(--tm-line); border-radius: 6px; white-space: nowrap; }
.tm-bar .tm-step[aria-disabled] { color: var(--tm-muted); }
.tm-choice { height: 2.5rem; padding: 0 0.6rem; border: 1px solid var(--tm-line); border-radius: 6px; font: inherit;
  color: var(--tm-ink); background: var(--tm-soft); color-scheme: var(--tm-scheme); cursor: pointer; }
.tm-choice:focus-visible { outline: 2px solid var(--tm-link); }
.tm-field { display: inline-flex; flex-direction: column; gap: 0.15rem; margin: 0.3rem 0.8rem 0.6rem 0;
  max-width: 100%; }
.tm-field > span { font-size: 0.875rem; } .tm-field > .tm-choice { min-width: 14rem; max-width: 100%; }
.tm-choice:invalid { border-color: var(--tm-loss); }
section[data-testid="stSidebar"] { width: 214px !important; min-width: 214px !important; }
[class*="st-key-tm-"] { scroll-margin-top: 4.2rem; }
.stHtml { color: var(--tm-ink); font-size: 1rem; line-height: 1.5; }
.stHtml h1 { font-size: 2rem; line-height: 1.2; padding: 0; margin: 0; }
.stHtml h2 { font-size: 1.5rem; line-height: 1.3; padding: 0; margin: 0.2rem 0 0.7rem; }
.stHtml h2 .tm-chip { font-size: 1.1rem; vertical-align: 0.15em; white-space: nowrap; }
.stHtml h3 { font-size: 1.2rem; line-height: 1.3; padding: 0; margin: 1.6rem 0 0.3rem; }
.stHtml > h3:first-child, .stHtml > .tm-pause + h3,
:is(.stHtml > section:first-child, .stHtml > .tm-pause + section) > h3:first-child { margin-top: 0.5rem; }
.stHtml h4 { font-size: 1rem; margin: 1rem 0 0.2rem; padding: 0; }
.stHtml p { margin: 0.4rem 0; } .stHtml ul, .stHtml ol { margin: 0.3rem 0 0.6rem; }
.stHtml li > p { margin: 0.1rem 0; }
.stHtml code:not(.tm-copied) { font-size: 0.88em; background: var(--tm-soft); color: var(--tm-ink);
  padding: 0.05rem 0.3rem; border-radius: 4px; overflow-wrap: anywhere; }
.tm-box { display: flex; gap: 0.6rem; border: 1px solid var(--tm-line); border-left: 4px solid var(--tm-link);
  border-radius: 6px; background: var(--tm-soft); padding: 0.4rem 0.8rem; margin: 0.6rem 0; }
.tm-box > span { padding-top: 0.4rem; } .tm-box.tm-warn { border-left-color: var(--tm-target); }
.tm-fold { border: 1px solid var(--tm-line); border-radius: 6px; margin: 0.6rem 0; padding: 0 0.7rem; }
.tm-fold > summary { cursor: pointer; padding: 0.45rem 0; } .tm-fold[open] { padding-bottom: 0.7rem; }
.tm-fold > summary:focus-visible { outline: 2px solid var(--tm-link); }
.tm-decision { border: 1px solid var(--tm-line); border-radius: 6px; padding: 0.6rem 0.9rem; margin: 0 0 0.6rem; }
.tm-frozen-list { max-height: 18rem; overflow: auto; }
.tm-frozen-list:focus-visible { outline: 2px solid var(--tm-link); }
.tm-stages { display: grid; grid-template-columns: repeat(auto-fill, minmax(220px, 1fr)); gap: 0.6rem;
  list-style: none; margin: 0.3rem 0 !important; padding: 0 !important; }
.tm-stages > * { border: 1px solid var(--tm-line); border-radius: 6px; padding: 0.6rem 0.8rem; margin: 0;
  overflow-wrap: anywhere; }
.tm-fold .tm-stages { grid-template-columns: repeat(auto-fill, minmax(min(380px, 100%), 1fr)); }
pre.tm-copied { white-space: pre-wrap; padding: 0.5rem 0.6rem; margin: 0.3rem 0; }
pre.tm-copied + .tm-copy { margin: 0; }
.tm-figures { display: grid; gap: 0.4rem 1.5rem;
  grid-template-columns: repeat(auto-fit, minmax(min(420px, 100%), 1fr)); }
.stHtml figure { margin: 0.4rem 0; } .stHtml figcaption { color: var(--tm-muted); font-size: 0.875rem; }
.tm-gate { display: block; position: relative; flex: 1 1 auto; min-width: 120px; height: 14px;
  background: var(--tm-grid); border-radius: 2px; margin-right: 8px; }
.tm-gate > span { display: block; height: 100%; background: var(--tm-evidence); border-radius: 2px; }
.tm-gate > i { position: absolute; top: 0; width: 12px; height: 12px; margin: 1px 0 0 -6px; transform: rotate(45deg);
  border: 2px solid var(--tm-claim); background: var(--tm-ground); }
.tm-causes .tm-plain, .tm-gates .tm-plain { padding-left: 0.2rem; }
.tm-causes .tm-span > i { position: absolute; top: -6px; bottom: -6px; border-left: 1px solid var(--tm-muted); }
.tm-plain .tm-points.tm-wide { flex: 0 1 15rem; text-align: left; }
[data-testid="stCaptionContainer"], [data-testid="stCaptionContainer"] p { color: var(--tm-muted) !important;
  opacity: 1 !important; }
.stHtml a { color: var(--tm-link); text-decoration: underline;
  text-decoration-thickness: 1px; text-underline-offset: 2px;
  text-decoration-color: color-mix(in srgb, currentColor 45%, transparent); }
.stHtml a:hover, .stHtml a:focus-visible { text-decoration-color: currentColor; }
.stHtml a.tm-step, .stHtml a.tm-card { text-decoration: none; }
a.tm-out::after { content: "\\2197"; font-size: 0.75em; margin-left: 0.15em; opacity: 0.75; }
.tm-sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
/* It looks for new figures every few seconds: fading it each time costs more than all else of an idle page. */
.st-key-tm-bar * { animation: none !important; }
.st-key-tm-bar [data-testid="stElementContainer"] { opacity: 1 !important; transition: none !important; }
.st-key-tm-bar [data-testid="stHtml"] { display: flex; align-items: center; }
.st-key-tm-bar [data-testid="stVerticalBlock"] { width: auto; }
.st-key-tm-bar > [data-testid="stLayoutWrapper"]:not([class*="st-key-"]) { flex: 1 1 auto; width: auto; }
.tm-quiet { color: var(--tm-muted); font-size: 0.875rem; margin: 0.3rem 0; }
.tm-quiet p { margin: 0.2rem 0; }
.tm-pause { height: 1rem; }
.tm-chip { display: inline-block; padding: 0.1rem 0.5rem; border-radius: 999px; font-size: 0.8rem; white-space: nowrap;
  border: 1px solid var(--tm-line); background: var(--tm-soft); color: var(--tm-ink); }
.tm-chip.tm-good { color: var(--tm-gain); } .tm-chip.tm-bad { color: var(--tm-loss); }
.tm-chip.tm-warn { color: var(--tm-target); }
.tm-frozen blockquote { color: var(--tm-muted); border-left: 3px solid var(--tm-line); margin: 0 0 0.6rem;
  padding-left: 0.8rem; }
.tm-copied { font-size: 0.8rem; background: var(--tm-soft); color: var(--tm-ink); padding: 0.1rem 0.35rem;
  border-radius: 4px; overflow-wrap: anywhere; }
.tm-copy { margin-left: 0.35rem; border: 1px solid var(--tm-line); background: var(--tm-ground); color: var(--tm-link);
  border-radius: 6px; font: inherit; font-size: 0.8rem; padding: 0.1rem 0.5rem; cursor: pointer; white-space: nowrap; }
.st-key-tm-bar .tm-copy { margin: 0; font-size: 0.9rem; padding: 0.42rem 0.6rem; color: var(--tm-ink); }
.tm-table { width: 100%; border-collapse: collapse; font-size: 0.9rem; }
.tm-table th { text-align: left; font-weight: 400; color: var(--tm-muted); padding: 0.35rem 0.75rem 0.35rem 0.25rem;
  border-bottom: 1px solid var(--tm-line); vertical-align: bottom; }
.tm-table td { padding: 0.4rem 0.75rem 0.4rem 0.25rem; border-bottom: 1px solid var(--tm-line); vertical-align: top;
  overflow-wrap: break-word; }
.tm-table td.tm-long { overflow-wrap: anywhere; min-width: 7rem; }
.tm-scroll { max-height: 26rem; overflow: auto; border: 1px solid var(--tm-line); border-radius: 6px;
  padding: 0 0.5rem; }
.tm-scroll thead th { position: sticky; top: 0; background: var(--tm-ground); z-index: 1; }
.tm-scroll:focus-visible { outline: 2px solid var(--tm-link); }
.tm-bullet { display: inline-block; position: relative; width: 100%; min-width: 90px; max-width: 180px; height: 10px;
  background: var(--tm-grid); border-radius: 2px; border-right: 3px solid var(--tm-target); vertical-align: middle; }
.tm-bullet > span { display: block; height: 100%; background: var(--tm-evidence); border-radius: 2px 0 0 2px; }
.tm-bullet.tm-full > span { background: var(--tm-gain); }
.tm-bullet.tm-unknown { background: repeating-linear-gradient(45deg, var(--tm-grid) 0 4px, transparent 4px 8px); }
.tm-beside { display: inline-flex; gap: 0.5rem; align-items: center; white-space: nowrap; }
.tm-odds { display: inline-flex; flex-wrap: wrap; gap: 0 0.5rem; align-items: center; }
.tm-track { display: inline-block; width: 70px; height: 8px; background: var(--tm-grid); border-radius: 4px; }
.tm-track > span { display: block; height: 100%; background: var(--tm-evidence); border-radius: 4px; }
.tm-span { display: block; position: relative; height: 16px; flex: 1 1 auto; min-width: 120px; }
.tm-span > span { position: absolute; top: 0; height: 100%; border-radius: 2px; }
.tm-span > .tm-gain { background: var(--tm-gain); } .tm-span > .tm-loss { background: var(--tm-loss); }
.tm-span > .tm-sum { background: var(--tm-muted); }
.tm-spark { width: 110px; height: 28px; display: inline-block; vertical-align: middle; }
.tm-trend { width: 100%; max-width: 560px; height: auto; display: block; margin: 0.4rem 0; }
.tm-axis { width: 100%; max-width: 640px; height: auto; display: block; margin: 0.4rem 0; }
.tm-weeks { display: flex; gap: 1px; min-width: 8rem; max-width: 26rem; }
.tm-weeks i { flex: 0 1 7px; min-width: 1px; height: 14px; border-radius: 1px; background: var(--tm-evidence); }
.tm-weeks i.tm-gap { background: transparent; box-shadow: inset 0 0 0 1px var(--tm-loss); }
.tm-stairs { list-style: none; margin: 0.3rem 0; padding: 0 !important; }
.tm-stairs li { display: flex; gap: 0.8rem; align-items: center; padding: 0.3rem 0; margin: 0;
  border-bottom: 1px solid var(--tm-line); }
.tm-what { flex: 0 1 26rem; }
.tm-stair { position: relative; flex: 1 1 8rem; height: 18px; background: var(--tm-soft); }
.tm-rise { position: absolute; top: 3px; height: 12px; background: var(--tm-gain); border-radius: 2px; }
.tm-mark { position: absolute; top: 0; height: 100%; border-left: 2px dashed var(--tm-target); }
.tm-cards { display: grid; grid-template-columns: repeat(var(--tm-cards), minmax(0, 1fr)); gap: 0.6rem;
  margin: 0.4rem 0; }
.tm-card { border: 1px solid var(--tm-line); border-radius: 6px; padding: 0.6rem 0.75rem; display: block;
  color: var(--tm-ink) !important; background: var(--tm-ground); }
.tm-card:hover { border-color: var(--tm-link); text-decoration: none !important; }
.tm-card .tm-label { color: var(--tm-muted); font-size: 0.82rem; display: block; }
.tm-card .tm-value { font-size: 1.3rem; font-weight: 600; font-variant-numeric: tabular-nums; display: block; }
.tm-card .tm-more { font-size: 0.82rem; display: block; color: var(--tm-muted); }
.tm-card .tm-more.tm-good { color: var(--tm-gain); } .tm-card .tm-more.tm-bad { color: var(--tm-loss); }
.tm-row { border-bottom: 1px solid var(--tm-line); }
.tm-row > summary { display: flex; gap: 0.8rem; align-items: center; padding: 0.35rem 0.2rem; cursor: pointer;
  list-style-position: inside; }
.tm-row > summary:hover { background: var(--tm-soft); }
.tm-row > summary:focus-visible { outline: 2px solid var(--tm-link); }
.tm-row > summary::before { content: "\\25B8"; color: var(--tm-muted); width: 0.8rem; }
.tm-row[open] > summary::before { content: "\\25BE"; }
.tm-row > summary .tm-name { flex: 0 0 15rem; } .tm-row > summary .tm-points { flex: 0 0 3.2rem; text-align: right;
  font-weight: 600; font-variant-numeric: tabular-nums; }
.tm-row > div { padding: 0.3rem 0.4rem 0.8rem 1.2rem; }
.tm-commits { margin: 0.4rem 0; padding-left: 1.1rem; } .tm-commits > li { margin: 0.25rem 0; overflow-wrap: anywhere; }
.tm-commits span { color: var(--tm-muted); }
.tm-plain { display: flex; gap: 0.8rem; align-items: center; padding: 0.35rem 0.2rem 0.35rem 1.8rem; }
.tm-plain .tm-name { flex: 0 0 15rem; } .tm-plain .tm-points { flex: 0 0 3.2rem; text-align: right; font-weight: 600; }
.tm-stuck { border: 1px solid var(--tm-line); border-left: 4px solid var(--tm-loss); border-radius: 6px;
  padding: 0.6rem 0.8rem; margin-bottom: 0.6rem; }
.stHtml .tm-stuck h4 { font-size: 1rem; margin: 0 0 0.3rem; padding: 0; font-weight: 600; }
.tm-facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(190px, 1fr)); gap: 0.25rem 1rem;
  margin: 0.3rem 0; padding: 0 !important; }
.tm-facts > div:last-child { grid-column: span 2; }
.tm-facts dt { color: var(--tm-muted); font-size: 0.8rem; } .tm-facts dd { margin: 0 !important; }
.tm-next { margin: 0.3rem 0 0; } .tm-next ul { margin: 0.1rem 0 0; }
.tm-chips { display: flex; flex-wrap: wrap; gap: 0.4rem; margin: 0.2rem 0 0.6rem; padding: 0 !important;
  list-style: none; }
.tm-chips .tm-chip { white-space: normal; border-radius: 6px; }
.tm-chips li { margin: 0; }
@media (max-width: 1280px) {
  [data-testid="stMainBlockContainer"] { padding-left: 2rem; padding-right: 2rem; }
  .st-key-tm-bar [data-testid="stPopoverButton"] p, .st-key-tm-bar .tm-copy { font-size: 0; }
  .st-key-tm-bar .tm-copy::before { content: "Link"; font-size: 0.9rem; }
  .st-key-tm-bar .tm-chip { font-size: 0.75rem; padding: 0.1rem 0.4rem; }
  [class*="st-key-open-"] > [data-testid="stElementContainer"]:has(> .stHtml) { flex: 1 1 100%; }
}
@media (max-width: 1160px) {
  .tm-cards { grid-template-columns: repeat(var(--tm-half), minmax(0, 1fr)); }
  .tm-table { font-size: 0.85rem; }
  .tm-table th, .tm-table td { padding-right: 0.5rem; }
}
@media (max-width: 1000px) {
  [data-testid="stMainBlockContainer"] { padding-left: 1.5rem; padding-right: 1.5rem; }
  .tm-row > summary .tm-name, .tm-plain .tm-name { flex-basis: 10rem; }
  .tm-bar { min-height: 2rem; }
  [class*="st-key-tm-"] { scroll-margin-top: 6.8rem; }
  .tm-plain .tm-points.tm-wide { flex-basis: 10rem; } .tm-what { flex-basis: 20rem; }
  .tm-spark { width: 80px; } .tm-bullet { min-width: 60px; }
}
"""

# Each row of a table is a card in a window that is too narrow: columns from which on -> class, width.
CARDS: Final = {6: ("tm-cards-6", 860), 7: ("tm-cards-7", 1000), 10: ("tm-cards-10", 1280)}
_CARDS: Final = """
@media (max-width: %(width)spx) {
  .%(name)s thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%%); }
  .%(name)s, .%(name)s tbody { display: block; width: auto; }
  .%(name)s tr { display: grid; grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); gap: 0.2rem 0.8rem;
    border: 1px solid var(--tm-line); border-radius: 6px; margin: 0 0 0.5rem; padding: 0.3rem 0.6rem; }
  .%(name)s td { display: block; border: 0; padding: 0.15rem 0; }
  .%(name)s td:empty { visibility: hidden; }
  .%(name)s td.tm-text { grid-column: span 2; }
  .%(name)s td::before { display: block; color: var(--tm-muted); font-size: 0.8rem; }
  .tm-scroll:has(> .%(name)s) { padding: 0.4rem; }
}
"""

_PHONE: Final = """
@media (max-width: 640px) {
  [data-testid="stMainBlockContainer"] { padding-left: 0.9rem; padding-right: 0.9rem; padding-top: 3.2rem; }
  [data-testid="stHeader"] { background: var(--tm-ground); }
  .st-key-tm-bar, [data-testid="stVerticalBlock"] > div:has(> .st-key-tm-bar) { top: 3.75rem; }
  [class*="st-key-tm-"] { scroll-margin-top: 10rem; }
  .tm-table thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .tm-table, .tm-table tbody, .tm-table tr, .tm-table td { display: block; width: auto; }
  .tm-table tr { border: 1px solid var(--tm-line); border-radius: 6px; margin: 0 0 0.5rem; padding: 0.3rem 0.6rem; }
  .tm-table td { border: 0; padding: 0.15rem 0 0.15rem 8.5rem; display: flow-root; overflow-wrap: anywhere; }
  .tm-table td::before { float: left; width: 8rem; margin-left: -8.5rem; color: var(--tm-muted); font-size: 0.8rem; }
  .tm-frozen td::before { content: attr(data-label); }
  .tm-table td:empty { display: none; }
  .tm-scroll { padding: 0.4rem; }
  .st-key-tm-bar .tm-chip { font-size: 0.7rem; padding: 0.1rem 0.35rem; }
  .st-key-tm-bar [data-testid="stPopoverButton"], .st-key-tm-bar .tm-copy { padding: 0.2rem 0.4rem; min-height: 2rem; }
  .tm-row > summary, .tm-plain { flex-wrap: wrap; }
  .tm-row > summary .tm-name, .tm-plain .tm-name { flex: 1 1 60%; }
  .tm-row > summary .tm-span, .tm-plain .tm-span { order: 3; flex-basis: 100%; }
  .tm-row > summary .tm-span { margin-left: 1.6rem; }
  .tm-gates .tm-gate { order: 3; flex-basis: 100%; margin-left: 8px; }
  .tm-stairs li { flex-wrap: wrap; } .tm-what, .tm-stair { flex-basis: 100%; }
  .tm-cards { grid-template-columns: 1fr 1fr; }
}
"""

SCRIPT: Final = """<script>
(() => {
  if (window.tminus) return;
  window.tminus = true;
  const go = (address) => {
    history.pushState({}, "", address);
    window.dispatchEvent(new PopStateEvent("popstate"));
  };
  document.addEventListener("click", (event) => {
    const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button);
    const link = event.target.closest("a.tm-in");
    if (link && plain) {
      const place = new URL(link.href);
      event.preventDefault();
      const same = place.pathname === location.pathname && place.search === location.search;
      if (!same) go(place.pathname + place.search);
      const name = decodeURIComponent(place.hash.slice(1));
      if (name) document.querySelector(".st-key-" + CSS.escape(name))?.scrollIntoView({ behavior: "smooth" });
      else if (!same) document.querySelector("[data-testid=stMain]")?.scrollTo(0, 0);
    }
    const copy = event.target.closest(".tm-copy");
    if (copy) {
      navigator.clipboard.writeText(copy.dataset.copy || location.href).then(() => {
        const words = copy.textContent;
        copy.textContent = "Copied";
        setTimeout(() => { copy.textContent = words; }, 1500);
      });
    }
  });
  // A choice goes into the address where it is not the usual one; the same control keeps the keyboard.
  const choose = (field) => {
    if (!field.reportValidity() || (field.matches(".tm-day") && !field.value)) return;
    const address = new URL(location.href), name = field.dataset.choice;
    const usual = field.matches(".tm-day") ? field.max : field.options[0].value;
    if (field.value === usual) address.searchParams.delete(name);
    else address.searchParams.set(name, field.value);
    if (address.href === location.href) return;
    focusAgain(field, `.tm-choice[data-choice="${CSS.escape(name)}"]`);
    go(address.pathname + address.search);
  };
  const focusAgain = (field, same) => {
    const until = Date.now() + 10000;
    const drawn = new MutationObserver(() => {
      const now = document.querySelector(same);
      if (Date.now() > until) drawn.disconnect();
      else if (!field.isConnected && now && document.activeElement === document.body) {
        now.focus({ preventScroll: true });
        drawn.disconnect();
      }
    });
    drawn.observe(document.querySelector("[data-testid=stMain]"), { childList: true, subtree: true });
  };
  const choice = (event, kind) => event.target.closest?.(kind);
  let isTyping = false;  // a typed day counts on Enter, or when the field is left: its parts come one by one
  document.addEventListener("keydown", (event) => {
    const field = choice(event, ".tm-day");
    if (!field) return;
    isTyping = event.key !== "Enter";
    if (!isTyping) choose(field);
  }, true);
  document.addEventListener("change", (event) => {
    const field = choice(event, ".tm-choice");
    if (field && !(isTyping && field.matches(".tm-day"))) choose(field);
  });
  document.addEventListener("focusout", (event) => {
    const field = choice(event, ".tm-day");
    if (field && isTyping) choose(field);
    isTyping = false;
  });
  // The menu keeps the day, the window and the project, in one step of the browser's history.
  document.addEventListener("click", (event) => {
    const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button);
    const link = event.target.closest("[data-testid=stSidebarNavLink]");
    if (!link || !plain) return;
    const kept = new URLSearchParams();
    for (const [name, value] of new URLSearchParams(location.search))
      if (["at", "weeks", "project"].includes(name)) kept.set(name, value);
    if (!kept.size) return;
    event.preventDefault();
    event.stopPropagation();
    go(`${new URL(link.href).pathname}?${kept}`);
  }, true);
})();
</script>"""


def page_style(*, dark: bool) -> str:
    """The style sheet on a light or a dark ground."""
    cards = "".join(_CARDS % {"name": name, "width": width} for name, width in CARDS.values())
    return f"<style>:root{{{colours_of(dark=dark)}}}{_RULES}{cards}{_PHONE}</style>"


def colours_of(*, dark: bool) -> str:
    """The colours of a ground, as CSS declarations of variables."""
    colours = {name: dark_of(colour) if dark else colour for name, colour in _VARIABLES.items()} | _GROUNDS[dark]
    declared = "".join(f"--tm-{name}:{colour};" for name, colour in colours.items())
    return f"{declared}--tm-scheme:{'dark' if dark else 'light'};"
