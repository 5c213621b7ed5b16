-- Saved queries have their names as their identity. Nothing had written to the table of before.
DROP TABLE saved_queries;
CREATE TABLE saved_queries (
	tenant TEXT NOT NULL,
	owner TEXT NOT NULL, -- '': shared by the tenant
	name TEXT NOT NULL,
	body TEXT NOT NULL,
	created BIGINT NOT NULL, changed BIGINT NOT NULL,
	changed_by TEXT NOT NULL,
	PRIMARY KEY (tenant, owner, name)
);
-- The access policy of all servers: one row.
CREATE TABLE policy (
	id INTEGER NOT NULL PRIMARY KEY,
	body TEXT NOT NULL, version BIGINT NOT NULL, changed BIGINT NOT NULL
);
