"""What one pull of the git history leaves for the next."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(slots=True)
class GitCursor:
    """What a pull leaves for the next one; `rules` names everything but the tree's own attributes and environments."""

    tip: str = ""
    ref: str = ""
    shallow: str = ""
    rules: str = ""
    definition: str = ""
    environments: list[str] = field(default_factory=list)
    series: dict[str, Any] = field(default_factory=dict)
    unreadable: list[str] = field(default_factory=list)  # file versions that were missing or damaged

    @classmethod
    def parse(cls, text: str) -> GitCursor:
        """Read a stored cursor; an unreadable one counts as none, so that everything is read again."""
        try:
            return cls(**json.loads(text)) if text else cls()
        except (ValueError, TypeError):
            return cls()


def dump_cursor(cursor: GitCursor) -> str:
    """Write the cursor as text."""
    return json.dumps(asdict(cursor), ensure_ascii=False, separators=(",", ":"))
