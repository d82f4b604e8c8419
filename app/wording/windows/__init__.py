"""Sentences about windows after a deployment."""
