-- Every deployment event known at a moment, in the order in which they happened.
SELECT id, kind, happened_at, recorded_at, stage, "commit", environment, "by", source, external, verdict, override,
       refused, note, "of", is_simulated
FROM deployment
WHERE project = $project AND happened_at <= $until::TIMESTAMPTZ
ORDER BY happened_at, recorded_at, length(id), id
