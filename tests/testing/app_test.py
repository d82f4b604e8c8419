"""Streamlit's AppTest, which looks for installed components once in a process, and not again in each run of a page.

The search reads the metadata of every installed package: as much work as drawing a page.
"""

from __future__ import annotations

from functools import cache

from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

__all__ = ["AppTest"]

manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)
