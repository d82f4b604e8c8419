-- What reports and trackers left open of one source, to close it when a later report or answer no longer has it.
SELECT id, kind, label, text, path, line, scope, path_class, epoch_us(opened_at) AS opened_micros, opened_commit
FROM item
WHERE project = ? AND source = ? AND closed_at IS NULL AND kind IN ('failing_test', 'finding', 'issue', 'incident', 'uncovered_file')
ORDER BY id
