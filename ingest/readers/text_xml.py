"""XML that may come from anywhere: no entity is ever expanded, nothing is ever fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from ingest.readers.reading import ReadError

MAX_BYTES = 160 * 1024 * 1024
MAX_DEPTH = 200
_PROLOG = re.compile(
    rb"\A(?:\xef\xbb\xbf)?(?:\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[[^\]]*\]\s*)?>)*", re.DOTALL
)
_ROOT = re.compile(rb"<([A-Za-z_][\w:.-]{0,80})([^>]{0,4000})")


def root_of(head: bytes) -> tuple[str, str]:
    """Name of the outermost element without its prefix, and its attributes as text; ("", "") when it is no XML."""
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
    builder = TreeBuilder()
    try:
        _parser(builder, b"xmlns:" in data).Parse(data, True)
        root = builder.close()
    except expat.ExpatError as problem:
        raise ReadError(f"XML is damaged or cut off: {problem}") from problem
    except (ValueError, AssertionError, LookupError, MemoryError) as problem:
        raise ReadError(f"XML cannot be read: {type(problem).__name__}") from problem
    if _is_too_deep(root):
        raise ReadError(f"XML is nested deeper than {MAX_DEPTH} elements: refused")
    return root


def children(element: Element, tag: str) -> Iterator[Element]:
    """Direct children of one name."""
    return (child for child in element if child.tag == tag)


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
