"""Which comment family a file belongs to: by its name, and where the name is not enough by its content."""

from __future__ import annotations

import re
from functools import cache

_EXTENSIONS = {
    "c": "c h mm glsl vert frag geom comp tesc tese hlsl metal y l rl ino pde idl",
    "slashes": "code-workspace proto sv v svh vh vala sol jsonc json5 wgsl mo fbs avdl prisma gleam sw ballerina bal"
    " stan cwl cds dsl hx as uc nut gsp chpl ligo ne rl purescriptffi fx fxh shader cginc compute cg wxs js_t"
    " gml pike pony ceylon groovy gradle gvy gy sc4 qasm scad jscad qs razorjs lalrpop dts dtsi overlay"
    " ncl squirrel gdshader zs cake ck pkl kdl fidl aidl hal rsc bp dbml ad mps smithy templ",
    "nested": "move sk wit noir nr cairo carbon re rei jakt vlang vsh rel",
    "nested_ticks": "odin",
    "zig": "zig zon",
    "cpp": "cc cpp cxx c++ hh hpp hxx h++ inl ipp tpp cu cuh ixx cppm",
    "csharp": "cs csx",
    "jvm": "java cue groovy gradle gvy apex trigger bsh",
    "kotlin": "kt kts scala sc sbt mill",
    "swift": "swift",
    "dart": "dart",
    "d": "d di",
    "js": "js jsx mjs cjs ts tsx mts cts es6 qml gs wxs res resi",
    "go": "go",
    "rust": "rs ron",
    "css": "css",
    "scss": "scss less styl pcss stylus",
    "sass": "sass",
    "php": "php phtml php3 php4 php5 php7 phps ctp",
    "hcl": "tf tfvars hcl nomad",
    "nix": "nix",
    "jsonnet": "jsonnet libsonnet",
    "python": "py pyi pyw pyx pxd pxi bzl star gyp gypi wsgi vy gd sage mojo smk rpy tac xsh",
    "toml": "toml",
    "ruby": "rb rake gemspec ru podspec cr builder jbuilder thor rabl arb",
    "shell": "sh bash zsh ksh fish bats ebuild eclass csh tcsh command",
    "yaml": "yml yaml",
    "graphql": "graphql gql graphqls",
    "elixir": "ex exs",
    "julia": "jl",
    "nim": "nim nims nimble",
    "r": "r rprofile",
    "rego": "rego",
    "coffee": "coffee litcoffee iced cson",
    "perl": "pm psgi cgi",
    "raku": "raku rakumod rakutest p6 pl6 pm6",
    "make": "mk mak make",
    "cmake": "cmake",
    "docker": "dockerfile containerfile",
    "hash": "awk sed conf cfg env gitignore dockerignore gitattributes editorconfig npmrc bazel pp puppet ninja"
    " service socket timer http jq feature capnp just earthfile caddyfile gn nu pest fishrc spec tape janet"
    " mailmap codeowners promql ldif stp stap io kaitai ksy robot resource mcfunction nginx htaccess"
    " neon crontab flexiblas po4a",
    "meson": "meson",
    "powershell": "ps1 psm1 psd1",
    "sql": "sql psql ddl pgsql plsql pls pks pkb pck plb prc fnc trg tps tpb vw hql cql mysql n1ql",
    "lua": "lua luau rockspec p8",
    "haskell": "hs lhs purs hsc idr agda dhall cabal",
    "elm": "elm",
    "lean": "lean",
    "dashes": "ada adb ads e gpr",
    "vhdl": "vhd vhdl",
    "applescript": "applescript scpt",
    "lisp": "el lisp lsp scm ss rkt clj cljs cljc edn fnl sld hy asd ny cl2 janet carp",
    "wat": "wat wast",
    "semicolon": "ini reg desktop clar",
    "nsis": "nsi nsh ahk iss",
    "asm": "s asm nasm a51 inc_asm",
    "percent": "tex sty bib ltx dtx",
    "erlang": "erl hrl xrl yrl escript",
    "ocaml": "ml mli mll mly sml eliom eliomi isar",
    "fsharp": "fs fsi fsx",
    "pascal": "pas dpr lpr dpk",
    "fortran": "f90 f95 f03 f08",
    "fortran77": "f f77 for fpp",
    "cobol": "cob cbl cpy cobol",
    "abap": "abap",
    "basic": "vb vbs bas frm vba",
    "batch": "bat cmd",
    "vim": "vim vimrc",
    "properties": "properties",
    "tcl": "tcl tk itcl sdc xdc",
    "smalltalk": "st",
    "forth": "4th fth forth frt",
    "stata": "do ado",
    "sas": "sas",
    "tla": "tla",
    "bicep": "bicep bicepparam",
    "thrift": "thrift",
    "typst": "typ",
    "prolog": "prolog plg",
    "mathematica": "wl wls",
    "apl": "apl dyalog aplf",
    "html": "html htm xhtml",
    "xml": "xml xsl xslt xsd svg csproj vcxproj fsproj vbproj props targets plist xaml axaml resx pom storyboard xib"
    " dotsettings wsdl rss atom config nuspec dita ui qrc ts_xml fxml",
    "vue": "vue",
    "svelte": "svelte",
    "astro": "astro",
    "handlebars": "hbs handlebars mustache",
    "jinja": "j2 jinja jinja2 njk twig djhtml tera nunjucks",
    "liquid": "liquid",
    "erb": "erb rhtml",
    "ejs": "ejs",
    "eex": "eex leex heex",
    "jsp": "jsp jspf jspx tag",
    "aspx": "aspx ascx master asax asp",
    "razor": "cshtml razor vbhtml",
    "gotemplate": "tmpl gotmpl gohtml",
    "smarty": "tpl smarty",
    "freemarker": "ftl ftlh",
    "velocity": "vm vtl",
    "mako": "mako",
    "haml": "haml",
    "slim": "slim",
    "pug": "pug jade",
    "prose": "md mdx markdown mdown rst adoc asciidoc txt textile org pod rdoc wiki",
    "notebook": "ipynb",
    "none": "json map lock csv tsv log png jpg jpeg gif webp ico icns bmp tif tiff psd ai eps pdf ps doc docx"
    " xls xlsx ppt pptx odt zip gz tgz bz2 xz zst 7z rar jar war ear whl egg so dll dylib exe a o obj"
    " lib bin dat db sqlite sqlite3 class pyc pyo woff woff2 ttf otf eot mp3 mp4 m4a wav ogg flac avi"
    " mov mkv webm wasm node pack idx gpg asc sig pem crt cer key p12 pfx jks der pub snap har webmanifest"
    " geojson parquet npy npz pkl h5 onnx pt pth model po pot diff patch sum min avif jsonl ndjson sln jks keystore"
    " pbxproj xcscheme xcworkspacedata entitlements gitkeep keep mmdb glb gltf blend fbx out err golden expected"
    " approved arrow cur lss dump ics vcf srt vtt pdb dot puml drawio excalidraw fig sketch ipr iml"
    " xcuserstate xcbkptlist dic",
}
FAMILY_OF_EXTENSION = {
    extension: family for family, extensions in _EXTENSIONS.items() for extension in extensions.split()
}
# Endings that several languages share: the content decides.
BY_CONTENT = "cls m pl pro t inc cl pp"
FAMILY_OF_EXTENSION |= {extension: f"by-{extension}" for extension in BY_CONTENT.split()}
_NAMES = {
    "hash": "procfile justfile codeowners .env .bowerrc .gitignore .dockerignore .npmignore .gitattributes .gitmodules"
    " .editorconfig .npmrc .eslintignore .prettierignore .rspec requirements.txt constraints.txt kconfig kbuild"
    " .flake8 .coveragerc .pylintrc .mailmap",
    "shell": ".bashrc .profile .bash_profile .zshrc .zshenv .envrc pkgbuild apkbuild configure.ac configure.in",
    "make": "makefile gnumakefile makefile.am makefile.in",
    "docker": "dockerfile containerfile",
    "cmake": "cmakelists.txt",
    "meson": "meson.build meson_options.txt meson.options",
    "ruby": "gemfile rakefile vagrantfile podfile guardfile capfile brewfile dangerfile fastfile appfile berksfile",
    "jvm": "jenkinsfile",
    "python": "sconstruct sconscript wscript build.bazel build workspace snakefile tiltfile",
    "perl": "cpanfile",
    "vim": ".vimrc _vimrc",
    "lisp": ".emacs",
    "go": "go.mod go.work",
    "none": "license licence copying notice authors package-lock.json go.sum",
    "prose": "readme changelog changes history news todo install roadmap",
    "js": ".babelrc .eslintrc .jshintrc tsconfig.json jsconfig.json .eslintrc.json devcontainer.json .swcrc",
}
FAMILY_OF_NAME = {name: family for family, names in _NAMES.items() for name in names.split()}
TEMPLATES = frozenset(
    ("jinja", "liquid", "erb", "ejs", "eex", "gotemplate", "smarty", "mako", "freemarker", "velocity")
)
_REQUIREMENTS = re.compile(
    r"(?:^|/)(?:[\w.-]*(?:requirements|constraints)[\w.-]*\.(?:txt|in)|requirements/[^/]*\.(?:txt|in))$"
)
_SHEBANGS = (
    (re.compile(rb"python|\bsage\b"), "python"),
    (re.compile(rb"\b(?:node|deno|bun|ts-node|tsx)\b"), "js"),
    (re.compile(rb"ruby|crystal"), "ruby"),
    (re.compile(rb"php"), "php"),
    (re.compile(rb"lua"), "lua"),
    (re.compile(rb"pwsh|powershell"), "powershell"),
    (re.compile(rb"perl"), "perl"),
    (re.compile(rb"raku"), "raku"),
    (re.compile(rb"tclsh|wish|expect"), "tcl"),
    (re.compile(rb"elixir"), "elixir"),
    (re.compile(rb"escript"), "erlang"),
    (re.compile(rb"julia"), "julia"),
    (re.compile(rb"Rscript"), "r"),
    (re.compile(rb"\bmake\b"), "make"),
    (re.compile(rb"groovy|\bjava\b"), "jvm"),
    (re.compile(rb"\bswift\b"), "swift"),
    (re.compile(rb"sh\b|\bbats\b"), "shell"),
    (re.compile(rb"awk|sed"), "hash"),
)
# (family, what its files say) by ending, tried in order; the last one is taken where nothing speaks.
_CONTENT_SIGNS: dict[str, tuple[tuple[str, bytes], ...]] = {
    "cls": (
        ("percent", rb"^[ \t]*\\(?:NeedsTeXFormat|Provides|LoadClass|newcommand|def|RequirePackage|Declare)|^[ \t]*%"),
        (
            "basic",
            rb"^VERSION \d|^Attribute VB_|^Option Explicit|^[ \t]*(?:Private|Public) (?:Sub|Function|Property)\b",
        ),
        ("jvm", rb"^Class [\w.]+ Extends |\b(?:class|interface|enum|trigger)\b[^\n{]*\{?|//|/\*"),
        ("percent", rb""),
    ),
    "m": (
        ("c", rb"^[ \t]*(?:#import|#include|@interface|@implementation|@import|@protocol|#define|#pragma)|^[ \t]*//"),
        ("mercury", rb"^[ \t]*:-[ \t]*module\b"),
        ("mathematica", rb"^\(\*|\bBeginPackage\["),
        ("matlab", rb"^[ \t]*(?:%|function\b|classdef\b|end\b|clear\b|clc\b|#)|;[ \t]*%"),
        ("c", rb"[{}]"),
        ("matlab", rb""),
    ),
    "pl": (
        ("prolog", rb"^:-|^[a-z]\w*\([^)]*\)[ \t]*(?::-|\.[ \t]*$)"),
        ("perl", rb""),
    ),
    "pro": (
        ("prolog", rb"^:-|:-[ \t]*$|^[a-z]\w*\([^)]*\)\."),
        ("semicolon", rb"^[ \t]*(?:pro|function) \w+,"),
        ("hash", rb""),
    ),
    "t": (("perl", rb""),),
    "inc": (
        ("php", rb"<\?"),
        ("pascal", rb"^[ \t]*(?:procedure|function|unit|begin)\b|\{\$"),
        ("c", rb"^[ \t]*#(?:include|define|if)|/\*|//"),
        ("asm", rb"^[ \t]*;"),
        ("hash", rb""),
    ),
    "cl": (("slashes", rb"__kernel|\bkernel void\b|^[ \t]*#(?:define|pragma|include)|^[ \t]*//|/\*"), ("lisp", rb"")),
    "pp": (("pascal", rb"^[ \t]*(?:unit|program|interface|implementation|uses|begin)\b"), ("hash", rb"")),
}


def family_of(path: str) -> str:
    """Name the comment family of a path; "" or "by-ENDING" when only the content can decide."""
    name = path.rpartition("/")[2].lower()
    if name.endswith((".txt", ".in")) and _REQUIREMENTS.search(path):
        return "hash"
    if found := FAMILY_OF_NAME.get(".env" if name.startswith(".env.") else name):
        return found
    stem, dot, extension = name.rpartition(".")
    if name.endswith(".blade.php"):
        return "blade"
    found = FAMILY_OF_EXTENSION.get(extension) if dot else None
    if found in TEMPLATES:
        return _template_family(found, stem)
    named = FAMILY_OF_NAME.get((stem if dot else name).lstrip(".").partition(".")[0], "")
    return found or named or (_family_before(stem) if dot else "")


def _family_before(stem: str) -> str:
    """The family of the ending before an unknown one: store.ts.template is read as what it becomes."""
    inner, dot, extension = stem.rpartition(".")
    return FAMILY_OF_EXTENSION.get(extension, "") if inner and dot else ""


def has_comments(path: str) -> bool:
    """Say whether a file can hold commented code by its name; settings of tools in dot files are not code."""
    return not path.rpartition("/")[2].startswith(".") and family_of(path) not in ("", "none", "prose")


def _template_family(template: str, stem: str) -> str:
    """Name the family of a template with that of the file it makes: conf.yml.erb is erb+yaml."""
    inner = FAMILY_OF_EXTENSION.get(stem.rpartition(".")[2], "") if "." in stem else FAMILY_OF_NAME.get(stem, "")
    if not inner or inner in ("html", "xml", "none") or inner.startswith("by-") or inner in TEMPLATES:
        return template
    return f"{template}+{inner}"


def family_of_content(content: bytes, family: str = "") -> str:
    """Name the family that a file's content asks for: its #! line, or the signs of the languages of one ending.

    Without a #! line and without a known ending it is "none".
    """
    if family.startswith("by-"):
        return _by_signs(content, family[3:])
    if not content.startswith(b"#!"):
        return "none"
    first = content[:200].partition(b"\n")[0]
    return next((name for sign, name in _SHEBANGS if sign.search(first)), "none")


def _by_signs(content: bytes, extension: str) -> str:
    return next(name for name, sign in _CONTENT_SIGNS[extension] if _sign(sign).search(content))


@cache
def _sign(pattern: bytes) -> re.Pattern[bytes]:
    return re.compile(pattern, re.M)
