-- The newest observation of the named metrics and scopes per kind as of a moment, with where it can be checked.
-- Of rows that are level in both times a known one speaks; where two known ones differ, the figure is unknown.
WITH newest AS (
    SELECT metric, scope, kind,
           arg_max({
               'observed_at': observed_at, 'recorded_at': recorded_at, 'value': value, 'reason': reason, 'unit': unit,
               'commit': "commit", 'source': source, 'evidence': evidence, 'definition': definition
           }, (observed_at, recorded_at, value IS NOT NULL, coalesce(value, 0))) AS o,
           arg_max(value, (observed_at, recorded_at, value IS NOT NULL, -coalesce(value, 0))) AS lowest
    FROM current_observation
    WHERE project = $project
      AND metric IN (SELECT unnest($metrics::VARCHAR[])) AND list_contains($metrics::VARCHAR[], metric)
      AND scope IN (SELECT unnest($scopes::VARCHAR[])) AND list_contains($scopes::VARCHAR[], scope)
      AND observed_at <= $until::TIMESTAMPTZ
      AND ($simulated::BOOLEAN OR kind <> 'simulated')
    GROUP BY metric, scope, kind
)
SELECT n.metric, n.scope, n.o.observed_at AS observed_at, n.o.recorded_at AS recorded_at,
       CASE WHEN n.lowest = n.o.value THEN n.o.value END AS value,
       CASE WHEN n.lowest <> n.o.value
            THEN printf('two figures of the same moment differ: %g and %g', n.lowest, n.o.value)
            ELSE n.o.reason END AS reason,
       n.o.unit AS unit, n.kind, n.o."commit" AS "commit", n.o.source AS source,
       n.o.evidence AS evidence, n.o.definition AS definition,
       coalesce(e.locator, '') AS locator, coalesce(e.sha256, '') AS sha256,
       coalesce(e.tool, '') AS tool, coalesce(e.tool_version, '') AS tool_version
FROM newest n LEFT JOIN evidence e ON e.id = n.o.evidence
ORDER BY n.metric, n.scope, n.kind
