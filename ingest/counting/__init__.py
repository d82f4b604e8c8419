"""Counting in source text: markers in comments, counters, path classes.

A marker counts in a comment, not in a string:

>>> from ingest.counting.markers import find_markers
>>> [(hit.label, hit.text, hit.line) for hit in find_markers(b'x = 1  # TODO check the sum\\ny = "TODO"\\n', "hash")]
[('TODO', 'check the sum', 1)]

>>> from ingest.counting.path_classes import classify
>>> classify("src/shop.py"), classify("tests/test_shop.py"), classify("node_modules/a/index.js")
('code', 'tests', 'vendored')
"""
