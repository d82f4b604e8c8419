-- Every observation that counts now, of the named metrics (all when $metrics is empty), up to a moment.
SELECT metric, scope, observed_at, recorded_at, value, reason, unit, kind, "commit", source, evidence, definition
FROM current_observation
WHERE project = $project
  AND (len($metrics::VARCHAR[]) = 0 OR list_contains($metrics::VARCHAR[], metric))
  AND observed_at <= $until::TIMESTAMPTZ
  AND ($simulated::BOOLEAN OR kind <> 'simulated')
ORDER BY observed_at, recorded_at
