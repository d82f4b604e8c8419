"""Counting in source text: markers in comments, counters, path classes."""
