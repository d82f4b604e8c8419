"""The DuckDB warehouse: the one place that opens, migrates, appends and queries it."""
