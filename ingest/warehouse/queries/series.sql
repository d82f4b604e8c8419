-- One metric over time, with the locator of each point.
SELECT o.metric, o.scope, o.observed_at, o.recorded_at, o.value, o.reason, o.unit, o.kind, o."commit", o.source,
       o.evidence, o.definition, coalesce(e.locator, '') AS locator
FROM current_observation o LEFT JOIN evidence e ON e.id = o.evidence
WHERE o.project = $project AND o.metric = $metric
  AND ($scope::VARCHAR IS NULL OR o.scope = $scope)
  AND ($simulated::BOOLEAN OR o.kind <> 'simulated')
ORDER BY o.scope, o.observed_at, o.recorded_at
