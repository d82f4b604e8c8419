-- Every change of every decision, oldest first.
SELECT id, changed_at, changed_by, change, text, owner, due, criterion, note
FROM decision
WHERE project = $project AND changed_at <= $until::TIMESTAMPTZ
ORDER BY changed_at, rowid -- two changes of one instant in the order in which they were written
