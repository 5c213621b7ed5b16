package hunt

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/check"
	"github.com/harrier-hunting/harrier/internal/testkit"
)

// TestSafeFixes: what harrier check fixes without being told to answers as
// before: its own examples and every public hunting query that it fixes.
func TestSafeFixes(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	env := testEnv(t)
	scope := testScope(env)
	store := fixtureStore(t)
	var queries []string
	for _, r := range check.Rules() {
		for _, bad := range r.Bad {
			queries = append(queries, bad.Query)
		}
	}
	examples := len(queries)
	for _, q := range testkit.Corpus(t) {
		if q.BindOK && !q.External && !strings.Contains(q.Query, "rand(") {
			queries = append(queries, q.Query)
		}
	}
	compared, withRows := 0, 0
	for i, text := range queries {
		fixed, n := check.Fixed(text, env, false)
		if n == 0 {
			continue
		}
		before, err := ask(store, text, env, scope)
		var refused *QueryError
		if errors.As(err, &refused) {
			continue // a fix can only help
		}
		after, err2 := ask(store, fixed, env, scope)
		if err != nil || err2 != nil {
			t.Errorf("%s\n%v\nfixed\n%s\n%v", text, err, fixed, err2)
			continue
		}
		compared++
		if len(before.rows) > 0 {
			withRows++
		}
		if was, is := sortedRows(before), sortedRows(after); !slices.Equal(was, is) {
			t.Errorf("query %d of %d examples: %s\nanswers\n%.2000q\nfixed\n%s\nanswers\n%.2000q", i, examples, text, was, fixed, is)
		}
	}
	t.Logf("%d queries compared, %d of them with rows", compared, withRows)
	if compared < 100 || withRows < 15 {
		t.Errorf("only %d queries compared, %d of them with rows", compared, withRows)
	}
}

func sortedRows(a answer) []string {
	out := make([]string, len(a.rows))
	for i, row := range a.rows {
		out[i] = fmt.Sprint(row)
	}
	slices.Sort(out)
	return out
}
