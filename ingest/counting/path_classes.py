"""What kind of file a path is (code, tests, docs, vendored, generated, backup), and the component it belongs to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


CLASSES = ("code", "tests", "docs", "vendored", "generated", "backup")

_VENDORED_PARTS = _words(
    "node_modules bower_components jspm_packages vendor vendors vendored _vendor _vendored"
    " vendored_packages third_party third-party thirdparty 3rdparty 3rd_party 3rd-party external_libs"
    " site-packages dist-packages virtualenv .venv venv .virtualenv venvs __pypackages__ .yarn"
    " .pnpm-store .pnp pods carthage deps godeps _workspace .bundle .cargo-vendor .eggs .tox .nox"
)
_GENERATED_PARTS = _words(
    "dist .next .nuxt .output .svelte-kit .docusaurus _site __generated__ generated .generated"
    " autogen htmlcov lcov-report __snapshots__ __pycache__ .cache .parcel-cache .turbo"
    " storybook-static .terraform cmake-build-debug bazel-out .gradle cmake-build-release deriveddata"
    " .dart_tool .ipynb_checkpoints"
)
# A built site differs from a source folder of the same name by the files in it.
_SITE_FILE = re.compile(r"(?:^|/)site/.*\.(?:html?|js|css|json|xml|map|txt)$", re.I)
_GENERATED_FILE = re.compile(
    r"(?:[.-]min\.(?:js|mjs|css)|\.bundle\.js|\.chunk\.(?:js|css)|\.map|\.pb\.(?:go|cc|h)|_pb2(?:_grpc)?\.pyi?|\.pb\.dart"
    r"|\.g\.(?:dart|cs)|\.freezed\.dart|\.designer\.cs|\.generated\.\w+|_generated\.\w+|\.gen\.(?:go|ts|tsx|js|rs)"
    r"|\.snap|-lock\.ya?ml|\.lock|(?:^|/)(?:package-lock|npm-shrinkwrap)\.json|(?:^|/)go\.sum"
    r"|(?:^|/)(?:configure|aclocal\.m4|ltmain\.sh|config\.(?:guess|sub)|libtool\.m4))$",
    re.I,
)
_WEB_FILES = (".html", ".htm", ".js", ".mjs", ".cjs", ".css", ".json", ".xml", ".map", ".txt", ".svg")
# Where the build of a web framework writes: Phoenix, Laravel, Rails, Symfony; their sources lie elsewhere in the tree.
_BUILT_PLACE = re.compile(
    r"(?:^|/)(?:priv/static/.*\.(?:[cm]?js|css)|public/(?:build|packs|bundles)/.*|app/assets/builds/.*)$", re.I
)
# main.4f2a91c07b.js: the digest of its content in its name.
_DIGEST_NAME = re.compile(r"[.-](?=[0-9a-f]*\d)(?=\d*[a-f])[0-9a-f]{8,64}(?:\.chunk)?\.(?:[cm]?js|css)$")
# "backup", "archive" and "cleanup" alone are subjects of code as often as heaps of old copies: a date or a dot decides.
_BACKUP_PART = re.compile(
    r"^(?:bak|baks|backups|archived|archives|.*[-_.](?:bak|backups?|old|orig)"
    r"|(?:.*[-_.])?(?:bak|backups?|archived?|cleanup)[-_.]?\d{4,}.*|\..*(?:backup|cleanup|archive).*)$"
)
_BACKUP_FILE = re.compile(
    r"(?:~|\.(?:bak|backup|orig|old|save|swp|rej|tmp)[.\d_-]*|[._-](?:backup|bak)[._-]?\d{4,}.*|\.(?:bak|backup|old|orig)\.\w+"
    r"| copy\.\w+)$"
)
_TEST_PARTS = _words(
    "test tests testing __tests__ __test__ spec specs e2e cypress playwright testdata test-data"
    " test_data fixtures __fixtures__ __mocks__ mocks testsuite test-suite unittests unit-tests"
    " integration-tests unit_tests integration_tests"
)
_TEST_FILE = re.compile(
    r"(?:^|/)(?:test_[^/]*\.py|conftest\.py|[^/]*_test\.(?:py|go|rb|c|cc|cpp|exs|dart|ml|rs|lua|php)"
    r"|[^/]*_spec\.(?:rb|lua)|[^/]*[.-](?:test|spec|cy|e2e)\.[cm]?[jt]sx?|[^/]*(?:Test|Tests|Spec|IT)\.(?:java|kt|scala|groovy|cs|swift|php))$"
)
_DOC_PARTS = _words("docs doc documentation docsite man manpages wiki javadoc apidocs godoc")
_DOC_FILE = re.compile(
    r"(?:\.(?:md|mdx|markdown|mdown|rst|adoc|asciidoc|textile|org|pod|rdoc|wiki)|(?:^|/)(?:[^/]*\.txt))$", re.I
)
_DOC_NAME = re.compile(
    r"(?:^|/)(?:readme|changelog|changes|history|news|authors|contributors|contributing|copying|licen[cs]e|notice|todo"
    r"|install|maintainers|credits|thanks|copyright|roadmap|security|code_of_conduct)(?:\.[^/]*)?$",
    re.I,
)
_CODE_TEXT = re.compile(
    r"(?:^|/)(?:CMakeLists|(?:[\w.-]*requirements|constraints)[\w.-]*)\.txt$|(?:^|/)requirements/[^/]*\.txt$", re.I
)
# Folders that only hold components: the component's name is their second part.
_CONTAINERS = _words(
    "src packages package apps app lib libs crates services service modules module plugins plugin"
    " components cmd internal pkg projects workspaces tools extensions addons sdk"
)

Attributes = Callable[[str], str | None]


def component_of(path: str) -> str:
    """Return the component: the first folder, or the first two below a folder of components; "." for the top."""
    return _folder_component(path.rpartition("/")[0])


@cache
def _folder_component(folder: str) -> str:
    first, _, rest = folder.partition("/")
    if first in _CONTAINERS and rest:
        return f"{first}/{rest.partition('/')[0]}"
    return first or "."


def classify(path: str, environments: Iterable[str] = (), attributes: Attributes | None = None) -> str:
    """Name the class of a path. The repository's own attributes win; then vendored, generated, backup, tests, docs.

    `environments` are folders in which a pyvenv.cfg was ever committed.
    """
    if attributes is not None and (stated := attributes(path)):
        return stated
    folder, _, name = path.rpartition("/")
    known = _folder_class(folder, tuple(environments))
    if known == "vendored":
        return "vendored"
    if known == "generated" or _GENERATED_FILE.search(name) or _is_built(path):
        return "generated"
    if known == "backup" or _BACKUP_FILE.search(name.lower()):
        return "backup"
    if known == "tests" or _TEST_FILE.search(name):
        return "tests"
    if name.endswith(".txt") and _CODE_TEXT.search(path):
        return "code"
    return "docs" if known == "docs" or _DOC_FILE.search(name) or _DOC_NAME.search(name) else "code"


def _is_built(path: str) -> bool:
    """Whether a web build wrote the file, by its place or the digest in its name."""
    if not path.lower().endswith(_WEB_FILES):
        return False
    return bool(("site/" in path and _SITE_FILE.search(path)) or _BUILT_PLACE.search(path) or _DIGEST_NAME.search(path))


@cache
def _folder_class(folder: str, environments: tuple[str, ...]) -> str:
    """Name the class that the folders of a path give to all that lies in them; "" when they decide nothing."""
    parts = folder.lower().split("/")
    inside = f"{folder}/"
    if _VENDORED_PARTS.intersection(parts) or any(inside.startswith(f"{place}/") for place in environments):
        return "vendored"
    if _GENERATED_PARTS.intersection(parts):
        return "generated"
    if any(_BACKUP_PART.match(part) for part in parts):
        return "backup"
    if _TEST_PARTS.intersection(parts):
        return "tests"
    return "docs" if _DOC_PARTS.intersection(parts) else ""


def has_own_environment_name(folder: str) -> bool:
    """Say whether the rules know this folder as vendored by its name alone."""
    return bool(_VENDORED_PARTS.intersection(folder.lower().split("/")))


_LINGUIST = {
    "linguist-vendored": "vendored",
    "linguist-generated": "generated",
    "linguist-documentation": "docs",
}
_FALSE = ("false", "0", "no")


class LinguistAttributes:
    """The linguist attributes of a top-level .gitattributes: path -> class, "code" where one is switched off."""

    def __init__(self, content: bytes) -> None:
        self.rules = tuple(_parse_attributes(content.decode("utf-8", "replace")))

    def __call__(self, path: str) -> str | None:
        """Return the class the attributes give the path; None when they are silent about it (the last rule wins)."""
        found: dict[str, bool] = {}
        for matcher, _, name, state in self.rules:
            if matcher.match(path):
                found[name] = state
        return next((name for name, state in found.items() if state), None) or ("code" if found else None)

    def __bool__(self) -> bool:
        """Say whether there is any rule."""
        return bool(self.rules)

    def fingerprint(self) -> str:
        """Return the rules as text, part of the definition of every figure counted under them."""
        return "\n".join(f"{pattern} {name} {state}" for _, pattern, name, state in self.rules)


def _parse_attributes(text: str) -> Iterable[tuple[re.Pattern[str], str, str, bool]]:
    for line in text.splitlines():
        match = re.match(r'\s*(?:"((?:[^"\\]|\\.)*)"|([^\s"#]\S*))\s+(.*)', line)
        if not match or line.lstrip().startswith("#"):
            continue
        pattern = match[1] or match[2]
        for word in match[3].split():
            name, _, value = word.lstrip("-!").partition("=")
            if name in _LINGUIST and word[0] != "!" and (matcher := _matcher_of(pattern)):
                yield matcher, pattern, _LINGUIST[name], word[0] != "-" and value.lower() not in _FALSE


def _matcher_of(pattern: str) -> re.Pattern[str] | None:
    """None for a text that git itself ignores as a pattern."""
    from ingest.counting.path_patterns import PathPatternError, attribute_pattern

    try:
        return attribute_pattern(pattern)
    except PathPatternError:
        return None
