"""Text without credentials: nothing that looks like one leaves a reader."""

from __future__ import annotations

import re

GONE = "[redacted]"
_KNOWN = (
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)",
    r"\b(?:AKIA|ASIA|AGPA|AIDA|AROA)[0-9A-Z]{12,}",
    r"\b(?:gh[pousr]_|github_pat_|glpat-|xox[abeoprs]-|sk-|sk_live_|sk_test_|rk_live_|pypi-|npm_|SG\.|AIza|ya29\.|hf_|dop_v1_)[\w.-]{8,}",
    r"\beyJ[\w-]{8,}(?:\.[\w-]*){0,4}",
)
_SHAPES = re.compile("|".join(f"(?:{shape})" for shape in _KNOWN), re.DOTALL)
_URL_LOGIN = re.compile(r"(\b[a-z][a-z0-9+.-]{1,20}://)[^\s/@:]{0,200}:[^\s/@]{1,200}@", re.IGNORECASE)
_BEARER = re.compile(
    r"\b(authorization|bearer|basic|cookie|x-api-key)(\s*[:=]\s*|\s+)(?:bearer\s+|basic\s+)?[^\s'\",;]{6,}",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"((?:pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential)s?[\w.-]{0,30}"
    r"[\"'`\])]{0,3}\s{0,3}(?::=|=>|:|=|\bis\b)\s{0,3})(?:\"[^\"]{1,400}\"?|'[^']{1,400}'?|`[^`]{1,400}`?|[^\s,;]{4,400})",
    re.IGNORECASE,
)
# A quoted run of letters and digits mixed, as keys are: words, paths and versions keep a separator or lack digits.
_QUOTED_KEY = re.compile(r"([\"'`])(?=[^\"'`\s]*\d)(?=[^\"'`\s]*[A-Za-z])[A-Za-z0-9+/=_-]{16,400}\1")
_HEX_KEY = re.compile(r"\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{32,400}\b", re.IGNORECASE)


def redact(text: str) -> str:
    """The text with everything that looks like a credential replaced."""
    clean = _SHAPES.sub(GONE, text)
    clean = _URL_LOGIN.sub(rf"\1{GONE}@", clean)
    clean = _NAMED.sub(rf"\1{GONE}", clean)
    clean = _BEARER.sub(rf"\1\2{GONE}", clean)
    clean = _QUOTED_KEY.sub(GONE, clean)
    return _HEX_KEY.sub(GONE, clean)
