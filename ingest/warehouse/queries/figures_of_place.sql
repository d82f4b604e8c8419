-- The figures that the newest readable report of one source gave at one place; a merged one names its first file.
SELECT o.metric, o.scope, any_value(o.unit) AS unit, arg_max(o.definition, (o.observed_at, o.recorded_at)) AS definition
FROM current_observation o JOIN evidence e ON e.id = o.evidence
WHERE o.project = ? AND o.source = ? AND o.kind = 'measured' AND (e.locator = ? OR starts_with(e.locator, ?))
GROUP BY o.metric, o.scope
ORDER BY o.metric, o.scope
