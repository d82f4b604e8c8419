"""Readers of coverage reports."""
