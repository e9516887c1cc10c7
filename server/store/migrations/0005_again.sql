-- What stands again after a restore is found without reading every body: what was hidden, decided and counted.
DROP INDEX operations_hiding;
CREATE INDEX operations_again ON operations (received_at, position)
WHERE kind IN ('hide', 'decide_appeal', 'settle_rules', 'count', 'publish_results');
