-- Markers that the last pull left open, for the source `git` to go on from. Dates as microseconds: a TIMESTAMPTZ needs pytz.
SELECT id, label, text, path, line, scope, path_class, epoch_us(opened_at) AS opened_us, opened_commit, opened_by,
       opened_merged_by
FROM item
WHERE project = ? AND source = 'git' AND kind = 'marker' AND closed_at IS NULL
ORDER BY path, line, id
