"""Readers of type checkers, linters and documentation checks."""
