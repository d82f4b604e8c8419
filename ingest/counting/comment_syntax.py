"""What the comments and strings of each family of languages look like."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from ingest.counting.syntax_family import (
    BACKTICK,
    BLOCK,
    CHARACTER,
    DASHES,
    DOUBLE,
    HASH,
    JOINED_LINE,
    LINE,
    LONG_DOUBLE,
    LONG_SINGLE,
    NESTED_C,
    PERCENT,
    PLAIN_DOUBLE,
    PLAIN_SINGLE,
    QUOTED_BLOCK,
    SEMICOLON,
    SINGLE,
    TEXT_BLOCK,
    TRIPLES,
    WORD_HASH,
    Family,
    family,
    indented,
    nested,
    until,
)
from ingest.counting.template_syntax import TEMPLATE_FAMILIES

_C = (b"/*",)
_NONE: tuple[bytes, ...] = ()
_JS_REGEX = rb"(?:[=(,:!&|?{};\[]|\breturn)[ \t]*/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*+\]|[^/\\\[\n])++/"
_RUBY_REGEX = (
    rb"(?:[=(,|&!{\[~]|\b(?:if|unless|when|and|or|not|split|match|g?sub!?|scan|return)\b[ (]?)[ \t]*"
    rb"/(?![ =])(?:\\.|\[(?:\\.|[^\]\\\n])*+\]|[^/\\\[\n])++/"
)
_HEREDOC = rb"(?P<heredoc>(?<![<\w])<<(?![<=])-?[ \t]*[\"'\\]?[A-Za-z_]\w*)"
_RUBY_HEREDOC = rb"(?P<heredoc>(?<!<)<<(?:[~-][\"'`]?[A-Za-z_]\w*|[\"'`]?[A-Z_][A-Z_0-9]*\b))"
_SLASH_HEREDOC = rb"(?P<slash_heredoc><<<[ \t]*[\"']?[A-Za-z_]\w*)"
_PERCENT_STRING = (
    rb"%[qQwWiI]?(?:\((?:\\.|[^()\\]|\([^()]*\))*+\)|\[(?:\\.|[^\[\]\\])*+\]|\{(?:\\.|[^{}\\]|\{[^{}]*\})*+\}|<[^<>]*+>)"
    rb"|%[qQwWiI](?P<pd>[|!/]).*?(?P=pd)"
)
_BEFORE_QUOTE = rb"(?<![\w$?\\])"
_YAML_DOUBLE = rb'"(?<![^\s\[{,:-]")(?:[^"\\]++|\\.)*+"'
_YAML_SINGLE = rb"'(?<![^\s\[{,:-]')(?:[^']++|'')*+'"
_SCALAR = rb"(?P<scalar>[|>](?<=[\s:-].)[-+1-9]{0,2}[ \t]*+(?:\#[^\n]*)?\r?$)"
_SLASH_LINE = rb"(?P<slash_line>//[^\n]*+)"
_GO_TEMPLATE = rb"\{\{-?\s*(?P<c>/\*.*?\*/)\s*-?\}\}"
_MATLAB_STRING = rb"(?:(?<=[\s=(,\[{;])|^)'(?:[^'\n]|'')*+'"

_ALL = (
    Family("none"),
    Family("notebook"),
    Family("prose", openers=None, prose=True),
    family("c", DOUBLE, SINGLE, BLOCK, JOINED_LINE, openers=_C, continues=True),
    family("slashes", DOUBLE, SINGLE, BLOCK, LINE, openers=_C),
    family("nested", TEXT_BLOCK, DOUBLE, CHARACTER, NESTED_C, LINE, openers=(b"/*", b'"""')),
    family("nested_ticks", DOUBLE, CHARACTER, BACKTICK, NESTED_C, LINE, openers=(b"/*", b"`")),
    family("lines", DOUBLE, CHARACTER, LINE, openers=_NONE),
    family("zig", rb"\\\\[^\n]*+", DOUBLE, CHARACTER, LINE, openers=_NONE),
    family(
        *("cpp", rb"(?P<raw>\bu?8?[uUL]?R\"(?P<delimiter>[^()\\\s\"]{0,16})\()", DOUBLE, SINGLE, BLOCK, JOINED_LINE),
        openers=(b"/*", b'R"'),
        continues=True,
    ),
    family(
        *("csharp", rb'(?P<q3>"{3,}).*?(?P=q3)', rb'(?:@\$?|\$@)"(?:[^"]++|"")*+"', DOUBLE, SINGLE, BLOCK, LINE),
        openers=(b"/*", b'@"', b'$"', b'"""', b'@$"'),
    ),
    family("css", DOUBLE, SINGLE, BLOCK, openers=_C),
    family("scss", DOUBLE, SINGLE, rb"url\([^)\n]*+\)", BLOCK, LINE, openers=_C),
    family("sass", DOUBLE, SINGLE, rb"url\([^)\n]*+\)", indented(b"//"), indented(rb"/\*"), LINE),
    family("js", DOUBLE, SINGLE, rb"(?P<template>`)", BLOCK, _SLASH_LINE, _JS_REGEX, openers=(b"/*", b"`")),
    family("go", DOUBLE, SINGLE, BACKTICK, BLOCK, LINE, openers=(b"/*", b"`")),
    family("d", rb'r"[^"]*+"', DOUBLE, CHARACTER, BACKTICK, nested(b"/+", b"+/"), BLOCK, LINE),
    family(
        *("rust", rb'\b(?:b|c)?r(?P<hashes>#*+)".*?"(?P=hashes)', LONG_DOUBLE, CHARACTER, NESTED_C, LINE),
        openers=(b"/*", b'"'),
    ),
    family("jvm", TEXT_BLOCK, QUOTED_BLOCK, DOUBLE, SINGLE, BLOCK, LINE, openers=(b"/*", *TRIPLES)),
    family("kotlin", rb'""".*?(?:"{3,}|\Z)', DOUBLE, CHARACTER, NESTED_C, LINE, openers=(b"/*", b'"""')),
    family(
        *("swift", rb'(?P<sh>#+)"{3}.*?"{3}(?P=sh)|(?P<s1>#+)"[^\n]*?"(?P=s1)', TEXT_BLOCK, DOUBLE, NESTED_C, LINE),
        openers=(b"/*", b'"""'),
    ),
    family("dart", TEXT_BLOCK, QUOTED_BLOCK, DOUBLE, SINGLE, NESTED_C, LINE, openers=(b"/*", *TRIPLES)),
    family("phpcode", _SLASH_HEREDOC, LONG_DOUBLE, LONG_SINGLE, BLOCK, LINE, rb"(?P<c>#(?!\[)[^\n]*+)"),
    family(
        *("hcl", _SLASH_HEREDOC.replace(b"<<<", b"<<-?"), DOUBLE, BLOCK, LINE, HASH),
        openers=(b"/*", b"<<"),
    ),
    family("nix", rb"''(?:[^']++|''[$'\\]|'(?!'))*+(?:''|\Z)", LONG_DOUBLE, BLOCK, HASH),
    family("jsonnet", rb"\|\|\|\n.*?^[ \t]*\|\|\|", LONG_DOUBLE, LONG_SINGLE, BLOCK, LINE, HASH),
    family("python", TEXT_BLOCK, QUOTED_BLOCK, DOUBLE, SINGLE, HASH, openers=TRIPLES, sign=b"#"),
    family("toml", TEXT_BLOCK, QUOTED_BLOCK, DOUBLE, PLAIN_SINGLE, HASH, openers=TRIPLES, sign=b"#"),
    family("hash", rb"\\.", DOUBLE, SINGLE, WORD_HASH, openers=_NONE, sign=b"#"),
    family("make", rb"\\#", rb"(?P<c>#(?:\\\r?\n|[^\n])*+)", openers=_NONE, continues=True),
    family("docker", _HEREDOC, rb"(?P<c>^[ \t]*+#[^\n]*+)", sign=b"#"),
    family(
        "cmake",
        rb"(?P<c>#\[(?P<eq>=*+)\[.*?\](?P=eq)\])",
        rb"\[(?P<e2>=*+)\[.*?\](?P=e2)\]",
        LONG_DOUBLE,
        HASH,
        sign=b"#",
        block=b"#[",
    ),
    family(
        *("shell", rb"\\.", rb"\$\{#?\w+#?", _HEREDOC, rb"\$'(?:[^'\\]++|\\.)*+'", LONG_DOUBLE, rb"'[^']*+'"),
        WORD_HASH,
        sign=b"#",
    ),
    family(
        *("yaml", _GO_TEMPLATE, _SCALAR, _YAML_DOUBLE, _YAML_SINGLE, rb"(?P<c>#(?<!\S#)[^\n]*+)"),
        sign=b"#",
        block=b"/*",
    ),
    family("graphql", TEXT_BLOCK, DOUBLE, HASH, sign=b"#"),
    family("elixir", TEXT_BLOCK, QUOTED_BLOCK, rb"\?.", LONG_DOUBLE, LONG_SINGLE, WORD_HASH, sign=b"#"),
    family("julia", TEXT_BLOCK, nested(b"#=", b"=#"), LONG_DOUBLE, CHARACTER, HASH, sign=b"#", block=b"#="),
    family("nim", TEXT_BLOCK, nested(b"#[", b"]#"), DOUBLE, CHARACTER, HASH, sign=b"#", block=b"#["),
    family("r", rb"[rR]\"-*\(.*?\)-*\"", LONG_DOUBLE, LONG_SINGLE, BACKTICK, HASH, sign=b"#"),
    family("rego", BACKTICK, DOUBLE, HASH, sign=b"#"),
    family(
        *("coffee", TEXT_BLOCK, QUOTED_BLOCK, rb"(?P<c>^[ \t]*+###(?!#).*?(?:###|\Z))", LONG_DOUBLE, LONG_SINGLE),
        *(rb"///.*?///", _JS_REGEX, WORD_HASH),
        sign=b"#",
        block=b"###",
    ),
    family(
        *("ruby", rb"^=begin\b(?P<c>.*?)(?:^=end|\Z)", rb"\\.", _RUBY_HEREDOC, _RUBY_REGEX, _PERCENT_STRING),
        *(_BEFORE_QUOTE + LONG_DOUBLE, _BEFORE_QUOTE + LONG_SINGLE, DOUBLE, SINGLE, WORD_HASH),
        ends=rb"^__END__\r?$",
        sign=b"#",
        block=b"=begin",
    ),
    family(
        *(
            "perl",
            rb"(?P<c>^=(?:begin|for)[ \t]+comment\b.*?(?:^=(?:end|cut)[^\n]*|\Z))",
            rb"^=[a-zA-Z].*?(?:^=cut\b|\Z)",
        ),
        *(rb"\\.", rb"(?P<heredoc>(?<![<\w])<<(?:~?[\"']?[A-Za-z_]\w*| [\"'][A-Za-z_]\w*))", rb"\$#"),
        rb"\bq[qwx]?[ ]?(?:\{(?:\\.|[^{}\\]|\{[^{}]*\})*+\}|\((?:\\.|[^()\\]|\([^()]*\))*+\)|\[[^\]]*+\])",
        rb"(?:=~|\b(?:split|grep|and|or|if|unless)\b[ (]?)[ \t]*(?:m|s|qr)?/(?:\\.|[^/\\\n])++/",
        *(_BEFORE_QUOTE + LONG_DOUBLE, _BEFORE_QUOTE + LONG_SINGLE, WORD_HASH),
        ends=rb"^__(?:END|DATA)__\r?$",
        sign=b"#",
        block=b" comment",
    ),
    family(
        "raku",
        rb"(?P<c>#`\(.*?\)|#`\{.*?\}|#`\[.*?\])",
        rb"^=[a-zA-Z].*?(?:^=(?:cut|end)[^\n]*|\Z)",
        DOUBLE,
        SINGLE,
        HASH,
    ),
    family(
        "powershell",
        rb"@(?P<hs>[\"']).*?^(?P=hs)@",
        until(b"<#", b"#>"),
        DOUBLE,
        rb"'(?:[^'\n]|'')*+'",
        WORD_HASH,
        sign=b"#",
        block=b"<#",
    ),
    family("sql", rb"'(?:[^']++|'')*+'", PLAIN_DOUBLE, DASHES, BLOCK, rb"(?P<c>^#[^\n]*+)", openers=(b"/*", b"'")),
    family(
        *("lua", rb"(?P<c>--\[(?P<lv>=*+)\[.*?(?:\](?P=lv)\]|\Z))", rb"\[(?P<l2>=*+)\[.*?\](?P=l2)\]", DOUBLE, SINGLE),
        DASHES,
    ),
    family("haskell", nested(b"{-", b"-}"), DOUBLE, CHARACTER, rb"(?P<c>--+(?![!#$%&*+./<=>?@\\^|~:])[^\n]*+)"),
    family("elm", TEXT_BLOCK, nested(b"{-", b"-}"), DOUBLE, DASHES),
    family("lean", nested(b"/-", b"-/"), DOUBLE, DASHES),
    family("dashes", DOUBLE, DASHES, openers=_NONE, sign=b"--"),
    family("vhdl", DOUBLE, DASHES, BLOCK, openers=_C),
    family("applescript", nested(b"(*", b"*)"), DOUBLE, DASHES, HASH),
    family("lisp", LONG_DOUBLE, rb"#?\\.", nested(b"#|", b"|#"), SEMICOLON),
    family("wat", LONG_DOUBLE, nested(b"(;", b";)"), rb"(?P<c>;;[^\n]*+)"),
    family("semicolon", DOUBLE, SEMICOLON, WORD_HASH, openers=_NONE),
    family("asm", DOUBLE, BLOCK, SEMICOLON, LINE, WORD_HASH, rb"(?P<c>(?:^|(?<=\s))@[^\n]*+)", openers=_C),
    family("percent", rb"\\.", PERCENT, openers=_NONE, sign=b"%"),
    family("prolog", DOUBLE, rb"'(?:[^'\\\n]|\\.|'')*+'", rb"0'.", BLOCK, PERCENT),
    family(
        *("matlab", rb"(?P<c>^[ \t]*%\{[ \t]*\r?$.*?(?:^[ \t]*%\}[ \t]*\r?$|\Z))", _MATLAB_STRING, PLAIN_DOUBLE),
        *(PERCENT, rb"\.\.\.(?P<c>[^\n]*+)", rb"(?P<c>(?:^|(?<=\s))#[^\n]*+)"),
    ),
    family("erlang", TEXT_BLOCK, LONG_DOUBLE, SINGLE, rb"\$\\?.", PERCENT, sign=b"%"),
    family("ocaml", rb"\{(?P<oq>[a-z_]*+)\|.*?\|(?P=oq)\}", LONG_DOUBLE, CHARACTER, nested(b"(*", b"*)")),
    family(
        "fsharp", TEXT_BLOCK, rb'@"(?:[^"]++|"")*+"', LONG_DOUBLE, CHARACTER, rb"\(\*\)", nested(b"(*", b"*)"), LINE
    ),
    family("pascal", rb"'[^'\n]*+'", until(rb"\(\*", rb"\*\)"), rb"(?P<c>\{[^}]*+\})", LINE, openers=(b"(*", b"{")),
    family("fortran", PLAIN_DOUBLE, PLAIN_SINGLE, rb"(?P<c>![^\n]*+)", openers=_NONE),
    family("fortran77", rb"(?P<c>^[Cc*Dd][^\n]*+)", PLAIN_DOUBLE, PLAIN_SINGLE, rb"(?P<c>![^\n]*+)", openers=_NONE),
    family(
        "cobol",
        PLAIN_DOUBLE,
        PLAIN_SINGLE,
        rb"(?P<c>^.{6}[*/][^\n]*+|\*>[^\n]*+)".replace(b".", rb"[^\n]"),
        openers=_NONE,
    ),
    family(
        "abap", rb"(?P<c>^\*[^\n]*+)", rb"'[^'\n]*+'", BACKTICK, rb"\|[^|\n]*+\|", rb'(?P<c>"[^\n]*+)', openers=(b"`",)
    ),
    family("basic", PLAIN_DOUBLE, rb"(?P<c>'[^\n]*+)", rb"(?P<c>\b[Rr][Ee][Mm]\s[^\n]*+)", openers=_NONE),
    family("batch", rb"(?P<c>^[ \t]*+@?[Rr][Ee][Mm]\b[^\n]*+)", rb"(?P<c>^[ \t]*+::[^\n]*+)", openers=_NONE),
    family(
        "vim",
        rb"^[ \t]*let[^\n]*=<<[ \t]*(?:trim[ \t]+)?(?P<vh>\w+)\n.*?^[ \t]*(?P=vh)$",
        rb'(?P<c>^[ \t]*+"[^\n]*+)',
        rb"(?P<c>^[ \t]*+#[^\n]*+)",
    ),
    family("properties", rb"(?P<c>^[ \t]*+[#!][^\n]*+)", openers=_NONE),
    family("tcl", rb"\\.", rb"(?P<c>(?:^|;)[ \t]*#(?:\\\r?\n|[^\n])*+)", openers=_NONE, continues=True),
    family("smalltalk", rb"'[^']*+'", rb'(?P<c>"[^"]*+")'),
    family("forth", rb"(?:^|(?<=\s))(?P<c>\\ [^\n]*+|\( [^)]*+\))", rb'[sS.]" [^"\n]*+"'),
    family("stata", rb"(?P<c>^[ \t]*\*[^\n]*+)", DOUBLE, BLOCK, LINE),
    family("sas", rb"(?P<c>^[ \t]*%?\*[^;]*+;)", PLAIN_SINGLE, DOUBLE, BLOCK),
    family("tla", nested(b"(*", b"*)"), DOUBLE, rb"(?P<c>\\\*[^\n]*+)"),
    family("bicep", QUOTED_BLOCK, SINGLE, BLOCK, LINE, openers=(b"/*", b"'''")),
    family("meson", QUOTED_BLOCK, SINGLE, HASH),
    family("thrift", DOUBLE, SINGLE, BLOCK, LINE, HASH, openers=_C),
    family("nsis", DOUBLE, SINGLE, BLOCK, SEMICOLON, WORD_HASH, openers=_C),
    family("typst", DOUBLE, rb"```.*?```", rb"`[^`\n]*+`", rb"(?<=:)//", NESTED_C, LINE),
    family("mercury", DOUBLE, SINGLE, BLOCK, PERCENT, openers=_C),
    family("mathematica", LONG_DOUBLE, nested(b"(*", b"*)")),
    family("apl", PLAIN_SINGLE, "(?P<c>⍝[^\n]*+)".encode(), openers=_NONE),
    *TEMPLATE_FAMILIES,
)
FAMILIES = {family.name: family for family in _ALL}


@cache
def family_named(name: str) -> Family:
    """Return a family; "erb+yaml" is the template family erb whose text outside its tags is yaml."""
    outer, plus, inner = name.partition("+")
    return replace(FAMILIES[outer], rest=inner) if plus else FAMILIES[outer]


_ATTRIBUTE = re.compile(rb"""\b(?:lang|type)\s*=\s*["']?([^"'\s>]+)""", re.I)
_LANGUAGES = {
    **dict.fromkeys(("scss", "less", "stylus", "styl", "postcss"), "scss"),
    **dict.fromkeys(("coffee", "coffeescript", "text/coffeescript"), "coffee"),
    **dict.fromkeys(("text/template", "text/html", "text/x-template", "text/ng-template", "html"), "markup"),
    **dict.fromkeys(("text/x-handlebars", "text/x-handlebars-template"), "handlebars"),
    **dict.fromkeys(("pug", "jade"), "pug"),
    **dict.fromkeys(("x-shader/x-vertex", "x-shader/x-fragment"), "slashes"),
    **dict.fromkeys(("text/python", "text/x-python", "py", "python"), "python"),
    **dict.fromkeys(("text/less", "text/scss", "text/x-scss"), "scss"),
    **dict.fromkeys(("text/sass", "sass"), "sass"),
    **dict.fromkeys(("slim",), "slim"),
    **dict.fromkeys(("haml",), "haml"),
    **dict.fromkeys(
        ("application/json", "application/ld+json", "importmap", "json", "text/plain", "speculationrules"), "none"
    ),
}
_DEFAULTS = {"script": "js", "style": "css", "template": "markup"}


def language_of(kind: str, attributes: bytes) -> str:
    """Name the family of a script, style or template by the `lang` or `type` of its tag."""
    for match in _ATTRIBUTE.finditer(attributes or b""):
        if found := _LANGUAGES.get(match[1].decode("latin-1").lower()):
            return found
    return _DEFAULTS[kind]
