package bind

import (
	"fmt"
	"strings"

	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// overload finds the signature that fits the arguments best. params[i] is the
// parameter that argument i goes to.
func (b *binder) overload(s *fn.Spec, args []plan.Expr, at diag.Span, c ctx) (*fn.Sig, []int) {
	var best *fn.Sig
	var bestParams []int
	bestScore, arity := 1<<30, false
	for i := range s.Sigs {
		sig := &s.Sigs[i]
		params, ok := spread(sig.Signature(), len(args))
		if !ok {
			continue
		}
		arity = true
		if score, ok := fits(sig.Signature(), params, args); ok && score < bestScore {
			best, bestParams, bestScore = sig, params, score
		}
	}
	if best != nil {
		return best, bestParams
	}
	b.noOverload(s, args, at, arity, c)
	return nil, nil
}

// noOverload words why no signature fits.
func (b *binder) noOverload(s *fn.Spec, args []plan.Expr, at diag.Span, arity bool, c ctx) {
	if s.Kind == fn.Infix {
		msg := fmt.Sprintf("The operator '%s' is not defined for the operand types %s.", s.Name, typeList(args))
		if len(args) == 1 {
			msg = fmt.Sprintf("The operator '%s' is not defined for the operand type %s.", s.Name[len("unary "):], typeList(args))
		}
		b.fail(at, "SEM0106", c.inOp(msg), "convert an operand, e.g. tolong(…) or tostring(…)")
		return
	}
	if !arity {
		b.fail(at, "SEM0219", c.inOp(fmt.Sprintf("The function '%s' expects %s.", s.Name, arityText(s))), "")
		return
	}
	b.fail(at, "SEM0127", c.inOp(fmt.Sprintf("The function '%s' is not compatible with arguments (%s)", s.Name, typeList(args))),
		"it takes "+s.Sigs[0].Decl)
}

// maxTypeList bounds the types that a message lists.
const maxTypeList = 16

func typeList(args []plan.Expr) string {
	var text strings.Builder
	for i, a := range args {
		switch {
		case i == maxTypeList:
			return text.String() + ", …"
		case i == 0:
		case i == len(args)-1 && len(args) < 4:
			text.WriteString(" and ")
		default:
			text.WriteString(", ")
		}
		text.WriteString(a.Type().String())
	}
	return text.String()
}

func arityText(s *fn.Spec) string {
	lo, hi := 1<<30, 0
	for i := range s.Sigs {
		l, h := 0, 0
		for _, p := range s.Sigs[i].Signature().Params {
			l += p.Min
			h += p.Max
		}
		lo, hi = min(lo, l), max(hi, h)
	}
	switch {
	case lo == hi:
		return plural(lo, "argument")
	case hi >= 1<<14:
		return fmt.Sprintf("at least %s", plural(lo, "argument"))
	}
	return fmt.Sprintf("%d to %s", lo, plural(hi, "argument"))
}

// spread assigns n arguments to a signature's parameters: fixed ones once,
// optional ones while arguments last, and one run of repeated parameters as
// a group as often as it takes.
func spread(sig *fn.Signature, n int) ([]int, bool) {
	ps := sig.Params
	from := len(ps)
	for i, p := range ps {
		if p.Max > 1 {
			from = i
			break
		}
	}
	to := from
	for to < len(ps) && ps[to].Max > 1 {
		to++
	}
	fixed, optional := 0, 0
	for i, p := range ps {
		if i >= from && i < to {
			continue
		}
		fixed += p.Min
		optional += p.Max - p.Min
	}
	group := to - from
	rest := n - fixed
	if rest < 0 {
		return nil, false
	}
	reps := 0
	if group > 0 {
		reps = min(rest/group, ps[from].Max)
		if rest-reps*group > optional || reps < ps[from].Min {
			return nil, false
		}
		rest -= reps * group
	}
	if rest > optional {
		return nil, false
	}
	out := make([]int, 0, n)
	for i := 0; i < len(ps); i++ {
		if i == from && group > 0 {
			for r := 0; r < reps; r++ {
				for g := from; g < to; g++ {
					out = append(out, g)
				}
			}
			i = to - 1
			continue
		}
		if ps[i].Min == 1 {
			out = append(out, i)
		} else if rest > 0 {
			out = append(out, i)
			rest--
		}
	}
	return out, len(out) == n
}

// fits scores how well args fit; lower is better.
func fits(sig *fn.Signature, params []int, args []plan.Expr) (int, bool) {
	score := 0
	for i, a := range args {
		p := &sig.Params[params[i]]
		t := a.Type()
		if (p.Mode == fn.ModeConst || p.Mode == fn.ModeLit || p.Mode == fn.ModeLitNotEmpty) && hasColumns(a) {
			return 0, false
		}
		switch {
		case t == types.Unknown:
		case p.Class == fn.ClassTabular:
			return 0, false
		case p.Class == fn.ClassArg0 && i > 0:
			if t != args[0].Type() && !related(t, args[0].Type()) {
				return 0, false
			}
			score++
		case p.Class == fn.ClassArg1 && i > 1:
			if t != args[1].Type() && !related(t, args[1].Type()) {
				return 0, false
			}
			score++
		case p.Declared != types.Unknown:
			switch {
			case t == p.Declared:
			case promotes(t, p.Declared):
				score += 2 + int(p.Declared-t)
			case isNullConst(a):
				score += 8
			case narrows(a, p.Declared):
				score += 3
			default:
				return 0, false
			}
		case p.Types.Has(t):
			score++
		case isNullConst(a):
			score += 8
		default:
			return 0, false
		}
	}
	return score, true
}

// related reports types that convert to each other for arg0 parameters.
func related(a, b types.Type) bool {
	return a.IsNumber() && b.IsNumber() || a == types.Dynamic || b == types.Dynamic || comparable(a, b)
}

// narrows reports a long constant that fits an int parameter.
func narrows(a plan.Expr, t types.Type) bool {
	k, ok := a.(*plan.Const)
	return ok && t == types.Int && k.Value.Type == types.Long && !k.Value.Null && k.Value.I == int64(int32(k.Value.I))
}

// isNullConst reports an untyped-looking null: dynamic(null).
func isNullConst(a plan.Expr) bool {
	k, ok := a.(*plan.Const)
	return ok && k.Value.Null && k.Value.Type == types.Dynamic
}

// convertArgs brings the arguments to the types that Eval and SQL expect.
func (b *binder) convertArgs(s *fn.Spec, sig *fn.Sig, params []int, args []plan.Expr) []plan.Expr {
	sg := sig.Signature()
	out := make([]plan.Expr, len(args))
	copy(out, args)
	var commons, numbers []int
	for i, a := range args {
		p := &sg.Params[params[i]]
		switch {
		case p.Class == fn.ClassCommon || p.Class == fn.ClassCommonOrd || p.Class == fn.ClassCommonDyn:
			commons = append(commons, i)
		case p.Class == fn.ClassArg0 && i > 0:
			out[i] = b.toPeer(out[i], args[0].Type())
		case p.Class == fn.ClassArg1 && i > 1:
			out[i] = b.toPeer(out[i], args[1].Type())
		case p.Declared != types.Unknown:
			out[i] = b.convert(a, p.Declared, a.Span())
		case a.Type().IsNumber():
			numbers = append(numbers, i)
		}
	}
	if len(commons) > 0 {
		t := commonType(pickArgs(args, commons))
		for _, i := range commons {
			if t != types.Unknown {
				out[i] = b.cast(out[i], t, out[i].Span())
			}
		}
	}
	if len(numbers) > 1 && (s.Kind == fn.Infix || sg.Returns == fn.RetWidest) {
		t := widest(pickArgs(args, numbers))
		for _, i := range numbers {
			out[i] = b.cast(out[i], t, out[i].Span())
		}
	}
	return out
}

// toPeer converts an item of a list to the type of the value it is compared
// with, where that loses nothing.
func (b *binder) toPeer(x plan.Expr, t types.Type) plan.Expr {
	if x.Type() == t || x.Type().IsNumber() && t == types.Dynamic {
		return x
	}
	return b.cast(x, t, x.Span())
}

func pickArgs(args []plan.Expr, at []int) []plan.Expr {
	out := make([]plan.Expr, len(at))
	for k, i := range at {
		out[k] = args[i]
	}
	return out
}
