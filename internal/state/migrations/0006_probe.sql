-- What Ping writes after a write that did not succeed.
CREATE TABLE probe (
	id     INTEGER PRIMARY KEY,
	filler TEXT NOT NULL
);
