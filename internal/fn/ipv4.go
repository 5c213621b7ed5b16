package fn

import (
	"strings"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/types"
)

// ipv4Rows work on IPv4 addresses written as text, with an optional prefix
// (192.168.1.1/24). Text that is no address gives null.
var ipv4Rows = []Spec{
	{
		Name: "parse_ipv4", Ref: "parse-ipv4-function",
		Doc:      "The address as a number, masked by its prefix.",
		Sigs:     []Sig{{Decl: "(ip: string): long"}},
		Eval:     textMaybe(func(s string) (int64, bool) { p, ok := parseIPv4(s); return int64(p.masked()), ok }),
		Examples: []Example{{`parse_ipv4("192.168.1.1")`, `3232235777`}, {`parse_ipv4("192.168.1.1/24")`, `3232235776`}, {`parse_ipv4("01.2.3.4")`, `long(null)`}},
	},
	{
		Name: "parse_ipv4_mask", Ref: "parse-ipv4-mask-function",
		Doc:      "The address as a number, masked by the shorter of its prefix and the one given.",
		Sigs:     []Sig{{Decl: "(ip: string, prefix: long): long"}},
		Eval:     parseIPv4MaskEval,
		Examples: []Example{{`parse_ipv4_mask("127.0.0.1", 24)`, `2130706432`}, {`parse_ipv4_mask("127.0.0.1", 33)`, `long(null)`}},
	},
	{
		Name: "ipv4_compare", Ref: "ipv4-compare-function",
		Doc:  "-1, 0 or 1 as the first address is less than, equal to or greater than the second under the shortest prefix.",
		Sigs: []Sig{{Decl: "(ip1: string, ip2: string, prefix?: long): long"}},
		Eval: ipv4PairEval(func(c *Call, i, order int) { c.Out.Ints[i] = int64(order) }),
		Examples: []Example{
			{`ipv4_compare("192.168.1.1/24", "192.168.1.255")`, `0`}, {`ipv4_compare("192.168.1.1", "192.168.1.2")`, `-1`}, {`ipv4_compare("10.0.0.2", "10.0.0.1", 31)`, `1`},
		},
	},
	{
		Name: "ipv4_is_match", Ref: "ipv4-is-match-function",
		Doc:      "The addresses are equal under the shortest prefix.",
		Sigs:     []Sig{{Decl: "(ip1: string, ip2: string, prefix?: long): bool"}},
		Eval:     ipv4PairEval(func(c *Call, i, order int) { c.Out.Bools[i] = order == 0 }),
		Examples: []Example{{`ipv4_is_match("192.168.1.1", "192.168.1.0", 31)`, `true`}, {`ipv4_is_match("192.168.1.1", "192.168.2.1/24")`, `false`}, {`ipv4_is_match("x", "1.1.1.1")`, `bool(null)`}},
	},
	{
		Name: "ipv4_is_in_range", Ref: "ipv4-is-in-range-function",
		Doc:      "The address is in the range that a prefix makes.",
		Sigs:     []Sig{{Decl: "(ip: string, ip_range: string): bool"}},
		Eval:     ipv4PairEval(func(c *Call, i, order int) { c.Out.Bools[i] = order == 0 }),
		Examples: []Example{{`ipv4_is_in_range("192.168.1.1", "192.168.1.255/24")`, `true`}, {`ipv4_is_in_range("192.168.2.1", "192.168.1.255/24")`, `false`}},
	},
	{
		Name: "ipv4_is_in_any_range", Ref: "ipv4-is-in-any-range-function",
		Doc: "The address is in one of the ranges.",
		Sigs: []Sig{
			{Decl: "(ip: stringdyn, ranges: string{1,}): bool"},
			{Decl: "(ip: stringdyn, ranges: array): bool"},
		},
		Eval: inAnyRangeEval(parseIPv4, func(a, b ipv4Prefix) bool { return compareIPv4(a, b, 32) == 0 }),
		Examples: []Example{
			{`ipv4_is_in_any_range("192.168.1.6", "192.168.1.1/24", "10.0.0.1/8")`, `true`}, {`ipv4_is_in_any_range("127.0.0.1", dynamic(["127.0.0.1", "192.168.1.1"]))`, `true`},
			{`ipv4_is_in_any_range("1.1.1.1", dynamic(["10.0.0.1/8"]))`, `false`},
		},
	},
	{
		Name: "ipv4_is_private", Ref: "ipv4-is-private-function",
		Doc:  "The address is in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16.",
		Sigs: []Sig{{Decl: "(ip: string): bool"}},
		Eval: textMaybe(func(s string) (bool, bool) { p, ok := parseIPv4(s); return p.private(), ok }),
		Examples: []Example{
			{`ipv4_is_private("192.168.1.1/24")`, `true`}, {`ipv4_is_private("172.32.0.1")`, `false`}, {`ipv4_is_private("127.0.0.1")`, `false`}, {`ipv4_is_private("::1")`, `bool(null)`},
		},
	},
	{
		Name: "ipv4_netmask_suffix", Ref: "ipv4-netmask-suffix-function",
		Doc:      "The prefix of the address; 32 when it has none.",
		Sigs:     []Sig{{Decl: "(ip: string): long"}},
		Eval:     textMaybe(func(s string) (int64, bool) { p, ok := parseIPv4(s); return int64(p.bits), ok }),
		Examples: []Example{{`ipv4_netmask_suffix("192.168.1.1/24")`, `24`}, {`ipv4_netmask_suffix("10.1.2.3")`, `32`}},
	},
	{
		Name: "ipv4_range_to_cidr_list", Ref: "ipv4-range-to-cidr-list-function",
		Doc:      "The fewest prefixes that make up the addresses from one to another, as an array.",
		Sigs:     []Sig{{Decl: "(start_ip: string, end_ip: string): dynamic"}},
		Eval:     cidrListEval,
		Examples: []Example{{`ipv4_range_to_cidr_list("1.1.128.0", "1.1.140.255")`, `dynamic(["1.1.128.0/21","1.1.136.0/22","1.1.140.0/24"])`}, {`ipv4_range_to_cidr_list("1.1.1.1", "1.1.1.1")`, `dynamic(["1.1.1.1/32"])`}},
	},
	formatIPv4Row("format_ipv4", "(ip: scalar, prefix?: long): string", "The address, given as text or number, masked by a prefix.", false,
		Example{`format_ipv4("192.168.1.255", 24)`, `"192.168.1.0"`}, Example{`format_ipv4(3232236031, 24)`, `"192.168.1.0"`}, Example{`format_ipv4("192.168.1.1/24", -1)`, `""`}),
	formatIPv4Row("format_ipv4_mask", "(ip: scalar, prefix: long): string", "The address, given as text or number, masked by a prefix, with the prefix.", true,
		Example{`format_ipv4_mask("192.168.1.1", 24)`, `"192.168.1.0/24"`}, Example{`format_ipv4_mask("192.168.1.1/24", 32)`, `"192.168.1.0/24"`}),
}

func formatIPv4Row(name, decl, doc string, mask bool, examples ...Example) Spec {
	return Spec{
		Name: name, Ref: strings.ReplaceAll(name, "_", "-") + "-function", Doc: doc, Examples: examples,
		Sigs: []Sig{{Decl: decl}}, Nulls: NeverNull, Eval: formatIPv4Eval(mask),
	}
}

func parseIPv4MaskEval(c *Call) {
	text, prefix := c.text(0), c.Args[1]
	for i := range c.N {
		p, ok := parseIPv4(text.at(i))
		if !ok || prefix.IsNull(i) || prefix.Ints[i] < 0 || prefix.Ints[i] > 32 {
			c.Out.SetNull(i)
			continue
		}
		p.bits = min(p.bits, int(prefix.Ints[i]))
		c.Out.Ints[i] = int64(p.masked())
	}
}

// ipv4PairEval compares two addresses; set stores the order of row i.
func ipv4PairEval(set func(c *Call, i, order int)) Eval {
	return func(c *Call) {
		left, right := c.text(0), c.text(1)
		for i := range c.N {
			a, ok := parseIPv4(left.at(i))
			b, ok2 := parseIPv4(right.at(i))
			bits := int64(32)
			if len(c.Args) > 2 {
				if bits = c.Args[2].Ints[i]; c.Args[2].IsNull(i) {
					bits = -1
				}
			}
			if !ok || !ok2 || bits < 0 || bits > 32 {
				c.Out.SetNull(i)
				continue
			}
			set(c, i, compareIPv4(a, b, int(bits)))
		}
	}
}

// inAnyRangeEval compares the first argument with ranges that are the other
// arguments, or the items of an array. Ranges that are none do not count; null
// when the address is none, or no range is one.
func inAnyRangeEval[P any](parse func(string) (P, bool), match func(a, b P) bool) Eval {
	return func(c *Call) {
		text := c.text(0)
		var list string
		var ranges []P
		for i := range c.N {
			switch v := c.Args[1]; {
			case v.Type != types.Dynamic:
				ranges = ranges[:0]
				for k := 1; k < len(c.Args); k++ {
					if p, ok := parse(c.Args[k].Strings[i]); ok {
						ranges = append(ranges, p)
					}
				}
			case v.IsNull(i):
				ranges, list = nil, ""
			case v.Strings[i] != list:
				ranges, list = nil, v.Strings[i]
				for item := range dynamic.Items(list) {
					if p, ok := parse(dynamic.AsString(item)); ok {
						ranges = append(ranges, p)
					}
				}
			}
			ip, ok := parse(text.at(i))
			if !ok || len(ranges) == 0 {
				c.Out.SetNull(i)
				continue
			}
			for _, r := range ranges {
				if match(ip, r) {
					c.Out.Bools[i] = true
					break
				}
			}
		}
	}
}

func cidrListEval(c *Call) {
	start, end := c.text(0), c.text(1)
	for i := range c.N {
		a, ok := parseIPv4(start.at(i))
		b, ok2 := parseIPv4(end.at(i))
		if !ok || !ok2 || a.addr > b.addr {
			c.Out.SetNull(i)
			continue
		}
		c.Out.Strings[i] = string(appendStrings(nil, cidrList(a.addr, b.addr)))
	}
}

func formatIPv4Eval(mask bool) Eval {
	return func(c *Call) {
		ip := c.text(0)
		for i := range c.N {
			p, ok := parseIPv4(ip.at(i))
			if t := c.Args[0].Type; t.IsNumber() {
				n, isLong := castRow(c.Args[0], i, types.Long)
				p, ok = ipv4Prefix{uint32(n.I), 32}, isLong && n.I >= 0 && n.I <= 0xffffffff
			}
			bits := int64(32)
			if len(c.Args) > 1 {
				if bits = c.Args[1].Ints[i]; c.Args[1].IsNull(i) {
					bits = -1
				}
			}
			if !ok || bits < 0 || bits > 32 {
				continue
			}
			p.bits = min(p.bits, int(bits))
			if p.addr = p.masked(); mask {
				c.Out.Strings[i] = p.cidr()
			} else {
				c.Out.Strings[i] = formatIPv4(p.addr)
			}
		}
	}
}
