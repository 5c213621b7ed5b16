package bind

import (
	"github.com/harrier-hunting/harrier/internal/diag"
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

// settings are the request options, of set statements or of the request
// itself, that change an answer.
type settings struct {
	binSize, binAt plan.Expr // of bin_auto()
	maxRecords     plan.Expr // nil: no cap
	// The scope of time: a filter on every table that has the column.
	scopeColumn        string
	scopeFrom, scopeTo plan.Expr
}

// settingType lists the options that change answers, and what they take.
func settingType(name string) (types.Type, bool) {
	switch name {
	case "query_now", "query_datetimescope_from", "query_datetimescope_to":
		return types.Datetime, true
	case "query_take_max_records":
		return types.Long, true
	case "query_datetimescope_column":
		return types.String, true
	case "query_bin_auto_size", "query_bin_auto_at": // of any type that has bins
		return types.Unknown, true
	}
	return types.Unknown, false
}

// setStatement takes a request option. Most change how an engine runs and not
// what it answers, and are passed over; setting keeps the others.
func (b *binder) setStatement(s *syntax.SetStatement, sc *scope) {
	name := s.Name.Text
	if _, ok := settingType(name); !ok {
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
	b.setting(name, k, s.Value.Span())
}

func (b *binder) setting(name string, k *plan.Const, at diag.Span) {
	switch name {
	case "query_bin_auto_size":
		b.set.binSize = k
	case "query_bin_auto_at":
		b.set.binAt = k
	case "query_take_max_records":
		if k.Value.Type.IsInteger() && k.Value.I >= 0 {
			b.set.maxRecords = b.cast(k, types.Long, at)
			return
		}
		b.fail(at, "SEM0100", "set "+name+" takes a number of rows", "")
	case "query_datetimescope_column":
		if k.Value.Type == types.String {
			b.set.scopeColumn = k.Value.S
			return
		}
		b.fail(at, "SEM0100", "set "+name+" takes the name of a column", "")
	default:
		t, ok := b.cast(k, types.Datetime, at).(*plan.Const)
		if !ok || t.Value.Null {
			b.fail(at, "SEM0100", "set "+name+" takes a datetime", "")
			return
		}
		switch name {
		case "query_now":
			b.env.Now = t.Value.I
		case "query_datetimescope_from":
			b.set.scopeFrom = t
		case "query_datetimescope_to":
			b.set.scopeTo = t
		}
	}
}
