"""Many projects at once: how many are ready by a day, which come first in a list, and what holds most of them back."""
