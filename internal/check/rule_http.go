package check

import (
	"strings"

	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/syntax"
)

// plainHTTP finds lists that are fetched without encryption.
func plainHTTP() Rule {
	return Rule{
		ID: "HK125", Name: "plain-http", Severity: Warning,
		Summary: "externaldata over http",
		Why:     "Anyone on the way can change the list, and with it what the hunt finds.",
		Bad: []Bad{
			{`externaldata (ip: string) ["http://example.org/ips.txt"] with (format="txt")`, `externaldata (ip: string) ["https://example.org/ips.txt"] with (format="txt")`},
		},
		Good: []string{`externaldata (ip: string) ["https://example.org/ips.txt"] with (format="txt")`},
		look: func(q *query, n syntax.Node) {
			x, ok := n.(*syntax.ExternalData)
			if !ok {
				return
			}
			for _, uri := range x.URIs {
				text, ok := str(uri)
				if !ok || !strings.HasPrefix(strings.ToLower(text), "http://") {
					continue
				}
				var fix *Fix
				if i := strings.Index(strings.ToLower(q.source(uri)), "http://"); i >= 0 {
					at := uri.Span().Start + i
					fix = replace("use https", diag.Span{Start: at, End: at + len("http")}, "https", false)
				}
				q.report(uri.Span(), "the list is fetched without encryption", "use https", fix)
			}
		},
	}
}
