-- Positions on the main branch of the named commits and of the newest commit as of a moment (marked `newest`).
WITH seen AS (
    SELECT sha, position FROM "commit"
    WHERE project = $project AND position IS NOT NULL AND committed_at <= $until::TIMESTAMPTZ
)
SELECT sha AS "commit", position, position = (SELECT max(position) FROM seen) AS newest
FROM "commit"
WHERE project = $project AND position IS NOT NULL
  AND (sha IN (SELECT unnest($commits::VARCHAR[])) OR position = (SELECT max(position) FROM seen))
ORDER BY position
