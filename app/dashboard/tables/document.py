"""What the Gates page shows of the checklist that the plan was imported from."""

from __future__ import annotations

from datetime import date

import pandas as pd

from app.answers.types.status import DocumentAnswer
from app.wording.text import day


def document_rows(document: DocumentAnswer) -> pd.DataFrame:
    """Contradictions first, then changes that nobody accepted, then the notes."""
    rows = [("Contradiction", words) for words in document["contradictions"]]
    rows += [("Change not accepted", words) for words in document.get("changes", [])]
    if document["path"] and (assessed := document.get("assessed_on")):
        rows.append(("Last assessed by hand", day(date.fromisoformat(assessed))))
    if document["path"] and (following := document.get("next_review")):
        rows.append(("Next review", day(date.fromisoformat(following))))
    rows += [("Note", words) for words in document["notes"]]
    return pd.DataFrame(rows, columns=["What", "Words of the document"])
