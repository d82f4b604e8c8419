-- First-parent commits of the main branch, oldest first.
SELECT sha AS "commit", position, committed_at, author, subject, merged_by
FROM "commit"
WHERE project = $project AND position IS NOT NULL
ORDER BY position
