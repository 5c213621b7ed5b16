package bind

import (
	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// widest is the numeric type two numbers meet in; arithmetic on ints is long.
func widest(args []plan.Expr) types.Type {
	t := types.Long
	for _, a := range args {
		switch a.Type() {
		case types.Decimal:
			if t != types.Real {
				t = types.Decimal
			}
		case types.Real:
			t = types.Real
		}
	}
	return t
}

// commonType is the type that all branches of case, iff, coalesce … take:
// equal types as they are, numbers the widest, dynamic gives way to a plain
// type, and unlike plain types meet in dynamic.
func commonType(args []plan.Expr) types.Type {
	t := types.Unknown
	for _, a := range args {
		at := a.Type()
		switch {
		case at == types.Unknown, isNullConst(a):
		case t == types.Unknown || t == at:
			t = at
		case t == types.Dynamic:
			t = at
		case at == types.Dynamic:
		case t.IsNumber() && at.IsNumber():
			t = widerNumber(t, at)
		default:
			return types.Dynamic
		}
	}
	if t == types.Unknown && len(args) > 0 {
		return types.Dynamic
	}
	return t
}

func widerNumber(a, b types.Type) types.Type {
	rank := func(t types.Type) int {
		switch t {
		case types.Int:
			return 0
		case types.Long:
			return 1
		case types.Decimal:
			return 2
		}
		return 3
	}
	if rank(a) >= rank(b) {
		return a
	}
	return b
}

// resultType applies a signature's result rule to converted arguments.
func resultType(sig *fn.Sig, args []plan.Expr) types.Type {
	sg := sig.Signature()
	switch sg.Returns {
	case fn.RetType:
		return sg.Type
	case fn.RetArg:
		if sg.Index < len(args) {
			return args[sg.Index].Type()
		}
	case fn.RetArgList:
		return types.Dynamic
	case fn.RetPromoted:
		if t := args[sg.Index].Type(); t != types.Int {
			return t
		}
		return types.Long
	case fn.RetLiteral:
		if sg.Index < len(args) {
			return literalType(args[sg.Index])
		}
	case fn.RetLiteralN:
		return literalType(args[len(args)-1])
	case fn.RetCommon:
		var commons []plan.Expr
		params, _ := spread(sg, len(args))
		for i, p := range params {
			switch sg.Params[p].Class {
			case fn.ClassCommon, fn.ClassCommonOrd, fn.ClassCommonDyn:
				commons = append(commons, args[i])
			}
		}
		return commonType(commons)
	case fn.RetWidest:
		t := types.Unknown
		for _, a := range args {
			if a.Type().IsNumber() {
				t = widest(args)
			}
		}
		return t
	case fn.RetCustom:
		if sig.Result != nil {
			return sig.Result(argInfos(args))
		}
		if len(args) > 0 {
			return args[0].Type()
		}
	}
	return types.Unknown
}

func argInfos(args []plan.Expr) []fn.ArgInfo {
	infos := make([]fn.ArgInfo, len(args))
	for i, a := range args {
		infos[i].Type = a.Type()
		if k, ok := a.(*plan.Const); ok {
			infos[i].Const = &k.Value
		}
	}
	return infos
}

func literalType(a plan.Expr) types.Type {
	if k, ok := a.(*plan.Const); ok && k.Value.Type == types.String {
		t, _ := types.ByName(k.Value.S)
		return t
	}
	return types.Unknown
}
