"""The memory of the weekly meeting: decisions and what the evidence has shown since."""
