"""Sources that read documents in the repository."""
