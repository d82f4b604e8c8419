-- Every measured or simulated observation of the named metrics and scopes up to a moment, with where it can be checked.
SELECT o.metric, o.scope, o.observed_at, o.recorded_at, o.value, o.reason, o.unit, o.kind, o."commit", o.source,
       o.evidence, o.definition, coalesce(e.locator, '') AS locator, coalesce(e.sha256, '') AS sha256,
       coalesce(e.tool, '') AS tool, coalesce(e.tool_version, '') AS tool_version
FROM current_observation o LEFT JOIN evidence e ON e.id = o.evidence
WHERE o.project = $project
  AND o.kind <> 'claimed'
  AND o.metric IN (SELECT unnest($metrics::VARCHAR[])) AND list_contains($metrics::VARCHAR[], o.metric)
  AND o.scope IN (SELECT unnest($scopes::VARCHAR[])) AND list_contains($scopes::VARCHAR[], o.scope)
  AND o.observed_at <= $until::TIMESTAMPTZ
ORDER BY o.observed_at, o.recorded_at
