"""Numbers into words. The only place that rounds, and it never rounds across a threshold."""

from __future__ import annotations
