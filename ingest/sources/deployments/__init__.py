"""Deployments that others recorded: git tags, and the deployments of GitHub and GitLab."""
