-- The files of coverage reports that were not covered whole at a moment, the most uncovered lines first; a file that
-- several reports name counts once, as the newest one has it. The row without a path counts the files left out.
WITH named AS (
    SELECT path, text, scope, opened_at, opened_commit,
           COALESCE(TRY_CAST(regexp_extract(text, '^(\d+) of', 1) AS BIGINT), 0) AS missed,
           COALESCE(TRY_CAST(regexp_extract(text, '^\d+ of (\d+) lines', 1) AS BIGINT), 0) AS lines,
           COALESCE(TRY_CAST(regexp_extract(text, ', (\d+) of \d+ branches', 1) AS BIGINT), 0) AS missed_branches,
           COALESCE(TRY_CAST(regexp_extract(text, ', \d+ of (\d+) branches', 1) AS BIGINT), 0) AS branches,
           COALESCE(TRY_CAST(regexp_extract(text, '^(\d+) more files', 1) AS BIGINT), 0) AS left_out
    FROM item
    WHERE project = $project
      AND kind = 'uncovered_file'
      AND opened_at <= $until::TIMESTAMPTZ
      AND (closed_at IS NULL OR closed_at > $until::TIMESTAMPTZ)
)
SELECT path, text, scope, opened_at, opened_commit, missed, lines, missed_branches, branches,
       SUM(left_out) OVER () AS left_out
FROM named
WHERE path <> ''
QUALIFY ROW_NUMBER() OVER (PARTITION BY path ORDER BY opened_at DESC, missed DESC) = 1
ORDER BY missed DESC, missed_branches DESC, path
