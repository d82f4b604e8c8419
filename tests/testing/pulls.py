"""A real repository to pull, and everything that a pull has stored."""

from __future__ import annotations

import subprocess
from pathlib import Path

from ingest.warehouse.database import Warehouse

TABLES = ("current_observation", "evidence", '"commit"', "item", "blob_scan")


def make_repository(path: Path, commits: int) -> Path:
    """A real repository: each commit adds and removes markers, now and then a readiness claim and a ticked box."""
    subprocess.run(["git", "init", "-q", "-b", "main", str(path)], check=True)
    text = "".join(_commit(number) for number in range(commits))
    subprocess.run(["git", "-C", str(path), "fast-import", "--quiet"], input=text.encode(), check=True)
    return path


def _commit(number: int) -> str:
    message = f"change {number}"
    code = "".join(f"x = {k}  # TODO item {k}\n" for k in range(number % 7))
    boxes = "".join(f"- [{'x' if (number + k) % 2 else ' '}] step {k}\n" for k in range(6))
    claim = f"# Report\n\nProduction readiness: {number % 100}%\n\n{boxes}"
    head = f"commit refs/heads/main\ncommitter Ada <ada@example.org> {1_700_000_000 + number * 3600} +0000\n"
    parts = [f"{head}data {len(message)}\n{message}\n", _file(f"src/m{number % 5}.py", code)]
    return "".join([*parts, _file("docs/report.md", claim) if number % 3 == 0 else ""])


def _file(path: str, text: str) -> str:
    return f"M 100644 inline {path}\ndata {len(text)}\n{text}\n"


def stored(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Everything a pull stores, without the moments at which it was learned."""
    found = {}
    with Warehouse(path, "p").reading() as connection:
        for table in TABLES:
            columns = [row[0] for row in connection.execute(f"DESCRIBE {table}").fetchall()]
            kept = [c for c in columns if c not in ("recorded_at", "run")]
            shown_text = ", ".join(f'epoch_us("{c}")' if c.endswith("_at") else f'"{c}"' for c in kept)
            found[table] = connection.execute(f"SELECT {shown_text} FROM {table} ORDER BY ALL").fetchall()
    return found
