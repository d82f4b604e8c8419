-- Items that were open at some moment of a window, newest first; files without coverage have a query of their own.
SELECT id, source, kind, label, text, path, line::DOUBLE AS line, scope, path_class,
       opened_at, opened_commit, opened_by, closed_at, closed_commit, closed_by,
       opened_merged_by, closed_merged_by
FROM item
WHERE project = $project
  AND kind <> 'uncovered_file'
  AND opened_at <= $until::TIMESTAMPTZ
  AND (closed_at IS NULL OR closed_at >= $since::TIMESTAMPTZ)
ORDER BY opened_at DESC, path, line
