package hunt

import (
	"context"
	"time"

	"github.com/harrier-hunting/harrier/internal/bind"
	"github.com/harrier-hunting/harrier/internal/engine"
	"github.com/harrier-hunting/harrier/internal/exec"
	"github.com/harrier-hunting/harrier/internal/guard"
	"github.com/harrier-hunting/harrier/internal/lower"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// maxProbeRows bounds what a probe may find.
const maxProbeRows = 100_000

// Prepare compiles a query and runs the probes it needs to know its columns.
// Probes are guarded like every query.
func Prepare(ctx context.Context, text string, env bind.Env, scope guard.Scope, e engine.Engine) (Compiled, error) {
	var before []Stage
	for {
		c, err := Compile(text, env, scope, e)
		c.Stages = append(before, c.Stages...)
		if err != nil || !c.Probing {
			return c, err
		}
		at := time.Now()
		found, err := runProbe(ctx, e, c.Query)
		if err != nil {
			return c, err
		}
		before = append(c.Stages, Stage{"probe", time.Since(at)})
		env.Probes = append(env.Probes[:len(env.Probes):len(env.Probes)], found)
	}
}

func runProbe(ctx context.Context, e engine.Engine, q lower.Query) (*types.Batch, error) {
	rows, err := exec.Run(ctx, e, q, maxProbeRows)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	return plan.ReadAll(ctx, probeRows{rows, q.Columns})
}

type probeRows struct {
	*exec.Rows
	cols []plan.Column
}

// Columns are those of the probe.
func (r probeRows) Columns() []plan.Column { return r.cols }
