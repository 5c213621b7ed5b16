-- One row per tenant and limit profile: its row lock orders all changes of the account, seq numbers them.
CREATE TABLE quota_accounts (
	tenant TEXT NOT NULL, profile TEXT NOT NULL, seq BIGINT NOT NULL,
	PRIMARY KEY (tenant, profile)
);
-- One row per accepted call. ended is null while its query runs.
CREATE TABLE quota_leases (
	id TEXT NOT NULL PRIMARY KEY,
	tenant TEXT NOT NULL, profile TEXT NOT NULL,
	seq BIGINT NOT NULL, -- of the change that wrote the row last
	node TEXT NOT NULL,
	started BIGINT NOT NULL,
	budget BIGINT NOT NULL, -- the running time it was granted; 0: no limit
	ended BIGINT,
	elapsed BIGINT NOT NULL,
	revised INTEGER NOT NULL -- 1: it had ended before, with another time
);
CREATE INDEX quota_leases_by_account ON quota_leases (tenant, profile, seq);
CREATE INDEX quota_leases_by_age ON quota_leases (started);
-- When a node with running queries was last heard of.
CREATE TABLE nodes (node TEXT NOT NULL PRIMARY KEY, seen BIGINT NOT NULL);
