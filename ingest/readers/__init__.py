"""Readers of what other tools write: bytes in; figures, items and warnings out. Entry: registry.read_bytes."""
