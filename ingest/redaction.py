"""Takes credentials out of bytes before they are kept."""

from __future__ import annotations

import re

MARK = b"[redacted]"

# Shapes of real credentials; each documented by the service that issues them. A pattern replaces its whole match,
# or only the group "secret" when what stands before it tells the reader what was there.
_SHAPES: tuple[re.Pattern[bytes], ...] = tuple(
    re.compile(pattern)
    for pattern in (
        rb"gh[pousr]_[A-Za-z0-9]{30,255}",
        rb"github_pat_[A-Za-z0-9_]{40,255}",
        rb"gl(?:pat|ptt|dt|rt|cbt|agent|soat|imt|ft)-[A-Za-z0-9_\-]{20,64}",
        rb"(?:AKIA|ASIA)[A-Z0-9]{16}",
        rb"AIza[A-Za-z0-9_\-]{35}",
        rb"ya29\.[A-Za-z0-9_\-]{20,400}",
        rb"xox[abeoprs]-[A-Za-z0-9\-]{10,200}",
        rb"[sr]k_(?:live|test)_[A-Za-z0-9]{16,200}",
        rb"sk-[A-Za-z0-9_\-]{32,200}",
        rb"npm_[A-Za-z0-9]{36}",
        rb"pypi-[A-Za-z0-9_\-]{60,300}",
        rb"eyJ[A-Za-z0-9_\-]{8,2000}\.eyJ[A-Za-z0-9_\-]{8,4000}\.[A-Za-z0-9_\-]{8,2000}",
        rb"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?P<secret>[^-]{1,20000})",
        rb"://[^/\s:@\"'<>]{1,100}:(?P<secret>[^/\s:@\"'<>]{1,200})@",
        rb"(?i)\bauthorization[\"']?\s{0,3}[:=]\s{0,3}[\"']?(?:bearer|basic|token)\s{1,3}(?P<secret>[A-Za-z0-9._~+/=\-]{8,4000})",
        # What secret scanners write about a finding is the secret itself (gitleaks: Secret, Match; Trivy: Match, Code).
        rb"\"(?:Secret|Match|RawV2|Raw|secret_value)\"\s{0,3}:\s{0,3}\"(?P<secret>(?:[^\"\\]|\\.){1,20000})\"",
        rb"(?i)[\"']?\b[a-z0-9_\-]{0,40}(?:password|passwd|secret|api_?key|access_?token|auth_?token|private_?key)[\"']?"
        rb"\s{0,3}[:=]\s{0,3}(?P<quote>[\"'])(?P<secret>(?!\[redacted\])[^\"'\s]{8,400})(?P=quote)",
    )
)


def redact(data: bytes) -> tuple[bytes, int]:
    """Return the bytes without the credentials that were recognised, and how many there were."""
    found = 0
    for shape in _SHAPES:
        data, hits = shape.subn(_without, data)
        found += hits
    return data, found


def _without(match: re.Match[bytes]) -> bytes:
    if "secret" not in match.re.groupindex:
        return MARK
    whole, start = match.group(), match.start()
    first, last = match.start("secret") - start, match.end("secret") - start
    return whole[:first] + MARK + whole[last:]


# Every shape above begins with, or names, one of these: a text without them holds nothing that could be recognised.
_HINT = re.compile(
    r"gh[pousr]_|github_pat_|gl[a-z]{2,5}-|AKIA|ASIA|AIza|ya29\.|xox|[sr]k_|sk-|npm_|pypi-|eyJ|-----BEGIN|://[^/\s]*@"
    r"|authorization|secret|match|raw|passw|api_?key|token|private_?key",
    re.IGNORECASE,
)


def redact_text(text: str) -> str:
    """The text without the credentials that were recognised; quick for the many texts that hold none."""
    if _HINT.search(text) is None:
        return text
    return redact(text.encode("utf-8", "surrogatepass"))[0].decode("utf-8", "replace")
