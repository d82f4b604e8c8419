-- What the boxes say that the last pull left open: the cursor of the source holds digests of them only.
SELECT id, text
FROM item
WHERE project = ? AND source = 'checklist' AND kind = 'checkbox' AND closed_at IS NULL
