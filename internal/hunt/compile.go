package hunt

import (
	"errors"
	"time"

	"github.com/harrier-hunting/harrier/internal/bind"
	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/guard"
	"github.com/harrier-hunting/harrier/internal/lower"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
)

// MaxQueryBytes bounds the text of a query.
const MaxQueryBytes = 1 << 20

// Compiled is a query ready to run.
type Compiled struct {
	Query lower.Query
	// Probing tells that Query is not the query but a probe, whose rows go
	// into bind.Env.Probes before the text is compiled again. Prepare does.
	Probing  bool
	Bound    bind.Bound
	Guarded  guard.Guarded
	Warnings diag.List
	Stages   []Stage
}

// Stage is the time one stage took.
type Stage struct {
	Name    string
	Elapsed time.Duration
}

// QueryError is a query that was refused: its diagnostics, and the text they
// point into.
type QueryError struct {
	Diagnostics diag.List
	Text        string
	// Columns are those of a query that is right but may not run here.
	Columns []plan.Column
}

func (e *QueryError) Error() string { return e.Diagnostics.Error() }

// First is the first error, which the recorded services answer with.
func (e *QueryError) First() diag.Diagnostic {
	for _, d := range e.Diagnostics {
		if d.Kind != diag.Warning {
			return d
		}
	}
	return diag.Diagnostic{}
}

// Compile turns query text into a statement for target: parse, bind, guard,
// lower. Errors of the query come back as *QueryError.
func Compile(text string, env bind.Env, scope guard.Scope, target lower.Target) (Compiled, error) {
	var c Compiled
	if len(text) > MaxQueryBytes {
		return c, refused(text, diag.Limit, "HRR0003", "The query cannot run because it exceeds the allowed size limit when processed.")
	}
	at := time.Now()
	lap := func(stage string) {
		now := time.Now()
		c.Stages = append(c.Stages, Stage{stage, now.Sub(at)})
		at = now
	}
	tree, diags := syntax.Parse(text)
	lap("parse")
	if diags.Err() != nil {
		return c, &QueryError{Diagnostics: diags, Text: text}
	}
	c.Warnings = diags.Warnings()
	c.Bound, diags = bind.Bind(tree, env)
	lap("bind")
	if diags.Err() != nil {
		return c, &QueryError{Diagnostics: diags, Text: text}
	}
	c.Warnings = append(c.Warnings, diags.Warnings()...)
	if len(c.Bound.Blocked) > 0 {
		return c, &QueryError{c.Bound.Blocked, text, c.Bound.Node.Columns()}
	}
	root := c.Bound.Node
	if c.Bound.Probe != nil {
		root, c.Probing, scope.MaxRows = c.Bound.Probe, true, maxProbeRows
	}
	return c.lower(text, root, scope, target)
}

// lower guards a bound plan and turns it into a statement.
func (c Compiled) lower(text string, root plan.Node, scope guard.Scope, target lower.Target) (Compiled, error) {
	at := time.Now()
	var err error
	if c.Guarded, err = guard.Apply(root, scope); err != nil {
		return c, err
	}
	guarded := time.Now()
	c.Query, err = lower.Lower(c.Guarded, target)
	c.Stages = append(c.Stages, Stage{"guard", guarded.Sub(at)}, Stage{"lower", time.Since(guarded)})
	var un *lower.Unsupported
	if errors.As(err, &un) {
		span := un.Pos
		if span == (diag.Span{}) {
			span.End = len(text)
		}
		return c, &QueryError{diag.List{{Kind: diag.Unsupported, Code: "HRR0001", Message: un.Error(), Span: span}}, text, root.Columns()}
	}
	return c, err
}

// result is the compiled query's i-th result, compiled in its turn.
func (c Compiled) result(i int, text string, scope guard.Scope, target lower.Target) (Compiled, error) {
	c.Stages = nil
	return c.lower(text, c.Bound.Results[i].Node, scope, target)
}

func refused(text string, k diag.Kind, code, message string) error {
	return &QueryError{diag.List{{Kind: k, Code: code, Message: message, Span: diag.Span{End: len(text)}}}, text, nil}
}
