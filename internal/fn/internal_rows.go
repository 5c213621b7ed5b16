package fn

import (
	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/terms"
	"github.com/harrier-hunting/harrier/internal/types"
)

// internalRows are rows that no query names: conversions the binder needs.
var internalRows = []Spec{
	{
		Name: "dynamic", Kind: Infix, Hidden: true,
		Doc:   "A plain value as a dynamic value.",
		Sigs:  []Sig{{Decl: "(value: scalar): dynamic"}},
		Nulls: NullIfArg,
		Eval: func(c *Call) {
			a := c.Args[0]
			for i := range c.N {
				if a.IsNull(i) {
					c.Out.SetNull(i)
					continue
				}
				c.Out.Strings[i] = string(dynamic.AppendRow(nil, a, i))
			}
		},
	},
	{
		Name: "__mv_to", Hidden: true, Ref: "mv-expand-operator",
		Doc:  "An expanded item as a type: kinds convert, text is not read.",
		Sigs: []Sig{{Decl: "(item: dynamic, type: lit type): lit1"}},
		Eval: mvToEval,
	},
	{
		Name: "__fold", Hidden: true,
		Doc:      "Text in the form that comparisons without case share.",
		Sigs:     []Sig{{Decl: "(text: string): string"}},
		Nulls:    NeverNull,
		Eval:     Map1(Always(terms.Fold)),
		Examples: []Example{{`"AbC" =~ "aBc"`, `true`}},
	},
}

// mvToEval converts items of an expanded array (measured on the engine):
// numbers to numbers toward zero, booleans and whole numbers to bool, anything
// to string, only text to datetime and guid; the rest is null.
func mvToEval(c *Call) {
	items := c.Args[0]
	for i := range c.N {
		item := "null"
		if !items.IsNull(i) {
			item = items.Strings[i]
		}
		v, ok := mvTo(item, c.Out.Type)
		if !ok {
			v = types.Null(c.Out.Type)
		}
		c.Out.Set(i, v)
	}
}

func mvTo(item string, t types.Type) (types.Value, bool) {
	kind := dynamic.KindOf(item)
	number := kind == dynamic.Long || kind == dynamic.Real
	switch {
	case t == types.String:
		if kind == dynamic.Null {
			return types.StringValue(""), true
		}
		return types.StringValue(dynamic.AsString(item)), true
	case t == types.Int && number:
		n, ok := dynamic.AsInt(item)
		return types.Value{Type: t, I: n}, ok
	case t == types.Long && number:
		n, ok := dynamic.AsLong(item)
		return types.LongValue(n), ok
	case t == types.Real && number:
		f, ok := dynamic.AsReal(item)
		return types.RealValue(f), ok
	case t == types.Bool && (kind == dynamic.Bool || kind == dynamic.Long):
		v, ok := dynamic.AsBool(item)
		return types.BoolValue(v), ok
	case t == types.Datetime && kind == dynamic.String:
		n, ok := types.ParseDatetime(dynamic.AsString(item))
		return types.DatetimeValue(n), ok
	case t == types.Guid && kind == dynamic.String:
		g, ok := types.ParseGuid(dynamic.AsString(item))
		return types.Value{Type: t, S: g}, ok
	}
	return types.Value{}, false
}
