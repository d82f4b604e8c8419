"""What kind of file a path is, and which component it belongs to."""

from __future__ import annotations

import pytest

from ingest.counting.path_classes import CLASSES, LinguistAttributes, classify, component_of

PATHS = {
    "code": "src/a.py lib/backup/restore.py services/backup-service/a.ts src/archive/tar.go"
    " scripts/db-backup.sh build/x.py requirements.txt CMakeLists.txt src/cleanup_jobs.py"
    " assets/app.js public/js/app.js public/index.php app/priv/static.ex jquery-1.10.2.js a-20240101.js"
    " contest/a.py src/latest.py site/views.py env/settings.py Makefile",
    "tests": "tests/a.py src/test/java/A.java a/__tests__/b.js pkg/x_test.go test_a.py a.spec.ts a.test.tsx"
    " FooTest.java tests/docs/readme.md spec/a_spec.rb conftest.py",
    "docs": "README.md docs/conf.py CHANGELOG notes.txt doc/a.c TODO.md a/b.rst LICENSE",
    "vendored": "node_modules/a/b.js vendor/github.com/x/y.go .venv/bin/activate venv/lib/x.py a/third_party/b.c"
    " tools/lib/python3.12/site-packages/x.py tests/docs-qa/venv/x.py deps/lua/src/lua.c",
    "generated": "dist/a.js a.min.js src/x_pb2.py api.pb.go package-lock.json yarn.lock site/index.html a.js.map"
    " __snapshots__/x.js a.snap configure .next/x.js priv/static/app.mjs apps/web/priv/static/app.css"
    " public/build/app.js public/packs/application.css public/js/app.4f2a91c07b.js app/assets/builds/application.js",
    "backup": "a.py.bak a.js~ cleanup-backups-20250908_115951/docs/API.md .medianest-cleanup/x.sh backups/a.py"
    " archive-20250907/x.md src.old/a.py a.orig config.backup.json",
}


@pytest.mark.parametrize(
    ("path_class", "path"), [(name, path) for name, text in PATHS.items() for path in text.split()]
)
def test_the_rules_name_the_class(path_class, path):
    """Each path is of the class a reader would give it."""
    assert classify(path) == path_class


def test_every_class_is_known():
    """The rules give no class but the six."""
    assert set(PATHS) == set(CLASSES)


def test_an_environment_covers_what_lies_in_it_and_no_neighbour():
    """Folders compare by whole parts: docs-env does not cover docs-env2."""
    assert classify("docs-env/bin/x.py", ["docs-env"]) == "vendored"
    assert classify("docs-env2/bin/x.py", ["docs-env"]) == "code"


@pytest.mark.parametrize(
    ("path", "component"),
    [
        ("setup.py", "."),
        ("src/main.py", "src"),
        ("src/api/a.py", "src/api"),
        ("packages/web/src/a.ts", "packages/web"),
        ("backend/src/a.ts", "backend"),
        ("crates/core/x.rs", "crates/core"),
    ],
)
def test_the_component_is_the_first_folder_or_two(path, component):
    """Below a folder of components the second part names it; at the top there is none."""
    assert component_of(path) == component


@pytest.mark.parametrize(
    ("attributes", "path", "path_class"),
    [
        ("*.gen.js linguist-generated", "a/b.gen.js", "generated"),
        ("/lib/* linguist-vendored=true", "lib/x.py", "vendored"),
        ("/lib/* linguist-vendored=true", "lib/a/x.py", "code"),
        ("lib/** linguist-vendored", "lib/a/x.py", "vendored"),
        ("vendor/** -linguist-vendored", "vendor/x.py", "code"),
        ("vendor/** linguist-vendored=false", "vendor/x.py", "code"),
        ("*.py linguist-vendored\nours/*.py -linguist-vendored", "ours/a.py", "code"),
        ("# *.py linguist-vendored", "a.py", "code"),
        ('"a b/*" linguist-documentation', "a b/c.py", "docs"),
        ("**/x/*.py linguist-generated", "x/a.py", "generated"),
        ("*.py text eol=lf", "a.py", "code"),
        ("[ab].py linguist-vendored", "b.py", "vendored"),
    ],
)
def test_linguist_attributes_win(attributes, path, path_class):
    """What .gitattributes says of a path overrides the built-in rules; the last line wins."""
    assert classify(path, (), LinguistAttributes(attributes.encode())) == path_class
