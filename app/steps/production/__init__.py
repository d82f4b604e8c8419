"""From GO to promotion: deployments, stages, windows and the verdicts of the gates that are judged afterwards."""
