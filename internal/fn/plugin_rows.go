package fn

import (
	"errors"
	"fmt"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/types"
)

// pluginRows are what the plugins of evaluate need of the engine. No query
// names them.
var pluginRows = []Spec{
	{
		Name: "__bag_slots", Hidden: true, Ref: "bag-unpack-plugin",
		Doc:  "The members of a bag that are not null, each as a letter for its kind and its name.",
		Sigs: []Sig{{Decl: "(bag: dynamic): list(string)"}}, Nulls: NeverNull, Vol: PerRow, Eval: bagSlotsEval,
	},
	{
		Name: "__bag_slot", Hidden: true, Ref: "bag-unpack-plugin",
		Doc:  "A member of a bag as a type; null where there is none.",
		Sigs: []Sig{{Decl: "(bag: dynamic, name: string, type: lit type): litN"}}, Eval: bagSlotEval,
	},
	{
		Name: "__ip_network", Hidden: true, Ref: "ipv4-lookup-plugin",
		Doc:  "Text as a network: 32 hexadecimal digits of its IPv6 address and 2 of the prefix; empty for text that is none.",
		Sigs: []Sig{{Decl: "(text: string, version: long): string"}}, Nulls: NeverNull, Eval: ipNetworkEval,
	},
	{
		Name: "__hll_shared", Hidden: true, Ref: "dcount-intersect-plugin",
		Doc:  "Number of distinct values that all count sketches share.",
		Sigs: []Sig{{Decl: "(hll: array{1,16}): long"}}, Eval: hllSharedEval,
	},
}

// slotKinds are the letters of __bag_slots, by kind of value.
var slotKinds = map[dynamic.Kind]byte{dynamic.Bool: 'b', dynamic.Long: 'l', dynamic.Real: 'r', dynamic.String: 's', dynamic.Array: 'd', dynamic.Bag: 'd'}

// SlotType is the type of a slot's letter.
func SlotType(letter byte) types.Type {
	switch letter {
	case 'b':
		return types.Bool
	case 'l':
		return types.Long
	case 'r':
		return types.Real
	case 's':
		return types.String
	}
	return types.Dynamic
}

func bagSlotsEval(c *Call) {
	child := c.Out.Child
	for i := range c.N {
		from := child.Len
		if a := c.Args[0]; !a.IsNull(i) && dynamic.KindOf(a.Strings[i]) == dynamic.Bag {
			for key, value := range dynamic.Members(a.Strings[i]) {
				letter, ok := slotKinds[dynamic.KindOf(value)]
				if !ok {
					continue
				}
				n := child.Len
				child.Grow(n + 1)
				child.Strings[n] = string(letter) + dynamic.Unquote(key)
			}
		}
		c.Out.Lists[i] = types.ListEntry{Off: from, Len: child.Len - from}
	}
}

func bagSlotEval(c *Call) {
	for i := range c.N {
		v := types.Null(c.Out.Type)
		if a := c.Args[0]; !a.IsNull(i) && dynamic.KindOf(a.Strings[i]) == dynamic.Bag {
			if text, ok := dynamic.Get(a.Strings[i], c.Args[1].Strings[i]); ok {
				v = slotValue(text, c.Out.Type)
			}
		}
		c.Out.Set(i, v)
	}
}

// slotValue reads a dynamic value as the to… functions do.
func slotValue(text string, t types.Type) types.Value {
	v, ok := types.Value{Type: t}, false
	if dynamic.KindOf(text) == dynamic.Null {
		return types.Null(t)
	}
	switch t {
	case types.Bool:
		var b bool
		b, ok = dynamic.AsBool(text)
		v = types.BoolValue(b)
	case types.Int:
		v.I, ok = dynamic.AsInt(text)
	case types.Long:
		v.I, ok = dynamic.AsLong(text)
	case types.Real:
		v.F, ok = dynamic.AsReal(text)
	case types.Decimal:
		v.S, ok = dynamic.AsDecimal(text)
	case types.Datetime:
		v.I, ok = dynamic.AsDatetime(text)
	case types.Timespan:
		v.I, ok = dynamic.AsTimespan(text)
	case types.Guid:
		v.S, ok = types.ParseGuid(dynamic.AsString(text))
	case types.String:
		v.S, ok = dynamic.AsString(text), true
	case types.Dynamic:
		v.S, ok = text, true
	}
	if !ok {
		return types.Null(t)
	}
	return v
}

func ipNetworkEval(c *Call) {
	for i := range c.N {
		p, ok := ipv6Prefix{}, false
		if c.Args[1].Ints[i] == 4 {
			var v4 ipv4Prefix
			if v4, ok = parseIPv4(c.Args[0].Strings[i]); ok {
				p, ok = parseIPv6(v4.cidr())
			}
		} else {
			p, ok = parseIPv6(c.Args[0].Strings[i])
		}
		if ok {
			c.Out.Strings[i] = fmt.Sprintf("%016x%016x%02x", p.hi, p.lo, p.bits)
		}
	}
}

// maxShared bounds how many large sketches are intersected: the work doubles
// with each.
const maxShared = 10

func hllSharedEval(c *Call) {
	for i := range c.N {
		var sketches []*countSketch
		large := false
		for _, a := range c.Args {
			s, ok := (*countSketch)(nil), false
			if !a.IsNull(i) {
				s, ok = readCountSketch(a.Strings[i])
			}
			if !ok {
				sketches = nil
				break
			}
			large = large || s.registers != nil
			sketches = append(sketches, s)
		}
		switch {
		case sketches == nil:
			c.Out.SetNull(i)
		case large && len(sketches) > maxShared:
			c.Err = errors.New("dcount_intersect: too many sketches of many values")
			return
		case large:
			n, ok := sharedEstimate(sketches)
			if c.Out.Ints[i] = n; !ok {
				c.Out.SetNull(i)
			}
		default:
			c.Out.Ints[i] = sharedHashes(sketches)
		}
	}
}

// sharedHashes counts the values of the first sketch that all others have.
func sharedHashes(sketches []*countSketch) (n int64) {
next:
	for h := range sketches[0].hashes {
		for _, s := range sketches[1:] {
			if _, ok := s.hashes[h]; !ok {
				continue next
			}
		}
		n++
	}
	return n
}

// sharedEstimate is the inclusion-exclusion sum over the unions of all subsets.
func sharedEstimate(sketches []*countSketch) (n int64, ok bool) {
	for set := 1; set < 1<<len(sketches); set++ {
		var union *countSketch
		sign := int64(-1)
		for k, s := range sketches {
			if set&(1<<k) == 0 {
				continue
			}
			sign = -sign
			if union == nil {
				union = &countSketch{bits: s.bits, limit: s.limit, hashes: map[uint64]struct{}{}}
			}
			if !union.merge(s) {
				return 0, false
			}
		}
		n += sign * union.count()
	}
	return max(n, 0), true
}
