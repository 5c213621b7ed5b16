package fn

import (
	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/terms"
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
		Name: "__fold", Hidden: true,
		Doc:      "Text in the form that comparisons without case share.",
		Sigs:     []Sig{{Decl: "(text: string): string"}},
		Nulls:    NeverNull,
		Eval:     Map1(Always(terms.Fold)),
		Examples: []Example{{`"AbC" =~ "aBc"`, `true`}},
	},
}
