"""Which markers count: inside comments, as whole uppercase words, per family of languages."""

from __future__ import annotations

import json
import random
import re
from dataclasses import replace

import pytest

from ingest.counting.comment_search import commented
from ingest.counting.comment_syntax import FAMILIES
from ingest.counting.marker_words import marker_words
from ingest.counting.markers import clean_text, find_markers, looks_generated
from ingest.counting.syntax_by_name import BY_CONTENT, FAMILY_OF_EXTENSION, FAMILY_OF_NAME, family_of
from ingest.counting.syntax_family import compiled

# (family, text, the labels that count)
CASES = [
    ("python", "# TODO\n", "TODO"),
    ("python", "x = '# TODO'  # FIXME\n", "FIXME"),
    ("python", '"""TODO\n# TODO\n"""\n# HACK\n', "HACK"),
    ("python", "'''it's # TODO''' # XXX", "XXX"),
    ("python", 's = "\\"# TODO"\n', ""),
    ("python", "r'''\\''' # TODO\n", ""),
    ("python", "# don't\nx = 1  # TODO\n", "TODO"),
    ("python", '# """ opens nothing\nx = 1  # TODO\n', "TODO"),
    ("python", 'x = \'"""\'\ny = 1  # TODO\n', "TODO"),
    ("python", "def f():\n    TODO()\n", ""),
    ("c", "int a; // TODO\n/* FIXME\n HACK */ XXX\n", "TODO FIXME HACK"),
    ("c", 'char *s = "/*"; // TODO\n', "TODO"),
    ("c", 'char *s = "// TODO"; char c = \'"\'; // XXX\n', "XXX"),
    ("c", "// it's /* not a block\nint TODO;\n", ""),
    ("c", "/* unfinished TODO", "TODO"),
    ("c", "int n = 1'000'000; // TODO\n", "TODO"),
    ("js", "const a = `// TODO ${b}`; // FIXME\n", "FIXME"),
    ("js", "`\n// TODO\n`\n// HACK\n", "HACK"),
    ("js", "const glob = 'src/**/*.js'; /* TODO */\n", "TODO"),
    ("js", "x = /[`'\"]/g; // TODO\ny = TODO;\n", "TODO"),
    ("js", "return <div>{/* TODO */}don't</div>; // FIXME", "TODO FIXME"),
    ("js", "const u = 'http://x/TODO';\n", ""),
    ("js", "a = b / c; // TODO / XXX\n", "TODO XXX"),
    ("go", "s := `raw \\` // TODO\n`still` // FIXME\n", "TODO FIXME"),
    ("rust", "fn f<'a>(x: &'a str) {} // TODO\n", "TODO"),
    ("rust", 'let s = "line\n// TODO\n"; // XXX\n', "XXX"),
    ("rust", 'let s = r#"// TODO "quoted" "#; // HACK\n', "HACK"),
    ("rust", 'quote(r"/\\"); // TODO\nlet s = "x"; // FIXME\n', "TODO FIXME"),
    ("cpp", 'auto s = R"(// TODO "x)"; // FIXME\n', "FIXME"),
    ("csharp", 'var s = @"C:\\"; // TODO\nvar t = @"a ""\n// XXX"; // FIXME\n', "TODO FIXME"),
    ("jvm", 'var t = """\n// TODO\n"""; // FIXME\n', "FIXME"),
    ("php", "<?php # TODO\n// FIXME\n#[Attribute] HACK\n?>", "TODO FIXME"),
    ("sql", "SELECT '-- TODO'; -- FIXME\n/* HACK */", "FIXME HACK"),
    ("sql", "-- don't TODO\nSELECT 1; -- XXX", "TODO XXX"),
    ("lua", "--[[ TODO\n FIXME ]] HACK = 1 -- XXX\n", "TODO FIXME XXX"),
    ("haskell", "{- TODO -} x -- FIXME\n", "TODO FIXME"),
    ("markup", "<p>TODO</p><!-- FIXME\n XXX --><b>HACK</b>", "FIXME XXX"),
    ("markup", "<script>\n// TODO\nlet s = '// XXX';\n</script><style>/* HACK */</style>", "TODO HACK"),
    ("hash", "a: b # TODO\nc: '# FIXME'\nd: e#XXX\n# it's HACK\n", "TODO HACK"),
    ("hash", "echo $# TODO ${x#y} # FIXME\n", "FIXME"),
    ("ruby", "=begin\nTODO\n=end\ns = '# XXX' # FIXME\n", "TODO FIXME"),
    ("lisp", '(def s "; TODO\n; XXX") ; FIXME\n#| HACK |#', "FIXME HACK"),
    ("percent", "50\\% TODO % FIXME\n", "FIXME"),
    ("css", "a { content: '/* TODO */' } /* FIXME */ // HACK", "FIXME"),
    ("scss", "a { b: c } // TODO\n", "TODO"),
    ("powershell", "<# TODO #> $x = '# XXX' # FIXME", "TODO FIXME"),
    ("batch", "REM TODO\r\necho TODO\r\n:: FIXME\r\n", "TODO FIXME"),
    ("hcl", 'a = "# TODO" # FIXME\n// HACK\n', "FIXME HACK"),
    ("toml", "a = '''\n# TODO\n''' # FIXME\n", "FIXME"),
    ("prose", "Anything TODO counts", "TODO"),
    ("none", "// TODO", ""),
    ("", "#!/usr/bin/env python3\n# TODO\n", "TODO"),
    ("", "#!/bin/sh\n# TODO\n", "TODO"),
    ("", "# TODO without a first line that tells\n", ""),
]


@pytest.mark.parametrize(("family", "text", "labels"), CASES)
def test_markers_count_in_comments_only(family, text, labels):
    """Strings, templates, regular expressions and code hold no markers; comments do."""
    assert [hit.label for hit in find_markers(text.encode(), family)] == labels.split()


@pytest.mark.parametrize(
    ("family", "text", "labels"),
    [
        ("js", b"a = `x ${f(1 /* TODO one */)} TODO two`", ["TODO"]),
        ("js", b"a = `${{ b: 1, // FIXME one\n c: '}' /* HACK two */ }} XXX three`", ["FIXME", "HACK"]),
        ("js", b"a = `TODO // ${b} // TODO`", []),
        ("go", b"a := `${ // TODO\n`", []),
    ],
)
def test_templates_hold_comments_only_in_their_expressions(family, text, labels):
    """In a template literal the text is a string, and what is in ${...} is code with comments of its own."""
    assert [hit.label for hit in find_markers(text, family)] == labels


@pytest.mark.parametrize(
    "word", ["TODOS", "ATODO", "TODO_", "_TODO", "todo", "Todo", "XXXX", "FIXME1", "HACKED", "0XXX"]
)
def test_a_word_with_an_identifier_beside_it_is_no_marker(word):
    """Only the bare uppercase word counts."""
    assert find_markers(f"# {word} # x".encode(), "python") == ()


@pytest.mark.parametrize("text", ["TODO", "(TODO)", "TODO:", "@TODO", "-TODO-", "“TODO”", "TODO(ada):"])
def test_signs_beside_the_word_do_not_matter(text):
    """Punctuation, also beyond ASCII, leaves the word a word."""
    assert len(find_markers(f"# {text}".encode(), "python")) == 1


def test_words_are_found_as_one_pattern_finds_them():
    """The search for rare letters equals a plain regular expression, on ten thousand random texts."""
    chance = random.Random(3)
    pieces = [
        b"TODO",
        b"FIXME",
        b"HACK",
        b"XXX",
        b"X",
        b"D",
        b"K",
        b"DO",
        b"ACK",
        b"ME",
        b"_",
        b" ",
        b"\n",
        b"a",
        b"T",
        b"FI",
    ]
    pattern = re.compile(rb"(?<![A-Za-z0-9_])(?:TODO|FIXME|HACK|XXX)(?![A-Za-z0-9_])")
    for _ in range(10_000):
        text = b"".join(chance.choices(pieces, k=chance.randint(0, 8)))
        assert marker_words(text) == [match.span() for match in pattern.finditer(text)], text


SKIPPING = [name for name, family in FAMILIES.items() if family.pattern and family.openers is not None]


@pytest.mark.parametrize("name", SKIPPING)
def test_reading_only_some_lines_equals_reading_all(name):
    """Splitting only the lines that matter finds what splitting the whole file finds."""
    rules = FAMILIES[name]
    signs = ["/*", "*/", "//", "#", "--", "'", '"', '"""', "'''", "`", ";", "%", "<!--", "-->", "{-", "-}", "(*", "*)"]
    words = [*signs, "TODO", "FIXME", "x", " ", "\n", "\n", "\n", "=begin", "=end", "<#", "#>", "--[[", "]]", "[["]
    chance = random.Random(name)
    compared = 0
    for _ in range(1500):
        text = "".join(chance.choices(words, k=chance.randint(3, 14))).encode()
        if spans_lines_unannounced(text, rules):
            continue
        found = marker_words(text)
        every_line = list(commented(text, found, replace(rules, openers=None, sign=b""), 0, len(text)))
        assert list(commented(text, found, rules, 0, len(text))) == every_line, text
        compared += 1
    assert compared > 500


def spans_lines_unannounced(text, rules):
    """Say whether a token spans lines though no opener begins it (a quote of the line before, say)."""
    return any(
        b"\n" in match[0].rstrip(b"\n") and not any(sign in match[0][:9] for sign in rules.openers)
        for match in compiled(rules.pattern).finditer(text)
    )


@pytest.mark.parametrize(
    ("rest", "text"),
    [
        (b": split this */", "split this"),
        (b"(bob): why? -->", "(bob): why?"),
        (b" - a\tb   c  ", "a b c"),
        (b"", ""),
        (b": caf\xe9", "caf\ufffd"),
        (b": " + b"x" * 900, "x" * 300),
    ],
)
def test_the_text_is_the_rest_of_the_line_cleaned(rest, text):
    """Closing signs, leading punctuation and odd white space go; 300 characters stay."""
    assert clean_text(rest) == text


def test_lines_are_counted_from_one():
    """The line is the one an editor shows."""
    hits = find_markers(b"/* TODO a\n\n FIXME b */\n// XXX c", "c")
    assert [(hit.line, hit.text) for hit in hits] == [(1, "a"), (3, "b"), (4, "c")]


@pytest.mark.parametrize(
    ("path", "family"),
    [
        ("a/b.py", "python"),
        ("Dockerfile", "docker"),
        ("docker/Dockerfile.dev", "docker"),
        ("CMakeLists.txt", "cmake"),
        ("requirements-dev.txt", "hash"),
        ("notes.txt", "prose"),
        ("README", "prose"),
        ("a.TSX", "js"),
        ("x.min.map", "none"),
        ("bin/run", ""),
        ("a.unknownext", ""),
        ("package.json", "none"),
        ("App.vue", "vue"),
    ],
)
def test_the_family_is_reported_by_the_name(path, family):
    """Extension or whole name decide; else the first line has to."""
    assert family_of(path) == family


def test_every_named_family_exists():
    """No extension leads to a family that is not there."""
    assert set(FAMILY_OF_EXTENSION.values()) | set(FAMILY_OF_NAME.values()) <= set(FAMILIES) | {
        f"by-{ending}" for ending in BY_CONTENT.split()
    }


def test_generated_files_say_so_in_their_head():
    """A head that says "do not edit", or lines longer than people write, mean a program wrote it."""
    assert looks_generated(b"// Code generated by protoc. DO NOT EDIT.\n")
    assert looks_generated(b"x=1;" * 5000)
    assert not looks_generated(b"x = 1\n" * 5000)
    assert not looks_generated(b"\n" * 700 + b"# do not edit this by accident\n")


@pytest.mark.parametrize(
    "content",
    [
        b"/*! MIT */\nvar Phoenix = (() => {\n  var __defProp = Object.defineProperty;\n",
        b"// js/utils.js\nvar a = 1; // TODO\n//# sourceMappingURL=phoenix.mjs.map\n",
        b"a { color: red }\n/*# sourceMappingURL=app.css.map */\n",
        b'/******/ (() => { // webpackBootstrap\n/******/ \t"use strict";\n',
        b"(function (global, factory) {\n  typeof exports === 'object' && typeof module !== 'undefined' ? factory() :",
        b'"use strict";\nObject.defineProperty(exports, "__esModule", { value: true });\n',
        b"(function(){function r(e,n,t){function o(i,f){if(!n[i]){",
    ],
)
def test_what_a_bundler_or_compiler_wrote_is_generated(content):
    """A built copy holds the comments of its source once more: its first or last lines show who wrote it."""
    assert looks_generated(content)


def test_sources_that_speak_of_built_files_are_code():
    """A bundler's own source names these words further down, and a build script writes the map."""
    assert not looks_generated(b"import x from 'y'\nexport const map = '//# sourceMappingURL=' + name\n")
    assert not looks_generated(b"/******/\n/* Title */\n/******/\nint main(void) { return 0; }\n")
    assert not looks_generated(b"(function (root, factory) {\n  root.a = factory();\n})(this, f);\n")


def test_a_template_is_no_generated_file():
    """It holds the sign of the files that it makes."""
    content = b"// Code generated by gotmpl. DO NOT EDIT.\n// TODO: split\n"
    assert looks_generated(content, "go") and not looks_generated(content, "gotemplate+go")


@pytest.mark.parametrize(
    ("path", "family"),
    [
        ("schematics/store.ts.template", "js"),
        ("config/database.yml.example", "yaml"),
        ("config/database.yml.postgresql", "yaml"),
        (".env.production", "hash"),
        ("requests/users.http", "hash"),
        ("a.unknown", ""),
        (".strange", ""),
    ],
)
def test_an_unknown_ending_is_read_as_the_one_before(path, family):
    """A sample or a template of a file has the comments of what it becomes."""
    assert family_of(path) == family


def test_a_notebook_with_a_picture_is_not_minified():
    """The lines of its outputs are long; its code is what is judged."""
    cell = {"cell_type": "code", "source": ["# TODO: split\n", "x = 1"], "outputs": [{"png": "A" * 50_000}]}
    content = json.dumps({"cells": [cell]}, indent=1).encode()
    assert not looks_generated(content, "notebook")
    assert [hit.label for hit in find_markers(content, "notebook")] == ["TODO"]
