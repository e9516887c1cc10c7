-- Whether an operation names an upload of its author. What none names counts against its
-- uploader's share, and is deleted after some days.
ALTER TABLE uploads ADD COLUMN named INTEGER NOT NULL DEFAULT 0;

UPDATE uploads SET named = 1
FROM operations, json_each(CASE WHEN json_valid(operations.body) THEN operations.body ELSE '{}' END, '$.blobs') AS blob
WHERE operations.author = 'person:' || uploads.person AND uploads.sha256 = unhex(blob.value ->> 'sha256');

CREATE INDEX uploads_unnamed ON uploads (person) WHERE named = 0;
