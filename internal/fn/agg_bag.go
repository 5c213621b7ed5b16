package fn

import (
	"errors"
	"slices"

	"github.com/harrier-hunting/harrier/internal/dynamic"
)

// Aggregates over bags. Values that are no bag are left out of a merged bag;
// of a key in several rows the first row's value stays (Kusto leaves open
// which; its answers have the first).

var aggBagRows = []Spec{
	{
		Name: "make_bag", Kind: Aggregate, Naming: NamePrefixArg, Prefix: "bag", Nulls: NeverNull,
		Doc:    "Bag of all members of the group's bags; of a key in several rows, one row's value.",
		Ref:    "make-bag-aggregation-function",
		Sigs:   []Sig{{Decl: "(expr: bag, maxSize?: integer): dynamic"}},
		Eval:   bagEval("make_bag", maxListSize),
		DuckDB: collect("make_bag", 1, -1),
		Examples: []Example{
			{`datatable(d:dynamic)[dynamic({"a":1}), dynamic({"a":2,"b":3}), dynamic([4])] | summarize make_bag(d)`, `dynamic({"a":1,"b":3})`},
			{`datatable(d:dynamic)[] | summarize make_bag(d)`, `dynamic({})`},
		},
	},
	{
		Name: "make_bag_if", Kind: Aggregate, Naming: NamePrefixArg, Prefix: "bag", Nulls: NeverNull,
		Doc:    "Bag of all members of the bags of rows for which the predicate is true.",
		Ref:    "make-bag-if-aggregation-function",
		Sigs:   []Sig{{Decl: "(expr: bag, predicate: bool, maxSize?: integer): dynamic"}},
		Eval:   whereTrue(1, bagEval("make_bag_if", maxListSize)),
		DuckDB: collect("make_bag", 1, 1),
		Examples: []Example{
			{`datatable(d:dynamic, b:bool)[dynamic({"a":1}), false, dynamic({"b":2}), true] | summarize make_bag_if(d, b)`, `dynamic({"b":2})`},
		},
	},
	{
		Name: "make_dictionary", Kind: Aggregate, Naming: NamePrefixArg, Prefix: "dictionary", Nulls: NeverNull,
		Obsolete: "make_bag", Hidden: true,
		Doc:    "Bag of all members of the group's bags, at most 128 unless told.",
		Ref:    "make-bag-aggregation-function",
		Sigs:   []Sig{{Decl: "(expr: bag, maxSize?: integer): dynamic"}},
		Eval:   bagEval("make_dictionary", oldListSize),
		DuckDB: collect("make_dictionary", 1, -1),
		Examples: []Example{
			{`datatable(d:dynamic)[dynamic({"a":1}), dynamic({"b":2})] | summarize make_dictionary(d)`, `dynamic({"a":1,"b":2})`},
		},
	},
	{
		Name: "buildschema", Kind: Aggregate, Naming: NamePrefixArg, Prefix: "schema",
		Doc:    "Smallest schema that admits all values: type names, with bags and arrays taken apart.",
		Ref:    "buildschema-aggregation-function",
		Sigs:   []Sig{{Decl: "(expr: bag): dynamic"}},
		Eval:   schemaEval,
		DuckDB: collect("buildschema", 1, -1),
		Examples: []Example{
			{`datatable(d:dynamic)[dynamic({"x":1}), dynamic({"x":"a","y":[2.5]})] | summarize buildschema(d)`,
				"dynamic({\"x\":[\"long\",\"string\"],\"y\":{\"`indexer`\":\"double\"}})"},
			{`datatable(d:dynamic)[] | summarize buildschema(d)`, `dynamic(null)`},
		},
	},
}

func bagEval(name string, byDefault int) Eval {
	return func(c *Call) {
		keys := distinctItems{}
		var buf []byte
		total := 0
		for g := range c.N {
			limit, err := c.maxSize(name, 1, g, byDefault)
			if err != nil {
				c.Err = err
				return
			}
			keys.reset()
			buf = mergeBags(append(buf[:0], '{'), c.groupItems(0, g), &keys, limit)
			if !c.setMade(name, g, buf, &total) {
				return
			}
		}
	}
}

// mergeBags appends the members of all bags and the closing brace.
func mergeBags(buf []byte, it aggItems, keys *distinctItems, limit int) []byte {
	for i := it.from; i < it.to && len(buf) <= dynamic.MaxSize; i++ {
		if it.IsNull(i) {
			continue
		}
		for k, v := range dynamic.Members(it.Strings[i]) {
			if keys.len() >= limit || !keys.addText(k) {
				continue
			}
			if len(buf) > 1 {
				buf = append(buf, ',')
			}
			buf = append(append(append(buf, k...), ':'), v...)
		}
	}
	return append(buf, '}')
}

// maxSchemaParts bounds the work and size of one schema.
const maxSchemaParts = 100_000

var errSchemaParts = errors.New("buildschema: a group has more than 100000 different paths; select a part of the value first")

// indexerKey is the member under which a schema describes an array's items.
const indexerKey = "\"`indexer`\""

// schemaPart is what was seen at one place: names of plain types, and members
// of bags, both in the order of first appearance.
type schemaPart struct {
	types   []string
	keys    []string // quoted
	members map[string]*schemaPart
}

func schemaEval(c *Call) {
	total := 0
	for g := range c.N {
		it := c.groupItems(0, g)
		root, left, some := &schemaPart{}, maxSchemaParts, false
		for i := it.from; i < it.to; i++ {
			if it.IsNull(i) {
				continue
			}
			some = true
			if !root.add(it.Strings[i], &left, 0) {
				c.Err = errSchemaParts
				return
			}
		}
		if !some {
			c.Out.SetNull(g)
		} else if !c.setMade("buildschema", g, root.append(nil), &total) {
			return
		}
	}
}

// add widens the schema by a value; false when the limit of parts is passed.
func (p *schemaPart) add(text string, left *int, depth int) bool {
	if depth > dynamic.MaxDepth {
		return false
	}
	switch dynamic.KindOf(text) {
	case dynamic.Null:
		return true
	case dynamic.Array:
		items, ok := p.member(indexerKey, left)
		for item := range dynamic.Items(text) {
			ok = ok && items.add(item, left, depth+1)
		}
		return ok
	case dynamic.Bag:
		p.bag()
		ok := true
		for k, v := range dynamic.Members(text) {
			var m *schemaPart
			if ok {
				m, ok = p.member(k, left)
			}
			ok = ok && m.add(v, left, depth+1)
		}
		return ok
	}
	if name := dynamic.TypeName(text); !slices.Contains(p.types, name) {
		p.types = append(p.types, name)
	}
	return true
}

func (p *schemaPart) bag() {
	if p.members == nil {
		p.members = map[string]*schemaPart{}
	}
}

func (p *schemaPart) member(key string, left *int) (*schemaPart, bool) {
	p.bag()
	m := p.members[key]
	if m == nil {
		if *left--; *left < 0 {
			return nil, false
		}
		m = &schemaPart{}
		p.members[key] = m
		p.keys = append(p.keys, key)
	}
	return m, true
}

// append writes one type as it is, several as an array.
func (p *schemaPart) append(dst []byte) []byte {
	n := len(p.types)
	if p.members != nil {
		n++
	}
	if n != 1 {
		dst = append(dst, '[')
	}
	for i, t := range p.types {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = dynamic.AppendString(dst, t)
	}
	if p.members != nil {
		if len(p.types) > 0 {
			dst = append(dst, ',')
		}
		dst = p.appendMembers(dst)
	}
	if n != 1 {
		dst = append(dst, ']')
	}
	return dst
}

func (p *schemaPart) appendMembers(dst []byte) []byte {
	dst = append(dst, '{')
	for i, k := range p.keys {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = p.members[k].append(append(append(dst, k...), ':'))
	}
	return append(dst, '}')
}
