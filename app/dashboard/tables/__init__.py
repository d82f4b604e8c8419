"""The frames that pages show as tables and charts."""
