"""What one change (a branch, a pull request) does to readiness: its base against its head."""
