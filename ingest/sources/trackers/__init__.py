"""Sources that ask where open things are tracked: issues of GitHub and Jira, incidents of a status page."""
