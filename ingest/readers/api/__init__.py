"""Readers of API descriptions, routes and contract tests."""
