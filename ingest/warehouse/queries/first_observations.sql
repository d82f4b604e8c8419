-- The first known value per metric and scope: the baseline of criteria that name none.
SELECT metric, scope, f.observed_at AS observed_at, f.recorded_at AS recorded_at, f.value AS value, '' AS reason,
       f.unit AS unit, f.kind AS kind, f."commit" AS "commit", f.source AS source, f.evidence AS evidence,
       f.definition AS definition, '' AS locator, '' AS sha256, '' AS tool, '' AS tool_version
FROM (
    SELECT metric, scope,
           arg_min({
               'observed_at': observed_at, 'recorded_at': recorded_at, 'value': value, 'unit': unit, 'kind': kind,
               'commit': "commit", 'source': source, 'evidence': evidence, 'definition': definition
           }, (observed_at, recorded_at)) AS f
    FROM current_observation
    WHERE project = $project
      AND metric IN (SELECT unnest($metrics::VARCHAR[])) AND list_contains($metrics::VARCHAR[], metric)
      AND scope IN (SELECT unnest($scopes::VARCHAR[])) AND list_contains($scopes::VARCHAR[], scope)
      AND kind <> 'claimed' AND value IS NOT NULL
    GROUP BY metric, scope
)
ORDER BY metric, scope
