-- The marker of each source's last successful run.
SELECT source, arg_max(marker, id) AS marker
FROM source_run
WHERE project = ? AND status = 'ok'
GROUP BY source
