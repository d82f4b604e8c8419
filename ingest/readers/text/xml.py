"""XML that may come from anywhere: no entity is ever expanded, nothing is ever fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from ingest.readers.contract import ReadError

MAX_BYTES = 160 * 1024 * 1024
MAX_DEPTH = 200
_PROLOG = re.compile(
    rb"\A(?:\xef\xbb\xbf)?(?:\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[[^\]]*\]\s*)?>)*", re.DOTALL
)
_ENCODING = re.compile(rb"""\A(?:\xef\xbb\xbf)?\s*<\?xml[^>]{0,200}\bencoding\s*=\s*["']([\w.-]{1,40})""")
_BAD_CHARACTERS = (4, 14)  # of expat: invalid token, reference to an invalid character
_UNNAMED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|&#(?:0*(?:[0-8]|1[124-9]|2\\d|3[01])|x0*(?:[0-8bcef]|1[0-9a-f]));", re.I
)
_MARK = "\ufffd"
_PROSE = frozenset({"name", "fullname", "classname", "testName", "methodname", "method", "message", "file"})
_ROOT = re.compile(rb"<([A-Za-z_][\w:.-]{0,80})([^>]{0,4000})")


def root_of(head: bytes) -> tuple[str, str]:
    """Name of the outermost element without its prefix, and its attributes as text; ("", "") when it is not XML."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.decode("utf-16", "ignore").encode()
    start = _PROLOG.match(head)
    found = _ROOT.match(head, start.end() if start else 0)
    if not found:
        return "", ""
    return found[1].decode().rpartition(":")[2], found[2].decode("utf-8", "replace")


def parse_xml(data: bytes) -> Element:
    """The tree of a document, prefixes dropped from names; entities, external references, depth are refused.

    The handlers of expat feed the tree builder of the standard library: as strict as defusedxml, which has to run the
    pure Python parser and is several times slower. A document type (JaCoCo, Cobertura) is allowed and not fetched.
    """
    if len(data) > MAX_BYTES:
        raise ReadError(f"XML of {len(data):,} bytes: larger than {MAX_BYTES:,}, not read")
    try:
        root = _tree(data)
    except expat.ExpatError as problem:
        root = _without_bad_characters(data, problem)
    except (ValueError, AssertionError, LookupError, MemoryError) as problem:
        raise ReadError(f"XML cannot be read: {type(problem).__name__}") from problem
    if _is_too_deep(root):
        raise ReadError(f"XML is nested deeper than {MAX_DEPTH} elements: refused")
    return root


def children(element: Element, tag: str) -> Iterator[Element]:
    """Direct children of one name."""
    return (child for child in element if child.tag == tag)


def _tree(data: bytes) -> Element:
    builder = TreeBuilder()
    _parser(builder, b"xmlns:" in data).Parse(data, True)
    return builder.close()


def _without_bad_characters(data: bytes, problem: expat.ExpatError) -> Element:
    """The tree with a mark in the place of each character that XML has no name for, where only prose holds them.

    A failing test prints colours, a NUL, Latin-1: what its tool wrote is not XML, and exactly the failing run
    would be lost. A bad character in any other attribute (a result, a count) is damage and stays an error.
    """
    declared = _ENCODING.match(data)
    is_utf8 = b"\0" not in data[:4] and (declared is None or declared[1].lower() == b"utf-8")
    if problem.code in _BAD_CHARACTERS and is_utf8:
        with suppress(expat.ExpatError):
            root = _tree(_UNNAMED.sub(_MARK, data.decode("utf-8", "replace")).encode())
            if not any(_MARK in words and key not in _PROSE for one in root.iter() for key, words in one.items()):
                return root
    raise ReadError(f"XML is damaged or cut off: {problem}") from problem


def _parser(builder: TreeBuilder, prefixed: bool) -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    if prefixed:  # Python functions cost half of the speed: only where there is something to drop
        parser.StartElementHandler = lambda tag, attributes: builder.start(tag.rpartition(":")[2], attributes)
        parser.EndElementHandler = lambda tag: builder.end(tag.rpartition(":")[2])
    parser.CharacterDataHandler = builder.data
    parser.EntityDeclHandler = _refuse_entity
    parser.UnparsedEntityDeclHandler = _refuse_entity
    parser.ExternalEntityRefHandler = _refuse_entity
    return parser


def _is_too_deep(root: Element) -> bool:
    """Whether elements are nested deeper than any report, found level by level without recursion."""
    level = [root]
    for _ in range(MAX_DEPTH):
        level = [child for element in level for child in element if len(child)]
        if not level:
            return False
    return True


def _refuse_entity(*_: object) -> int:
    raise ReadError("XML declares or refers to an entity: refused (entity expansion)")
