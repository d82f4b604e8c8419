-- What changes with the evidence: the newest run, and the rows of each table. What a meeting writes is left out.
SELECT 'source_run.id' AS what, coalesce(max(id), 0)::BIGINT AS amount FROM source_run
UNION ALL
SELECT table_name, estimated_size::BIGINT FROM duckdb_tables()
WHERE database_name = current_database()
  AND table_name NOT IN ('decision', 'frozen_review', 'forecast', 'event', 'action')
ORDER BY what
