-- Failing tests and findings of one source that are open, to close them when a later report no longer has them.
SELECT id, kind, label, text, path, line, scope, path_class, epoch_us(opened_at) AS opened_micros, opened_commit
FROM item
WHERE project = ? AND source = ? AND closed_at IS NULL AND kind IN ('failing_test', 'finding')
ORDER BY id
