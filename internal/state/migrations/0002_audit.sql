-- How far each trail of files has been taken over.
CREATE TABLE audit_origins (
	origin TEXT NOT NULL PRIMARY KEY,
	file TEXT NOT NULL, position BIGINT NOT NULL, -- the first byte not yet taken
	batch BIGINT NOT NULL                         -- the last batch made
);
-- Lines of a trail, until every node has them.
CREATE TABLE audit_batches (
	origin TEXT NOT NULL, batch BIGINT NOT NULL,
	made BIGINT NOT NULL, lines TEXT NOT NULL,
	PRIMARY KEY (origin, batch)
);
-- The last batch of each origin that a node has in its stores.
CREATE TABLE audit_loaded (
	node TEXT NOT NULL, origin TEXT NOT NULL, batch BIGINT NOT NULL,
	PRIMARY KEY (node, origin)
);
