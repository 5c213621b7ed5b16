package bind

// refusedFunctions are functions of Kusto that are refused by name, with the
// reason; names that are in no list get "did you mean" instead.
var refusedFunctions = map[string]string{
	"ingestion_time":                 "use the table's Timestamp",
	"extent_id":                      "storage details are not exposed",
	"extent_tags":                    "storage details are not exposed",
	"current_principal":              "",
	"current_principal_details":      "",
	"current_principal_is_member_of": "",
	"current_cluster_endpoint":       "",
	"current_database":               "",
	"cursor_after":                   "use a filter on Timestamp",
	"geo_info_from_ip_address":       "no GeoIP data set is configured",
	"assert":                         "",
	"stored_query_result":            "",
	"external_table":                 "",
	"series_decompose_anomalies":     "",
	"series_decompose":               "",
	"series_fit_line":                "",
	"parse_user_agent":               "",
	"row_window_session":             "",
	"python":                         "code in other languages is never run",
}
