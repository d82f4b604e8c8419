-- What is stored: one row a metric, scope and kind.
SELECT metric, scope, kind, any_value(unit) AS unit, count(*) AS points, count(value) AS known,
       min(observed_at) AS first_at, max(observed_at) AS last_at, arg_max(value, observed_at) AS last_value
FROM current_observation
WHERE project = $project
GROUP BY metric, scope, kind
ORDER BY metric, scope, kind
