"""Acts of a person that run a command: a runbook step, a rollback drill. Only their two steps import this folder."""
