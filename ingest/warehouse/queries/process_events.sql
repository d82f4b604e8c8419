-- Acts in the process known at a moment, oldest first; `kinds` limits them. `event` is the name of the single act, under
-- which it can be withdrawn; a withdrawn act is left out unless $also_withdrawn.
WITH numbered AS (
    SELECT *, rowid AS place, row_number() OVER (PARTITION BY kind ORDER BY recorded_at, rowid) AS number
    FROM process_event
    WHERE project = $project
), named AS (
    SELECT *,
           CASE
               WHEN kind = 'incident' AND outcome = 'resolved' THEN id || '-resolved'
               WHEN kind IN ('incident', 'withdrawn') THEN id
               WHEN kind = 'drill' THEN 'drill-run-' || number
               WHEN kind = 'message' THEN 'receipt-' || number
               ELSE 'step-run-' || number
           END AS event
    FROM numbered
)
SELECT kind, id, happened_at, recorded_at, "by", outcome, seconds, details, is_simulated, event
FROM named
WHERE happened_at <= $until::TIMESTAMPTZ
  AND kind IN (SELECT unnest($kinds::VARCHAR[]))
  AND ($also_withdrawn::BOOLEAN OR kind = 'withdrawn' OR event NOT IN (
      SELECT id FROM named WHERE kind = 'withdrawn' AND happened_at <= $until::TIMESTAMPTZ
  ))
ORDER BY happened_at, recorded_at, place
