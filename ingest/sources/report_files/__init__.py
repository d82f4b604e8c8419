"""Report files: committed, or left by a CI job."""
