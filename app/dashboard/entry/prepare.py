"""Computes the answers of a new state for the server that has started this process, and writes them to it.

    python -m app.dashboard.entry.prepare KEY

`KEY` is a Key as JSON. Written is a pickled list of Answer.
"""

from __future__ import annotations

import json
import os
import pickle
import sys
from contextlib import suppress

_PRIORITY = 19  # added to the nice value: pages and people come first


def main() -> None:
    """Compute the answers that pages ask for first."""
    with suppress(AttributeError, OSError):  # not on Windows
        os.nice(_PRIORITY)
    from app.dashboard import cache

    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # keeps what a library prints out of the answers
    path, plan_changed, warehouse, at = json.loads(sys.argv[1])
    key = cache.Key(path, plan_changed, (warehouse[0], warehouse[1]), at)
    with answers:
        pickle.dump(cache.answers_of(key), answers)


if __name__ == "__main__":
    main()
