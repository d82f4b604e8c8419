-- What counts now of one source: per metric, scope, moment and commit the row that was recorded last.
SELECT metric, scope, epoch_us(observed_at) AS micros, "commit", value, definition, unit, evidence
FROM current_observation
WHERE project = ? AND source = ?
QUALIFY row_number() OVER (PARTITION BY metric, scope, observed_at, "commit" ORDER BY recorded_at DESC, run DESC) = 1
ORDER BY ALL
