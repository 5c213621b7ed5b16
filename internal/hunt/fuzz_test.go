package hunt

import (
	"context"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/engine"
	"github.com/harrier-hunting/harrier/internal/exec"
	"github.com/harrier-hunting/harrier/internal/testkit"
)

// FuzzRun: a query that compiles also runs. Whatever the text, the engine
// finds no fault with the statement; it may say that the data cannot be
// computed, that the query takes too long or needs too much.
func FuzzRun(f *testing.F) {
	env, store := testEnv(f), fixtureStore(f)
	scope := testScope(env)
	scope.MaxRows = 100
	for _, file := range testkit.CaseFiles(f, "cases") {
		for _, c := range file.Cases {
			f.Add(c.Query)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<12 {
			return
		}
		c, err := Prepare(context.Background(), text, env, scope, store)
		if err != nil {
			if !invalid(err) {
				t.Errorf("compiling: %s", causes(err))
			}
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		rows, err := exec.Run(ctx, store, c.Query, scope.MaxRows)
		if err == nil {
			defer rows.Close()
			for {
				b, e := rows.Next(ctx)
				if err = e; b == nil || e != nil {
					break
				}
			}
		}
		if err != nil && engine.KindOf(err) == engine.Internal {
			t.Errorf("running: %s\n%s", causes(err), c.Query.SQL)
		}
	})
}
