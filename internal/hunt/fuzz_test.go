package hunt

import (
	"context"
	"errors"
	"math/rand/v2"
	"runtime/debug"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/bind"
	"github.com/harrier-hunting/harrier/internal/engine"
	"github.com/harrier-hunting/harrier/internal/engine/duckdb"
	"github.com/harrier-hunting/harrier/internal/exec"
	"github.com/harrier-hunting/harrier/internal/guard"
	"github.com/harrier-hunting/harrier/internal/types"
)

var allScalars = types.Scalars()

// FuzzRun: a query that compiles also runs. Whatever the text, the engine
// finds no fault with the statement; it may say that the data cannot be
// computed, that the query takes too long or needs too much. With a salt the
// text is spliced with parts of other queries first.
func FuzzRun(f *testing.F) {
	env, store := testEnv(f), fixtureStore(f)
	scope := testScope(env)
	scope.MaxRows = 100
	s := newSplicer(f, env)
	for i, q := range s.queries {
		f.Add(q, uint64(0))
		f.Add(q, uint64(i+1))
	}
	f.Fuzz(func(t *testing.T, text string, salt uint64) {
		if len(text) > 1<<12 {
			return
		}
		if salt > 0 {
			text = s.splice(text, rand.New(rand.NewPCG(salt, 0)))
		}
		tryRun(t, text, env, scope, store)
	})
}

// fuzzTime ends queries of random texts; nothing may go on for long after it.
const (
	fuzzTime = 5 * time.Second
	fuzzLate = 10 * time.Second
)

// tryRun runs a text and reports whether it compiled. What goes wrong must be
// the query's fault and told without what is inside.
func tryRun(t *testing.T, text string, env bind.Env, scope guard.Scope, store *duckdb.Store) bool {
	ctx, cancel := context.WithTimeout(context.Background(), fuzzTime)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			t.Errorf("panics: %v\n%s\n%s", p, text, debug.Stack())
		}
	}()
	at := time.Now()
	// Nothing that hangs comes back to be told: end the process with its stacks.
	watch := time.AfterFunc(fuzzTime+6*fuzzLate, func() { panic("hangs: " + text) })
	defer watch.Stop()
	c, err := Prepare(ctx, text, env, scope, store)
	prepared := err == nil
	if prepared {
		err = runThrough(ctx, store, c, scope.MaxRows)
	}
	if took := time.Since(at); took > fuzzTime+fuzzLate {
		t.Errorf("takes %v\n%s", took, text)
	} else if took > fuzzTime/2 {
		t.Logf("takes %v, %v\n%s", took, err, text)
	}
	var q *QueryError
	switch {
	case err == nil:
	case errors.As(err, &q):
		for _, d := range q.Diagnostics {
			if w := internals(d.Message+" "+d.Hint, text); w != "" {
				t.Errorf("%s\nsays %q: %s %s", text, w, d.Message, d.Hint)
			}
		}
	case engine.KindOf(err) == engine.Internal:
		t.Errorf("%s\n%s\n%s", text, causes(err), c.Query.Text())
	default:
		if w := internals(err.Error(), text); w != "" {
			t.Errorf("%s\nsays %q: %v", text, w, err)
		}
	}
	return prepared
}

func runThrough(ctx context.Context, store *duckdb.Store, c Compiled, limit int) error {
	rows, err := exec.Run(ctx, store, c.Query, limit)
	if err != nil {
		return err
	}
	defer rows.Close()
	for {
		if b, err := rows.Next(ctx); b == nil || err != nil {
			return err
		}
	}
}

// TestSplices runs spliced queries; most of them compile.
func TestSplices(t *testing.T) {
	t.Logf("seed %d (repeat with -seed=%d)", *seed, *seed)
	env, store := testEnv(t), fixtureStore(t)
	scope := testScope(env)
	scope.MaxRows = 100
	s := newSplicer(t, env)
	n, deadline := effort(600)
	ran, compiled := 0, 0
	for round := 0; round < n && time.Now().Before(deadline); round++ {
		r := rand.New(rand.NewPCG(*seed, uint64(round)))
		if tryRun(t, s.splice(pick(r, s.queries), r), env, scope, store) {
			compiled++
		}
		ran++
	}
	t.Logf("%d of %d spliced queries compile, out of %d operators and %d expressions", compiled, ran, len(s.ops), len(s.exprs))
	if compiled < ran/2 {
		t.Error("too few queries compile")
	}
}
