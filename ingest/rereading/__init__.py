"""Reading kept payloads again with the current readers."""
