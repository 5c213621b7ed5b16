// Package quota decides whether a tenant may run another query now, and for how long.
//
// The limits of each public contract are data (Profile). A Limiter keeps, per tenant and contract, the times of the calls
// it accepted and the running time that queries used, and applies both over exact sliding windows: at any instant, the
// calls of the last 60 seconds and of the last hour, and the running time that falls into the last hour and the last
// day. Refused calls do not count, so a client that retries too early does not lock itself out.
//
// A call is accepted (Accept) before anything is done for it; its query may then have to wait for its turn, and runs from
// Lease.Start on. A call that is not answered after all, because the service is too busy, is given back.
//
// Running queries count as they run. Queries that run at the same time draw on one pool, and when the pool is empty all
// of them end, each through its lease's context: together they cannot use more than the limit, and none is refused
// because of time that another might use but does not.
//
// State is in memory and bounded: by the limits themselves for calls, by maxRuns for running time, and accounts without
// anything in their windows are dropped. With a state store (Open) every accepted call and every settlement is stored
// before it counts: nothing is forgotten when the program ends, however it ends, and several nodes keep the limits
// together (ledger.go). Without one (New), Snapshot and Restore carry the state over a restart.
package quota
