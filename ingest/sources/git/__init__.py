"""The history of the repository as evidence."""
