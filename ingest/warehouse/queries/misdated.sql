-- Metrics and scopes of which the newest figure cannot be said, because a clock was wrong.
-- Some were stored with a moment that is still to come. Of others the one in force was stored by a clock that was ahead:
-- a later run brought a figure of the same metric and scope and ended, by its own clock, before that one was stored.
WITH late AS (
    SELECT id, finished_at FROM (
        SELECT id, finished_at,
               max(started_at) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
        FROM source_run WHERE project = $project
    ) WHERE before > finished_at
), doubtful AS (
    SELECT o.metric, o.scope, o.observed_at, o.run, late.finished_at
    FROM current_observation o LEFT JOIN late ON late.id = o.run
    WHERE o.project = $project
      AND o.metric IN (SELECT unnest($metrics::VARCHAR[])) AND list_contains($metrics::VARCHAR[], o.metric)
      AND o.scope IN (SELECT unnest($scopes::VARCHAR[])) AND list_contains($scopes::VARCHAR[], o.scope)
      AND o.kind = 'measured' AND (o.observed_at > $until::TIMESTAMPTZ OR late.id IS NOT NULL)
), in_force AS (
    SELECT metric, scope, arg_max({'run': run, 'recorded_at': recorded_at}, (observed_at, recorded_at)) AS o
    FROM current_observation
    WHERE project = $project AND (metric, scope) IN (SELECT (metric, scope) FROM doubtful)
      AND kind = 'measured' AND observed_at <= $until::TIMESTAMPTZ
    GROUP BY metric, scope
)
SELECT DISTINCT d.metric, d.scope
FROM doubtful d LEFT JOIN in_force f USING (metric, scope)
WHERE d.observed_at > $until::TIMESTAMPTZ OR (d.run > f.o.run AND d.finished_at < f.o.recorded_at)
ORDER BY d.metric, d.scope
