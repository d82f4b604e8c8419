-- Frozen reviews, newest first; `answer`, `markdown` and `html` are the files.
SELECT day, frozen_at, frozen_by, since, until, answer, markdown, html, sha256
FROM frozen_review
WHERE project = $project
ORDER BY day DESC
