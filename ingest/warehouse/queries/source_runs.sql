-- The runs of the sources, newest first.
SELECT source, started_at, finished_at, status, error, rows_added, counts, warnings
FROM source_run
WHERE project = $project
ORDER BY id DESC
LIMIT $limit
