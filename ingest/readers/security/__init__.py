"""Readers of security scanners and audits."""
