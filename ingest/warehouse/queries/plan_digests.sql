-- The digests of the stored plans, in the order in which they were recorded.
SELECT sha256 FROM plan_version WHERE project = ? ORDER BY recorded_at
