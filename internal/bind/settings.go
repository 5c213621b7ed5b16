package bind

import (
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// absentTables are the calls that name tables of kinds that this service does
// not have.
var absentTables = map[string]string{
	"cluster":             "name a table of this service",
	"database":            "name a table of this service",
	"workspace":           "name a table of this service",
	"adx":                 "name a table of this service",
	"arg":                 "name a table of this service",
	"external_table":      "there are no external tables; externaldata reads files from the hosts that the operator lists",
	"materialized_view":   "there are no materialized views; name a table",
	"graph":               "there are no stored graphs; build one with make-graph",
	"stored_query_result": "there are no stored query results; run the query itself",
}

// settings are the request options of set statements that change an answer.
type settings struct {
	binSize, binAt plan.Expr // of bin_auto()
	maxRecords     plan.Expr // nil: no cap
}

// setStatement takes a request option. Most change how an engine runs and not
// what it answers, and are passed over. Those that do change answers are
// either kept here or refused.
func (b *binder) setStatement(s *syntax.SetStatement, sc *scope) {
	name := s.Name.Text
	switch name {
	case "query_now", "query_bin_auto_size", "query_bin_auto_at", "query_take_max_records":
	case "query_datetimescope_from", "query_datetimescope_to", "query_datetimescope_column":
		b.unsupported(s.Span(), "set "+name, "filter on the column itself")
		return
	default:
		return
	}
	if s.Value == nil {
		b.fail(s.Span(), "SEM0100", "set "+name+" needs a value", "")
		return
	}
	x := b.expr(s.Value, ctx{sc: sc})
	if x.Type() == types.Unknown {
		return
	}
	k, ok := x.(*plan.Const)
	if !ok || k.Value.Null {
		b.fail(s.Value.Span(), "SEM0100", "set "+name+" takes a constant", "")
		return
	}
	switch name {
	case "query_bin_auto_size":
		b.set.binSize = x
	case "query_bin_auto_at":
		b.set.binAt = x
	case "query_take_max_records":
		if k.Value.Type.IsInteger() && k.Value.I >= 0 {
			b.set.maxRecords = b.cast(x, types.Long, s.Value.Span())
			return
		}
		b.fail(s.Value.Span(), "SEM0100", "set "+name+" takes a number of rows", "")
	case "query_now":
		if now, ok := b.cast(x, types.Datetime, s.Value.Span()).(*plan.Const); ok && !now.Value.Null {
			b.env.Now = now.Value.I
			return
		}
		b.fail(s.Value.Span(), "SEM0100", "set query_now takes a datetime", "")
	}
}
