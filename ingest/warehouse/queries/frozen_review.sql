-- The files of the review that is frozen for a day.
SELECT answer, markdown, html
FROM frozen_review
WHERE project = $project AND day = $day::DATE
