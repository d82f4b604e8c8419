"""Sentences about the rollout."""
