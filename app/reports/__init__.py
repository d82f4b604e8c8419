"""An answer written to a file: Markdown, HTML, JSON."""
