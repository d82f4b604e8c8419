"""Takes credentials out of what is kept or shown; `credential_shapes` lists what the issuers document."""

from ingest.redaction.redact import MARK, redact, redact_text, redact_texts, redact_words

__all__ = ["MARK", "redact", "redact_text", "redact_texts", "redact_words"]
