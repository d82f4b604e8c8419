"""The model that learns from other projects' efforts.

>>> from models.reference_class.predict import learned_from
>>> len(learned_from()) > 50
True
"""
