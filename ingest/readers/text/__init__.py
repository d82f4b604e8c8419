"""What readers share: encodings, JSON, XML, paths in reports."""
