"""The room that reads the world: git history, reports, documents, services, into observations.

>>> from pathlib import Path
>>> from ingest.config import parse_config
>>> config = parse_config({"project": {"name": "shop", "timezone": "+02:00"}}, Path("/repository"))
>>> config.name, config.warehouse.name
('shop', 'warehouse.duckdb')

>>> from ingest.redaction import redact_text
>>> redact_text("token=ghp_" + 9 * "a1B2")
'token=[redacted]'
"""
