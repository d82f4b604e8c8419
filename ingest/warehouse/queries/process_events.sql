-- Acts in the process known at a moment, oldest first; `kinds` limits them.
SELECT kind, id, happened_at, recorded_at, "by", outcome, seconds, details, is_simulated
FROM process_event
WHERE project = $project AND happened_at <= $until::TIMESTAMPTZ
  AND kind IN (SELECT unnest($kinds::VARCHAR[]))
ORDER BY happened_at, recorded_at, rowid
