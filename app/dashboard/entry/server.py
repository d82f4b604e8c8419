"""The server of the dashboard: Streamlit and, beside its start, the answers that the first pages will ask for.

Loading the libraries and computing the first weekly review takes seconds. They pass while the browser opens.
"""

from __future__ import annotations

import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from app.dashboard.entry import keep_up

PATIENCE_SECONDS = 30.0


def main() -> None:
    """Run Streamlit with the arguments of this process; the last one names the tminus.toml."""
    from streamlit.web import cli

    from app.dashboard.entry import guard

    guard.install()  # a dashboard without it is not served: an ImportError ends this process
    threading.Thread(target=_warm_when_running, args=(Path(sys.argv[-1]),), daemon=True).start()
    cli.main(prog_name="streamlit")


def _warm_when_running(config: Path) -> None:
    from streamlit import runtime

    from app.dashboard.entry.page_head import scripts_of_elements

    scripts_of_elements()  # reads files: before the first browser asks
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not runtime.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    with suppress(Exception):  # the page that needs the answer shows what is wrong
        warm(config)
    keep_up.settle()
    keep_up.begin()


def warm(config: Path) -> None:
    """Load the chart library, and compute the answers for today."""
    import app.dashboard.charts  # noqa: F401 - loading it takes long
    from app.dashboard import cache
    from app.dashboard.entry.opening import prepare_opening

    known = cache.facts(config)
    if known.has_evidence:
        cache.prepare(cache.open_key(config, known.today))
        prepare_opening(config)


if __name__ == "__main__":
    main()
