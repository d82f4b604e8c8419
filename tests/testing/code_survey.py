"""The shape of our own code: its modules, its imports, the length and the branches of its functions."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOMS = ("app", "ingest", "models")
_BRANCHES = {ast.If, ast.IfExp, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.Assert, ast.match_case}
_Function = ast.FunctionDef | ast.AsyncFunctionDef
_INSIDE = {ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda}
_LEAVES = {ast.Name, ast.Constant, ast.alias, ast.Pass}  # more than half of all nodes, with nothing to count inside


@dataclass(frozen=True)
class Import:
    """One import of our own code: the importing module, the imported module, and the line."""

    importer: str
    imported: str
    line: int


@dataclass(frozen=True)
class Function:
    """One function: its place, the lines of its body without the docstring, and its cyclomatic complexity."""

    place: str
    body_lines: int
    complexity: int


@dataclass(frozen=True)
class Code:
    """Parsed modules by dotted name; a package is named without `__init__`."""

    trees: Mapping[str, ast.Module]
    packages: frozenset[str]
    lines: Mapping[str, int]

    @classmethod
    def read(cls, root: Path, rooms: Iterable[str] = ROOMS) -> Code:
        """Parse every Python file of the rooms below `root`."""
        paths = [path for room in rooms for path in sorted((root / room).rglob("*.py"))]
        return cls.of({path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in paths})

    @classmethod
    def of(cls, sources: Mapping[str, str]) -> Code:
        """Parse sources by path; the paths are relative to the root, as in `app/steps/assess.py`."""
        named = {_module(path): text for path, text in sources.items()}
        folders = {".".join(path.split("/")[:depth]) for path in sources for depth in range(1, path.count("/") + 1)}
        return cls(
            {name: ast.parse(text) for name, text in named.items()},
            frozenset(folders),
            {name: text.count("\n") + 1 for name, text in named.items()},
        )

    def folder(self, module: str) -> str:
        """The folder that holds a module; a package is its own folder."""
        return module if module in self.packages else module.rpartition(".")[0]

    def node(self, module: str) -> str:
        """The unit of the circle check: a folder without subfolders, or a module of a folder that has some."""
        folder = self.folder(module)
        has_subfolders = any(package.startswith(folder + ".") for package in self.packages)
        return module if has_subfolders else folder

    @cached_property
    def imports(self) -> list[Import]:
        """Every import of our own code, also inside functions and under TYPE_CHECKING."""
        return [found for name in self.trees for found in self._imports_of(name)]

    def _imports_of(self, name: str) -> Iterator[Import]:
        for node in statements(self.trees[name]):
            if isinstance(node, ast.Import):
                wanted = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                wanted = [f"{node.module}.{alias.name}" for alias in node.names]
            else:
                continue
            yield from (
                Import(name, module, node.lineno) for module in map(self._known, wanted) if module and module != name
            )

    def _known(self, dotted: str) -> str:
        """The longest beginning of a dotted name that is a module of ours; empty when there is none."""
        while dotted and dotted not in self.trees and dotted not in self.packages:
            dotted = dotted.rpartition(".")[0]
        return dotted

    @cached_property
    def functions(self) -> list[Function]:
        """Every function and method, with its measures."""
        return [
            Function(f"{name}:{node.lineno} {node.name}", body_lines(node), complexity(node))
            for name, tree in self.trees.items()
            for node in statements(tree)
            if isinstance(node, _Function)
        ]

    def siblings(self) -> dict[str, int]:
        """By folder: how many modules are side by side in it, `__init__` apart."""
        counts: dict[str, int] = defaultdict(int)
        for name in self.trees:
            if name not in self.packages:
                counts[self.folder(name)] += 1
        return dict(counts)


def _module(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def statements(tree: ast.AST) -> Iterator[ast.AST]:
    """Every statement of a tree, also those inside others. Expressions are passed over: they are nine of ten nodes."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        for blocks in ("body", "orelse", "finalbody", "handlers", "cases"):
            waiting += getattr(node, blocks, ())


def body_lines(function: _Function) -> int:
    """Lines from the first statement after the docstring to the last one; 0 for a docstring alone."""
    body = function.body if ast.get_docstring(function, clean=False) is None else function.body[1:]
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def complexity(function: _Function) -> int:
    """McCabe's cyclomatic complexity: one, plus one for each branch, loop, handler, condition and boolean operand.

    Boolean operands and the conditions of comprehensions count, as in radon; functions inside are counted apart.
    """
    total = 1
    waiting: list[ast.AST] = list(ast.iter_child_nodes(function))
    while waiting:
        node = waiting.pop()
        kind = type(node)
        if kind in _INSIDE:
            continue
        if kind in _BRANCHES:
            total += 1
        elif isinstance(node, ast.BoolOp):
            total += len(node.values) - 1
        elif isinstance(node, ast.comprehension):
            total += 1 + len(node.ifs)
        if kind not in _LEAVES:
            waiting.extend(ast.iter_child_nodes(node))
    return total


def circles(arrows: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Groups of nodes that reach each other (strongly connected components of more than one node)."""
    graph: dict[str, set[str]] = defaultdict(set)
    for start, end in arrows:
        if start != end:
            graph[start].add(end)
    reach = {node: _reachable(graph, node) for node in list(graph)}
    on_circle = [node for node in reach if node in reach[node]]
    groups = {frozenset(other for other in reach[node] if node in reach.get(other, ())) for node in on_circle}
    return sorted(sorted(group) for group in groups)


def _reachable(graph: Mapping[str, set[str]], start: str) -> set[str]:
    seen: set[str] = set()
    waiting = list(graph.get(start, ()))
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            waiting.extend(graph.get(node, ()))
    return seen
