"""Versions of the counting rules, alone in a file: a pull with nothing new compares them without loading the rules.

Raise a version whenever its rules would count anything differently: figures of two definitions are never compared,
and the next pull reads the history anew.
"""

PATH_RULES = "paths-1"  # ingest/path_rules.py
COMMENT_RULES = "comments-1"  # ingest/lexing.py, ingest/lexing_families.py
COUNTER_RULES = "counters-1"  # ingest/counters.py
HISTORY_RULES = "history-1"  # ingest/sources/git_*.py: what is an item, which date counts
