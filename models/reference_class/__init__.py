"""The model that learns from other projects' efforts."""
