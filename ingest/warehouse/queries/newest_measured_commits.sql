-- The position on the main branch of the newest commit that was measured, per metric and scope as of a moment.
SELECT o.metric, o.scope, max(c.position) AS position
FROM current_observation o JOIN "commit" c ON c.project = o.project AND c.sha = o."commit"
WHERE o.project = $project
  AND o.metric IN (SELECT unnest($metrics::VARCHAR[])) AND list_contains($metrics::VARCHAR[], o.metric)
  AND o.scope IN (SELECT unnest($scopes::VARCHAR[])) AND list_contains($scopes::VARCHAR[], o.scope)
  AND o.kind = 'measured' AND o.observed_at <= $until::TIMESTAMPTZ AND c.position IS NOT NULL
GROUP BY o.metric, o.scope
