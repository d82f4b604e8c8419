"""What a document says about the time from GO on: stages, runbooks, drills, messages, running and promotion gates."""
