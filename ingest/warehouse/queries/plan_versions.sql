-- Every plan that was in force, in the order in which it took effect.
SELECT effective_from, recorded_at, sha256, text
FROM plan_version
WHERE project = $project
ORDER BY effective_from, recorded_at
