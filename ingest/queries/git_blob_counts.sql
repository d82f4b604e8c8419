-- What counters found in blobs that earlier pulls read: (oid, definition, hits); a blob without a row has no hit.
SELECT DISTINCT oid, definition, hits
FROM blob_scan
WHERE list_contains(?, definition) AND oid IN (SELECT unnest(?))
