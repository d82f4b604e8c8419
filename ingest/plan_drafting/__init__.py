"""A first plan: from a checklist, or from what is in the tree.

>>> from ingest.plan_drafting.language.quantities import demands
>>> [(demand.comparator, demand.value, demand.dimension) for demand in demands("API P95 < 1s, coverage at least 80%")]
[('<', 1.0, 'seconds'), ('>=', 80.0, 'share')]
"""
