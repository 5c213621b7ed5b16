package support

import "strings"

// family is a group of scalar functions on one reference page.
type family struct {
	file, title string
	// names are exact, or with "*" at an end a prefix or a suffix.
	names string
}

// families lists the groups; the first that has a name takes it, the last one
// takes what is left.
func families() []family {
	return []family{
		{"scalar-sketches", "Sketches", "*hll* *tdigest*"},
		{"scalar-places", "Places", "geo_*"},
		{"scalar-addresses", "IP addresses", "ipv4_* ipv6_* format_ipv4* has_ipv4* has_any_ipv4* parse_ipv4* parse_ipv6*"},
		{"scalar-series", "Series", "series_*"},
		{"scalar-units", "Units", "convert_*"},
		{"scalar-hashes", "Hashes", "hash hash_*"},
		{"scalar-bits", "Bits", "binary_* bitset_*"},
		{"scalar-time", "Dates and times", "ago now datetime_* datepart dayof* endof* startof* format_datetime format_timespan getmonth getyear hourofday " +
			"make_datetime make_timespan monthofyear week_of_year weekofyear unixtime_*"},
		{"scalar-conversion", "Conversion and types", "tobool toboolean todate todatetime todecimal todouble todynamic toguid toint tolong toobject toreal tostring " +
			"totimespan totime gettype isnull isnotnull notnull isempty isnotempty notempty dynamic_to_json"},
		{"scalar-dynamic", "Arrays, bags and sets", "array_* bag_* pack pack_* set_* range repeat zip treepath jaccard_index parse_json parsejson dynamic extract_json " +
			"extractjson has_any_index arraylength mv_* split_array json_* all any"},
		{"scalar-control", "Control and conditions", "case iff iif coalesce max_of min_of toscalar totable materialize not and or assert"},
		{"scalar-math", "Mathematics", "abs acos asin atan atan2 beta_* bin bin_at bin_auto ceiling cos cot degrees erf erfc exp exp10 exp2 floor gamma isfinite isinf " +
			"isnan log log10 log2 loggamma pi pow radians rand round sign sin sqrt tan around welch_test"},
		{"scalar-metadata", "The query and its surroundings", "column_ifexists columnifexists iscolumnexists column_names_of current_* cursor_* extent_* extentid estimate_data_size " +
			"ingestion_time database cluster table external_table materialized_view stored_query_result rowstore_* node_* inner_nodes labels map row_* prev next new_guid"},
		{"scalar-text", "Texts", "*"},
	}
}

func familyOf(name string) family {
	for _, f := range families() {
		for _, pattern := range strings.Fields(f.names) {
			if matches(pattern, name) {
				return f
			}
		}
	}
	return family{}
}

func matches(pattern, name string) bool {
	prefix, hasPrefix := strings.CutPrefix(pattern, "*")
	middle, hasSuffix := strings.CutSuffix(prefix, "*")
	switch {
	case hasPrefix && (hasSuffix || prefix == ""):
		return strings.Contains(name, middle)
	case hasPrefix:
		return strings.HasSuffix(name, prefix)
	case hasSuffix:
		return strings.HasPrefix(name, middle)
	}
	return name == pattern
}
