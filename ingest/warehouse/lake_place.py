"""Where a lake is: the catalogue in PostgreSQL and the folder or bucket of its Parquet files; never a credential."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

PREFIX = "ducklake:"
_CATALOGUE = "postgres:"
_PASSWORD = re.compile(r"password\s*=|://[^/@\s]*:[^/@\s]*@", re.IGNORECASE)
HOW_TO_NAME = 'warehouse = "ducklake:postgres:dbname=tminus host=db.example.org", data_path = "s3://bucket/tminus"'


@dataclass(frozen=True, slots=True)
class LakePlace:
    """One lake: a connection string of libpq, and a folder or s3://...; "" means the one that the catalogue knows."""

    catalogue: str
    data_path: str

    @property
    def label(self) -> str:
        """How messages name it; holds no credential, because none is accepted."""
        return f"{PREFIX}{_CATALOGUE}{self.catalogue}"

    @property
    def is_bucket(self) -> bool:
        """Whether the files are in an S3-compatible store."""
        return self.data_path.startswith("s3://")


def names_lake(text: str) -> bool:
    """Whether a text names a lake and not a file."""
    return text.startswith(PREFIX)


def place_problem(text: str) -> str:
    """What is wrong with the text that names a lake, "" when nothing is; a password in it is not repeated."""
    if _PASSWORD.search(text):
        return "must not hold a password: give it by PGPASSWORD, PGPASSFILE or a service file, and take it out here"
    if not text.startswith(PREFIX + _CATALOGUE):
        return f"must be a path, or name a catalogue in PostgreSQL, like {HOW_TO_NAME}; found {text!r}"
    return ""


def data_path_problem(text: str) -> str:
    """What is wrong with a data path; "" when nothing is."""
    scheme, separator, rest = text.partition("://")
    if separator and (scheme != "s3" or not rest.strip("/")):
        return f"must be a folder or s3://bucket/folder, found {text!r}"
    if "@" in rest or "?" in rest:
        return "must hold no credentials: give them by AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    return ""


def parse_place(text: str, data_path: str, root: Path) -> LakePlace:
    """The lake that two texts without problems name; a relative data path starts at `root`."""
    if data_path and "://" not in data_path:
        data_path = str((root / data_path).resolve())
    return LakePlace(text.removeprefix(PREFIX + _CATALOGUE).strip(), data_path)
