"""Which router of a JavaScript program is mounted where: through middleware, factories, index files and lists.

Read off the text: tree-sitter found the same calls in 778 files and takes twice as long (docs/decisions/0009).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ingest.readers.api.route import join

# Strings before comments, so that the // of an address opens none; a quote that never closes is passed over.
# A regular expression follows a sign that no division follows; // within it opens no comment either.
_TOKEN = re.compile(
    r"(?<=[(,=:\[!&|?{;])\s*/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/"
    r"|'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"|`(?:\\.|[^`\\])*`|(?P<comment>//[^\n]*|/\*.*?(?:\*/|\Z))|[()\[\]{},]",
    re.DOTALL,
)
_RECEIVER = re.compile(
    r"(?<![\w$.])(?:this\.)?([\w$]+)(?=\s*\.\s*(?:use|register|route|get|post|put|patch|delete|head|options|all)\b)"
)
_MADE = re.compile(
    r"(?:(?:const|let|var)\s+([\w$]+)\s*(?::[^=\n]+)?=|(export\s+default|module\.exports\s*=)|this\.([\w$]+)\s*=|return)"
    r"\s*(?:new\s+)?(?:\w+\.)?(?:Router|express|fastify|Fastify)\s*\("
)
_STEP = re.compile(r"\s*\.\s*([\w$]+)\s*(?:<[^>()]*>)?\(")
_QUOTED = re.compile(r"['\"`]([^'\"`\n]*)['\"`]$")
_NAMED = re.compile(r"(?:new\s+|await\s+)?(?:this\.)?([\w$]+)(?:\.([\w$]+))?\s*(?:\(.*\)(?:\.[\w$]+)*)?$", re.DOTALL)
_LOADED = re.compile(
    r"(?:await\s+)?(?:require|import)\(\s*['\"`]([^'\"`\n]+)['\"`]\s*\)(?:\.([\w$]+))?\s*(?:\(.*\))?$", re.DOTALL
)
_PREFIX = re.compile(r"\bprefix\s*:\s*['\"`]([^'\"`\n]*)['\"`]")
_CONSTANT = re.compile(r"\b(?:const|let|var)\s+([\w$]+)\s*(?::\s*string\s*)?=\s*['\"`]([^'\"`\n$]*)['\"`]")
_HANDED = re.compile(
    r"(?<![\w$.])([\w$]+(?:\.[\w$]+)?|require\(\s*['\"`][^'\"`\n]+['\"`]\s*\))\(\s*(?:this\.)?([\w$]+)\s*[,)]"
)
_FROM = r"\s*from\s*['\"`]([^'\"`\n]+)['\"`]"
_IMPORT = re.compile(
    r"\bimport\s+(?:type\s+)?(?:(?:\*\s*as\s+)?([\w$]+)\s*)?(?:,\s*)?(?:\{([^{}]*)\})?"
    + _FROM
    + r"|\b(?:const|let|var)\s+(?:([\w$]+)|\{([^{}]*)\})\s*=\s*(?:await\s+)?(?:require|import)"
    r"\(\s*['\"`]([^'\"`\n]+)['\"`]\s*\)(?:\.([\w$]+))?"
)
_PASSED_ON = re.compile(r"\bexport\s*(?:\{([^{}]*)\}|\*)" + _FROM)
_DEFAULT = re.compile(
    r"\b(?:export\s+default|module\.exports\s*=|exports\.default\s*=)\s*(?:async\s+)?([\w$]+)\s*(?:;|\n|$)"
)
_EXPORTED = re.compile(r"\bexport\s*\{([^{}]*)\}(?!\s*from)")
_OBJECT = re.compile(r"\b(?:module\.exports\s*=|export\s+default)\s*\{([^{}]*)\}")
_PROPERTY = re.compile(r"\b(?:module\.)?exports\.([\w$]+)\s*=\s*([^;\n]+)")
_FUNCTION = r"(?:function\s+{0}\s*\(|\b{0}\s*=\s*(?:async\s*)?(?:function\s*\w*\s*)?\()"
_RETURNS = re.compile(r"\breturn\s+([\w$]+)\s*[;\n}]")
_APP = re.compile(r"\b([\w$]+)\s*(?::[^=\n]+)?=\s*(?:\w*express|[Ff]astify)\(")
_SERVER = re.compile(r"\.listen\(|\bexpress\(\)|[Ff]astify\(")
_SUFFIXES = (".ts", ".js", ".mjs", ".cjs", ".mts", ".tsx", ".jsx", "/index.ts", "/index.js", "/index.mjs")
_DEEPEST = 8
_MOST_PLACES = 32
_LONGEST = 2000  # of an argument: what is mounted has a short name
_MOST_ARGUMENTS = 200
DEFAULT = "default"


class Call(NamedTuple):
    """One link of a chain: what it is called on, its name and its arguments as they are written."""

    receiver: str
    method: str
    arguments: list[str]
    start: int
    inside: tuple[int, int]


class _Edge(NamedTuple):
    parent: tuple[str, str]
    prefix: str | None  # None: it cannot be read off the text


def without_comments(body: str) -> str:
    """The text with its comments blanked and every position kept: a route that is commented out is none."""
    return _TOKEN.sub(lambda t: re.sub(r"[^\n]", " ", t[0]) if t["comment"] else t[0], body)


def calls(body: str) -> Iterator[Call]:
    """Every link of every chain that begins at a name or at a router just made."""
    closed = _closings(body)
    chains = [(m.start(), m.end(), m[1]) for m in _RECEIVER.finditer(body)]
    for m in _MADE.finditer(body):
        if m.end() in closed:
            chains.append((m.start(), closed[m.end()][-1] + 1, m[1] or m[3] or (DEFAULT if m[2] else "")))
    for start, after, receiver in sorted(chains):
        at = after
        while (step := _STEP.match(body, at)) and step.end() in closed:
            cuts = closed[step.end()]
            yield Call(receiver, step[1], _arguments(body, step.end(), cuts), start, (step.end(), cuts[-1]))
            at = cuts[-1] + 1


def _closings(body: str) -> dict[int, list[int]]:
    """Of each opened call the place after its parenthesis -> its commas and where it is closed; in one pass."""
    opened: list[tuple[int, list[int]]] = []
    closed: dict[int, list[int]] = {}
    for token in _TOKEN.finditer(body):
        sign = token[0]
        if sign in ("(", "[", "{"):
            opened.append((token.end(), []))
        elif sign == "," and opened:
            opened[-1][1].append(token.start())
        elif sign in (")", "]", "}") and opened:
            start, cuts = opened.pop()
            closed[start] = [*cuts, token.start()]
    return closed


def _arguments(body: str, start: int, cuts: list[int]) -> list[str]:
    starts = (start, *(cut + 1 for cut in cuts[:_MOST_ARGUMENTS]))
    parts = (body[first : min(last, first + _LONGEST)].strip() for first, last in zip(starts, cuts, strict=False))
    return [part for part in parts if part]


def _listed(argument: str) -> list[str]:
    """The entries of an array, or the argument alone."""
    cuts = _closings(argument).get(1, []) if argument.startswith("[") else []
    return _arguments(argument, 1, cuts) if cuts else [argument]


def _registered_prefix(arguments: Sequence[str]) -> str:
    """The prefix that the options of Fastify's `register(plugin, {prefix})` name."""
    found = _PREFIX.search(arguments[-1]) if len(arguments) > 1 else None
    return found[1] if found else ""


class Mounts:
    """The routers of a program and the paths under which each is reached."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = files
        self.calls = {path: list(calls(body)) for path, body in files.items()}
        self._names = {path: {call.receiver for call in found} for path, found in self.calls.items()}
        self._imports = {path: dict(self._imported(path)) for path in files}
        self._exports = {path: dict(self._exported(path)) for path in files}
        self._constants = {path: dict(_CONSTANT.findall(body)) for path, body in files.items()}
        self._edges: dict[tuple[str, str], list[_Edge]] = {}
        for path, found in self.calls.items():
            for call in found:
                self._take(path, call)
            self._take_handed(path)

    def places(self, path: str, receiver: str) -> list[tuple[str, bool]]:
        """Every prefix of a router, and whether it is known up to the server itself."""
        return list(dict.fromkeys(self._above((path, receiver), ())))[:_MOST_PLACES]

    def _above(self, node: tuple[str, str], below: tuple[tuple[str, str], ...]) -> list[tuple[str, bool]]:
        edges = [edge for edge in self._edges.get(node, []) if edge.parent not in (*below, node)]
        if not edges or len(below) > _DEEPEST:
            return [("", bool(_SERVER.search(self._files[node[0]])))]
        return [
            (join(outer, edge.prefix or ""), known and edge.prefix is not None)
            for edge in edges
            for outer, known in self._above(edge.parent, (*below, node))
        ][:_MOST_PLACES]

    def _take(self, path: str, call: Call) -> None:
        if call.method not in ("use", "register") or not call.arguments:
            return
        here = (path, call.receiver)
        first, rest = call.arguments[0], call.arguments
        prefix: str | None = ""
        if call.method == "register":
            prefix, rest = _registered_prefix(call.arguments), rest[:1]
        elif len(rest) > 1 and not self._routers(path, first):
            prefix, rest = self._text(path, first), rest[1:]
        for argument in rest:
            for one in _listed(argument):
                for node in self._routers(path, one):
                    self._mount(node, here, prefix)
        self._take_list(path, here, call)

    def _take_list(self, path: str, here: tuple[str, str], call: Call) -> None:
        """`list.forEach((r) => router.use(r.path, r.route))`: the entries of the list are in the same file."""
        keys = [re.fullmatch(r"(?:\w+\.)?(\w+)", argument) for argument in (call.arguments[0], call.arguments[-1])]
        if len(call.arguments) < 2 or not keys[0] or not keys[1]:
            return
        entry = rf"\b{keys[0][1]}\s*:\s*['\"`]([^'\"`\n]*)['\"`]\s*,[^{{}}]*?\b{keys[1][1]}\s*:\s*([^,}}\n]+)"
        for prefix, router in re.findall(entry, self._files[path]):
            for node in self._routers(path, router.strip()):
                self._mount(node, here, prefix)

    def _take_handed(self, path: str) -> None:
        """`routes(app)`: the function registers on what it is given."""
        servers = self._names[path] | set(_APP.findall(self._files[path]))
        for callee, given in _HANDED.findall(self._files[path]):
            for node in self._routers(path, callee) if given in servers else ():
                if node[0] != path and node not in self._edges:
                    self._mount(node, (path, given), "")

    def _mount(self, node: tuple[str, str], parent: tuple[str, str], prefix: str | None) -> None:
        edge = _Edge(parent, prefix)
        if node != parent and edge not in self._edges.setdefault(node, []):
            self._edges[node].append(edge)

    def _text(self, path: str, argument: str) -> str | None:
        """A path that is written out, or made of constants of the same file."""
        constants = self._constants[path]
        if quoted := _QUOTED.match(argument):
            filled = re.sub(r"\$\{\s*([\w$]+)\s*\}", lambda m: constants.get(m[1], m[0]), quoted[1])
            return None if "${" in filled else filled
        return constants.get(argument)

    def _routers(self, path: str, argument: str) -> list[tuple[str, str]]:
        """What an expression refers to: a router here, or those of the file that it was imported from."""
        if loaded := _LOADED.match(argument):
            target = self._resolve(path, loaded[1])
            return self._of(target, loaded[2] or DEFAULT, 0) if target else []
        named = _NAMED.match(argument)
        if not named:
            return []
        imported = self._imports[path].get(named[1])
        if imported:
            return self._imported_routers(imported, named[2])
        return self._local(path, named[2] if argument.startswith("this.") and named[2] else named[1])

    def _local(self, path: str, name: str) -> list[tuple[str, str]]:
        if name in self._names[path]:
            return [(path, name)]
        function = re.search(_FUNCTION.format(re.escape(name)), self._files[path])
        returned = _RETURNS.search(self._files[path], function.end()) if function else None
        return [(path, returned[1])] if returned and returned[1] in self._names[path] else []

    def _re_exported(self, path: str, name: str, depth: int) -> list[tuple[str, str]]:
        """The routers of a name that the file passes on from another one by `export *`."""
        for other in self._passed_on(path):
            if found := self._of(other, name, depth + 1):
                return found
        return []

    def _imported_routers(self, imported: tuple[str, str], member: str) -> list[tuple[str, str]]:
        """The routers behind an imported name, or behind a member of it."""
        inner = member if member and imported[1] in (DEFAULT, "*") else imported[1]
        return self._of(imported[0], inner, 0) or (self._of(*imported, 0) if member else [])

    def _of(self, path: str, name: str, depth: int) -> list[tuple[str, str]]:
        """The routers behind an export; of a function or a class, all that the file does not mount itself."""
        if depth > _DEEPEST:
            return []
        exported = self._exports[path].get(name)
        if isinstance(exported, tuple):
            return self._of(exported[0], exported[1], depth + 1)
        if exported is not None:
            imported = self._imports[path].get(exported)
            if imported:
                return self._of(imported[0], imported[1], depth + 1)
            if found := self._local(path, exported):
                return found
        if name in self._names[path]:
            return [(path, name)]
        if name != DEFAULT and (found := self._re_exported(path, name, depth)):
            return found
        return [(path, receiver) for receiver in sorted(self._names[path] - self._mounted_here(path))]

    def _passed_on(self, path: str) -> list[str]:
        """The files of which a file passes on everything that they export."""
        every = self._exports[path].get("*", "")
        return [other for other in every.split("\n") if other] if isinstance(every, str) else []

    def _mounted_here(self, path: str) -> set[str]:
        uses = (call for call in self.calls[path] if call.method == "use")
        return {argument for call in uses for argument in call.arguments if re.fullmatch(r"\w+", argument)}

    def _imported(self, path: str) -> Iterator[tuple[str, tuple[str, str]]]:
        for default, named, whole, parts, module, member in _import_rows(self._files[path]):
            target = self._resolve(path, module)
            if target:
                if default or whole:
                    yield default or whole, (target, member or DEFAULT)
                for outer, inner in _pairs(f"{named},{parts}"):
                    yield inner, (target, outer)

    def _exported(self, path: str) -> Iterator[tuple[str, str | tuple[str, str]]]:
        """Name -> the local name, or the file and the name there."""
        body = self._files[path]
        stars = []
        for named, module in _PASSED_ON.findall(body):
            target = self._resolve(path, module)
            if target and named:
                yield from ((outer, (target, inner)) for inner, outer in _pairs(named))
            elif target:
                stars.append(target)
        yield "*", "\n".join(stars)
        for listed in _EXPORTED.findall(body):
            yield from ((outer, inner) for inner, outer in _pairs(listed))
        for listed in _OBJECT.findall(body):
            yield from self._properties(path, re.findall(r"([\w$]+)\s*(?::\s*([^,\n]+))?(?:,|\s*$)", listed))
        yield from self._properties(path, _PROPERTY.findall(body))
        yield from ((DEFAULT, name) for name in _DEFAULT.findall(body))

    def _properties(self, path: str, rows: list[tuple[str, str]]) -> Iterator[tuple[str, str | tuple[str, str]]]:
        for name, value in rows:
            loaded = _LOADED.match(value.strip())
            target = self._resolve(path, loaded[1]) if loaded else ""
            if target and loaded:
                yield name, (target, loaded[2] or DEFAULT)
            elif re.fullmatch(r"[\w$]*", value.strip()):
                yield name, value.strip() or name

    def _resolve(self, path: str, module: str) -> str:
        """The file of a module; `@/x` and `~/x` name a file from some root, and count where only one fits."""
        if module.startswith("."):
            base = posixpath.normpath(posixpath.join(posixpath.dirname(path), module))
            return next((one for one in _candidates(base) if one in self._files), "")
        if not module.startswith(("@/", "~/", "src/")):
            return ""
        wanted = tuple(_candidates("/" + module.removeprefix("@").removeprefix("~").lstrip("/")))
        fitting = [file for file in self._files if f"/{file}".endswith(wanted)]
        return fitting[0] if len(fitting) == 1 else ""


def _candidates(base: str) -> Iterator[str]:
    stem = re.sub(r"\.[cm]?jsx?$", "", base)  # TypeScript imports its own files as .js
    yield from (base, *(stem + suffix for suffix in _SUFFIXES))


def _import_rows(body: str) -> Iterator[tuple[str, str, str, str, str, str]]:
    for default, named, module, whole, parts, required, member in _IMPORT.findall(body):
        yield default, named, whole, parts, module or required, member


def _pairs(listed: str) -> Iterator[tuple[str, str]]:
    """`a`, `a as b` and `a: b` as (a, b)."""
    for one in listed.split(","):
        words = [word for word in re.split(r"\s+as\s+|\s*:\s*|\s+", one.strip()) if word and word != "type"]
        if words:
            yield words[0], words[-1]
