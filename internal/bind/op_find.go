package bind

import (
	"fmt"
	"slices"

	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// find is what bindFind works out, step by step.
type find struct {
	op     *syntax.FindOp
	legs   []leg         // the tables that are looked at
	seen   []plan.Column // their columns: one for each name and type
	scout  searching
	source string
	cols   []plan.Column // the result: source, columns, pack_
	from   []column      // what each of cols reads of a table; "" for pack_
	pack   bool
}

// bindFind: the rows of the tables for which a condition is true, with the
// columns asked for (project) or those that the condition mentions and that
// all tables share (project-smart); the other columns of a row go into a bag.
func (b *binder) bindFind(op *syntax.FindOp, c ctx) rel {
	f := &find{op: op, source: paramText(op.Params, "withsource")}
	if f.source == "" {
		f.source = "source_"
	}
	var ok bool
	if op.In != nil {
		f.legs, ok = b.tableList(op.In, c, op.Word)
	} else {
		f.legs, ok = b.allTables(c, op)
	}
	if !ok {
		return rel{open: true}
	}
	before := b.mistakes()
	known := map[column]bool{}
	for _, l := range f.legs {
		for _, col := range l.r.cols() {
			if k := (column{col.Name, col.Type}); !known[k] {
				known[k] = true
				f.seen = append(f.seen, col)
			}
		}
	}
	f.scout.scout = true
	b.condition(op.Cond, b.searchCtx(oneTyped(f.seen), &f.scout, c.sc, op.Word))
	asked := f.legs
	f.legs = f.concerned()
	if op.Project == nil {
		f.smart()
	} else {
		b.findProject(f, asked)
	}
	b.findAway(f)
	if b.mistakes() > before {
		return rel{open: true}
	}
	return b.findRows(f, c)
}

// oneTyped gives every name one column: numbers their widest type, other
// mixtures dynamic.
func oneTyped(cols []plan.Column) []plan.Column {
	at := make(map[string]int, len(cols))
	var out []plan.Column
	for _, col := range cols {
		i, known := at[col.Name]
		if !known {
			at[col.Name] = len(out)
			out = append(out, col)
			continue
		}
		if t := out[i].Type; t.IsNumber() && col.Type.IsNumber() {
			out[i].Type = widerNumber(t, col.Type)
		} else {
			out[i].Type = types.Dynamic
		}
		out[i].Nullable = true
	}
	return out
}

// concerned are the tables that have a column the condition mentions; all of
// them when a term looks everywhere.
func (f *find) concerned() []leg {
	if len(f.legs) == 1 || f.scout.everywhere {
		return f.legs
	}
	var out []leg
	for _, l := range f.legs {
		if slices.ContainsFunc(f.scout.names, func(n string) bool { return findColumn(l.r.cols(), n) >= 0 }) {
			out = append(out, l)
		}
	}
	return out
}

// typesOf are the types that a name has in the tables.
func typesOf(legs []leg, name string) []types.Type {
	var out []types.Type
	for _, l := range legs {
		if i := findColumn(l.r.cols(), name); i >= 0 && !slices.Contains(out, l.r.cols()[i].Type) {
			out = append(out, l.r.cols()[i].Type)
		}
	}
	return out
}

// add appends a result column that reads name of type t.
func (f *find) add(as, name string, t types.Type) {
	f.cols = append(f.cols, plan.Column{Name: as, Type: t, Nullable: !t.NeverNull()})
	f.from = append(f.from, column{name, t})
}

// smart chooses the columns of project-smart. A name with several types
// becomes one column for each, as in union.
func (f *find) smart() {
	f.add(f.source, "", types.String)
	if len(f.legs) > 0 {
		for _, col := range f.legs[0].r.cols() {
			if f.shared(col) {
				f.add(col.Name, col.Name, col.Type)
			}
		}
	}
	for _, n := range f.scout.names {
		ts := typesOf(f.legs, n)
		for _, t := range ts {
			as := n
			if len(ts) > 1 {
				as += "_" + t.String()
			}
			if findColumn(f.cols, as) < 0 {
				f.add(as, n, t)
			}
		}
	}
	for _, l := range f.legs {
		f.pack = f.pack || slices.ContainsFunc(l.r.cols(), func(col plan.Column) bool { return !f.reads(col.Name) })
	}
	if f.pack {
		f.add("pack_", "", types.Dynamic)
	}
}

// shared reports a column that all tables have with the same type.
func (f *find) shared(col plan.Column) bool {
	for _, l := range f.legs {
		if i := findColumn(l.r.cols(), col.Name); i < 0 || l.r.cols()[i].Type != col.Type {
			return false
		}
	}
	return true
}

// reads reports whether a result column shows the table column called name.
func (f *find) reads(name string) bool {
	return slices.ContainsFunc(f.from, func(c column) bool { return c.name == name })
}

// findProject resolves project a, b:type, pack(*).
func (b *binder) findProject(f *find, asked []leg) {
	f.add(f.source, "", types.String)
	oc := ctx{op: f.op.Word}
	for i, e := range f.op.Project {
		switch e := e.(type) {
		case *syntax.Call: // pack(*), pack_all()
			if len(e.Args) > 1 {
				b.fail(e.Span(), "SEM0100", oc.inOp("pack_all() takes no argument here"), "")
			}
			if i != len(f.op.Project)-1 {
				b.fail(e.Span(), "SEM0100", oc.inOp("pack(*) must be the last item of the list"), "")
			}
			f.pack = true
		case *syntax.NameRef:
			if ts := b.findColumnTypes(f, asked, e.Name, e, oc); len(ts) > 1 {
				b.fail(e.Span(), "SEM0100", oc.inOp(fmt.Sprintf("the column '%s' has several types", e.Name)), fmt.Sprintf("write %s:%s", e.Name, ts[0]))
			} else if len(ts) == 1 {
				f.add(e.Name, e.Name, ts[0])
			}
		case *syntax.TypedName:
			name := e.Column.Name.Text
			if ts := b.findColumnTypes(f, asked, name, e, oc); len(ts) > 0 {
				if e.Column.Type == types.Unknown {
					b.fail(e.Span(), "SEM0105", fmt.Sprintf("'%s' is not a type", e.Column.TypeName), "")
					continue
				}
				f.add(name, name, e.Column.Type)
			}
		default:
			b.fail(e.Span(), "SEM0109", oc.inOp("Column name expected."), "")
		}
	}
	if f.pack {
		f.add("pack_", "", types.Dynamic)
	}
}

// findColumnTypes are the types of a projected column, none after an error.
func (b *binder) findColumnTypes(f *find, asked []leg, name string, at syntax.Expr, oc ctx) []types.Type {
	ts := typesOf(asked, name)
	switch {
	case len(ts) == 0:
		b.fail(at.Span(), "SEM0100", oc.inOp(fmt.Sprintf("Failed to resolve column named '%s'", name)), hintDidYouMean(name, columnNames(f.seen)))
	case findColumn(f.cols, name) >= 0:
		b.duplicate(at, name, oc)
		return nil
	}
	return ts
}

// findAway drops the columns of project-away; "*" leaves the source, and the
// bag when it was asked for.
func (b *binder) findAway(f *find) {
	for _, e := range f.op.ProjectAway {
		_, star := e.(*syntax.Star)
		ref, ok := e.(*syntax.NameRef)
		if !star && (!ok || findColumn(f.cols, ref.Name) < 0) {
			b.fail(e.Span(), "SEM0100", "'find' operator: Failed to resolve column named '"+syntax.Print(e)+"'", "")
			continue
		}
		for i := len(f.cols) - 1; i >= 0; i-- {
			name := f.cols[i].Name
			bag := name == "pack_" && f.from[i].name == "" && f.op.Project != nil
			if star && i > 0 && !bag || !star && name == ref.Name {
				f.cols, f.from = slices.Delete(f.cols, i, i+1), slices.Delete(f.from, i, i+1)
			}
		}
	}
}

// findRows filters each table and lines it up.
func (b *binder) findRows(f *find, c ctx) rel {
	u := &plan.Union{}
	u.Out = f.cols
	before := b.mistakes()
	for _, l := range f.legs {
		said := b.diags
		row := l.r.cols()
		cond := b.condition(f.op.Cond, b.searchCtx(row, &searching{}, withNulls(c.sc, f.scout.names, row, f.seen), f.op.Word))
		if b.mistakes() > before {
			return rel{node: b.values(f.cols, nil)}
		}
		b.diags = said // its warnings were given once
		node := b.filtered(l.r.node, cond)
		if node == nil {
			continue
		}
		exprs := make([]plan.Expr, len(f.cols))
		for i := range f.cols {
			exprs[i] = b.findValue(f, i, l)
		}
		u.Ins = append(u.Ins, b.project(node, f.cols, exprs))
	}
	switch len(u.Ins) {
	case 0:
		return rel{node: b.values(f.cols, nil)}
	case 1:
		return rel{node: u.Ins[0]}
	}
	return rel{node: u}
}

// findValue is column i of the result over the rows of a table.
func (b *binder) findValue(f *find, i int, l leg) plan.Expr {
	at, col, lc := f.op.Span(), f.cols[i], l.r.cols()
	switch {
	case f.from[i].name != "":
	case col.Name == "pack_" && col.Type == types.Dynamic:
		return b.findBag(f, lc)
	default:
		return &plan.Const{Value: types.StringValue(l.name), Pos: at}
	}
	k := findColumn(lc, f.from[i].name)
	switch {
	case k >= 0 && lc[k].Type == col.Type:
		return colRef(lc, k)
	case k >= 0 && f.op.Project != nil: // project name:type converts
		return b.cast(colRef(lc, k), col.Type, at)
	}
	return &plan.Const{Value: types.Null(col.Type), Pos: at}
}

// findBag packs the columns of a table that the result does not show.
func (b *binder) findBag(f *find, lc []plan.Column) plan.Expr {
	at := f.op.Span()
	var args []plan.Expr
	for k, col := range lc {
		if !f.reads(col.Name) {
			args = append(args, &plan.Const{Value: types.StringValue(col.Name), Pos: at}, colRef(lc, k))
		}
	}
	s := b.env.Fns.Lookup(fn.Scalar, "bag_pack")
	if len(args) == 0 || s == nil {
		return &plan.Const{Value: types.DynamicValue("{}"), Pos: at}
	}
	return b.apply(s, args, at, ctx{op: f.op.Word})
}
