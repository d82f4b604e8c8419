"""Readers of bundle sizes."""
