-- A proposal's public record, its desk item and its author's trail have one name in three
-- scopes: by name first they lie on one page of the index, where they lay on three.
DROP INDEX records_by_name;
CREATE UNIQUE INDEX records_by_name ON records (name, scope);
