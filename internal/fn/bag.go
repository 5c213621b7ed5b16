package fn

import (
	"github.com/harrier-hunting/harrier/internal/dynamic"
)

// bagRows make and read property bags. An argument that is no bag gives null
// unless the row says otherwise.
var bagRows = []Spec{
	packRow("bag_pack", ""),
	packRow("pack", "bag_pack"),
	packRow("pack_dictionary", "bag_pack"),
	{
		Name: "__bag_pack_present", Hidden: true, Ref: "pack-all-function",
		Doc:  "bag_pack without the members that are null or an empty string: pack_all(true).",
		Sigs: []Sig{{Decl: "(key: string{1,}, value: scalar{1,}): dynamic"}}, Nulls: NeverNull, Eval: packEval(true),
	},
	{
		Name: "bag_keys", Ref: "bag-keys-function", Doc: "The names of a bag's members.",
		Sigs: []Sig{{Decl: "(object: bag): dynamic"}},
		Eval: fromBag(func(c *Call, dst []byte, i int, bag string) ([]byte, bool) {
			dst = append(dst, '[')
			for key := range dynamic.Members(bag) {
				if len(dst) > 1 {
					dst = append(dst, ',')
				}
				dst = append(dst, key...)
			}
			return append(dst, ']'), true
		}),
		Examples: []Example{
			{`bag_keys(dynamic({"a":"b","c":{"d":1}}))`, `dynamic(["a","c"])`}, {`bag_keys(dynamic({}))`, `dynamic([])`}, {`bag_keys(dynamic([]))`, `dynamic(null)`},
		},
	},
	{
		Name: "bag_has_key", Ref: "bag-has-key-function", Doc: "The bag has a member of that name, or at that JSON path.",
		Sigs: []Sig{{Decl: "(bag: bag, key: string): bool"}}, Eval: hasKeyEval,
		Examples: []Example{
			{`bag_has_key(dynamic({"key1":123}), "key1")`, `true`}, {`bag_has_key(dynamic({"key1":123}), "key2")`, `false`},
			{`bag_has_key(dynamic({"key2":{"prop1":"abc"}}), "$.key2.prop1")`, `true`},
		},
	},
	{
		Name: "bag_merge", Ref: "bag-merge-function", Doc: "One bag with the members of all; of equal names the leftmost counts. A null argument adds nothing.",
		Sigs: []Sig{{Decl: "(bag: bag{2,64}): dynamic"}}, Eval: mergeEval,
		Examples: []Example{{`bag_merge(dynamic({"a":1,"b":2}), dynamic({"b":3,"c":4}))`, `dynamic({"a":1,"b":2,"c":4})`}},
	},
	{
		Name: "bag_remove_keys", Ref: "bag-remove-keys-function", Doc: "The bag without the members named, or at the JSON paths given.",
		Sigs: []Sig{{Decl: "(bag: bag, keys: array): dynamic"}}, Eval: fromBag(removeKeys),
		Examples: []Example{
			{`bag_remove_keys(dynamic({"a":1,"b":2}), dynamic(["b","x"]))`, `dynamic({"a":1})`},
			{`bag_remove_keys(dynamic({"k":{"p":1,"q":2},"l":3}), dynamic(["$.k.p","l"]))`, `dynamic({"k":{"q":2}})`},
		},
	},
	{
		Name: "bag_set_key", Ref: "bag-set-key-function", Doc: "The bag with a member set, by name or JSON path.",
		Sigs: []Sig{{Decl: "(bag: bag, key: const string, value: scalar): dynamic"}}, Eval: fromBag(setKey),
		Examples: []Example{
			{`bag_set_key(dynamic({"a":1}), "b", 2)`, `dynamic({"a":1,"b":2})`}, {`bag_set_key(dynamic({"a":1}), "a", "x")`, `dynamic({"a":"x"})`},
			{`bag_set_key(dynamic({"a":1}), "$.k.p", true)`, `dynamic({"a":1,"k":{"p":true}})`},
		},
	},
	{
		Name: "bag_zip", Ref: "bag-zip", Doc: "A bag of names from one array and values from another. A name that is no string is left out, a missing value is null.",
		Sigs: []Sig{{Decl: "(keys: array, values: array): dynamic"}}, Eval: itemsEval(bagZip),
		Examples: []Example{
			{`bag_zip(dynamic(["a","b"]), dynamic([1,"2",2.5]))`, `dynamic({"a":1,"b":"2"})`}, {`bag_zip(dynamic(["a",8,"b"]), dynamic([1,2,3]))`, `dynamic({"a":1,"b":3})`},
			{`bag_zip(dynamic(["a"]), dynamic(1))`, `dynamic({"a":null})`},
		},
	},
}

func packRow(name, obsolete string) Spec {
	return Spec{
		Name: name, Obsolete: obsolete, Hidden: obsolete != "", Ref: "pack-function",
		Doc:  "A bag of the names and values given in turn.",
		Sigs: []Sig{{Decl: "(key: string{1,}, value: scalar{1,}): dynamic"}}, Nulls: NeverNull, Eval: packEval(false),
		Examples: []Example{
			{name + `("Level", "Information", "ProcessID", 1234)`, `dynamic({"Level":"Information","ProcessID":1234})`},
			{name + `("t", 1h, "n", long(null))`, `dynamic({"t":"01:00:00","n":null})`},
		},
	}
}

func packEval(presentOnly bool) Eval {
	return func(c *Call) {
		var keys keySet
		c.jsonRows(func(dst []byte, i int) ([]byte, bool) {
			dst = append(dst, '{')
			keys.clear()
			for k := 0; k+1 < len(c.Args); k += 2 {
				if presentOnly && missing(c.Args[k+1], i) {
					continue
				}
				from := len(dst)
				if from > 1 {
					dst = append(dst, ',')
				}
				at := len(dst)
				dst = dynamic.AppendString(dst, c.Args[k].Strings[i])
				if !keys.add(dst[at:]) {
					dst = dst[:from] // the first of equal names counts
					continue
				}
				dst = dynamic.AppendRow(append(dst, ':'), c.Args[k+1], i)
			}
			return append(dst, '}'), true
		})
	}
}

// fromBag adapts a function of the bag in the first argument.
func fromBag(make func(c *Call, dst []byte, i int, bag string) ([]byte, bool)) Eval {
	return func(c *Call) {
		c.jsonRows(func(dst []byte, i int) ([]byte, bool) {
			bag := c.json(0, i)
			if dynamic.KindOf(bag) != dynamic.Bag {
				return dst, false
			}
			return make(c, dst, i, bag)
		})
	}
}

func hasKeyEval(c *Call) {
	for i := range c.N {
		bag, key := c.json(0, i), c.Args[1].Strings[i]
		if c.Args[0].IsNull(i) {
			c.Out.SetNull(i)
			continue
		}
		if !dynamic.IsPath(key) {
			_, c.Out.Bools[i] = dynamic.Get(bag, key)
			continue
		}
		if path, ok := editPath(key); ok {
			_, c.Out.Bools[i] = dynamic.Find(bag, path)
		}
	}
}

func mergeEval(c *Call) {
	var keys keySet
	c.jsonRows(func(dst []byte, i int) ([]byte, bool) {
		dst = append(dst, '{')
		keys.clear()
		any := false
		for k := range c.Args {
			bag := c.json(k, i)
			any = any || dynamic.KindOf(bag) == dynamic.Bag
			for key, value := range dynamic.Members(bag) {
				if keys.add([]byte(key)) {
					dst = appendMember(dst, key, value)
				}
			}
		}
		return append(dst, '}'), any
	})
}

// appendMember appends a member to an open bag; key is quoted.
func appendMember(dst []byte, key, value string) []byte {
	if dst[len(dst)-1] != '{' {
		dst = append(dst, ',')
	}
	dst = append(append(dst, key...), ':')
	return append(dst, value...)
}

func bagZip(c *Call, dst []byte, i int, names []string) ([]byte, bool) {
	values := dynamic.AppendItems(nil, c.json(1, i))
	var keys keySet
	dst = append(dst, '{')
	for k, name := range names {
		if dynamic.KindOf(name) != dynamic.String || !keys.add([]byte(name)) {
			continue
		}
		value := "null"
		if k < len(values) {
			value = values[k]
		}
		dst = appendMember(dst, name, value)
	}
	return append(dst, '}'), true
}
