"""Everything about the date: the forecast, why it moved, what-if, its course and its record."""
