"""Readers of documents: checklists, claims, timelines."""
