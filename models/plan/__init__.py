"""The plan: gates, criteria, rules, waivers, and its parser."""
