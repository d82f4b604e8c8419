-- What changes with the evidence: the newest run that brought something, and the rows of each table. What a meeting
-- writes is left out; acts are counted apart.
SELECT 'source_run.id' AS what, coalesce(max(id), 0)::BIGINT AS amount FROM source_run
WHERE rows_added > 0 OR replaces OR marker <> ''
UNION ALL
SELECT table_name, estimated_size::BIGINT FROM duckdb_tables()
WHERE database_name = current_database()
  AND table_name NOT IN ('decision', 'frozen_review', 'forecast', 'event', 'action', 'process_event', 'source_run')
ORDER BY what
