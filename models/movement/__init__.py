"""What moved between two moments, with commits."""
