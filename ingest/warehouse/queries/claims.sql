-- What documents and people claimed up to a moment, with the sentence and its place.
SELECT o.observed_at, o.recorded_at, o.metric, o.scope, o.value, o.unit, o.reason,
       coalesce(e.excerpt, '') AS text, coalesce(e.path, '') AS path, e.line::DOUBLE AS line,
       o."commit", coalesce(c.author, '') AS author
FROM current_observation o
LEFT JOIN evidence e ON e.id = o.evidence
LEFT JOIN "commit" c ON c.project = o.project AND c.sha = o."commit"
WHERE o.project = $project AND o.kind = 'claimed' AND o.observed_at <= $until::TIMESTAMPTZ
ORDER BY o.observed_at, path, line
