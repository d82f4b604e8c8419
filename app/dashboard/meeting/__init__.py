"""The sections of the weekly review, and what they read and write."""
