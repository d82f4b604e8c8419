-- The newest value of each named part of a metric as of a moment, the lowest first.
SELECT scope, arg_max(value, (observed_at, recorded_at)) AS value, any_value(unit) AS unit
FROM current_observation
WHERE project = $project
  AND metric = $metric
  AND scope <> ''
  AND kind <> 'claimed'
  AND value IS NOT NULL
  AND observed_at <= $until::TIMESTAMPTZ
GROUP BY scope
ORDER BY value, scope
LIMIT $most
