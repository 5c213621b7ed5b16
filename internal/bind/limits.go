package bind

import (
	"fmt"

	"github.com/harrier-hunting/harrier/internal/diag"
)

// The limits keep what nobody means from costing much. They are far above what
// hunts need: the largest public ones have some hundred operators, the widest
// tables some hundred columns.
const (
	// maxNodes bounds how large a plan can get by functions expanding each
	// other.
	maxNodes = 20000
	// maxExprs bounds the nodes of all expressions that variables stand for.
	maxExprs = 1 << 16
	// maxDepth bounds nesting of functions calling functions.
	maxDepth = 64
	// maxExprDepth bounds the nesting of expressions; chains of and/or count
	// as one level. Engines stop at a thousand.
	maxExprDepth = 500
	// maxColumns bounds the columns of one table.
	maxColumns = 10_000
	// maxAllColumns bounds the columns of the tables of all operators: what a
	// long pipeline over a wide table costs to compile.
	maxAllColumns = 1 << 20
	// maxAggregates bounds the aggregates of one summarize: engines plan them
	// in quadratic time, and cannot be stopped while they do.
	maxAggregates = 1000
	// maxLevels bounds the clauses of top-nested, each of which groups its
	// input again, by all the values before it.
	maxLevels = 32
	// maxPieces bounds the texts and columns of one parse pattern.
	maxPieces = 2000
)

// grow counts plan nodes and refuses a query whose functions expand without
// end.
func (b *binder) grow(at diag.Span) bool {
	b.nodes++
	if b.nodes > maxNodes {
		b.tooLarge(at)
		return false
	}
	return true
}

// bounded refuses tables that are too wide, one by one or all together.
func (b *binder) bounded(r rel, at diag.Span) rel {
	n := len(r.cols())
	b.columns += n
	switch {
	case n > maxColumns:
		b.tooMany(at, "The table has too many columns", n, maxColumns)
	case b.columns > maxAllColumns:
		b.tooLarge(at)
	default:
		return r
	}
	return rel{open: true}
}

// tooMany says that there are n of something, of which limit may be.
func (b *binder) tooMany(at diag.Span, what string, n, limit int) {
	b.diags.Addf(diag.Limit, "HRR0002", at, "%s: %s; at most %s are accepted", what, fmt.Sprint(n), fmt.Sprint(limit))
}

// tooLarge says once that the query grows beyond bounds.
func (b *binder) tooLarge(at diag.Span) {
	if !b.tooBig {
		b.tooBig = true
		b.diags.Addf(diag.Limit, "HRR0002", at,
			"The query cannot run because it exceeds the allowed size limit when processed.")
	}
}
