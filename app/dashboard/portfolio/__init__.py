"""The projects of a portfolio on the dashboard: which one is shown, and all of them in one overview."""
