"""Readers of what other tools write: bytes in; figures, items and warnings out.

The format is recognised by content. What a file does not state is None with a reason, never 0:

>>> from ingest.readers.registry import read_bytes
>>> report = b"SF:src/a.py\\nDA:1,1\\nDA:2,0\\nend_of_record\\n"
>>> reading = read_bytes(report, "report.txt")[0]
>>> reading.format, [(figure.metric, figure.value) for figure in reading.figures if not figure.scope]
('lcov', [('coverage_line_percent', 50.0), ('coverage_branch_percent', None)])
"""
