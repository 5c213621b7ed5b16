package bind

// refusedFunctions are functions of Kusto that are refused by name, with the
// reason; names that are in no list get "did you mean" instead.
var refusedFunctions = map[string]string{
	"ingestion_time":         "when a row was stored is not kept with it; use the table's Timestamp",
	"extent_id":              "where a row is stored is not told",
	"extentid":               "where a row is stored is not told",
	"extent_tags":            "where a row is stored is not told",
	"row_id":                 "where a row is stored is not told",
	"rowstore_ordinal_range": "where a row is stored is not told",
	"current_node_id":        "there is one node",
	"cursor_before_or_at":    "use a filter on Timestamp",
	"cursor_current":         "use now()",
	"current_cursor":         "use now()",
	"hash_combine":           "how the engine combines hashes is not published; hash(strcat_delim(…)) tells tuples apart as well",
	"hash_many":              "how the engine combines hashes is not published; hash(strcat_delim(…)) tells tuples apart as well",
	"cursor_after":           "use a filter on Timestamp",
	"python":                 "code in other languages is never run",
}
