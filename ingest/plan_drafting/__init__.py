"""A first plan: from a checklist, or from what lies in the tree."""
