-- The marker of each source's last successful run; a run that left it as it was has none of its own.
SELECT source, arg_max(marker, id) AS marker
FROM source_run
WHERE project = ? AND status = 'ok' AND marker <> ''
GROUP BY source
