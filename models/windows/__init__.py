"""Windows after a deployment: every sample counts, and a gap is unknown."""
