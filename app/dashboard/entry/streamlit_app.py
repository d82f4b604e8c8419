"""What `tminus app` hands to Streamlit.

It stands in a folder of its own: Streamlit takes a folder `pages` beside its script for the pages of the site, and then
answers the first link into the dashboard with a bare page that nobody has prepared.
"""

from app.dashboard.navigation import main

main()
