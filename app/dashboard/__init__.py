"""The dashboard: Streamlit pages over the same answers as the command line."""
