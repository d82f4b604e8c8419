"""Observations and a plan in, readiness and decision out."""
