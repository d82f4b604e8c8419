"""How forecasts came out: backtests and the track record."""
