-- The metrics that are stored, each with its scopes.
SELECT DISTINCT metric, scope FROM current_observation WHERE project = ?
