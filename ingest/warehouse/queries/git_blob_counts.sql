-- What counters found in blobs that earlier pulls read: (oid, definition, hits); a blob without a row has no hit.
-- Both parameters are lists joined by commas: definitions, then object ids.
SELECT DISTINCT oid, definition, hits
FROM blob_scan
WHERE definition IN (SELECT unnest(string_split(?, ','))) AND oid IN (SELECT unnest(string_split(?, ',')))
