"""One encoding for all readers: UTF-8 without a byte order mark."""

from __future__ import annotations

import re

_UTF8, _UTF16 = b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff")
_DECLARED = re.compile(rb"""\A(\s*<\?xml[^>]{0,200}?)\s+encoding\s*=\s*["'][\w.-]{1,40}["']""")


def as_utf8(data: bytes) -> bytes:
    """The bytes of a text file as UTF-8 without a mark; a file without a mark as it is.

    Windows PowerShell redirects (`>`) in UTF-16, whatever an XML declaration within says, and `Out-File` adds marks.
    """
    if data.startswith(_UTF8):
        return data[len(_UTF8) :]
    if data.startswith(_UTF16):
        return _DECLARED.sub(rb"\1", data.decode("utf-16", "replace").encode("utf-8", "replace"))
    return data
