"""What the newest tree of a repository shows, for a first plan: languages, tests, manifests, bundlers, markers."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ingest.counting.path_classes import LinguistAttributes, classify
from ingest.counting.tree_paths import NAMED_LINK, is_test, kinds_of, pinned_share, unpinned
from ingest.plan_drafting.baselines import KINDS
from ingest.plan_drafting.committed_reports import CommittedFigure, committed_figures
from ingest.sources.git.changed_files import read_blobs
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
    lines: int = 0  # lines of the code that was read for markers
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
    _count_kinds(git, files, facts)
    described = (path for path, *_ in files if re.search(r"(?:openapi|swagger)[\w.-]*\.(?:ya?ml|json)$", path, re.I))
    facts.openapi = next(described, "") or _described(git, files)
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
)


def _is_library(git: GitRepository, files: list[tuple[str, str, bytes, int]]) -> bool:
    """Whether the manifest at the top publishes a library: a gemspec, a [lib], a type "library", an entry point."""
    top = {path: oid for path, kind, oid, _ in files if "/" not in path and kind == "code"}
    if any(path.endswith(".gemspec") for path in top):
        return True
    if "Cargo.toml" in top and any(path == "src/lib.rs" for path, *_ in files):
        return not any(path == "src/main.rs" for path, *_ in files)
    contents = {
        name: content for name, oid in top.items() if name in _MANIFESTS_READ for _, content in read_blobs(git, [oid])
    }
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
_OPENAPI = re.compile(rb"""\A[\s{]*(?:#[^\n]*\n|---\s*\n|\s)*["']?(?:openapi|swagger)["']?\s*:\s*["']?[23]\.""")


def _described(git: GitRepository, files: list[tuple[str, str, bytes, int]]) -> str:
    """The first document that begins as OpenAPI or Swagger does, whatever its name."""
    wanted = {
        oid: path
        for path, kind, oid, size in files
        if kind in ("code", "docs") and path.endswith(_DOCUMENTS) and size <= _LARGEST_FILE
    }
    chosen = list(wanted)[:_MOST_DOCUMENTS]
    return next((wanted[oid] for oid, data in read_blobs(git, chosen) if data and _OPENAPI.match(data[:4000])), "")


def _bundler(git: GitRepository, files: list[tuple[str, str, bytes, int]]) -> str:
    """Name the bundler that a package.json of the project depends on; empty when there is none."""
    wanted = [oid for path, kind, oid, _ in files if kind == "code" and path.rpartition("/")[2] == "package.json"]
    for _, content in read_blobs(git, wanted[:50]):
        if content and (found := _BUNDLERS.search(content)):
            return found.group(1).decode()
    return ""


def _count_markers(git: GitRepository, files: list[tuple[str, str, bytes, int]], facts: TreeFacts) -> None:
    from ingest.counting.markers import find_markers, looks_generated
    from ingest.counting.syntax_by_name import family_of

    families = {
        oid: family
        for path, kind, oid, size in files
        if kind == "code" and size <= _LARGEST_FILE and (family := family_of(path)) != "none"
    }
    sizes = {oid: size for _, _, oid, size in files}
    copies = Counter(oid for _, kind, oid, _ in files if kind == "code")
    chosen, total, read = [], sum(sizes[oid] for oid in families), 0
    for oid in families:
        if read + sizes[oid] > MOST_BYTES:
            break
        chosen.append(oid)
        read += sizes[oid]
    if not chosen:
        return
    count = lines = 0
    for oid, content in read_blobs(git, chosen):
        if content is None:  # missing or damaged: the count is unknown
            return
        if content and b"\0" not in content[:8000] and not looks_generated(content):
            count += copies[oid] * len(find_markers(content, families[oid]))
            lines += copies[oid] * content.count(b"\n")
    facts.sampled_share = read / total if total else 1.0
    facts.markers, facts.lines = (round(number / facts.sampled_share) for number in (count, lines))
