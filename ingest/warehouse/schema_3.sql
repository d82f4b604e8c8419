-- Who merged what others wrote. A new warehouse has the columns from schema.sql.
ALTER TABLE item ADD COLUMN IF NOT EXISTS opened_merged_by VARCHAR DEFAULT '';
ALTER TABLE item ADD COLUMN IF NOT EXISTS closed_merged_by VARCHAR DEFAULT '';
ALTER TABLE "commit" ADD COLUMN IF NOT EXISTS merged_by VARCHAR DEFAULT '';
