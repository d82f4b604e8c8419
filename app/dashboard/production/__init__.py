"""The sections of the Rollout page."""
