"""Sources that ask a CI service."""
