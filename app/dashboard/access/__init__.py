"""Who may see and write what: the sign-in file of the server, and the person behind a session."""
