"""The text of tminus.toml: whether it is sound, and its schema for editors."""
