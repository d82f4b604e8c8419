"""Running systems: Prometheus and probes."""
