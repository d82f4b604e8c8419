"""What to do next: how to measure a metric, and what fixes what the repository shows."""
