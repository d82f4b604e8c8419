-- Every observation that counts now, of the named metrics and scopes, up to a moment.
SELECT metric, scope, observed_at, recorded_at, value, reason, unit, kind, "commit", source, evidence, definition
FROM current_observation
WHERE project = $project
  AND metric IN (SELECT unnest($metrics::VARCHAR[])) AND list_contains($metrics::VARCHAR[], metric)
  AND scope IN (SELECT unnest($scopes::VARCHAR[])) AND list_contains($scopes::VARCHAR[], scope)
  AND observed_at <= $until::TIMESTAMPTZ
  AND ($simulated::BOOLEAN OR kind <> 'simulated')
ORDER BY observed_at, recorded_at
