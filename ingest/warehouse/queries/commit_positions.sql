-- Positions on the main branch of the named commits and of the newest commit as of a moment (marked `newest`).
-- A commit counts from its own date, unless that is before an earlier commit's, before 1971 or after `now`: then from the
-- latest plausible date before it, as its figures do. One whose clock is ahead is the newest commit all the same.
WITH dated AS (
    SELECT sha, position,
           max(CASE WHEN committed_at BETWEEN TIMESTAMPTZ '1971-01-01 00:00:00+00' AND $now::TIMESTAMPTZ
                    THEN committed_at END) OVER (ORDER BY position ROWS UNBOUNDED PRECEDING) AS moment
    FROM "commit"
    WHERE project = $project AND position IS NOT NULL
), newest AS (
    SELECT max(position) AS position FROM dated WHERE moment IS NULL OR moment <= $until::TIMESTAMPTZ
)
SELECT d.sha AS "commit", d.position, d.position = n.position AS newest
FROM dated d, newest n
WHERE d.sha IN (SELECT unnest($commits::VARCHAR[])) OR d.position = n.position
ORDER BY d.position
