"""Sentences about many projects."""
