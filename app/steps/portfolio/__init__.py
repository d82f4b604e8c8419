"""Many projects: which they are, pulled side by side, and how each is."""
