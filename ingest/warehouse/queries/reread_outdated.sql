-- How many figures that count now were read by an earlier edition of their reader (definitions joined by |).
SELECT count(*) AS figures, string_agg(DISTINCT o.definition, ', ' ORDER BY o.definition) AS definitions
FROM current_observation o
WHERE o.project = ?
  AND o.definition IN (SELECT unnest(string_split(?, '|')))
  AND NOT EXISTS (
      SELECT 1
      FROM current_observation n
      WHERE n.project = o.project AND n.source = o.source AND n.metric = o.metric AND n.scope = o.scope
        AND n.observed_at = o.observed_at AND n."commit" = o."commit" AND n.recorded_at > o.recorded_at
  )
