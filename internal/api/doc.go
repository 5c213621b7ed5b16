// Package api is the HTTP side of the service: routes, wire shapes, error texts.
//
// A contract is one row of one table (routes.go): method, path, permission, default quota profile, and three functions
// that read its request, write its answer and write its errors. Everything else is the same for all of them and is
// here once. The order of a hunting request (exchange.go) is: authenticate, authorise, read the body, wait for a slot in
// turn, run, encode, write the audit record, send.
//
// An answer is encoded into memory before its first byte is sent, bounded by the profile's result size. A query that
// fails half-way is therefore a clean error with a status of its own, the audit record can be on disk before any row
// leaves, and a slow reader holds no engine resources. What it may hold, memory and a slot, is bounded by deadlines and
// by the number of slots.
//
// Every error is a failure value with the status, code and text of the public service where they are recorded
// (failure.go says where they are not). Only these texts leave; causes go to the log, and texts of queries go nowhere
// but the audit trail.
package api
