package support

import "strings"

// precisionOf tells for what Kusto estimates whether it is exact here.
func precisionOf(kind, name string) string {
	const (
		counted = "exact; Kusto estimates"
		hll     = "exact up to 256, 1024, 8192, 16384 or 32768 different values by accuracy 0 to 4, approximate beyond"
		digest  = "exact up to 4096 different values, approximate beyond"
	)
	switch {
	case kind == kindOperator && (name == "top-hitters" || name == "top-nested"):
		return counted
	case kind == kindPlugin && name == "dcount_intersect":
		return hll
	case kind != kindScalar && kind != kindAggregate && kind != kindPlugin:
		return ""
	case strings.Contains(name, "tdigest"):
		return digest
	case strings.Contains(name, "hll"):
		return hll
	case strings.HasPrefix(name, "dcount"), strings.HasPrefix(name, "percentile"), name == "rolling_percentile":
		return counted
	}
	return ""
}
