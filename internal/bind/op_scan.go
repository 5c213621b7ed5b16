package bind

import (
	"fmt"
	"slices"

	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/eval"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/scan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// bindScan: a state machine over the rows, run in Go.
func (b *binder) bindScan(in rel, op *syntax.ScanOp, c ctx) rel {
	if !b.scanParams(op) {
		return rel{open: true}
	}
	if len(op.OrderBy) > 0 {
		in = rel{node: b.sort(in.node, b.sortKeys(op.OrderBy, in, b.over(in, c, op))), ordered: true}
	}
	s := &scanBinder{b: b, op: &scan.Op{}, cols: slices.Clone(in.cols()), steps: map[string]int{}}
	for _, col := range s.cols {
		s.op.Inputs = append(s.op.Inputs, col.Type)
	}
	oc := b.over(in, c, op)
	s.declare(op, oc)
	s.partition(op, in, oc)
	oc.row, oc.names = s.cols, s
	for i, st := range op.Steps {
		if _, ok := s.steps[st.Name.Text]; ok {
			b.fail(st.Name.Span(), "SEM0100", oc.inOp(fmt.Sprintf("A step with the name '%s' is already declared.", st.Name.Text)), "")
		}
		s.steps[st.Name.Text] = i
	}
	for i := range op.Steps {
		s.at = i
		s.step(&op.Steps[i], oc)
	}
	out := s.cols
	if id := paramText(op.Params, "with_match_id"); id != "" {
		if findColumn(out, id) >= 0 {
			b.fail(op.Span(), "SEM0171", oc.inOp(fmt.Sprintf("A column with the name '%s' is already declared.", id)), "give with_match_id another name")
		}
		s.op.MatchID = true
		out = append(out, plan.Column{Name: id, Type: types.Long})
	}
	ins := []plan.Node{in.node}
	if p := s.params.node(b); p != nil {
		s.op.HasParameters = true
		ins = append(ins, p)
	}
	return rel{node: plan.NewGoOp(s.op, out, op.Span(), ins...), ordered: true}
}

// scanParams refuses what no page describes.
func (b *binder) scanParams(op *syntax.ScanOp) bool {
	for _, p := range op.Params {
		if p.Name == "kind" || p.Name == "with_step_name" {
			b.unsupported(p.Span(), "scan "+p.Name, "the operator's page knows with_match_id only")
			return false
		}
	}
	if len(op.Steps) == 0 {
		b.fail(op.Span(), "SEM0100", "'scan' operator: at least one step is expected", "e.g. step s1: true;")
		return false
	}
	if len(op.Steps) > scan.MaxSteps {
		b.diags.Addf(diag.Limit, "HRR0005", op.Span(), "'scan' operator: more than %d steps", scan.MaxSteps)
		return false
	}
	if len(op.PartitionBy) > 0 && paramText(op.Params, "with_match_id") != "" {
		b.unsupported(op.Span(), "scan with_match_id with partition by", "use partition by … (scan …), which numbers every partition from 0")
		return false
	}
	for _, s := range op.Steps {
		if s.Optional {
			b.unsupported(s.Span(), "An optional step of scan", "nothing says how it matches; make its condition part of the next step's")
			return false
		}
	}
	return true
}

// scanBinder binds the parts of one scan and resolves step.column.
type scanBinder struct {
	b      *binder
	op     *scan.Op
	cols   []plan.Column // of a record: the input's, the declared
	steps  map[string]int
	at     int // step being bound
	params parameters
}

// declare binds "declare (name:type = default, …)".
func (s *scanBinder) declare(op *syntax.ScanOp, c ctx) {
	for _, d := range op.Declare {
		if d.Tabular || d.Type == types.Unknown {
			s.b.fail(d.Span(), "SEM0105", c.inOp("declare takes columns: name:type = default"), "")
			continue
		}
		if findColumn(s.cols, d.Name.Text) >= 0 {
			s.b.fail(d.Span(), "SEM0171", c.inOp(fmt.Sprintf("A column with the name '%s' is already declared.", d.Name.Text)), "give it another name")
			continue
		}
		v := types.Null(d.Type)
		if d.Default != nil {
			x := s.b.converted(s.b.expr(d.Default, ctx{sc: c.sc, op: c.op}), d.Type, d.Default.Span())
			if k, ok := x.(*plan.Const); ok && x.Type() != types.Unknown {
				v = k.Value
			} else if x.Type() != types.Unknown {
				s.b.fail(d.Default.Span(), "SEM0100", c.inOp("the default value must be a constant"), "")
			}
		}
		s.op.Defaults = append(s.op.Defaults, v)
		s.cols = append(s.cols, plan.Column{Name: d.Name.Text, Type: d.Type, Nullable: !d.Type.NeverNull()})
	}
}

// converted is convert with numbers narrowing too.
func (b *binder) converted(x plan.Expr, t types.Type, at diag.Span) plan.Expr {
	if x.Type().IsNumber() && t.IsNumber() {
		return b.cast(x, t, at)
	}
	return b.convert(x, t, at)
}

// partition binds "partition by columns".
func (s *scanBinder) partition(op *syntax.ScanOp, in rel, c ctx) {
	for _, e := range op.PartitionBy {
		k, ok := s.b.expr(e, c).(*plan.Col)
		if !ok {
			s.b.fail(e.Span(), "SEM0109", c.inOp("Column name expected."), "compute it in an extend before scan")
			continue
		}
		s.op.Partition = append(s.op.Partition, k.Index)
	}
}

// step binds a step's condition and assignments.
func (s *scanBinder) step(st *syntax.ScanStep, c ctx) {
	out := scan.Step{Name: st.Name.Text, Output: map[string]scan.Output{"last": scan.Last, "none": scan.None}[st.Output]}
	cond := s.b.boolean(s.b.expr(st.Cond, c), st.Cond.Span(), c.op, c)
	var free, bound []plan.Expr
	for _, x := range conjuncts(cond) {
		switch k, constant := x.(*plan.Const); {
		case constant && k.Value.Bool():
		case s.readsState(x):
			bound = append(bound, x)
		default:
			free = append(free, x)
		}
	}
	out.Free, out.Bound = s.condition(free, st, c), s.condition(bound, st, c)
	given := map[int]bool{}
	for _, e := range st.Assign {
		n, ok := e.(*syntax.NamedExpr)
		if !ok || len(n.Names) != 1 {
			continue
		}
		i := findColumn(s.cols, n.Names[0].Text)
		switch {
		case i < 0:
			s.b.fail(n.Span(), "SEM0100", c.inOp(fmt.Sprintf("Failed to resolve column named '%s'", n.Names[0].Text)),
				"declare it: scan declare ("+n.Names[0].Text+":type) with (…)")
			continue
		case given[i]:
			s.b.duplicate(n, n.Names[0].Text, c)
			continue
		}
		given[i] = true
		x := s.b.converted(s.b.expr(n.X, c), s.cols[i].Type, n.X.Span())
		if p := s.b.compiled(x, c, s.parameter); p != nil {
			out.Assign = append(out.Assign, scan.Assign{Col: i, X: p})
		}
		s.cols[i].Nullable = !s.cols[i].Type.NeverNull()
	}
	s.op.Steps = append(s.op.Steps, out)
}

func (s *scanBinder) condition(xs []plan.Expr, st *syntax.ScanStep, c ctx) *eval.Prog {
	if len(xs) == 0 {
		return nil
	}
	return s.b.compiled(s.b.conjunction(xs, st.Cond.Span(), c), c, s.parameter)
}

// readsState reports references to the state.
func (s *scanBinder) readsState(x plan.Expr) bool {
	reads := false
	plan.Refs(x, func(i int) {
		if k := i - len(s.cols); k >= 0 && s.op.Extras[k].Parameter < 0 {
			reads = true
		}
	})
	return reads
}

// extra is the column of the row that holds x.
func (s *scanBinder) extra(x scan.Extra) int {
	i := slices.Index(s.op.Extras, x)
	if i < 0 {
		i = len(s.op.Extras)
		s.op.Extras = append(s.op.Extras, x)
	}
	return len(s.cols) + i
}

func (s *scanBinder) parameter(q *plan.ScalarQuery) int {
	return s.extra(scan.Extra{Parameter: s.params.of(q), Type: q.T})
}

// member resolves step.column in the state.
func (s *scanBinder) member(b *binder, x *syntax.Path, c ctx) (plan.Expr, bool) {
	ref, ok := x.X.(*syntax.NameRef)
	if !ok {
		return nil, false
	}
	k, ok := s.steps[ref.Name]
	if !ok {
		return nil, false
	}
	m, ok := x.Member.(*syntax.NameRef)
	if !ok {
		b.unsupported(x.Member.Span(), "A call after '.'", "")
		return badExpr(x.Span()), true
	}
	i := findColumn(s.cols, m.Name)
	if i < 0 {
		b.fail(m.Span(), "SEM0100", c.inOp(fmt.Sprintf("Failed to resolve column named '%s'", m.Name)), hintDidYouMean(m.Name, columnNames(s.cols)))
		return badExpr(x.Span()), true
	}
	if k > s.at {
		b.unsupported(x.Span(), "A reference to a later step of scan ("+ref.Name+")", "a step sees itself and the steps before it")
		return badExpr(x.Span()), true
	}
	t := s.cols[i].Type
	return &plan.Col{Index: s.extra(scan.Extra{Step: k, Col: i, Parameter: -1, Type: t}), T: t, Null: true, Pos: x.Span()}, true
}

// bare: a step alone is no value.
func (s *scanBinder) bare(b *binder, x *syntax.NameRef, c ctx) (plan.Expr, bool) {
	if _, ok := s.steps[x.Name]; !ok {
		return nil, false
	}
	b.fail(x.Span(), "SEM0100", c.inOp(fmt.Sprintf("'%s' is a step, not a value", x.Name)), "write "+x.Name+".<column>")
	return badExpr(x.Span()), true
}

func (*scanBinder) call(*binder, *syntax.Call, ctx) (plan.Expr, bool) { return nil, false }
