"""Answers for agents: the steps as tools of the Model Context Protocol."""
