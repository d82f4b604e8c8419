"""The sample of `tminus demo`, prepared once in a process and copied for each test that wants its own."""

from __future__ import annotations

import shutil
import tempfile
from functools import cache
from pathlib import Path

from app.demo import prepare_demo
from app.steps.assess import open_workspace
from app.steps.date.course import course
from app.workspace import Workspace

_TEMPLATES = tempfile.TemporaryDirectory(prefix="tminus-sample-", ignore_cleanup_errors=True)


def sample_in(folder: Path, *, with_simulated: bool = True) -> Workspace:
    """A copy of the sample in a folder, with its simulated weeks or without them; the test may write to it."""
    template = _prepared(with_simulated)
    place = folder / template.name
    shutil.copytree(template, place)
    return open_workspace(place)


@cache
def _prepared(with_simulated: bool) -> Path:
    workspace = prepare_demo(with_simulated=with_simulated, folder=Path(_TEMPLATES.name))
    if with_simulated:  # the weeks before today are computed once, as on a machine that has shown them before
        course(workspace, workspace.now())
    return workspace.path.parent
