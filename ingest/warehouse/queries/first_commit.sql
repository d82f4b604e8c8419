-- The first commit of the main branch as it was read, if any was.
SELECT sha FROM "commit" WHERE project = ? AND position = 0
