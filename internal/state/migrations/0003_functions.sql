CREATE TABLE functions (
	tenant TEXT NOT NULL, name TEXT NOT NULL,
	body TEXT NOT NULL, version BIGINT NOT NULL, changed BIGINT NOT NULL,
	PRIMARY KEY (tenant, name)
);
-- What was imported from files, so that a function that was changed or deleted since does not come back.
CREATE TABLE function_imports (
	tenant TEXT NOT NULL, name TEXT NOT NULL, hash TEXT NOT NULL,
	PRIMARY KEY (tenant, name)
);
CREATE TABLE saved_queries (
	id TEXT NOT NULL PRIMARY KEY,
	tenant TEXT NOT NULL, owner TEXT NOT NULL, name TEXT NOT NULL,
	body TEXT NOT NULL, created BIGINT NOT NULL
);
CREATE INDEX saved_queries_by_owner ON saved_queries (tenant, owner);
