// Package duckdb is the embedded engine and store: DuckDB through the
// official binding of its C API, without database/sql. It is the only user of
// that driver.
//
// # Reading
//
// Query prepares one statement, checks that the engine's column types are the
// ones the plan promised, and streams the result chunk by chunk. A chunk's
// memory is handed out as it is: the vectors of a batch alias it, strings are
// headers over it, and nothing is boxed. A context that ends interrupts the
// engine at once, again and again until the running call returns, because the
// engine forgets an interrupt that arrives just before a query starts.
//
// # Native functions
//
// A row of the function table runs inside the engine as a callback from C that
// sees raw vectors, one call per chunk of at most 2,048 rows (callback.go,
// result.go). The engine flattens constants and dictionaries before it calls.
// A panic becomes an error of the query. Messages meant for the user carry a
// private mark through the engine's own error text (errors.go).
//
// The engine believes that a native function cannot fail: it may evaluate it
// over a whole dictionary, before other filters, and for values that no row of
// the result has. That makes one call per distinct value of most columns of
// telemetry, and it means that Call.Err must not depend on the rows' data: a
// value that cannot be computed is null. The query's clock (Call.Now) is 0
// here, because registered functions outlive a query: now() is folded before.
//
// # Storing
//
// Per hunting table and UTC day one append-only table holds the rows, in time
// order within each written batch; its columns are c0, c1 … by catalog
// ordinal. Retention drops whole days. A query names only the days that its
// window touches. Rows without a usable time are in "day 0", which every
// window touches, so nothing is ever lost by a bad clock. The schema manifest
// inside the same file keeps what is stored where (manifest.go) and the ids of
// the batches that were written, so that a batch sent twice is stored once.
//
// # Lock-down
//
// The engine can neither reach files other than its own nor the network, loads
// no extensions, and its configuration is locked. Only SELECT statements are
// run for callers. One process owns the file: a second one is refused.
//
// All conversions between the engine's memory and Go are in memory.go.
package duckdb
