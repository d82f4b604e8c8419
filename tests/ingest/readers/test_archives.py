"""Artifacts come packed, packed again, and damaged in parts: what is whole is read, what is dangerous is one line."""

from __future__ import annotations

import gzip
import io
import tarfile

import pytest

from ingest.readers.registry import read_bytes
from ingest.sources.report_files.combine import report_files
from tests.testing.effort import effort
from tests.testing.local_forge import junit, lcov, zipped


def tarred(files: dict[str, bytes], *others: tarfile.TarInfo) -> bytes:
    """A tar of files, with members of other kinds behind them."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        for info in others:
            archive.addfile(info)
    return buffer.getvalue()


def member(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def places(data: bytes) -> list[str]:
    return [file.place for file in report_files(data, "artifact", lambda _: True)[0]]


@pytest.mark.parametrize("pack", [lambda tar: tar, gzip.compress], ids=["tar", "tar.gz"])
def test_a_tar_is_opened_alone_and_inside_a_zip(pack):
    """Reports that were packed to keep their permissions, as upload-artifact advises, are read where they lie."""
    packed = pack(tarred({"./out/lcov.info": lcov(1, 2), "out/notes.txt": b"-"}))
    assert places(packed) == ["artifact/out/lcov.info"]
    assert places(zipped({"reports.tgz": packed, "j.xml": junit(1, 0)})) == [
        "artifact/reports.tgz/out/lcov.info",
        "artifact/j.xml",
    ]
    assert [reading.entry for reading in read_bytes(packed, "a.tgz")] == ["out/lcov.info"]


def test_links_and_devices_of_a_tar_are_passed_over():
    """What is no regular file is neither followed nor opened."""
    others = [member("passwd", tarfile.SYMTYPE, "/etc/passwd"), member("same", tarfile.LNKTYPE, "lcov.info")]
    packed = tarred({"lcov.info": lcov(1, 2)}, *others, member("null", tarfile.CHRTYPE))
    assert places(packed) == ["artifact/lcov.info"]


@pytest.mark.parametrize("name", ["../../x.info", "/etc/x.info", "C:\\x.info"])
def test_a_tar_that_climbs_out_is_refused(name):
    """A name that leads out of the archive is one line, as in a zip."""
    found, warnings = report_files(tarred({name: lcov(1, 2)}), "artifact", lambda _: True)
    assert found == []
    assert "points outside the archive" in warnings[0]


def test_one_bad_entry_does_not_cost_the_others():
    """A test fixture that is a broken zip, or one packed too deep, is named; the coverage beside it is read."""
    deep = zipped({"1.zip": zipped({"2.zip": zipped({"3.zip": zipped({"a": b"x"})})})})
    slip = zipped({"../x.info": lcov(1, 2)})
    files = {"a/broken.zip": b"PK\x03\x04 broken", "b/deep.zip": deep, "c/slip.zip": slip, "lcov.info": lcov(1, 2)}
    damaged = zipped({**files, "bad.xml": junit(9, 0)})
    place = damaged.index(b"bad.xml") + len(b"bad.xml") + 4
    damaged = damaged[:place] + b"\xff\xff\xff\xff" + damaged[place + 4 :]
    found, warnings = report_files(damaged, "artifact", lambda _: True)
    assert [file.place for file in found] == ["artifact/lcov.info"]
    shown_text = "\n".join(warnings)
    for words in ("a/broken.zip: zip is damaged", "nested deeper than 2", "points outside", "'bad.xml' cannot be"):
        assert words in shown_text


def test_many_small_bombs_share_one_cap():
    """What is packed inside counts against the whole: a hundred inner archives are no way around the cap."""
    inner = zipped({"zeros": b"\0" * 9_000_000})
    bomb = zipped({f"{number}.zip": inner + bytes([number]) for number in range(100)})
    answers = []
    assert effort(lambda: answers.append(report_files(bomb, "artifact", lambda _: True))) < 300
    found, warnings = answers[0]
    assert found == []
    assert "decompression bomb" in warnings[0]


def test_a_hole_in_a_tar_is_not_filled():
    """A tar header may claim any size: one that the bytes do not hold is reported, and nothing is read for it."""
    header = tarfile.TarInfo("lcov.info")
    header.size = 10**12
    found, warnings = report_files(header.tobuf() + b"x" * 1024, "artifact", lambda _: True)
    assert found == []
    assert len(warnings) == 1
