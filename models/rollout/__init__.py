"""From GO to promotion: deployments, the soak clock, the stages and what holds them."""
