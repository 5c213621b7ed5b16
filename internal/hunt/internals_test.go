package hunt

import (
	"regexp"
	"strings"
)

// inside matches what no message to a user shows: SQL, the engine, its
// functions and columns, Go's panics and files.
var inside = regexp.MustCompile(`(?i)duckdb|\bSELECT\b|\bORDER BY\b|\bGROUP BY\b|\bCAST\(|\bVARCHAR\b|\bBIGINT\b|\bHUGEINT\b|kql_|harrier-says|Binder Error|Parser Error|Catalog Error|Conversion Error|Invalid Input|Out of Range Error|INTERNAL Error|runtime error|goroutine|nil pointer|index out of range|slice bounds|panic|\.go:\d|/internal/|/tmp/|/usr/|\bc\d+\b|\bn\d+\b|%!|\$v\d|<nil>|0xc0|map\[|&\{|\*plan\.|\*syntax\.|types\.`)

// internals finds in a message what is not for users and not a quotation of
// the query; "" if there is none.
func internals(message, query string) string {
	for _, w := range inside.FindAllString(message, -1) {
		if !strings.Contains(strings.ToLower(query), strings.ToLower(w)) {
			return w
		}
	}
	return ""
}
