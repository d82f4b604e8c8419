"""Snippets of many languages, each with the markers that its grammar calls comments."""
# ruff: noqa: E501 - a snippet a line

from __future__ import annotations

import json

from ingest.counting.markers import find_markers
from ingest.counting.syntax_by_name import family_of

# (file name, text, labels that count in order)
SNIPPETS = [
    # the length of a variable is no comment
    ("a.sh", "echo ${#TODO} ${#XXX[@]}\necho ${x#FIXME} # HACK\n", "HACK"),
    # behind the opening tag of an element, two slashes are its text
    ("a.jsx", "const a = () => (\n <p id='x'>\n  // TODO text\n  {/* FIXME */}\n </p>\n);\n// XXX\n", "FIXME XXX"),
    ("a.tsx", "const a = <b>x</b>\n// TODO\nconst c: Array<string>\n// FIXME\nconst d = <br />\n// XXX\n", "TODO FIXME XXX"),
    ("a.ts", "const f = (x: A<B>) =>\n  // TODO\n  x as Foo<T>\n// FIXME\nif (a < b)\n// XXX\n", "TODO FIXME XXX"),
    # a backslash joins the next line to a string or a comment
    ("a.c", 'char *s = "a \\\n// TODO text\\\n";\nint x; // FIXME\n', "FIXME"),
    ("a.c", 'char *s = "a \\\n/* TODO text */ \\\r\n";\nint x; /* FIXME */\n', "FIXME"),
    ("a.c", "// TODO one \\\n   FIXME two\nHACK();\n", "TODO FIXME"),
    ("a.cpp", '#define S "a \\\n// TODO text"\n#define F() \\\n  f(); /* FIXME */ \\\n  g() // XXX\n', "FIXME XXX"),
    # the end of the line before belongs to no name
    ("a.c", "/* Ends.\nTODO one\nsee docs/\nFIXME two\nat https://example.org\nHACK three */\n", "TODO FIXME HACK"),
    ("a.md", "A sentence.\nTODO: more\n", "TODO"),
    # comments of file types that were not read before
    ("a.haml", "%p\n  -# TODO one\n     FIXME deeper\n  / HACK shown\n  = name # XXX ruby\n  TODO text\n", "TODO FIXME HACK XXX"),
    ("a.haml", ":javascript\n  // TODO js\n  var a = '// FIXME'\n%p XXX\n", "TODO"),
    ("a.slim", "/ TODO one\n  FIXME deeper\np text TODO\n/! HACK\n- x = 1 # XXX\n", "TODO FIXME HACK XXX"),
    ("a.pug", "//- TODO one\n    FIXME deeper\np TODO\n// HACK\n", "TODO FIXME HACK"),
    ("a.pug", "script.\n  // TODO js\n  let s = '// FIXME'\np text // XXX\n", "TODO"),
    ("a.gd", '"""\nTODO text\n"""\nvar a = 1 # FIXME\n', "FIXME"),
    ("schema.prisma", "/// TODO doc\nmodel A { // FIXME\n id Int @default(1)\n name String @default(\"// XXX\") }\n", "TODO FIXME"),
    ("main.bicep", "// TODO\nvar s = '''\n// FIXME\n'''\n/* HACK */\nvar u = 'https://x/XXX'\n", "TODO HACK"),
    ("p.rego", "# TODO\nx := `# FIXME`\ny := \"# XXX\" # HACK\n", "TODO HACK"),
    ("a.cue", '// TODO\nx: """\n  // FIXME\n  """\n', "TODO"),
    ("a.abap", "* TODO line\nWRITE 'x * FIXME'. \" HACK rest\n  WRITE 'TODO'.\n", "TODO HACK"),
    ("a.pls", "-- TODO\nx := 'it''s -- FIXME';\n/* HACK */\n", "TODO HACK"),
    ("a.gleam", "//// TODO module\nlet a = \"// FIXME\" // XXX\n", "TODO XXX"),
    ("a.odin", "/* a /* b */ TODO */\ns := `// FIXME`\n// XXX\n", "TODO XXX"),
    ("a.typ", "// TODO\nhttps://example.org FIXME\n/* HACK /* x */ XXX */\nText TODO\n", "TODO HACK XXX"),
    ("a.wat", "(; TODO (; x ;) FIXME ;)\n;; HACK\n(data \";; XXX\")\n", "TODO FIXME HACK"),
    ("a.nims", "# TODO\n", "TODO"),
    ("a.vy", "# TODO\n@external\ndef f(): pass  # FIXME\n", "TODO FIXME"),
    ("a.sol", "/// TODO natspec\ncontract A { string s = \"// FIXME\"; /* HACK */ }\n", "TODO HACK"),
    ("a.move", "// TODO\nmodule m { }\n", "TODO"),
    ("a.move", "/* FIXME /* n */ TODO */\nmodule m { }\n", "FIXME TODO"),
    ("a.cairo", "// TODO\nfn f() {}\n", "TODO"),
    ("a.zig", "const s =\n    \\\\// TODO text\n    \\\\FIXME\n;\n// XXX\n", "XXX"),
    ("a.lean", "/- TODO /- x -/ FIXME -/\n-- HACK\n", "TODO FIXME HACK"),
    ("a.tla", "\\* TODO\n(* FIXME *)\n", "TODO FIXME"),
    ("a.cob", "000100* TODO\n       DISPLAY 'TODO'. *> FIXME\n", "TODO FIXME"),
    ("a.cypher", "TODO\n", ""),
    # template comments
    ("a.html.erb", "<%# TODO a %>\n<%= link # FIXME b\n%>\n<p># XXX</p><!-- HACK -->\n", "TODO FIXME HACK"),
    ("config.yml.erb", "<%# TODO a %>\nkey: <%= x %> # FIXME\ntext: TODO\n", "TODO FIXME"),
    ("a.ejs", "<%# TODO %><% // FIXME\n %><%- '// XXX' %><p>TODO</p>\n", "TODO FIXME"),
    ("a.blade.php", "{{-- TODO\n FIXME --}}\n@php\n // HACK\n@endphp\n<p>XXX // TODO</p>\n", "TODO FIXME HACK"),
    ("a.twig", "{# TODO\n FIXME #}<p>{{ 'XXX' }}</p>\n", "TODO FIXME"),
    ("a.j2", "{# TODO #}{% raw %}{# FIXME #}{% endraw %}<!-- HACK -->\n", "TODO HACK"),
    ("nginx.conf.j2", "{# TODO #}\nserver { # FIXME\n}\n", "TODO FIXME"),
    ("a.liquid", "{% comment %}TODO{% endcomment %}{%- # FIXME -%}<p>XXX</p>\n", "TODO FIXME"),
    ("a.hbs", "{{!-- TODO {{x}} --}}{{! FIXME }}<p>XXX</p><!-- HACK -->\n", "TODO FIXME HACK"),
    ("a.mustache", "{{! TODO }}{{name}} FIXME\n", "TODO"),
    ("a.cshtml", "@* TODO *@\n@if (x) {\n  // FIXME\n  var s = \"// XXX\";\n}\n<p>// TODO</p>\n", "TODO FIXME"),
    ("a.jsp", "<%-- TODO --%><% // FIXME\n %><p>// XXX</p><!-- HACK -->\n", "TODO FIXME HACK"),
    ("a.aspx", "<%-- TODO --%><p>FIXME</p>\n", "TODO"),
    ("a.heex", "<%!-- TODO --%><%# FIXME %><%= x # HACK\n%>\n", "TODO FIXME HACK"),
    ("a.tmpl", "{{/* TODO */}}{{- /* FIXME */ -}}<p>XXX</p>\n", "TODO FIXME"),
    ("deploy.yaml", "{{- /* TODO */ -}}\na: b # FIXME\n", "TODO FIXME"),
    ("a.tpl", "{* TODO *}<p>FIXME</p>\n", "TODO"),
    ("a.ftl", "<#-- TODO --><p>FIXME</p>\n", "TODO"),
    ("a.vm", "## TODO\n#* FIXME *#\n<p>XXX</p>\n", "TODO FIXME"),
    # embedded languages
    ("a.vue", "<template lang=\"pug\">\n//- TODO\np FIXME\n</template>\n<script lang=\"ts\">\nconst a = `// XXX` // HACK\n</script>\n", "TODO HACK"),
    ("a.vue", "<style lang=\"sass\">\n// TODO\n   FIXME\na\n  b: c\n</style>\n<style>\n// XXX\n/* HACK */\n</style>\n", "TODO FIXME HACK"),
    ("a.vue", "<script>\nconst a = '</p><!-- TODO -->'\n</script>\n<!-- <script>\n// FIXME\n</script> -->\n", "FIXME"),
    ("a.svelte", "<script lang='ts'>\n// TODO\n</script>\n{/* FIXME */}\n<style lang='less'>\n// HACK\n</style>\n<p>XXX</p>\n", "TODO FIXME HACK"),
    ("a.astro", "---\n// TODO\nconst a = '// XXX'\n---\n<p>TODO</p>{/* FIXME */}\n", "TODO FIXME"),
    ("a.html", "<script type=\"text/coffeescript\">\n# TODO\n</script><script type='application/json'>\n\"// FIXME\"\n</script>\n", "TODO"),
    ("a.html", "<script type=\"text/x-template\"><!-- TODO --><p>// FIXME</p></script>\n", "TODO"),
    ("a.html", "<a title='<!-- TODO'>x</a> <p>TODO</p><STYLE>/* FIXME */</STYLE>\n", "FIXME"),
    ("a.svg", "<!-- TODO --><text>FIXME</text><![CDATA[<!-- XXX -->]]>\n", "TODO"),
    # nested block comments, and languages where they do not nest
    ("a.swift", "/* a /* b */ TODO */ let x = 1 // FIXME\n", "TODO FIXME"),
    ("a.swift", "let s = #\"// TODO \"x\" \"#\nlet t = \"\"\"\n// FIXME\n\"\"\" // XXX\n", "XXX"),
    ("a.kt", "/* a /* b */ TODO */\nval s = \"\"\"\n// FIXME\n\"\"\" // XXX\nTODO()\n", "TODO XXX"),
    ("a.scala", "/* a /* b */ TODO */ val c = '\"' // FIXME\n", "TODO FIXME"),
    ("a.hs", "{- a {- b -} TODO -}\nx --> y TODO\n-- | FIXME\n", "TODO FIXME"),
    ("a.ml", "(* a (* b *) TODO *)\nlet s = {|(* FIXME *)|}\nlet c = '\"' (* XXX *)\n", "TODO XXX"),
    ("a.d", "/+ a /+ b +/ TODO +/\n/* c /* d */ int TODO;\nauto s = `// FIXME`; // XXX\n", "TODO XXX"),
    ("a.nim", "#[ a #[ b ]# TODO ]#\nlet s = \"\"\"\n# FIXME\n\"\"\"\nlet t = \"# HACK\" # XXX\n", "TODO XXX"),
    ("a.jl", "#= a #= b =# TODO =#\ns = \"\"\"\n# FIXME\n\"\"\" # XXX\n", "TODO XXX"),
    ("a.rkt", "#| a #| b |# TODO |#\n(define s \"; FIXME\") ; XXX\n", "TODO XXX"),
    ("a.dart", "/* a /* b */ TODO */\nvar s = '''\n// FIXME\n'''; // XXX\n", "TODO XXX"),
    ("a.java", "/* a /* b */ int TODO; // FIXME\n", "FIXME"),
    ("a.c", "/* a /* b */ int TODO; // FIXME\n", "FIXME"),
    ("a.fs", "(* a (* b *) TODO *)\nlet s = \"\"\"// FIXME\"\"\" // XXX\n", "TODO XXX"),
    ("a.agda", "{- a {- b -} TODO -}\n", "TODO"),
    # other block comments, continued lines
    ("a.coffee", "###\nTODO block\n###\nx = 1 # FIXME\ns = \"\"\"\n# XXX\n\"\"\"\n", "TODO FIXME"),
    ("a.coffee", "s = 'a\n# TODO\nb' # FIXME\n", "FIXME"),
    ("a.c", "int a; // one \\\n TODO two\nint TODO;\n", "TODO"),
    ("a.cpp", "// one \\\n two \\\n FIXME three\nint XXX;\n", "FIXME"),
    ("a.cpp", "auto s = R\"x(\n// TODO )\"\n)x\"; // FIXME\n", "FIXME"),
    ("Makefile", "# one \\\n TODO two\nall:\n\techo '\\# x' # FIXME\n", "TODO FIXME"),
    ("CMakeLists.txt", "#[[ TODO\n FIXME ]]\nmessage(\"# XXX\") # HACK\n", "TODO FIXME HACK"),
    ("a.ps1", "<# TODO #>\n$s = @\"\n# FIXME\n\"@\n# XXX\n", "TODO XXX"),
    ("a.lua", "--[==[ TODO ]] FIXME ]==] s = [=[ -- HACK ]=] -- XXX\n", "TODO FIXME XXX"),
    ("a.pas", "{ TODO } (* FIXME *) s := '{ XXX }'; // HACK\n", "TODO FIXME HACK"),
    ("a.tcl", "# one \\\n TODO two\nset a #FIXME\n", "TODO"),
    ("a.f90", "call TODO\nprint *, '! FIXME' ! XXX\n", "XXX"),
    ("a.f", "C TODO\n      CALL FIXME ! XXX\n", "TODO XXX"),
    ("a.vhd", "-- TODO\n/* FIXME */\n", "TODO FIXME"),
    ("a.st", "\"TODO\" Transcript show: 'FIXME \"XXX\"'.\n", "TODO"),
    ("a.adb", "-- TODO\nPut (\"-- FIXME\");\n", "TODO"),
    # endings that languages share
    ("A.cls", "public class A {\n  String s = '// TODO'; // FIXME\n}\n", "FIXME"),
    ("A.cls", "VERSION 1.0 CLASS\nAttribute VB_Name = \"A\"\n' TODO\ns = \"' FIXME\"\n", "TODO"),
    ("a.cls", "\\NeedsTeXFormat{LaTeX2e}\n% TODO\n\\newcommand{\\x}{50\\% FIXME}\n", "TODO"),
    ("a.m", "#import <A.h>\n// TODO\n@implementation A\n@end\n", "TODO"),
    ("a.m", "function y = f(x)\n% TODO\ny = x'; % FIXME\ns = '% XXX';\n%{\nHACK\n%}\nend\n", "TODO FIXME HACK"),
    ("a.m", ":- module a.\n% TODO\n", "TODO"),
    ("a.pl", "use strict;\nmy $n = $#list; # TODO\nmy $s = q{# FIXME};\n", "TODO"),
    ("a.pl", ":- module(a, []).\n% TODO\na(X) :- X = \"% FIXME\".\n", "TODO"),
    ("a.inc", "<?php\n// TODO\n", "TODO"),
    ("a.inc", "; TODO\n mov a, b ; FIXME\n", "TODO FIXME"),
    ("a.cl", "__kernel void f() { } // TODO\n", "TODO"),
    ("a.cl", "(defun f ()) ; TODO\n", "TODO"),
    # heredocs, block scalars, strings of several lines, ends of scripts
    ("a.sh", "cat <<EOF # TODO own line\n# FIXME text\nEOF\n# XXX\n", "TODO XXX"),
    ("a.sh", "cat <<-'END'\n\t# TODO\n\tEND\necho $((1<<X)) # FIXME\nread a <<< word # HACK\n", "FIXME HACK"),
    ("a.sh", "awk '\n# TODO\n{ print }' file # FIXME\necho \"\n# XXX\n\"\n", "FIXME"),
    ("a.sh", "echo don\\'t # TODO\n# don't\necho ${x#y} ${#z} # FIXME\n", "TODO FIXME"),
    ("a.rb", "s = <<~SQL\n  -- TODO\n  # FIXME\nSQL\nx << y # XXX\n", "XXX"),
    ("a.rb", "call(<<A, <<B) # TODO\n# FIXME\nA\n# HACK\nB\n# XXX\n", "TODO XXX"),
    ("a.rb", "x = 1 # TODO\n__END__\n# FIXME\n", "TODO"),
    ("a.rb", "s = %q(\n# TODO\n)\nr = /\"#{x}/ # FIXME\n", "FIXME"),
    ("a.rb", "s = \"one\n# TODO\n\" # FIXME\n", "FIXME"),
    ("a.pm", "my $s = <<\"EOT\";\n# TODO\nEOT\n# FIXME\n__DATA__\n# XXX\n", "FIXME"),
    ("a.pm", "=head1 NAME\n\nTODO doc\n\n=cut\n\n# FIXME\n", "FIXME"),
    ("a.php", "<?php\n$s = <<<'X'\n# TODO\n  X;\n$t = \"\n// FIXME\n\"; // HACK\n$u = '<?xml ?>'; # XXX\n", "HACK XXX"),
    ("a.php", "<p># TODO</p><!-- FIXME --><?php // HACK ?><b>// XXX</b><script>\n// TODO\n</script>\n", "FIXME HACK TODO"),
    ("a.yml", "run: |\n  # TODO text\n  echo FIXME\n\n  # HACK\nname: a # XXX\n", "XXX"),
    ("a.yaml", "- run: >-\n    # TODO\n  # FIXME comment\n  name: 'it''s # HACK' # XXX\n- |\n  # TODO\n", "FIXME XXX"),
    ("a.yml", "a: don't # TODO\nb: \"x # FIXME\n  y\" # HACK\nc: a#XXX\n", "TODO HACK"),
    ("a.toml", "a = '''\n# TODO\n'''\nb = \"# FIXME\" # XXX\n", "XXX"),
    ("a.py", 'def f():\n    """TODO doc."""\n    s = f"""\n# FIXME\n"""  # XXX\n', "XXX"),
    ("a.py", "s = ('a' # TODO\n     'b # FIXME')\n", "TODO"),
    ("a.js", "const a = `x ${`y ${z /* TODO */} // FIXME`} // XXX`; // HACK\n", "TODO HACK"),
    ("a.ts", "const r = /[\"'`]\\/\\/ TODO/; // FIXME\n", "FIXME"),
    ("a.tsx", "return <p title=\"// TODO\">{/* FIXME */}</p>; // XXX\n", "FIXME XXX"),
    ("a.go", "s := `\n// TODO\n` // FIXME\nr := '\"' // XXX\n", "FIXME XXX"),
    ("a.rs", "let s = r##\"// TODO \"# \"##; let c = '\"'; // FIXME\nlet b = b\"\n// XXX\n\";\n", "FIXME"),
    ("a.cs", "var s = \"\"\"\n// TODO\n\"\"\"; var t = $@\"\n// FIXME\n\"; // XXX\n", "XXX"),
    ("A.java", "var s = \"\"\"\n  // TODO \\\"\"\" FIXME\n  \"\"\"; // XXX\n", "XXX"),
    ("a.groovy", "def s = '''\n// TODO\n''' // FIXME\n", "FIXME"),
    ("a.ex", "@doc \"\"\"\n# TODO\n\"\"\"\nx = ?\" # FIXME\n", "FIXME"),
    ("a.erl", "f() -> $\", \"% TODO\". % FIXME\n", "FIXME"),
    ("a.nix", "x = ''\n  # TODO\n''; # FIXME\n", "FIXME"),
    ("a.tf", "x = <<EOT\n# TODO\nEOT\n// FIXME\ny = \"# XXX\" # HACK\n", "FIXME HACK"),
    ("a.jsonnet", "x: |||\n  // TODO\n|||, // FIXME\n", "FIXME"),
    ("a.graphql", "\"\"\"\n# TODO\n\"\"\"\ntype A { # FIXME\n}\n", "FIXME"),
    ("a.r", "s <- \"a\n# TODO\" # FIXME\n", "FIXME"),
    ("a.sql", "SELECT 'a\n-- TODO\n'; -- FIXME\n", "FIXME"),
    ("a.elm", "s = \"\"\"\n-- TODO\n\"\"\" -- FIXME\n", "FIXME"),
    ("a.el", "(setq s \"\n; TODO\n\") ; FIXME\n(setq c ?\\\") ; XXX\n", "FIXME XXX"),
    ("Dockerfile", "RUN <<EOF\n# TODO\nEOF\n# FIXME\nENV A=#XXX\n", "FIXME"),
    ("a.vim", "let x =<< trim END\n\" TODO\nEND\n\" FIXME\n", "FIXME"),
    # names, addresses, tags
    ("a.rs", "// see TODO.md, docs/TODO and TODO-list\n// state.TODO Status::TODO $TODO\n// TODO. And: FIXME, (XXX) HACK-\n", "TODO FIXME XXX HACK"),
    ("a.go", "// https://example.org/?TODO=1 www.example.org/TODO ada@TODO TODO@example.org mailto:TODO\n//TODO\n", "TODO"),
    ("a.py", "# TODO/FIXME: two\n# non-TODO TODO_LIST XXX.XXX.XXX XXX-XX-XXXX\n# TODO(ada): one\n", "TODO FIXME TODO"),
    ("A.java", "/** @todo write it\n * @fixme and this\n * me@todo.org @todo-list @TODO */\nString s = \"@todo\";\n", "TODO FIXME TODO"),
    ("a.php", "<?php\n/** @todo one */\n$a = '@todo';\n", "TODO"),
    ("README.md", "See TODO.md. TODO: write. @todo is a person.\n", "TODO"),
    ("a.json", "{\"a\": \"// TODO\"}", ""),
    ("tsconfig.json", "{ // TODO\n \"a\": \"// FIXME\" }", "TODO"),
]  # fmt: skip


def test_each_snippet_has_the_markers_of_its_grammar():
    """Comments of every language hold markers; strings, texts, names and addresses hold none."""
    found = [
        (name, text, " ".join(hit.label for hit in find_markers(text.encode(), family_of(name))))
        for name, text, _ in SNIPPETS
    ]
    assert [row for row, expected in zip(found, SNIPPETS, strict=True) if row != expected] == []


def test_of_a_notebook_only_code_cells_count():
    """Source lines of code cells count at their line of the file; prose cells and outputs do not."""
    notebook = {
        "cells": [
            {"cell_type": "markdown", "source": ["# TODO prose\n"]},
            {
                "cell_type": "code",
                "source": ["s = '# TODO'\n", "x = 1  # FIXME é\n"],
                "outputs": [{"text": ["# XXX printed\n"]}],
            },
            {"cell_type": "code", "source": "# HACK one text\n"},
        ],
        "metadata": {"language_info": {"name": "python"}},
    }
    text = json.dumps(notebook, indent=1, ensure_ascii=False)
    hits = find_markers(text.encode(), family_of("a.ipynb"))
    assert [hit.label for hit in hits] == ["FIXME", "HACK"]
    assert "FIXME" in text.splitlines()[hits[0].line - 1]
    assert find_markers(b'{"cells": "# TODO', family_of("a.ipynb")) == ()
