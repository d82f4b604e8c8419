-- Every forecast that was shown, oldest first.
SELECT made_at, origin, subject, target, outcome, answer, model
FROM forecast
WHERE project = $project
ORDER BY made_at, subject
