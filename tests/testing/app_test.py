"""Streamlit's AppTest, which looks for components and compiles a script once in a process, as Streamlit's server does.

The search for components reads the metadata of every installed package: as much work as drawing a page.
"""

from __future__ import annotations

from functools import cache

from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import AppTest, app_test

__all__ = ["AppTest"]

manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)
app_test.ScriptCache = cache(ScriptCache)  # a script that is given as text has a file named by its content
