"""Which comment family a file belongs to, by its name; and what each family's comments and strings look like."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

_DOUBLE = rb'"(?:[^"\\\n]++|\\.)*+"'
_SINGLE = rb"'(?:[^'\\\n]++|\\.)*+'"
_BLOCK = rb"(?P<c>/\*(?:[^*]++|\*(?!/))*+(?:\*/|\Z))"
_LINE = rb"(?P<d>//[^\n]*+)"
_HASH = rb"(?P<d>#[^\n]*+)"
_MARKUP = rb"(?P<c><!--.*?(?:-->|\Z))"


@dataclass(frozen=True, slots=True)
class Family:
    """How comments of a kind of file are found: a tokeniser whose named groups are comments.

    `openers` are the signs with which a token begins that can span lines. A `sign`, where there is one, stands on the
    line of every comment, before its words. `embeds`: (tag, inner family) pairs of markup
    files. `prose`: the whole text is written for people, all of it counts.
    """

    name: str
    pattern: bytes = b""
    openers: tuple[bytes, ...] = ()
    sign: bytes = b""
    prose: bool = False
    embeds: tuple[tuple[bytes, str], ...] = ()

    @property
    def tokens(self) -> re.Pattern[bytes] | None:
        """Return the tokeniser, made when a file of the family is first met; None where nothing is a comment."""
        return _compiled(self.pattern) if self.pattern else None


@cache
def _compiled(pattern: bytes) -> re.Pattern[bytes]:
    return re.compile(pattern, re.S | re.M)


_LINES: tuple[bytes, ...] = ()
_C = (b"/*",)
TRIPLES = (b'"""', b"'''")


def _family(name: str, openers: tuple[bytes, ...], *tokens: bytes, sign: bytes = b"") -> Family:
    return Family(name, b"|".join(tokens), openers, sign)


_JS_REGEX = rb"(?:[=(,:!&|?{};\[]|\breturn)[ \t]*/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*+\]|[^/\\\[\n])++/"
_TEMPLATE = rb"`(?:[^`\\]++|\\.)*+`"
_TEXT_BLOCK = rb'""".*?(?:"""|\Z)'
_PY_STRINGS = (
    rb'"""(?:[^"\\]++|\\.|"(?!""))*+(?:"""|\Z)',
    rb"'''(?:[^'\\]++|\\.|'(?!''))*+(?:'''|\Z)",
)
# A dollar, an ampersand or a letter before the sign makes it something else ($#, &#39;, C#, page.html#top).
_WORD_HASH = rb"(?:(?<=[\s;,(){}\[\]|&])|^)(?P<d>#[^\n]*+)"
_DASHES = rb"(?P<d>--[^\n]*+)"
_SEMICOLON = rb"(?P<d>;[^\n]*+)"
_PERCENT = rb"(?P<d>%[^\n]*+)"
_PARENTHESIS = rb"(?P<c>\(\*.*?(?:\*\)|\Z))"


def _as(group: bytes, token: bytes) -> bytes:
    """Rename a token's group: a pattern names each group once."""
    return re.sub(rb"\?P<[cd]>", b"?P<" + group + b">", token)


_ALL = (
    Family("none"),
    Family("prose", prose=True),
    _family("c", _C, _DOUBLE, _SINGLE, _BLOCK, _LINE),
    _family("cpp", (b"/*", b'R"('), rb'R"\(.*?\)"', _DOUBLE, _SINGLE, _BLOCK, _LINE),
    _family("csharp", (b"/*", b'@"', b'"""'), _TEXT_BLOCK, rb'@"(?:[^"]++|"")*+"', _DOUBLE, _SINGLE, _BLOCK, _LINE),
    _family("css", _C, _DOUBLE, _SINGLE, _BLOCK),
    _family("scss", _C, _DOUBLE, _SINGLE, rb"url\([^)\n]*+\)", _BLOCK, _LINE),
    _family("js", (b"/*", b"`"), _DOUBLE, _SINGLE, _TEMPLATE, _BLOCK, _LINE, _JS_REGEX),
    _family("go", (b"/*", b"`"), _DOUBLE, _SINGLE, rb"`[^`]*+`", _BLOCK, _LINE),
    _family(
        "rust",
        (b"/*", b'"'),
        rb'r##".*?"##|r#".*?"#|\br"[^"]*+"',
        rb'"(?:[^"\\]++|\\.)*+"',
        rb"'(?:\\[^'\n]++|[^'\\\n])'",
        _BLOCK,
        _LINE,
    ),
    _family("jvm", (b"/*", b'"""'), _TEXT_BLOCK, _DOUBLE, _SINGLE, _BLOCK, _LINE),
    _family(
        *("php", (b"/*", b"<!--"), _DOUBLE, _SINGLE, _BLOCK, _LINE),
        *(rb"(?P<e>#(?!\[)[^\n]*+)", _as(b"f", _MARKUP)),
    ),
    _family("hcl", _C, _DOUBLE, _BLOCK, _LINE, _as(b"e", _HASH)),
    _family("python", TRIPLES, *_PY_STRINGS, _DOUBLE, _SINGLE, _HASH, sign=b"#"),
    _family("toml", TRIPLES, *_PY_STRINGS, _DOUBLE, rb"'[^'\n]*+'", _HASH, sign=b"#"),
    _family("hash", _LINES, rb"\\.", _DOUBLE, _SINGLE, _WORD_HASH, sign=b"#"),
    _family("ruby", (b"=begin",), rb"^=begin\b(?P<c>.*?)(?:^=end|\Z)", rb"\\.", _DOUBLE, _SINGLE, _WORD_HASH),
    _family("powershell", (b"<#",), rb"(?P<c><#.*?(?:#>|\Z))", _DOUBLE, _SINGLE, _WORD_HASH),
    _family(
        *("sql", (b"/*", b"'"), rb"'(?:[^']++|'')*+'", rb'"[^"\n]*+"', _DASHES, _BLOCK),
        rb"(?P<e>^#[^\n]*+)",
    ),
    _family(
        *("lua", (b"--[", b"[["), rb"(?P<c>--\[\[.*?(?:\]\]|\Z))", rb"(?P<e>--\[=\[.*?(?:\]=\]|\Z))"),
        *(rb"\[\[.*?\]\]", _DOUBLE, _SINGLE, _DASHES),
    ),
    _family("haskell", (b"{-",), _DOUBLE, rb"(?P<c>\{-.*?(?:-\}|\Z))", _DASHES),
    _family("dashes", _LINES, _DOUBLE, _DASHES, sign=b"--"),
    _family("lisp", (b'"', b"#|"), rb'"(?:[^"\\]++|\\.)*+"', rb"\\.", rb"(?P<c>#\|.*?(?:\|#|\Z))", _SEMICOLON),
    _family("semicolon", _LINES, _DOUBLE, _SEMICOLON, _as(b"e", _WORD_HASH)),
    _family("asm", _C, _DOUBLE, _BLOCK, _SEMICOLON, _as(b"e", _LINE), _as(b"f", _WORD_HASH)),
    _family("percent", _LINES, rb"\\.", _PERCENT, sign=b"%"),
    _family("erlang", _LINES, _DOUBLE, _SINGLE, rb"\$.", _PERCENT, sign=b"%"),
    _family("ocaml", (b"(*",), _DOUBLE, _PARENTHESIS, _LINE),
    _family("pascal", (b"(*", b"{"), rb"'[^'\n]*+'", _PARENTHESIS, rb"(?P<e>\{[^}]*+\})", _LINE),
    _family("fortran", _LINES, _DOUBLE, rb"'[^'\n]*+'", rb"(?P<d>![^\n]*+)", rb"(?P<e>^[Cc*][^\n]*+)"),
    _family("basic", _LINES, rb'"[^"\n]*+"', rb"(?P<d>'[^\n]*+)", rb"(?P<e>\b[Rr][Ee][Mm]\s[^\n]*+)"),
    _family("batch", _LINES, rb"(?P<d>^[ \t]*+@?[Rr][Ee][Mm]\b[^\n]*+)", rb"(?P<e>^[ \t]*+::[^\n]*+)"),
    _family("vim", _LINES, rb'(?P<d>^[ \t]*+"[^\n]*+)'),
    _family("properties", _LINES, rb"(?P<d>^[ \t]*+[#!][^\n]*+)"),
)
_MARKUP_FAMILY = _family(
    *("markup", (b"<!--", b"{#", b"<%--", b"{{!--"), _MARKUP),
    *(rb"(?P<e>\{#.*?#\})", rb"(?P<f><%--.*?--%>|\{\{!--.*?--\}\})"),
)
FAMILIES = {family.name: family for family in _ALL}
FAMILIES["markup"] = replace(_MARKUP_FAMILY, embeds=((b"script", "js"), (b"style", "css")))

_EXTENSIONS = {
    "c": "c h m mm glsl vert frag hlsl metal proto thrift"
    " zig v sv d vala pde ino as sol idl jsonc json5 wgsl y l re res rei mo",
    "cpp": "cc cpp cxx c++ hh hpp hxx h++ inl ipp cu cuh",
    "csharp": "cs",
    "jvm": "java kt kts scala sc groovy gradle swift dart",
    "js": "js jsx mjs cjs ts tsx mts cts es6 qml astro",
    "go": "go",
    "rust": "rs",
    "css": "css",
    "scss": "scss sass less styl pcss",
    "php": "php phtml php3 php4 php5 inc",
    "hcl": "tf tfvars hcl nix jsonnet libsonnet",
    "python": "py pyi pyw pyx pxd pxi bzl star gyp gypi wsgi",
    "toml": "toml",
    "ruby": "rb rake gemspec ru podspec cr",
    "hash": "sh bash zsh ksh fish yml yaml pl pm t r jl ex exs mk mak cmake awk sed tcl conf cfg dockerfile"
    " env graphql gql nim coffee gitignore dockerignore gitattributes editorconfig npmrc bazel bats pp"
    " puppet ninja spec service jq cson feature",
    "powershell": "ps1 psm1 psd1",
    "sql": "sql psql ddl pgsql plsql",
    "lua": "lua",
    "haskell": "hs lhs elm purs",
    "dashes": "ada adb ads vhd vhdl applescript",
    "lisp": "el lisp lsp cl scm ss rkt clj cljs cljc edn fnl",
    "semicolon": "ini ahk reg desktop",
    "asm": "s asm nasm",
    "percent": "tex sty cls bib ltx",
    "erlang": "erl hrl",
    "ocaml": "ml mli fs fsi fsx",
    "pascal": "pas dpr",
    "fortran": "f f77 f90 f95 f03 f08 for",
    "basic": "vb vbs bas frm",
    "batch": "bat cmd",
    "vim": "vim vimrc",
    "properties": "properties",
    "markup": "html htm xhtml xml xsl xslt xsd svg vue svelte hbs handlebars mustache j2 jinja jinja2 njk twig"
    " liquid erb ejs jsp aspx cshtml razor ftl csproj vcxproj props targets plist xaml resx pom"
    " storyboard wsdl rss tmpl tpl",
    "prose": "md mdx markdown mdown rst adoc asciidoc txt textile org pod rdoc wiki",
    "none": "json map lock csv tsv log png jpg jpeg gif webp ico icns bmp tif tiff psd ai eps pdf ps doc docx"
    " xls xlsx ppt pptx odt zip gz tgz bz2 xz zst 7z rar jar war ear whl egg so dll dylib exe a o obj"
    " lib bin dat db sqlite sqlite3 class pyc pyo woff woff2 ttf otf eot mp3 mp4 m4a wav ogg flac avi"
    " mov mkv webm wasm node pack idx gpg asc sig pem crt cer key p12 pfx jks der pub ipynb snap har"
    " geojson parquet npy npz pkl h5 onnx pt pth model mo po pot diff patch sum min",
}
FAMILY_OF_EXTENSION = {
    extension: family for family, extensions in _EXTENSIONS.items() for extension in extensions.split()
}
_NAMES = {
    "hash": "makefile gnumakefile dockerfile containerfile procfile justfile codeowners .env .bashrc .profile"
    " .zshrc .gitignore .dockerignore .npmignore .gitattributes .gitmodules .editorconfig .npmrc build"
    " workspace cmakelists.txt requirements.txt constraints.txt configure.ac makefile.am makefile.in"
    " kconfig kbuild snakefile meson.build",
    "ruby": "gemfile rakefile vagrantfile podfile guardfile capfile brewfile dangerfile fastfile",
    "jvm": "jenkinsfile",
    "python": "sconstruct sconscript wscript build.bazel",
    "vim": ".vimrc _vimrc",
    "lisp": ".emacs",
    "none": "license licence copying notice authors package-lock.json go.sum",
    "prose": "readme changelog changes history news todo install roadmap",
    "js": ".babelrc .eslintrc .jshintrc",
}
FAMILY_OF_NAME = {name: family for family, names in _NAMES.items() for name in names.split()}
_REQUIREMENTS = re.compile(
    r"(?:^|/)(?:[\w.-]*(?:requirements|constraints)[\w.-]*\.(?:txt|in)|requirements/[^/]*\.(?:txt|in))$"
)
_SHEBANGS = (
    (re.compile(rb"python"), "python"),
    (re.compile(rb"\b(?:node|deno|bun|ts-node|tsx)\b"), "js"),
    (re.compile(rb"ruby"), "ruby"),
    (re.compile(rb"php"), "php"),
    (re.compile(rb"lua"), "lua"),
    (re.compile(rb"pwsh|powershell"), "powershell"),
    (re.compile(rb"sh\b|perl|awk|sed|tclsh|make|Rscript|julia|elixir"), "hash"),
)


def family_of(path: str) -> str:
    """Name the comment family of a path; "" when only the content can tell."""
    name = path.rpartition("/")[2].lower()
    if name.endswith((".txt", ".in")) and _REQUIREMENTS.search(path):
        return "hash"
    if found := FAMILY_OF_NAME.get(name):
        return found
    stem, dot, extension = name.rpartition(".")
    found = FAMILY_OF_EXTENSION.get(extension) if dot else None
    return found or FAMILY_OF_NAME.get((stem if dot else name).lstrip(".").partition(".")[0], "")


def family_of_content(content: bytes) -> str:
    """Name the family that the first line of a file without a known name asks for; "none" without a #! line."""
    if not content.startswith(b"#!"):
        return "none"
    first = content[:200].partition(b"\n")[0]
    return next((family for sign, family in _SHEBANGS if sign.search(first)), "none")
