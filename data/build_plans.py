"""Write data/plans: the default plan of each language, and the plan that the sample checklist becomes.

python data/build_plans.py
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from ingest.plan_drafting.from_checklist import plan_from_checklist, plan_text  # noqa: E402
from ingest.plan_drafting.from_tree import default_plan  # noqa: E402
from ingest.plan_drafting.tree_facts import TreeFacts  # noqa: E402
from ingest.readers.documents.checklist import read_checklist  # noqa: E402

CHECKLIST = ROOT / "tests" / "fixtures" / "checklist" / "staging_double_encoded.md"
# What a repository of the language typically shows on its first day with T-minus.
_SIZE = {"code_files": 220, "source_files": 200, "lines": 30_000, "tests": 60, "markers": 40}


def _typical(*languages: str, **more: Any) -> TreeFacts:
    """All lines are of the first language."""
    return TreeFacts([*languages], language_lines={languages[0]: _SIZE["lines"]}, **_SIZE, **more)


TYPICAL = {
    "python": _typical("python", manifests=1),
    "typescript": _typical("typescript", "javascript", manifests=1, pinned=1, bundler="vite"),
    "rust": _typical("rust", manifests=1, pinned=1),
    "go": _typical("go", manifests=1, pinned=1),
    "java": _typical("java", manifests=1),
    "c": _typical("c"),
}


def texts() -> dict[str, str]:
    """Return the files of data/plans by name."""
    found = {f"{language}.toml": plan_text(default_plan(facts, name="example")) for language, facts in TYPICAL.items()}
    document = read_checklist(CHECKLIST.read_bytes(), "staging_deployment_checklist.md")
    found["staging-checklist.toml"] = plan_text(plan_from_checklist(document, name="example")[0])
    return found


def main() -> None:
    folder = ROOT / "data" / "plans"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
