"""The written review, or what changed, sent to people: Slack, Teams, mail, a webhook."""
