"""What the words of a checklist demand: phrases, comparisons, quantities, urgency."""
