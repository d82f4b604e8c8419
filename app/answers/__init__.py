"""The typed answers that steps give and that pages, reports and the terminal show."""
