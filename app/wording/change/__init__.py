"""Sentences about what one change does to readiness."""
