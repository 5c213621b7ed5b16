package hunt

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/auth"
	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/engine"
	"github.com/harrier-hunting/harrier/internal/engine/duckdb"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/quota"
	"github.com/harrier-hunting/harrier/internal/testkit"
	"github.com/harrier-hunting/harrier/internal/types"
)

// auditService answers over a store that holds one audit record and nothing else.
func auditService(t *testing.T) *Service {
	t.Helper()
	cat, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	fns, err := fn.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	s, err := duckdb.Open(duckdb.Config{Catalog: cat, Threads: 1, Now: testkit.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	table := cat.Table("HarrierAudit")
	b := catalog.NewBatch(table)
	row := b.AddRow()
	b.Set(row, table.Ordinal("Timestamp"), types.DatetimeValue(types.TicksOf(testkit.Now())))
	b.Set(row, table.Ordinal("RequestId"), types.StringValue("needle"))
	if _, err := s.Write(context.Background(), "audit", []*catalog.Batch{b}); err != nil {
		t.Fatal(err)
	}
	return &Service{Catalog: cat, Fns: fns, Limiter: quota.New(nil), Clock: func() time.Time { return testkit.Now() }, Log: slog.New(slog.DiscardHandler),
		Store: func(string) (engine.Engine, bool) { return s, true },
		Functions: func(_, name string) (catalog.Function, bool) {
			text, ok := map[string]string{"Trail": "let Trail = () { HarrierAudit };", "Trailx": "let Trailx = () { HarrierAudix };"}[name]
			return catalog.Function{Name: name, Text: text}, ok
		}}
}

func runAs(t *testing.T, s *Service, p auth.Principal, query string) (rows int, err error) {
	t.Helper()
	profile, _ := quota.Lookup("unlimited")
	res, err := s.Run(t.Context(), p, Request{Query: query, Profile: profile})
	if err != nil {
		return 0, err
	}
	defer res.Close()
	for {
		b, err := res.Next()
		if b == nil || err != nil {
			return rows, err
		}
		rows += b.N
	}
}

// TestAuditTable: for those without the permission the table does not exist, in whatever way they name it; nobody gets it
// by a wildcard.
func TestAuditTable(t *testing.T) {
	s := auditService(t)
	may := []auth.Principal{{App: true, Roles: []string{"HarrierAudit.Read.All"}}, {Scopes: []string{"HarrierAudit.Read"}}}
	mayNot := []auth.Principal{{App: true, Roles: []string{"AdvancedQuery.Read.All"}}, {App: true, Scopes: []string{"HarrierAudit.Read"}},
		{Roles: []string{"HarrierAudit.Read.All"}}, {}}
	for _, query := range []string{"HarrierAudit", "table('HarrierAudit')", "search in (HarrierAudit) 'needle'", "union (HarrierAudit), (HarrierAudit | take 0)",
		"find in (HarrierAudit) where RequestId == 'needle'", "database('Harrier').HarrierAudit", "Trail", "Trail()", "let x = HarrierAudit; x",
		"print x = 1 | join kind=inner (HarrierAudit | extend x = 1) on x", "HarrierAudit | where Tables has 'x' or RequestId in ((HarrierAudit | project RequestId))"} {
		for _, p := range may {
			if n, err := runAs(t, s, p, query); n != 1 || err != nil {
				t.Errorf("%s: with the permission %d rows, error %v", query, n, err)
			}
		}
		unknown := strings.NewReplacer("HarrierAudit", "HarrierAudix", "Trail", "Trailx").Replace(query)
		for _, p := range mayNot {
			_, err := runAs(t, s, p, query)
			_, want := runAs(t, s, p, unknown)
			var got, plain *QueryError
			if !errors.As(err, &got) || !errors.As(want, &plain) {
				t.Errorf("%s: %v; of a table that does not exist: %v", query, err, want)
				continue
			}
			if a, b := strings.ReplaceAll(got.First().Message, "HarrierAudit", "HarrierAudix"), plain.First().Message; strings.ReplaceAll(a, "Trail'", "Trailx'") != b {
				t.Errorf("%s: %q; of a table that does not exist: %q", query, a, b)
			}
		}
	}
	for _, query := range []string{"search 'needle'", "search * | where $table == 'HarrierAudit'", "union * | where RequestId == 'needle'",
		"union withsource=T * | where T has 'Harrier'", "union Harrier* | count", "union isfuzzy=true HarrierAudit, (print x = 1 | take 0)"} {
		for _, p := range append(may[:1:1], mayNot...) {
			if n, err := runAs(t, s, p, query); n > 0 && !p.Can(ReadAudit) || n > 0 && !strings.Contains(query, "isfuzzy") {
				t.Errorf("%s: %d rows, error %v", query, n, err)
			}
		}
	}
}
