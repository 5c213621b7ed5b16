package fn

import (
	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/types"
)

// accessRows read dynamic values: parsing JSON text, members and items, and
// paths. Only parse_json looks at foreign text; a member of a dynamic value is
// part of its text and is not checked again.
var accessRows = []Spec{
	{
		Name: ".", Kind: Infix, Hidden: true, Ref: "scalar-data-types/dynamic", Doc: "The member of a bag with a name; null when there is none.",
		Sigs: []Sig{{Decl: "(object: dynamic, name: string): dynamic"}},
		Eval: memberEval,
		Examples: []Example{
			{`dynamic({"a":{"b":1}}).a.b`, `dynamic(1)`}, {`dynamic({"a":1}).zzz`, `dynamic(null)`},
		},
	},
	{
		Name: "[]", Kind: Infix, Hidden: true, Ref: "scalar-data-types/dynamic",
		Doc: "The member of a bag with a name, or an item of an array by its place; a negative place counts from the end.",
		Sigs: []Sig{
			{Decl: "(object: dynamic, name: string): dynamic", Eval: memberEval},
			{Decl: "(object: dynamic, name: dynamic): dynamic", Eval: memberOrItemEval},
			{Decl: "(array: dynamic, index: long): dynamic", Eval: itemEval},
			{Decl: "(array: dynamic, index: bool): dynamic", Eval: memberOrItemEval},
		},
		Examples: []Example{
			{`dynamic({"a b":1})["a b"]`, `dynamic(1)`}, {`dynamic([1,2,3])[0]`, `dynamic(1)`}, {`dynamic([1,2,3])[-1]`, `dynamic(3)`},
			{`dynamic([1,2,3])[9]`, `dynamic(null)`},
		},
	},
	jsonRow("parse_json", "", []string{"todynamic"}),
	jsonRow("parsejson", "parse_json", nil),
	jsonRow("toobject", "parse_json", nil),
	{
		Name: "dynamic_to_json", Ref: "dynamic-to-json-function",
		Doc:   "JSON text in which equal values are equal text: members sorted by name.",
		Sigs:  []Sig{{Decl: "(dynamic: scalar): string"}},
		Nulls: NeverNull, Eval: canonicalEval,
		Examples: []Example{
			{`dynamic_to_json(dynamic({"b":2,"a":[1.0,{"d":null,"c":"x"}]}))`, `"{\"a\":[1.0,{\"c\":\"x\",\"d\":null}],\"b\":2}"`},
			{`dynamic_to_json(1d)`, `"1.00:00:00"`},
		},
	},
	{
		Name: "extract_json", Aliases: []string{"extractjson"}, Ref: "extract-json-function",
		Doc: "What a JSON path finds in JSON text, as text or as the type given.",
		Sigs: []Sig{
			{Decl: "(jsonPath: const string, jsonText: string): string"},
			{Decl: "(jsonPath: const string, jsonText: string, type: lit type): litN"},
			{Decl: "(jsonPath: const string, jsonText: dynamic): string"},
			{Decl: "(jsonPath: const string, jsonText: dynamic, type: lit type): litN"},
		},
		Eval: extractJSONEval,
		Examples: []Example{
			{`extract_json("$.name", '{"name": "John", "age": 30}')`, `"John"`},
			{`extract_json("$.a['b c'][1]", '{"a":{"b c":[5, 7]}}', typeof(int))`, `int(7)`},
			{`extract_json("$.none", '{"a":1}', typeof(long))`, `long(null)`},
		},
	},
}

func jsonRow(name, obsolete string, aliases []string) Spec {
	return Spec{
		Name: name, Aliases: aliases, Obsolete: obsolete, Hidden: obsolete != "", Naming: NameFirstArg, Ref: "parse-json-function",
		Doc:  "The dynamic value that JSON text describes. Text that is not JSON becomes a dynamic string, the empty text null.",
		Sigs: []Sig{{Decl: "(json_text: stringdyn): dynamic"}},
		Eval: jsonEval, DuckDB: SQL{Build: sameDynamicSQL},
		Examples: []Example{
			{name + `('{"a": 1.50}').a`, `dynamic(1.5)`}, {name + `("[1, 2")`, `dynamic("[1, 2")`}, {name + `("")`, `dynamic(null)`},
			{name + `("null")`, `dynamic(null)`}, {name + `('{"t":"2021-11-18T00:03:35"}').t`, `dynamic("2021-11-18T00:03:35.0000000Z")`},
		},
	}
}

func sameDynamicSQL(b *Builder) (sqlx.Expr, bool) {
	return b.Args[0].SQL, b.Args[0].Type == types.Dynamic
}

func jsonEval(c *Call) {
	a := c.Args[0]
	for i := range c.N {
		switch {
		case a.Type == types.Dynamic:
			copyRow(c.Out, i, a, i)
		case a.Strings[i] == "":
			c.Out.SetNull(i)
		default:
			c.putJSON(i, parseJSON(a.Strings[i]))
		}
	}
}

// parseJSON is the canonical form of JSON text, or the text as a JSON string.
// Times among the values become datetimes.
func parseJSON(text string) string {
	if json, ok := dynamic.CompactTimes(text); ok {
		return json
	}
	return dynamic.Quote(text)
}

// putJSON stores a canonical value; "null" is the null.
func (c *Call) putJSON(i int, text string) {
	if text == "null" {
		c.Out.SetNull(i)
	} else {
		c.Out.Strings[i] = text
	}
}

func memberEval(c *Call) {
	for i := range c.N {
		v, _ := dynamic.Get(c.json(0, i), c.Args[1].Strings[i])
		c.putJSON(i, v)
	}
}

func itemEval(c *Call) {
	for i := range c.N {
		if c.Args[1].IsNull(i) {
			c.Out.SetNull(i)
			continue
		}
		v, _ := dynamic.Index(c.json(0, i), clampInt(c.Args[1].Ints[i]))
		c.putJSON(i, v)
	}
}

// memberOrItemEval: a dynamic index is a name when it holds text, else a place;
// a bool is place 0 or 1.
func memberOrItemEval(c *Call) {
	for i := range c.N {
		v := "null"
		if k := c.Args[1]; k.Type == types.Dynamic && dynamic.KindOf(c.json(1, i)) == dynamic.String {
			v, _ = dynamic.Get(c.json(0, i), dynamic.Unquote(k.Strings[i]))
		} else if at, ok := castRow(k, i, types.Long); ok {
			v, _ = dynamic.Index(c.json(0, i), clampInt(at.I))
		}
		c.putJSON(i, v)
	}
}

// clampInt brings n into the range in which sums of an int and a length do
// not overflow.
func clampInt(n int64) int { return int(min(max(n, -1<<40), 1<<40)) }

func canonicalEval(c *Call) {
	t := c.text(0)
	for i := range c.N {
		if a := c.Args[0]; a.Type == types.Dynamic && !a.IsNull(i) {
			c.Out.Strings[i] = string(dynamic.AppendSorted(nil, a.Strings[i]))
		} else {
			c.Out.Strings[i] = t.at(i)
		}
	}
}

// extractJSONEval parses a path once per path and a text once per row.
func extractJSONEval(c *Call) {
	path, known := []dynamic.Step(nil), false
	last := ""
	value := types.NewVector(types.Dynamic, 1)
	for i := range c.N {
		if p := c.Args[0].Strings[i]; !known || p != last {
			var err error
			if path, err = dynamic.ParsePath(p); err != nil {
				c.Err = err
				return
			}
			known, last = true, p
		}
		value.Reset(types.Dynamic, 1)
		text := c.json(1, i)
		if c.Args[1].Type == types.String {
			text, _ = dynamic.Compact(text)
		}
		value.Strings[0], _ = dynamic.Find(text, path)
		if dynamic.KindOf(value.Strings[0]) == dynamic.Null {
			value.SetNull(0)
		}
		if x, ok := castRow(value, 0, c.Out.Type); ok {
			c.Out.Set(i, x)
		} else {
			c.Out.SetNull(i)
		}
	}
}
