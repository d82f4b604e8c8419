"""The words that are written into documents of people."""
