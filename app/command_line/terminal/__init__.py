"""Answers as text on the terminal."""
