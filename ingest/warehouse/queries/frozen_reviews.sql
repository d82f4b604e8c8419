-- Frozen reviews, newest first, without their files.
SELECT day, frozen_at, frozen_by, since, until, sha256
FROM frozen_review
WHERE project = $project
ORDER BY day DESC
