-- Samples of the named metrics and scopes in a stretch of time: of each moment the row that was recorded last.
SELECT metric, scope, definition, sampled_at, value, unit, kind, step
FROM sample
WHERE project = $project
  AND metric IN (SELECT unnest($metrics::VARCHAR[])) AND list_contains($metrics::VARCHAR[], metric)
  AND scope IN (SELECT unnest($scopes::VARCHAR[])) AND list_contains($scopes::VARCHAR[], scope)
  AND sampled_at >= $since::TIMESTAMPTZ AND sampled_at <= $until::TIMESTAMPTZ
QUALIFY row_number() OVER (
    PARTITION BY metric, scope, definition, sampled_at ORDER BY recorded_at DESC, rowid DESC
) = 1
ORDER BY metric, scope, sampled_at
