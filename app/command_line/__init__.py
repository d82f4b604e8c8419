"""The command `tminus`: its arguments, and which step and printer serve each command."""
