package bind

import (
	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// Some columns depend on the data: those of pivot and of bag_unpack. To know
// them a small query, a probe, runs before the real one: binding stops caring
// about columns behind the first probe without an answer, gives its plan in
// Bound.Probe, and is run again with the answer in Env.Probes. Probes are told
// apart by their order, which is the same in every run.

// maxProbes bounds the probes of one query.
const maxProbes = 16

// probe returns the rows of n, a small query, if they are known already;
// otherwise the columns that depend on them are open.
func (b *binder) probe(n plan.Node, at diag.Span) (rows *types.Batch, ok bool) {
	k := b.probes
	b.probes++
	switch {
	case holdsOuter(n):
		b.unsupported(at, "A plugin whose columns depend on the data, over the key of a partition,", "declare its columns, as in: evaluate bag_unpack(d) : (a: string)")
	case k < len(b.env.Probes):
		return b.env.Probes[k], true
	case k >= maxProbes:
		b.fail(at, "HRR0004", "The query has too many places whose columns depend on the data", "declare their columns, as in: evaluate bag_unpack(d) : (a: string)")
	case b.pending == nil:
		b.pending, b.before = n, len(b.diags)
	}
	return nil, false
}

// unanswered is the result of a query that waits for a probe. What was found
// wrong before the probe is said now; what comes after it is looked at again
// when its columns are known.
func (b *binder) unanswered(first plan.Node) Bound {
	b.diags = b.diags[:min(b.before, len(b.diags))]
	if b.diags.Err() != nil {
		return Bound{}
	}
	if first == nil {
		first = b.values(nil, nil)
	}
	return Bound{Node: first, Tables: b.tables, Probe: b.pending, Blocked: b.blocked}
}
