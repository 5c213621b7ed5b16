// Package state keeps what has to outlive a restart and, with several nodes, is shared by them: accepted calls and
// running time (leases.go), audit records on their way to the nodes' stores (relay.go), stored functions (functions.go),
// saved queries (queries.go) and the access policy (policy.go).
//
// It is a small SQL database: a SQLite file for one node, PostgreSQL for several. Statements are plain SQL that both
// understand, with parameters $1, $2 …; times are nanoseconds since 1970 (UTC), documents are JSON text. The schema is
// made by the numbered files in migrations, applied in one transaction, and is never changed by hand: a database of a
// newer version is refused. SQLite runs with a write-ahead log and one writer, whose commit survives a crash of the
// program; after a crash of the machine the last moments may be missing, the file is whole (ADR 0033).
//
// Callers get rows of their own types; no SQL leaves this package.
package state
