-- What documents and people claimed up to a moment, with the sentence, its place, and when its words left the document.
WITH removed AS (
    SELECT e.path, e.excerpt, o.observed_at, o."commit", o.reason
    FROM current_observation o
    JOIN evidence e ON e.id = o.evidence
    WHERE o.project = $project AND o.metric = 'claim_removed' AND o.observed_at <= $until::TIMESTAMPTZ
)
SELECT o.observed_at, o.recorded_at, o.metric, o.scope, o.value, o.unit, o.reason,
       coalesce(e.excerpt, '') AS text, coalesce(e.path, '') AS path, e.line::DOUBLE AS line,
       o."commit", coalesce(nullif(e.tool, ''), c.author, '') AS author,
       coalesce(c.merged_by, '') AS merged_by,
       coalesce(strftime(r.observed_at AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%SZ'), '') AS removed_at,
       coalesce(r."commit", '') AS removed_commit, coalesce(r.reason, '') AS moved_to
FROM current_observation o
LEFT JOIN evidence e ON e.id = o.evidence
LEFT JOIN "commit" c ON c.project = o.project AND c.sha = o."commit"
LEFT JOIN removed r ON r.path = e.path AND r.excerpt = e.excerpt AND r.observed_at >= o.observed_at
                   AND r."commit" <> o."commit"
WHERE o.project = $project AND o.kind = 'claimed' AND o.metric <> 'claim_removed'
  AND o.observed_at <= $until::TIMESTAMPTZ
QUALIFY row_number() OVER (
    PARTITION BY o.observed_at, o.metric, o.scope, o.evidence, o.value, o.reason ORDER BY r.observed_at
) = 1
ORDER BY o.observed_at, path, line
