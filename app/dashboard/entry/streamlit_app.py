"""The script that `tminus app` gives to Streamlit.

It is in a folder of its own: Streamlit takes a folder `pages` beside its script for the pages of the site, and then
answers the first link into the dashboard with a page outside the navigation.
"""

from app.dashboard.navigation import main

main()
