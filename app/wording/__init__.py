"""Values to sentences: the only place where answers become English.

A rounded figure never crosses its threshold, and what is unknown shows a dash:

>>> from app.wording.numbers import number, number_beside, quantity
>>> number_beside(89.96, 90), number(89.96), number(None)
('89.96', '90', '–')
>>> quantity(1_536_000, "bytes")
'1.5 MB'

>>> from app.wording.text import count, listing
>>> count(1, "gate"), count(3, "gate"), listing(["tests", "bundle", "load"])
('1 gate', '3 gates', 'tests, bundle and load')
"""
