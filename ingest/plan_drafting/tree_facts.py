"""What the newest tree of a repository shows, for a first plan: languages, tests, manifests, bundlers, markers."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from ingest.counting.path_classes import LinguistAttributes, classify
from ingest.counting.tree_paths import NAMED_LINK, is_test, kinds_of, pinned_share, unpinned
from ingest.plan_drafting.baselines import KINDS
from ingest.plan_drafting.committed_reports import CommittedFigure, committed_figures
from ingest.sources.git.blob_scanner import LARGEST_BYTES
from ingest.sources.git.changed_files import read_blobs, read_in_order
from ingest.transport.git_repo import GitRepository

# Reading for markers takes 1 s for 50 MB; a larger tree is sampled, and the plan says so.
MOST_BYTES = 300_000_000
_LARGEST_FILE = 2_000_000
_FEWEST_FILES = 0.1  # share of the code files from which a language counts as one of the project's
LANGUAGES: dict[str, tuple[str, ...]] = {
    "python": (".py", ".pyi"),
    "typescript": (".ts", ".tsx", ".mts", ".cts"),
    "javascript": (".js", ".jsx", ".mjs", ".cjs"),
    "rust": (".rs",),
    "go": (".go",),
    "java": (".java", ".kt", ".kts"),
    "c": (".c", ".h", ".cc", ".cpp", ".cxx", ".hpp", ".hh"),
    "ruby": (".rb",),
    "php": (".php",),
    "csharp": (".cs",),
    "swift": (".swift",),
    "elixir": (".ex", ".exs"),
    "dart": (".dart",),
    "solidity": (".sol",),
}
_LANGUAGE_OF = {ending: language for language, endings in LANGUAGES.items() for ending in endings}
_BUNDLERS = re.compile(
    rb'"(webpack|vite|rollup|esbuild|parcel|@rspack/core|next|nuxt|gatsby|react-scripts|@angular/cli|@angular-devkit/[\w-]+|'
    rb'@sveltejs/kit|@vue/cli-service|tsup|snowpack)"\s*:'
)
_LINE = re.compile(rb"(\d{6}) (\w+) ([0-9a-f]{40,64}) +(\d+|-)\t(.*)", re.DOTALL)
_FILE_MODES = (b"100644", b"100755", b"100664")


@dataclass(slots=True)
class TreeFacts:
    """One tree. `markers` is None when no code was read; `sampled_share` is below 1 where the tree is too large."""

    languages: list[str] = field(default_factory=list)
    code_files: int = 0
    source_files: int = 0  # code files of a known language, tests left out
    documents: int = 0  # files that are documents
    lines: int = 0  # lines of the code that was read for markers
    language_lines: dict[str, int] = field(default_factory=dict)  # of these lines those of each language
    has_infrastructure: bool = False  # it describes machines or deployments: Terraform, charts, playbooks ...
    is_configuration: bool = False  # nearly all of it is such a description, and hardly any a program
    tests: int = 0
    ci: int = 0
    licence: int = 0
    readme: int = 0
    manifests: int = 0
    pinned: int = 0
    unpinned: list[str] = field(default_factory=list)  # manifests without a lock file, by path
    is_library: bool = False  # it is published for others: its users choose the versions, a lock file pins nothing
    bundler: str = ""
    baselines: list[str] = field(default_factory=list)  # files that list accepted faults
    reports: list[CommittedFigure] = field(default_factory=list)  # figures of reports that lie in the tree
    openapi: str = ""  # the path of the first OpenAPI document
    markers: int | None = None
    sampled_share: float = 1.0


def facts_of(repository: Path, branch: str = "") -> TreeFacts:
    """Read the newest tree of the main branch; an empty repository gives facts without files."""
    git = GitRepository(repository)
    found = git.tip(branch)
    if found is None:
        return TreeFacts()
    attributes = LinguistAttributes(git.file_at(found[1], ".gitattributes"))
    files = _files(git, found[1], attributes)
    facts = TreeFacts(languages=_languages(files), code_files=sum(kind == "code" for _, kind, _, _ in files))
    facts.source_files = sum(
        kind == "code" and _ending(path) in _LANGUAGE_OF and not is_test(path) for path, kind, *_ in files
    )
    facts.documents = sum(kind == "docs" for _, kind, *_ in files)
    _recognise_infrastructure(files, facts)
    _count_kinds(git, files, facts)
    facts.openapi = _described(git, files)
    facts.baselines = [path for path, *_ in files if any(one.name.search(path.rpartition("/")[2]) for one in KINDS)]
    facts.bundler = _bundler(git, files)
    facts.reports = committed_figures(git, files)
    _count_markers(git, files, facts)
    return facts


def _files(git: GitRepository, commit: str, attributes: LinguistAttributes) -> list[tuple[str, str, bytes, int]]:
    """(path, class, oid, size) of every file that is this project's own."""
    listing = git.ask("ls-tree", "-r", "-l", "-z", "--full-tree", commit).encode("utf-8", "replace")
    entries = [match.groups() for entry in listing.split(b"\0") if (match := _LINE.match(entry))]
    paths = [path.decode("utf-8", "replace") for *_, path in entries]
    environments = [path.removesuffix("/pyvenv.cfg") for path in paths if path.endswith("/pyvenv.cfg")]
    given_attributes = attributes if attributes.rules else None
    return [
        (path, kind, oid, int(size))
        for (mode, _, oid, size, _), path in zip(entries, paths, strict=True)
        if _is_file(mode, path)
        and (kind := classify(path, environments, given_attributes)) not in ("vendored", "backup")
    ]


def _is_file(mode: bytes, path: str) -> bool:
    """Say whether an entry is a file; a link named README or LICENSE at the top counts as one."""
    return mode in _FILE_MODES or (
        mode == b"120000" and NAMED_LINK.fullmatch(path.encode("utf-8", "replace")) is not None
    )


def _languages(files: list[tuple[str, str, bytes, int]]) -> list[str]:
    """Languages of the code, most files first; those below a tenth of it are left out."""
    found = Counter(
        _LANGUAGE_OF[ending]
        for path, kind, _, _ in files
        if kind == "code" and (ending := _ending(path)) in _LANGUAGE_OF
    )
    total = sum(found.values())
    return [language for language, count in found.most_common() if count >= _FEWEST_FILES * total]


_INFRASTRUCTURE = {
    "terraform": re.compile(r"\.(?:tf|tofu|tfvars|hcl)$"),
    "helm": re.compile(r"(?:^|/)(?:Chart\.ya?ml|helmfile\.ya?ml|(?:templates|charts)/.*\.(?:ya?ml|tpl))$"),
    "other": re.compile(
        r"(?:^|/)(?:kustomization\.ya?ml|(?:roles|playbooks|tasks|handlers)/.*\.ya?ml|[^/]+\.(?:bicep|pp|nomad|rego|nix|(?:lib)?jsonnet))$"
    ),
}
_SOURCE_SHARE = 10  # of a repository of configuration, at most one file in so many is a program


def _recognise_infrastructure(files: list[tuple[str, str, bytes, int]], facts: TreeFacts) -> None:
    """Set whether the tree describes infrastructure; where that is all of it, its kind is the only language."""
    kinds = Counter(_infrastructure_kind(path) for path, kind, *_ in files if kind == "code" and path[0] != ".")
    described = {kind: count for kind, count in kinds.items() if kind in _INFRASTRUCTURE}
    facts.has_infrastructure = bool(described)
    most = max(sum(described.values()), kinds["yaml"])
    facts.is_configuration = facts.has_infrastructure and facts.source_files * _SOURCE_SHARE < most
    if facts.is_configuration:
        main = max(described, key=described.__getitem__)
        facts.languages = [main] if main != "other" else []


def _infrastructure_kind(path: str) -> str:
    """A key of _INFRASTRUCTURE, "yaml" for other YAML, and "" for all else."""
    found = next((name for name, sign in _INFRASTRUCTURE.items() if sign.search(path)), "")
    return found or ("yaml" if path.endswith((".yaml", ".yml")) else "")


def _ending(path: str) -> str:
    name = path.rpartition("/")[2]
    return f".{name.rpartition('.')[2].lower()}" if "." in name else ""


def _paths_with(role: str, kinds: Mapping[str, frozenset[str]]) -> list[str]:
    return [path for path, roles in kinds.items() if role in roles]


def _count_kinds(git: GitRepository, files: list[tuple[str, str, bytes, int]], facts: TreeFacts) -> None:
    from ingest.counting.tree_paths import is_pinned

    kinds = {path: kinds_of(path, kind) for path, kind, _, _ in files}
    for name in ("tests", "ci", "licence", "readme"):
        setattr(facts, name, sum(name in found for found in kinds.values()))
    loose = {oid: path for path, _, oid, _ in files if "requirements" in kinds[path]}
    requirements = {loose[oid]: data is not None and is_pinned(data) for oid, data in read_blobs(git, loose)}
    manifests, locks = _paths_with("manifest", kinds), set(_paths_with("lock", kinds))
    facts.pinned, facts.manifests = pinned_share(manifests, locks, requirements)
    facts.unpinned = unpinned(manifests, locks, requirements)
    facts.is_library = _is_library(git, files)


_PUBLISHED = (
    ("Cargo.toml", re.compile(rb"^\s*\[lib\]", re.MULTILINE), re.compile(rb"^\s*\[\[bin\]\]", re.MULTILINE)),
    (
        "package.json",
        re.compile(rb'"(?:main|module|exports|types|files|publishConfig)"\s*:'),
        re.compile(rb'"private"\s*:\s*true'),
    ),
    ("pyproject.toml", re.compile(rb"^\s*\[build-system\]", re.MULTILINE), None),
    ("Package.swift", re.compile(rb"\.library\("), re.compile(rb"\.executable(?:Target)?\(")),
    ("pubspec.yaml", re.compile(rb"^version:", re.MULTILINE), re.compile(rb"^publish_to:\s*[\"']?none", re.MULTILINE)),
    (  # a C or C++ library is installed with what lets other builds find it
        "CMakeLists.txt",
        re.compile(rb"\binstall\s*\(\s*EXPORT\b|\bexport\s*\(\s*PACKAGE\b|\bconfigure_package_config_file\b", re.I),
        None,
    ),
)


# Of a crate, or of the members of a workspace; what is shown or tried beside them is not what is published.
_CRATE = r"^(?!(?:.*/)?(?:examples?|benches|tests?|fuzz|xtask|tools?|stress-test|tests-[\w-]+)/)(?:.+/)?"
_CRATE_LIBRARY = re.compile(_CRATE + r"src/lib\.rs$")
_CRATE_PROGRAM = re.compile(_CRATE + r"(?:src/main\.rs|src/bin/.+\.rs)$")


def _is_library(git: GitRepository, files: list[tuple[str, str, bytes, int]]) -> bool:
    """Whether the manifest at the top publishes a library: a gemspec or podspec, a [lib], an entry point ..."""
    top = {path: oid for path, kind, oid, _ in files if "/" not in path and kind == "code"}
    if any(path.endswith((".gemspec", ".podspec")) for path in top):
        return True
    contents = {
        name: content for name, oid in top.items() if name in _MANIFESTS_READ for _, content in read_blobs(git, [oid])
    }
    if "Cargo.toml" in top and any(_CRATE_LIBRARY.search(path) for path, *_ in files):
        is_program = b"[[bin]]" in (contents["Cargo.toml"] or b"")
        return not is_program and not any(_CRATE_PROGRAM.search(path) for path, *_ in files)
    if is_composer_library(contents.get("composer.json")):
        return True
    return any(_publishes(contents.get(name), sign, against) for name, sign, against in _PUBLISHED)


_MANIFESTS_READ = frozenset({"composer.json", *(name for name, *_ in _PUBLISHED)})


def _publishes(content: bytes | None, sign: re.Pattern[bytes], against: re.Pattern[bytes] | None) -> bool:
    return bool(content and sign.search(content) and not (against and against.search(content)))


def is_composer_library(content: bytes | None) -> bool:
    """Whether Composer installs it into other projects: a package without a type is a library, too."""
    try:
        manifest = json.loads(content or b"{}")
    except ValueError:
        return False
    if not isinstance(manifest, dict):
        return False
    unnamed = "library" if "name" in manifest else "project"  # only what has a name can be installed elsewhere
    return str(manifest.get("type", unnamed)) not in ("project", "metapackage")


_DOCUMENTS = (".json", ".yaml", ".yml")
_MOST_DOCUMENTS = 400
_NAMED_OPENAPI = re.compile(r"(?:openapi|swagger)[\w.-]*\.(?:ya?ml|json)$", re.I)
_VERSION = re.compile(rb"""(?:^|[{,])\s*["']?(?:openapi|swagger)["']?\s*:\s*["']?[23]\.""", re.MULTILINE)
_OPENAPI = re.compile(rb"""\A[\s{]*(?:#[^\n]*\n|---\s*\n|\s)*["']?(?:openapi|swagger)["']?\s*:\s*["']?[23]\.""")


def _described(git: GitRepository, files: list[tuple[str, str, bytes, int]]) -> str:
    """The first document that is named after OpenAPI and has its version, or begins with it whatever its name."""
    documents = {oid: path for path, kind, oid, size in files if kind in ("code", "docs") and _is_document(path, size)}
    named = {oid: path for oid, path in documents.items() if _NAMED_OPENAPI.search(path)}
    return _first_with(git, named, _VERSION) or _first_with(git, documents, _OPENAPI)


def _is_document(path: str, size: int) -> bool:
    return path.endswith(_DOCUMENTS) and size <= _LARGEST_FILE and not path.startswith(".")


def _first_with(git: GitRepository, paths: Mapping[bytes, str], sign: re.Pattern[bytes]) -> str:
    """The path of the first file that the pattern matches; empty when there is none."""
    contents = read_blobs(git, list(paths)[:_MOST_DOCUMENTS])
    return next((paths[oid] for oid, data in contents if data and sign.search(data)), "")


def _bundler(git: GitRepository, files: list[tuple[str, str, bytes, int]]) -> str:
    """Name the bundler that a package.json of the project depends on; empty when there is none."""
    wanted = [oid for path, kind, oid, _ in files if kind == "code" and path.rpartition("/")[2] == "package.json"]
    for _, content in read_blobs(git, wanted[:50]):
        if content and (found := _BUNDLERS.search(content)):
            return found.group(1).decode()
    return ""


class _Text(NamedTuple):
    """One file version with code: how its comments look, its language, its size, and how often the tree has it."""

    family: str
    language: str
    size: int
    copies: int


def _texts(files: list[tuple[str, str, bytes, int]]) -> dict[bytes, _Text]:
    """The file versions that can hold markers, by oid."""
    from ingest.counting.syntax_by_name import family_of

    copies = Counter(oid for _, kind, oid, _ in files if kind == "code")
    return {
        oid: _Text(family, _LANGUAGE_OF.get(_ending(path), ""), size, copies[oid])
        for path, kind, oid, size in files
        if kind == "code" and size <= LARGEST_BYTES and (family := family_of(path)) != "none"
    }


def _sample(texts: Mapping[bytes, _Text]) -> list[bytes]:
    """The first file versions, up to MOST_BYTES."""
    ends = accumulate(text.size for text in texts.values())
    return [oid for oid, end in zip(texts, ends, strict=True) if end <= MOST_BYTES]


def _count_markers(git: GitRepository, files: list[tuple[str, str, bytes, int]], facts: TreeFacts) -> None:
    """Markers and lines of the code; nothing where a file is missing or damaged, since the count is unknown."""
    from ingest.counting.markers import find_markers, looks_generated
    from ingest.counting.notebooks import code_lines

    texts = _texts(files)
    chosen = _sample(texts)
    markers = 0
    lines: Counter[str] = Counter()
    for oid, content in read_in_order(git, chosen, LARGEST_BYTES):
        if content is None:
            return
        text = texts[oid]
        if content and b"\0" not in content[:8000] and not looks_generated(content, text.family):
            markers += text.copies * len(find_markers(content, text.family))
            own = code_lines(content) if text.family == "notebook" else content.count(b"\n")
            lines[text.language] += text.copies * own
    if chosen:
        total = sum(text.size for text in texts.values())
        facts.sampled_share = sum(texts[oid].size for oid in chosen) / total if total else 1.0
        facts.markers, facts.lines = (round(n / facts.sampled_share) for n in (markers, lines.total()))
        facts.language_lines = {name: round(n / facts.sampled_share) for name, n in lines.items() if name}
