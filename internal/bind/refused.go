package bind

// refusedFunctions are functions of Kusto that are refused by name, with the
// reason; names that are in no list get "did you mean" instead.
var refusedFunctions = map[string]string{
	"ingestion_time":           "when a row was stored is not kept with it; use the table's Timestamp",
	"percentile_array_tdigest": "the engine calls it percentiles_array_tdigest",
	"hll_isvalid":              "what it takes for valid is not published",
	"tdigest_isvalid":          "what it takes for valid is not published",
	"passthrough":              "it is internal to the service, and what it gives for several values is not published; write take_any(…)",
	"row_id":                   "where a row is stored is not told",
	"rowstore_ordinal_range":   "where a row is stored is not told",
	"current_node_id":          "there is one node",
	"cursor_before_or_at":      "use a filter on Timestamp",
	"cursor_current":           "use now()",
	"current_cursor":           "use now()",
	"hash_combine":             "how the engine combines hashes is not published; hash(strcat_delim(…)) tells tuples apart as well",
	"hash_many":                "how the engine combines hashes is not published; hash(strcat_delim(…)) tells tuples apart as well",
	"cursor_after":             "use a filter on Timestamp",
	"entity_group":             "entity groups name databases of other clusters, which are not asked",
	"python":                   "code in other languages is never run",
}
