"""Families of markup and of template languages: their own comments, code in tags, and text of another family."""

from __future__ import annotations

from ingest.counting.syntax_family import BLOCK, LINE, LONG_DOUBLE, LONG_SINGLE, MARKUP, Family, family, indented, until

_ATTRIBUTES = rb"""(?:[^>"']++|"[^"]*+"|'[^']*+')*+"""


def _tag(kind: bytes) -> bytes:
    """Return the pattern of a script or style and what is in it."""
    return rb"<(?i:%b)\b(?P<a_%b>%b)>(?P<s_%b>.*?)(?:</(?i:%b)|\Z)" % (kind, kind, _ATTRIBUTES, kind, kind)


def _filter(begin: bytes, name: bytes, inner: bytes) -> bytes:
    """Return the pattern of a block of another language, all lines deeper than the one that opens it."""
    mark = b"f%d" % (sum(begin + name) % 9973)
    return rb"^(?P<%b>[ \t]*+)%b[^\n]*\n(?P<i_%b>(?:(?P=%b)[ \t]++[^\n]*+(?:\n|\Z)|[ \t]*+\n)*+)" % (
        mark,
        begin,
        inner + b"%d" % (sum(begin + name) % 9973),
        mark,
    )


_PUG_TEMPLATE = (
    rb"<template\b(?P<a_template>[^>]*\blang\s*=\s*[\"']?(?:pug|jade|haml|slim)\b[^>]*+)>(?P<s_template>.*?)"
    rb"(?:</template|\Z)"
)
_SCRIPT, _STYLE = _tag(b"script"), _tag(b"style")
_ANY_TAG = rb"<[A-Za-z]%b>" % _ATTRIBUTES  # no comment begins in the value of an attribute
_BRACED_COMMENT = rb"\{\s*(?P<c>/\*.*?\*/)\s*\}"
_BRACED_LINE = rb"\{\s*(?P<c>//[^\n]*+)"
_HASH_BRACE = until(rb"\{#", rb"#\}")
_BLOCK_COMMENT = rb"\{%[-~]?\s*comment\b[^%]*%\}(?P<c>.*?)(?:\{%[-~]?\s*endcomment\b|\Z)"
_INLINE_HASH = rb"\{%[-~]?\s*(?P<c>#.*?)[-~]?%\}"
_RAW = rb"\{%[-~]?\s*(?P<rawtag>raw|verbatim)\b.*?\{%[-~]?\s*end(?P=rawtag)"
_MUSTACHE = rb"\{\{~?(?P<c>!--.*?--)~?\}\}"
_MUSTACHE_SHORT = rb"\{\{~?(?P<c>![^}]*+)\}\}"
_BLADE = rb"\{\{(?P<c>--.*?--)\}\}"
_GO = rb"\{\{-?\s*(?P<c>/\*.*?\*/)\s*-?\}\}"
_SERVER_COMMENT = rb"<%(?P<c>--.*?--)%>"
_ERB_COMMENT = rb"<%(?P<c>\#.*?)%>"
_HEEX_COMMENT = rb"<%(?P<c>!--.*?--)%>"
_SMARTY = rb"\{(?P<c>\*.*?\*)\}"
_FREEMARKER = rb"(?P<c><#--.*?-->)"
_BRACES = rb"[^{}]*+"
for _ in range(7):
    _BRACES = rb"(?:[^{}]++|\{%b\})*+" % _BRACES
_RAZOR_CODE = (
    rb"@(?:(?:code|functions)\s*|(?:if|for|foreach|while|switch|using|lock)\b[^{\n]*\s*)?\{(?P<i_csharp>%b)\}" % _BRACES
)
_PHP_BODY = (
    rb"(?:[^?\"'/#<]++|%b|%b|/\*.*?(?:\*/|\Z)|(?://|#)(?:[^\n?]++|\?(?!>))*+"
    rb"|<<<[ \t]*(?P<phq>[\"']?)(?P<phw>\w+)(?P=phq)[^\n]*\n.*?^[ \t]*(?P=phw)\b|\?(?!>)|[^?])*+"
    % (LONG_DOUBLE, LONG_SINGLE)
)
_PHP = rb"<\?(?:php\b|=|(?!xml))(?P<i_phpcode>%b)(?:\?>|\Z)" % _PHP_BODY


def _island(begin: bytes, inner: bytes, stop: bytes = b"%>") -> bytes:
    return rb"%b(?P<i_%b>.*?)(?:%b|\Z)" % (begin, inner, stop)


TEMPLATE_FAMILIES: tuple[Family, ...] = (
    family("markup", MARKUP, _SCRIPT, _STYLE, _ANY_TAG),
    family("xml", rb"<!\[CDATA\[.*?\]\]>", MARKUP),
    family("vue", MARKUP, _PUG_TEMPLATE, _SCRIPT, _STYLE, _ANY_TAG),
    family("svelte", MARKUP, _SCRIPT, _STYLE, _BRACED_COMMENT, _BRACED_LINE),
    family("astro", rb"\A\s*---\r?\n(?P<i_js>.*?)(?:^---|\Z)", MARKUP, _SCRIPT, _STYLE, _BRACED_COMMENT, _BRACED_LINE),
    family(
        *("html", _HASH_BRACE, _BLOCK_COMMENT, _MUSTACHE, _BLADE, _GO, _SERVER_COMMENT, _ERB_COMMENT, _RAW),
        rest="markup",
    ),
    family("jinja", _HASH_BRACE, _BLOCK_COMMENT, _RAW, rest="markup"),
    family("liquid", _BLOCK_COMMENT, _INLINE_HASH, _RAW, rest="markup"),
    family("handlebars", _MUSTACHE, _MUSTACHE_SHORT, rest="markup"),
    family("erb", rb"<%%", _ERB_COMMENT, _HEEX_COMMENT, _island(rb"<%[-=|]?", b"ruby"), rest="markup"),
    family("ejs", rb"<%%", _ERB_COMMENT, _SERVER_COMMENT, _island(rb"<%[-=_]?", b"js"), rest="markup"),
    family("eex", rb"<%%", _ERB_COMMENT, _HEEX_COMMENT, _island(rb"<%[-=|]?", b"elixir"), rest="markup"),
    family("jsp", _SERVER_COMMENT, _island(rb"<%[!=@]?", b"jvm"), rest="markup"),
    family("aspx", _SERVER_COMMENT, _island(rb"<%[#=:@]?", b"csharp"), rest="markup"),
    family("razor", rb"(?P<c>@\*.*?(?:\*@|\Z))", _RAZOR_CODE, rest="markup"),
    family("blade", _BLADE, _PHP, _island(rb"@php\b(?!\s*\()", b"phpcode1", rb"@endphp"), rest="markup"),
    family("php", _PHP, rest="markup"),
    family("gotemplate", _GO, rest="markup"),
    family("smarty", _SMARTY, _GO, rb"\{literal\}.*?\{/literal\}", rest="markup"),
    family("freemarker", _FREEMARKER, rest="markup"),
    family("velocity", rb"(?P<c>#\*.*?(?:\*#|\Z))", rb"(?P<c>##[^\n]*+)", rest="markup"),
    family(
        "mako",
        rb"(?P<c>^[ \t]*##[^\n]*+)",
        rb"<%doc>(?P<c>.*?)</%doc>",
        _island(rb"<%!?(?![\w/])", b"python"),
        rest="markup",
    ),
    family(
        *("haml", indented(b"-#"), indented(rb"/(?![>\w])"), _filter(rb":javascript\b", b"", b"js")),
        *(_filter(rb":(?:css|sass|scss|less)\b", b"", b"scss"), _filter(rb":ruby\b", b"", b"ruby")),
        *(_filter(rb":(?:plain|markdown|erb|escaped|preserve)\b", b"", b"none"), rb"^[ \t]*[-=](?P<i_ruby>[^\n]*+)"),
    ),
    family(
        *(
            "slim",
            indented(b"/"),
            _filter(rb"(?:javascript|coffee):", b"", b"js"),
            _filter(rb"(?:css|scss|sass|less):", b"", b"scss"),
        ),
        *(_filter(rb"ruby:", b"", b"ruby"), rb"^[ \t]*[-=](?P<i_ruby>[^\n]*+)", MARKUP),
    ),
    family(
        *(
            "pug",
            indented(b"//"),
            _filter(rb"script[^\n]*\.[ \t]*$", b"", b"js"),
            _filter(rb"style[^\n]*\.[ \t]*$", b"", b"scss"),
        ),
        *(rb"^[ \t]*-(?P<i_js>[^\n]*+)", MARKUP),
    ),
    family("mdx", rb"\{\s*(?P<c>/\*.*?\*/)\s*\}", BLOCK, LINE),
)
