package bind

import (
	"fmt"
	"slices"

	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// maxFound bounds the columns that data may make.
const maxFound = 1000

// slot is a column that bag_unpack makes.
type slot struct {
	name string // with the prefix
	key  string
	t    types.Type
}

// bagUnpack makes a column of every member of the bags in a column. Without a
// declared schema a probe finds the members. New columns come in the order of
// their names; one that is called like a column of the source (which must be
// allowed) takes its place, one called like the unpacked column that column's
// place (recorded).
func (e *evaluation) bagUnpack() rel {
	at := e.columnArg("column")
	prefix, conflict := e.text("OutputColumnPrefix", ""), e.text("columnsConflict", "error")
	ignored := e.texts("ignoredProperties")
	if e.failed {
		return rel{}
	}
	if e.op.Schema != nil {
		return e.unpackDeclared(at, prefix, conflict)
	}
	slots, ok := e.findSlots(at, prefix, ignored)
	switch {
	case e.failed:
		return rel{}
	case !ok:
		keep := slices.DeleteFunc(firstN(len(e.in.cols())), func(i int) bool { return i == at })
		return rel{node: e.pick(e.in.node, keep, nil), ordered: e.in.ordered, open: true}
	}
	cols := slices.Clone(e.in.cols())
	exprs := make([]plan.Expr, len(cols))
	for i := range cols {
		if i != at {
			exprs[i] = colRef(e.in.cols(), i)
		}
	}
	for _, s := range slots {
		k := findColumn(e.in.cols(), s.name)
		switch {
		case k >= 0 && k != at && conflict == "error":
			e.refuse(e.op.Plugin.Span(), fmt.Sprintf("bag_unpack: the bags have a member '%s', and so has the table a column", s.name),
				"add columnsConflict='replace_source', columnsConflict='keep_source' or a prefix for the new columns")
			return rel{}
		case k >= 0 && k != at && conflict == "keep_source":
			continue
		case k < 0:
			k = len(cols)
			cols, exprs = append(cols, plan.Column{}), append(exprs, nil)
		}
		exprs[k] = e.slotOf(at, s)
		cols[k] = columnOf(s.name, exprs[k])
	}
	if exprs[at] == nil {
		cols, exprs = slices.Delete(cols, at, at+1), slices.Delete(exprs, at, at+1)
	}
	return rel{node: e.project(e.in.node, cols, exprs), ordered: e.in.ordered}
}

// slotOf reads a member of the bag in a column.
func (e *evaluation) slotOf(at int, s slot) plan.Expr {
	return e.call("__bag_slot", colRef(e.in.cols(), at), e.constOf(types.StringValue(s.key)), e.constOf(types.StringValue(s.t.String())))
}

// findSlots asks for the members of all bags and their types: that of the
// values when they agree, else dynamic. Null values say nothing.
func (e *evaluation) findSlots(at int, prefix string, ignored []string) ([]slot, bool) {
	narrow := e.pick(e.in.node, []int{at}, nil)
	list := e.call("__bag_slots", ref(narrow, 0))
	if e.failed {
		return nil, false
	}
	u := &plan.Unnest{Input: narrow, Items: []plan.Expr{list}}
	u.Out = append(u.Out, narrow.Columns()...)
	u.Out = append(u.Out, plan.Column{Name: "slot", Type: types.String})
	rows, ok := e.probe(e.distinct(e.pick(u, []int{1}, nil)), e.op.Span())
	if !ok {
		return nil, false
	}
	found := map[string]types.Type{}
	for i := range rows.N {
		text := rows.Cols[0].Value(i).S
		if text == "" || slices.Contains(ignored, text[1:]) {
			continue
		}
		t := fn.SlotType(text[0])
		if before, ok := found[text[1:]]; ok && before != t {
			t = types.Dynamic
		}
		found[text[1:]] = t
	}
	if len(found) > maxFound {
		e.refuse(e.op.Span(), fmt.Sprintf("bag_unpack would make %d columns; at most %d are possible", len(found), maxFound),
			"declare the columns to keep, as in: evaluate bag_unpack(d) : (*, a: string)")
		return nil, false
	}
	var slots []slot
	for key, t := range found {
		name := prefix + key
		if name == "" {
			name = "Column1"
		}
		slots = append(slots, slot{name, key, t})
	}
	slices.SortFunc(slots, func(a, b slot) int {
		if a.name < b.name {
			return -1
		}
		return 1
	})
	return slots, true
}

// unpackDeclared reads just the declared columns: from the table where it has
// them (and is not to be replaced), else from the bags, as the declared type.
func (e *evaluation) unpackDeclared(at int, prefix, conflict string) rel {
	var cols []plan.Column
	var exprs []plan.Expr
	declared := map[string]bool{}
	for _, d := range e.op.Schema.Columns {
		declared[d.Name.Text] = true
	}
	if e.op.Schema.Star {
		for i, col := range e.in.cols() {
			if i != at && !declared[col.Name] {
				cols, exprs = append(cols, col), append(exprs, colRef(e.in.cols(), i))
			}
		}
	}
	names := newNamer(nil)
	for _, d := range e.op.Schema.Columns {
		name := d.Name.Text
		if names.used[name] {
			e.refuse(d.Span(), fmt.Sprintf("A column with the name '%s' is already declared.", name), "")
			return rel{}
		}
		names.used[name] = true
		var x plan.Expr
		switch k := findColumn(e.in.cols(), name); {
		case k >= 0 && k != at && conflict != "replace_source":
			x = e.cast(colRef(e.in.cols(), k), d.Type, d.Span())
		case len(name) >= len(prefix) && name[:len(prefix)] == prefix:
			x = e.slotOf(at, slot{name, name[len(prefix):], d.Type})
		default:
			x = e.constOf(types.Null(d.Type))
		}
		cols, exprs = append(cols, columnOf(name, x)), append(exprs, x)
	}
	return rel{node: e.project(e.in.node, cols, exprs), ordered: e.in.ordered}
}
