"""Takes credentials out of what is kept: out of whole files with care, out of words that are shown with suspicion.

Both look for the same issued credentials. A kept file must still be readable as what it was, so there only shapes go
that a service documents, in their full length, and values that a name and quotes give away. In the words of a finding
or a failure a credential may be cut off or alone, and nothing is lost with a word too many.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from ingest.held_values import held_values
from ingest.redaction.credential_shapes import ISSUED

MARK = "[redacted]"


_AMAZON = "AKIA|ASIA|AGPA|AIDA|AROA"


class _Shape(NamedTuple):
    """A pattern that replaces its whole match, or only its group "secret": the text before it shows what was there."""

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
    r"(?i)(?:password|passwd|secret|(?:api|access|secret|private|account|storage)_?key|[a-z]_?token)"
    rf"{_QUOTE}?\s{{0,3}}[:=]\s{{0,3}}(?P<quote>{_QUOTE})"
    r"(?P<secret>(?!\[redacted\])[^\"'\s\\&]{8,400})(?P=quote)"
)
_NAMES = (
    "password",
    "passwd",
    "secret",
    "api_key",
    "apikey",
    "access_key",
    "accesskey",
    "private_key",
    "privatekey",
    "account_key",
    "accountkey",
    "storage_key",
    "storagekey",
)
_LINE_NAMES = ("pass", "pwd", "secret", "token", "key", "credential")
_TOKENS = ("_token", 'token"', "token'", "token\\", "token&", "token =", "token:", "token=")
# What a failing job prints of its environment, and what an address holds: without quotes.
_UNQUOTED = (
    r"(?i)(?:password|passwd|secret|token|api_?key|access_?key|secret_?key|private_?key|account_?key)="
    r"(?P<secret>(?!\[redacted\])[^\s\"'<>&;,|\[\](){}$\\]{8,400})"
)
_EQUALS = ("password=", "passwd=", "secret=", "token=", "key=")
_SENT = (
    r"(?i)\b(?:private-token|job-token|x-api-key|x-auth-token|set-cookie|cookie)[\"']?\s{0,3}:\s{0,3}[\"']?"
    r"(?P<secret>(?!\[redacted\])[^\s\"'<>;,\[\]\\]{8,4000})"
)
# A value beside its name without quotes, as YAML and environment listings have it: the rest of the line is one word.
_LINED = (
    r"(?im)(?:^|[\s{,\-])[\w.\-]{0,60}(?:(?:password|passwd|pwd|passphrase)[\w.\-]{0,20}[ \t]{0,3}:[ \t]{1,3}"
    r"(?P<secret>(?!\[redacted\])[^\s\"'{}\[\]$|>&*!,<#][^\s\"'{}\[\],<]{5,400})"
    r"|(?:secret|token|api_?key|access_?key|private_?key|account_?key|storage_?key"
    r"|signing_?key|encryption_?key|credential)s?[\w.\-]{0,20}[ \t]{0,3}:[ \t]{1,3}"
    r"(?P<mixed>(?!\[redacted\])(?=[^\s]{0,400}?[0-9])(?=[^\s]{0,400}?[A-Za-z])[A-Za-z0-9._~+/=\-]{8,400}))"
    r"(?=[ \t\r]{0,9}(?:$|#|,|\}))"
)
# A program's log-in on its command line (curl -u, --user), and a token in place of the user of an address.
_USER_OPTION = (
    r"(?:^|\s)(?:-u|--user|--proxy-user)[ =]{0,2}[\"']?[^\s:\"'@/]{1,100}:(?P<secret>(?!\[redacted\])[^\s\"']{3,200})"
)
# An option that names what follows it, and the short ones of programs that take a password there.
_OPTION = (
    r"(?i)(?:--(?:[a-z]{1,20}-)?(?:password|passwd|pass|token|secret|api-?key|access-?key)[ \t]{1,3}[\"']?"
    r"|\bsshpass[ \t]{1,3}-p[ \t]{0,3}[\"']?|\b(?:mysql|mysqldump|mysqladmin|mariadb)[ \t][^\n]{0,100}?-p(?=\S)"
    r"|\b(?:docker|podman|helm|az|oc)[ \t][^\n]{0,100}?\blogin[ \t][^\n]{0,200}?[ \t]-p[ \t]{1,3}[\"']?)"
    r"(?P<secret>(?!\[redacted\]|-)(?=[^\s]{0,400}?[0-9])(?=[^\s]{0,400}?[A-Za-z])[^\s\"'<>$`|;&(){}\\]{6,400})"
)
# "aws_secret_access_key = ..." of a settings file: the rest of the line is one long word of letters and digits.
_SETTING = (
    r"(?im)(?:password|passwd|secret|token|(?:api|access|secret|private|account|storage|signing|encryption|master)_?key)"
    r"[ \t]{1,3}=[ \t]{1,3}(?P<secret>(?!\[redacted\])(?=[^\s]{0,400}?[0-9])(?=[^\s]{0,400}?[A-Za-z])"
    r"[A-Za-z0-9/+=_\-]{16,400})(?=[ \t\r]{0,9}$)"
)
_TOKEN_USER = r"://(?P<secret>[A-Za-z0-9_\-.~%]{20,255})(?::[^\s/@:\"'<>]{0,40})?@"  # noqa: S105 - a pattern
_SIGNED = r"(?i)[?&](?:amp;)?(?:sig|x-amz-signature|x-goog-signature)=(?P<secret>[A-Za-z0-9%+/=_\-]{32,1000})"
_WEBHOOK = r"(?i)hooks\.slack\.com/(?:services|workflows)/(?P<secret>[A-Za-z0-9/_\-]{20,200})"
_AZURE_APP = r"\b[A-Za-z0-9_~.\-]{3}[0-9]Q~[A-Za-z0-9_~.\-]{31,34}"
_IN_FILES = (
    *(_shape(f"(?:{issued.prefix}){issued.rest}", *issued.hints()) for issued in ISSUED),
    _shape(_JWT, "eyj"),
    _shape(_KEY_BLOCK, "-----begin "),
    _shape(_LOGIN, "://"),
    _shape(_TOKEN_USER, "://"),
    _shape(_USER_OPTION, "-u", "--user", "--proxy-user"),
    _shape(_OPTION, "--", "sshpass", "mysql", "mariadb", "login"),
    _shape(_SETTING, " = ", " =", "= ", "\t="),
    _shape(_LINED, *_LINE_NAMES),
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


# One sweep for all hints: most texts hold none of them.
_ANY_HINT = re.compile(b"|".join(sorted({re.escape(hint) for _, hints in _IN_FILES for hint in hints})))
# Parts that many hints share: where one is missing, none of those hints has to be looked for.
_GATES = tuple(part.encode() for part in ('"', "=", "-", "_", "token", "key", "pass", "gh", "gl", "xox", "sig"))


@lru_cache(maxsize=256)
def _left(missing: tuple[bytes, ...]) -> tuple[_Shape, ...]:
    """The shapes that can be found where these parts are missing, each with the hints that can."""
    kept = [(s.pattern, tuple(h for h in s.hints if not any(gate in h for gate in missing))) for s in _IN_FILES]
    return tuple(_Shape(pattern, hints) for pattern, hints in kept if hints)


def redact(data: bytes) -> tuple[bytes, int]:
    """The bytes of a file without the credentials that were recognised, and how many there were."""
    found = 0
    lower = data.lower()
    for value in held_values():
        found += data.count(value)
        data = data.replace(value, MARK.encode())
    if not _ANY_HINT.search(lower):
        return data, found
    for pattern, hints in _left(tuple(gate for gate in _GATES if gate not in lower)):
        if any(map(lower.__contains__, hints)):
            data, hits = pattern.subn(_without, data)
            found += hits
    return data, found


def _without(match: re.Match[bytes]) -> bytes:
    mark = MARK.encode()
    groups = match.re.groupindex
    name = next((name for name in ("secret", "mixed") if name in groups and match.start(name) >= 0), "")
    if not name:
        return mark
    whole, start = match.group(), match.start()
    first, last = match.start(name) - start, match.end(name) - start
    return whole[:first] + mark + whole[last:]


def redact_text(text: str) -> str:
    """The same for a text that is kept whole, such as a marker's words or a commit's subject."""
    clean, hits = redact(text.encode("utf-8", "surrogatepass"))
    return clean.decode("utf-8", "replace") if hits else text


def redact_texts(texts: Sequence[str]) -> list[str]:
    """`redact_text` of each, for very many: one sweep over all of them finds the few that have to be looked at.

    Each text is looked at once, however often it comes; what no shape can be in is returned as it is.
    """
    unique = list(dict.fromkeys(texts))
    clean = {unique[number]: redact_text(unique[number]) for number in _suspects(unique)}
    return [clean.get(text, text) for text in texts] if clean else list(texts)


# A line break ends and begins a line for every pattern, as the end and the beginning of a text alone do.
_BETWEEN = b"\n"
_SHORT = 2  # a literal this short is nearly everywhere
_OFTEN = 2_000


def _suspects(texts: Sequence[str]) -> list[int]:
    """The numbers of the texts in which a shape may be found: never one too few."""
    import numpy as np

    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    joined = _BETWEEN.join(encoded)
    lower = joined.lower()
    places = [place for value in held_values() for place in _places(joined, value)]
    for shape in _IN_FILES:
        places += _places_of(shape, joined, lower)
    ends = np.cumsum([len(text) + len(_BETWEEN) for text in encoded])
    numbers: list[int] = np.unique(np.searchsorted(ends, places, side="right")).tolist()
    return numbers


def _places_of(shape: _Shape, joined: bytes, lower: bytes) -> list[int]:
    """Where the shape may be: its literal texts where they are rare, the shape itself where they are common."""
    places: list[int] = []
    for hint in shape.hints:
        found = list(islice(_places(lower, hint), _OFTEN)) if len(hint) > _SHORT else []
        if len(hint) <= _SHORT or len(found) == _OFTEN:
            return list(_starts(shape.pattern, joined))
        places += found
    return places


def _places(text: bytes, wanted: bytes) -> Iterator[int]:
    place = text.find(wanted)
    while place >= 0:
        yield place
        place = text.find(wanted, place + 1)


def _starts(pattern: re.Pattern[bytes], text: bytes) -> Iterator[int]:
    """Every place where a match begins, also inside another match: that one may reach over the end of its text."""
    match = pattern.search(text)
    while match:
        yield match.start()
        match = pattern.search(text, match.start() + 1)


# Of words that are shown, whatever begins like an issued credential goes: they may have been cut off.
_OTHERS = "|".join(issued.prefix for issued in ISSUED if issued.prefix != _AMAZON and issued.is_telling)
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
    """What a reader reports of a finding or a failure, with everything that looks like a credential replaced."""
    clean = _BEGUN.sub(MARK, redact_text(text))
    clean = _URL_LOGIN.sub(rf"\1{MARK}@", clean)
    clean = _NAMED.sub(rf"\1{MARK}", clean)
    clean = _BEARER.sub(rf"\1\2{MARK}", clean)
    clean = _QUOTED_KEY.sub(MARK, clean)
    return _HEX_KEY.sub(MARK, clean)
