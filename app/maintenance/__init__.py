"""Programs of the maintainers: the generated pages of docs/ and the refit of the forecast."""
