-- What was erased is found without reading every body, and by the record that it had made
-- (the first half of the entry). A picture whose bytes went has `refused` = 2 in `blobs`.
CREATE INDEX operations_erased ON operations (entry) WHERE erased = 1;
