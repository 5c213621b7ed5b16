package bind

import (
	"fmt"
	"strings"

	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/syntax"
	"github.com/harrier-hunting/harrier/internal/types"
)

// argPick binds arg_max(rank, values…): every value comes from the same row.
func (b *binder) argPick(s *fn.Spec, x *syntax.Call, c ctx, keyCols []plan.Column) []named {
	if len(x.Args) == 0 {
		b.fail(x.Span(), "SEM0219", c.inOp(fmt.Sprintf("The function '%s' expects at least 1 argument.", s.Name)), "")
		return nil
	}
	c.agg.picks++
	pick := c.agg.picks
	word := "max"
	if strings.HasSuffix(s.Name, "min") {
		word = "min"
	}
	old := s.Name == "argmax" || s.Name == "argmin"
	inner := c.agg.inner
	rankArg := x.Args[0]
	rankName := ""
	if n, ok := rankArg.(*syntax.NamedExpr); ok {
		rankArg, rankName = n.X, n.Names[0].Text
	} else {
		rankName = b.autoName(rankArg, inner)
	}
	rank := b.expr(rankArg, inner)
	if rank.Type() == types.Unknown {
		return nil
	}
	if rank.Type() == types.Dynamic {
		b.fail(rankArg.Span(), "SEM0206", c.inOp("The argument value must be orderable: a number, timespan, datetime, string or boolean."), "convert it, e.g. tolong(…)")
		return nil
	}
	out := []named{{name: rankName, x: b.pickColumn(s, pick, rank, rank, x, c)}}
	if rankName == "" || old {
		out[0].name = word + "_" + rankName
	}
	listed := map[string]bool{}
	for _, k := range keyCols {
		listed[k.Name] = true
	}
	if ref, ok := rankArg.(*syntax.NameRef); ok {
		listed[ref.Name] = true
	}
	for i, a := range x.Args[1:] {
		if _, star := a.(*syntax.Star); star {
			for k, col := range inner.row {
				if listed[col.Name] {
					continue
				}
				name := col.Name
				if old {
					name = word + "_" + rankName + "_" + name
				}
				out = append(out, named{name: name, x: b.pickColumn(s, pick, rank, colRef(inner.row, k), x, c)})
			}
			continue
		}
		n := b.computed(a, inner)
		if n.x.Type() == types.Unknown {
			continue
		}
		n.explicit = n.explicit && !isPlainName(a)
		if isPlainName(a) {
			listed[n.name] = true
		}
		switch {
		case n.name == "":
			n.name = fmt.Sprintf("%s_%s_arg%d", word, rankName, i+1)
		case old && !n.explicit:
			n.name = word + "_" + rankName + "_" + n.name
		}
		n.x = b.pickColumn(s, pick, rank, n.x, x, c)
		out = append(out, n)
	}
	return out
}

// pickColumn is one output of a row pick.
func (b *binder) pickColumn(s *fn.Spec, pick int, rank, value plan.Expr, x *syntax.Call, c ctx) plan.Expr {
	args := []plan.Expr{value}
	if rank != nil {
		args = []plan.Expr{rank, value}
	}
	return c.agg.add(&plan.Agg{Fn: s, Sig: &s.Sigs[0], Args: args, Pick: pick, Ret: value.Type(), Pos: x.Span()}, true)
}

// anyPick binds take_any(a, b) and take_any(*): values of one arbitrary row.
func (b *binder) anyPick(s *fn.Spec, x *syntax.Call, c ctx, keyCols []plan.Column) []named {
	c.agg.picks++
	pick := c.agg.picks
	inner := c.agg.inner
	prefix := ""
	if x.Name.Text == "any" {
		prefix = "any_"
	}
	var out []named
	for i, a := range x.Args {
		if _, star := a.(*syntax.Star); star {
			for k, col := range inner.row {
				if findColumn(keyCols, col.Name) < 0 {
					out = append(out, named{name: prefix + col.Name, x: b.pickColumn(s, pick, nil, colRef(inner.row, k), x, c)})
				}
			}
			continue
		}
		n := b.computed(a, inner)
		if n.x.Type() == types.Unknown {
			continue
		}
		n.explicit = false
		if n.name == "" {
			n.name = fmt.Sprintf("%s_arg%d", x.Name.Text, i)
		} else {
			n.name = prefix + n.name
		}
		n.x = b.pickColumn(s, pick, nil, n.x, x, c)
		out = append(out, n)
	}
	return out
}
