package hunt

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestLongLists: lists of tens of thousands of constants are bound, compiled
// and run in time that grows with their length, and answer as short ones do.
func TestLongLists(t *testing.T) {
	env, store := testEnv(t), fixtureStore(t)
	scope := testScope(env)
	items := func(n int, form string) string {
		var b strings.Builder
		for i := range n {
			if i > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, form, i*2)
		}
		return b.String()
	}
	const rows = "range i from 0 to 9 step 1 | "
	for name, c := range map[string]struct{ query, want string }{
		"long":            {rows + "where i in (" + items(50_000, "%d") + ")", "0|2|4|6|8"},
		"most":            {rows + "where i !in (" + items(100_000, "%d") + ")", "1|3|5|7|9"},
		"nulls":           {rows + "where i in (" + items(50_000, "%d") + ", long(null))", "0|2|4|6|8"},
		"a column too":    {rows + "where i in (" + items(50_000, "%d") + ", i - i % 3)", "0|2|3|4|6|8|9"},
		"text":            {rows + "where tostring(i) in (" + items(50_000, `"%d"`) + ")", "0|2|4|6|8"},
		"folded":          {rows + `where strcat("A", i) !in~ (` + items(50_000, `"a%d"`) + ")", "1|3|5|7|9"},
		"folded, abroad":  {rows + `where strcat("Ä", i) in~ (` + items(50_000, `"ä%d"`) + ")", "0|2|4|6|8"},
		"real":            {rows + "where i + 0.5 in (" + items(50_000, "%d.5") + ")", "0|2|4|6|8"},
		"decimal":         {rows + "where todecimal(i) in (" + items(30_000, "decimal(%d)") + ")", "0|2|4|6|8"},
		"a dynamic value": {rows + `where dynamic([1,2,"4",6])[i] in (` + items(50_000, "%d") + ")", "1|2|3"},
		"datetime":        {rows + "where datetime(2024-01-01) + i * 1tick in (" + items(20_000, "datetime(2024-01-01)+%dtick") + ")", "0|2|4|6|8"},
		"named array":     {"let L = dynamic([" + items(50_000, "%d") + "]); " + rows + "where i in (L)", "0|2|4|6|8"},
		"constant":        {"print 3 in (" + items(50_000, "%d") + ")", "false"},
		"has_any":         {rows + `where strcat("x ", i) has_any (` + items(50_000, `"%d"`) + ")", "0|2|4|6|8"},
		"too long":        {rows + "where i in (" + items(100_001, "%d") + ")", "!a list of more than 100000 constants"},
		"types":           {rows + "where i in (" + items(40_000, "%dd") + ")", "!Cannot compare values of types long and timespan"},
	} {
		start := time.Now()
		a, err := ask(store, c.query, env, scope)
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%s takes %v", name, took)
		} else {
			t.Logf("%s takes %v", name, took)
		}
		want, bad := strings.CutPrefix(c.want, "!")
		switch {
		case bad && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: %.300v, want %s", name, err, want)
		case !bad && (err != nil || rowText(a) != want):
			t.Errorf("%s: %s, %.300v, want %s", name, rowText(a), err, want)
		}
	}
}
