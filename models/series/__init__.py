"""Series of one criterion: history, simulation, curves, cases, baselines, scores."""
