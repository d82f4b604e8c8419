"""Takes credentials out of what is kept: out of whole files with care, out of words that are shown with suspicion.

Both look for the same issued credentials. A kept file must still be readable as what it was, so there only shapes go
that a service documents, in their full length, and values that a name and quotes give away. In the words of a finding
or a failure a credential may be cut off or stand alone, and nothing is lost with a word too many.
"""

from __future__ import annotations

import re
from typing import NamedTuple

MARK = "[redacted]"


class Issued(NamedTuple):
    """A credential that its issuer documents: what it begins with (each one; "a|b" is a choice), and what follows."""

    prefix: str
    rest: str
    begins: tuple[str, ...] = ()  # the prefixes in full, where `prefix` holds more than a choice of words

    def hints(self) -> tuple[str, ...]:
        """Lower-case texts of which one must stand there for the shape to be found."""
        return tuple(text.lower() for text in self.begins or self.prefix.split("|"))


ISSUED = (
    Issued("ghp_|gho_|ghu_|ghs_|ghr_", r"[A-Za-z0-9]{30,255}"),
    Issued("github_pat_", r"[A-Za-z0-9_]{40,255}"),
    Issued("glpat-|glptt-|gldt-|glrt-|glcbt-|glagent-|glsoat-|gloas-|glimt-|glft-", r"[A-Za-z0-9_\-]{20,64}"),
    Issued("AKIA|ASIA|AGPA|AIDA|AROA", r"[A-Z0-9]{16}"),
    Issued("AIza", r"[A-Za-z0-9_\-]{35}"),
    Issued(r"ya29\.", r"[A-Za-z0-9_\-]{20,400}", ("ya29.",)),
    Issued(r"xox[abeoprs]-", r"[A-Za-z0-9\-]{10,200}", ("xox",)),
    Issued("sk_live_|sk_test_|rk_live_|rk_test_", r"[A-Za-z0-9]{16,200}"),
    Issued("sk-", r"[A-Za-z0-9_\-]{32,200}"),
    Issued("npm_", r"[A-Za-z0-9]{36}"),
    Issued("pypi-", r"[A-Za-z0-9_\-]{60,300}"),
    Issued(r"SG\.", r"[A-Za-z0-9_\-]{22}\.[A-Za-z0-9_\-]{43}", ("SG.",)),
    Issued("hf_", r"[A-Za-z0-9]{34}"),
    Issued("dop_v1_", r"[a-f0-9]{64}"),
    Issued("xapp-", r"[A-Za-z0-9\-]{20,200}"),
    Issued("dckr_pat_", r"[A-Za-z0-9_\-]{27}"),
    Issued("dapi", r"[a-f0-9]{32}"),
    Issued(r"hvs\.", r"[A-Za-z0-9_\-]{24,200}", ("hvs.",)),
    Issued("glsa_", r"[A-Za-z0-9]{32}_[a-f0-9]{8}"),
    Issued("GOCSPX-", r"[A-Za-z0-9_\-]{28}"),
    Issued("ATATT3", r"[A-Za-z0-9_\-]{50,250}(?:=[A-F0-9]{8})?"),
    Issued("rubygems_", r"[a-f0-9]{48}"),
)
_AMAZON = "AKIA|ASIA|AGPA|AIDA|AROA"


class _Shape(NamedTuple):
    """A pattern that replaces its whole match, or only its group "secret": what stands before tells what was there."""

    pattern: re.Pattern[bytes]
    hints: tuple[bytes, ...]  # without one of these, in lower case, there is nothing to find: looking for them is quick


def _shape(pattern: str, *hints: str) -> _Shape:
    return _Shape(re.compile(pattern.encode()), tuple(hint.encode() for hint in hints))


_JWT = r"eyJ[A-Za-z0-9_\-]{8,2000}\.eyJ[A-Za-z0-9_\-]{8,4000}\.[A-Za-z0-9_\-]{8,2000}"
# Scanners quote the first line of a block alone: a quote ends it, else what follows in the report would go, too.
_KEY_BLOCK = r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----(?P<secret>(?:[^-\"'\\]|\\(?![\"'])){1,20000})"
_LOGIN = r"://[^/\s:@\"'<>]{0,100}:(?P<secret>[^/\s:@\"'<>]{1,200})@"
_HEADER = (
    r"(?i)\bauthorization[\"']?\s{0,3}[:=]\s{0,3}[\"']?(?:bearer|basic|token)\s{1,3}"
    r"(?P<secret>[A-Za-z0-9._~+/=\-]{8,4000})"
)
# What secret scanners write about a finding is the secret itself (gitleaks: Secret, Match, Context, before 8 offender
# and the line that holds it, in SARIF the snippet; Trivy: Match, Code).
_VALUE = r"\s{0,3}:\s{0,3}\"(?P<secret>(?:[^\"\\]|\\.){1,20000})\""
_FOUND = r"\"(?:Secret|Match|Context|offender|RawV2|Raw|secret_value)\"" + _VALUE
_LINE = r"\"line\"" + _VALUE + r",\s{0,20}\"(?:lineNumber|offender)\""
_SNIPPET = r"\"snippet\"\s{0,3}:\s{0,3}\{\s{0,99}\"text\"" + _VALUE
# Quotes as they are written: plain, escaped inside a text of JSON, or as the entity of XML and HTML.
_QUOTE = r"(?:\\{0,3}[\"']|&quot;|&apos;|&#34;|&#39;)"
_ASSIGNED = (
    r"(?i)(?:password|passwd|secret|api_?key|access_?key|secret_?key|private_?key|[a-z]_?token)"
    rf"{_QUOTE}?\s{{0,3}}[:=]\s{{0,3}}(?P<quote>{_QUOTE})"
    r"(?P<secret>(?!\[redacted\])[^\"'\s\\&]{8,400})(?P=quote)"
)
_NAMES = ("password", "passwd", "secret", "api_key", "apikey", "access_key", "accesskey", "private_key", "privatekey")
_TOKENS = ("_token", 'token"', "token'", "token\\", "token&", "token =", "token:", "token=")
# What a failing job prints of its environment, and what stands in an address: without quotes.
_UNQUOTED = (
    r"(?i)(?:password|passwd|secret|token|api_?key|access_?key|secret_?key|private_?key|account_?key)="
    r"(?P<secret>(?!\[redacted\])[^\s\"'<>&;,|\[\](){}$\\]{8,400})"
)
_EQUALS = ("password=", "passwd=", "secret=", "token=", "key=")
_SENT = (
    r"(?i)\b(?:private-token|job-token|x-api-key|x-auth-token|set-cookie|cookie)[\"']?\s{0,3}:\s{0,3}[\"']?"
    r"(?P<secret>(?!\[redacted\])[^\s\"'<>;,\[\]\\]{8,4000})"
)
_SIGNED = r"(?i)[?&](?:amp;)?(?:sig|x-amz-signature|x-goog-signature)=(?P<secret>[A-Za-z0-9%+/=_\-]{32,1000})"
_WEBHOOK = r"(?i)hooks\.slack\.com/(?:services|workflows)/(?P<secret>[A-Za-z0-9/_\-]{20,200})"
_AZURE_APP = r"\b[A-Za-z0-9_~.\-]{3}[0-9]Q~[A-Za-z0-9_~.\-]{31,34}"
_IN_FILES = (
    *(_shape(f"(?:{issued.prefix}){issued.rest}", *issued.hints()) for issued in ISSUED),
    _shape(_JWT, "eyj"),
    _shape(_KEY_BLOCK, "-----begin "),
    _shape(_LOGIN, "://"),
    _shape(_HEADER, "authorization"),
    _shape(_LINE, '"offender"'),
    _shape(_FOUND, '"secret"', '"match"', '"context"', '"offender"', '"raw"', '"rawv2"', '"secret_value"'),
    _shape(_SNIPPET, '"snippet"'),
    _shape(_ASSIGNED, *_NAMES, *_TOKENS),
    _shape(_UNQUOTED, *_EQUALS),
    _shape(_SENT, "-token", "x-api-key", "cookie"),
    _shape(_SIGNED, "sig=", "signature="),
    _shape(_WEBHOOK, "hooks.slack.com/"),
    _shape(_AZURE_APP, "q~"),
)


# Parts that many hints share: where one is missing, none of those hints has to be looked for.
_GATES = tuple(part.encode() for part in ('"', "=", "-", "_", "token", "key", "pass", "gh", "gl", "xox", "sig"))


def redact(data: bytes) -> tuple[bytes, int]:
    """The bytes of a file without the credentials that were recognised, and how many there were."""
    found = 0
    lower = data.lower()
    shut = [gate for gate in _GATES if gate not in lower]
    for pattern, hints in _IN_FILES:
        if any(hint in lower for hint in hints if not any(gate in hint for gate in shut)):
            data, hits = pattern.subn(_without, data)
            found += hits
    return data, found


def _without(match: re.Match[bytes]) -> bytes:
    mark = MARK.encode()
    if "secret" not in match.re.groupindex:
        return mark
    whole, start = match.group(), match.start()
    first, last = match.start("secret") - start, match.end("secret") - start
    return whole[:first] + mark + whole[last:]


def redact_text(text: str) -> str:
    """The same for a text that is kept whole, such as a marker's words or a commit's subject."""
    clean, hits = redact(text.encode("utf-8", "surrogatepass"))
    return clean.decode("utf-8", "replace") if hits else text


# Of words that are shown, whatever begins like an issued credential goes: they may have been cut off.
_OTHERS = "|".join(issued.prefix for issued in ISSUED if issued.prefix != _AMAZON)
_BEGUN = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----.*?(?:-----END [A-Z ]*PRIVATE KEY(?: BLOCK)?-----|\Z)"
    rf"|\b(?:{_AMAZON})[0-9A-Z]{{12,}}|\b(?:{_OTHERS})[\w.-]{{8,}}|\beyJ[\w-]{{8,}}(?:\.[\w-]*){{0,4}}",
    re.DOTALL,
)
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


def redact_words(text: str) -> str:
    """What a reader tells of a finding or a failure, with everything that looks like a credential replaced."""
    clean = _BEGUN.sub(MARK, text)
    clean = _URL_LOGIN.sub(rf"\1{MARK}@", clean)
    clean = _NAMED.sub(rf"\1{MARK}", clean)
    clean = _BEARER.sub(rf"\1\2{MARK}", clean)
    clean = _QUOTED_KEY.sub(MARK, clean)
    return _HEX_KEY.sub(MARK, clean)
