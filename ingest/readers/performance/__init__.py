"""Readers of load times and memory."""
