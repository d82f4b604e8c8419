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
    SELECT o.metric, o.scope, o.run, late.finished_at
    FROM current_observation o JOIN late ON late.id = o.run
    WHERE o.project = $project AND o.kind = 'measured'
), in_force AS (
    SELECT o.metric, o.scope, arg_max({'run': o.run, 'recorded_at': o.recorded_at}, (o.observed_at, o.recorded_at)) AS o
    FROM current_observation o JOIN (SELECT DISTINCT metric, scope FROM doubtful) USING (metric, scope)
    WHERE o.project = $project AND o.kind = 'measured' AND o.observed_at <= $until::TIMESTAMPTZ
    GROUP BY o.metric, o.scope
), misdated AS (
    SELECT d.metric, d.scope
    FROM doubtful d JOIN in_force f USING (metric, scope)
    WHERE d.run > f.o.run AND d.finished_at < f.o.recorded_at
    UNION
    SELECT metric, scope FROM current_observation
    WHERE project = $project AND kind = 'measured' AND observed_at > $until::TIMESTAMPTZ
      AND list_contains($metrics::VARCHAR[], metric)
)
SELECT metric, scope FROM misdated
WHERE metric IN (SELECT unnest($metrics::VARCHAR[])) AND scope IN (SELECT unnest($scopes::VARCHAR[]))
ORDER BY metric, scope
