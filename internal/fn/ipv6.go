package fn

import (
	"cmp"
	"encoding/binary"
	"net/netip"
	"strings"
)

// ipv6Rows work on IPv6 and IPv4 addresses written as text, with an optional
// prefix. An address with a dotted tail takes an IPv4 prefix, of at most 32
// bits; an IPv4 address alone is ::ffff:a.b.c.d.
var ipv6Rows = []Spec{
	{
		Name: "parse_ipv6", Ref: "parse-ipv6-function",
		Doc:   "The address in full, masked by its prefix; empty when the text is none.",
		Sigs:  []Sig{{Decl: "(ip: string): string"}},
		Nulls: NeverNull, Eval: textMaybe(func(s string) (string, bool) { p, ok := parseIPv6(s); return p.masked(p.bits).String(), ok }),
		Examples: []Example{
			{`parse_ipv6("192.168.255.255/24")`, `"0000:0000:0000:0000:0000:ffff:c0a8:ff00"`}, {`parse_ipv6("2001:db8::10/64")`, `"2001:0db8:0000:0000:0000:0000:0000:0000"`}, {`parse_ipv6("x")`, `""`},
		},
	},
	{
		Name: "parse_ipv6_mask", Ref: "parse-ipv6-mask-function",
		Doc:   "The address in full, masked by the shorter of its prefix and the one given.",
		Sigs:  []Sig{{Decl: "(ip: string, prefix: long): string"}},
		Nulls: NeverNull, Eval: parseIPv6MaskEval,
		Examples: []Example{
			{`parse_ipv6_mask("fe80::85d:e82c:9446:7994/120", 124)`, `"fe80:0000:0000:0000:085d:e82c:9446:7900"`}, {`parse_ipv6_mask("192.168.255.255", 120)`, `"0000:0000:0000:0000:0000:ffff:c0a8:ff00"`},
		},
	},
	{
		Name: "ipv6_compare", Ref: "ipv6-compare-function",
		Doc:  "-1, 0 or 1 as the first address is less than, equal to or greater than the second under the shortest prefix.",
		Sigs: []Sig{{Decl: "(ip1: string, ip2: string, prefix?: long): long"}},
		Eval: ipv6PairEval(func(c *Call, i, order int) { c.Out.Ints[i] = int64(order) }),
		Examples: []Example{
			{`ipv6_compare("192.168.1.1/24", "::ffff:c0a8:01ff", 127)`, `0`}, {`ipv6_compare("fe80::1", "fe80::2")`, `-1`}, {`ipv6_compare("x", "::1")`, `long(null)`},
		},
	},
	{
		Name: "ipv6_is_match", Ref: "ipv6-is-match-function",
		Doc:      "The addresses are equal under the shortest prefix.",
		Sigs:     []Sig{{Decl: "(ip1: string, ip2: string, prefix?: long): bool"}},
		Eval:     ipv6PairEval(func(c *Call, i, order int) { c.Out.Bools[i] = order == 0 }),
		Examples: []Example{{`ipv6_is_match("fe80::85d:e82c:9446:7994", "fe80::85d:e82c:9446:7995", 127)`, `true`}, {`ipv6_is_match("fe80::1", "fe80::2")`, `false`}},
	},
	{
		Name: "ipv6_is_in_range", Ref: "ipv6-is-in-range-function",
		Doc:      "The address is in the range that a prefix makes.",
		Sigs:     []Sig{{Decl: "(ip: string, ip_range: string): bool"}},
		Eval:     ipv6PairEval(func(c *Call, i, order int) { c.Out.Bools[i] = order == 0 }),
		Examples: []Example{{`ipv6_is_in_range("a5e:f127::c755:abcd", "a5e:f127::c755:0/112")`, `true`}, {`ipv6_is_in_range("a5e:f127::1", "::ffff:c0a8:ac/60")`, `false`}},
	},
	{
		Name: "ipv6_is_in_any_range", Ref: "ipv6-is-in-any-range-function",
		Doc: "The address is in one of the ranges.",
		Sigs: []Sig{
			{Decl: "(ip: stringdyn, ranges: string{1,}): bool"},
			{Decl: "(ip: stringdyn, ranges: array): bool"},
		},
		Eval:     inAnyRangeEval(parseIPv6, func(a, b ipv6Prefix) bool { return compareIPv6(a, b, 128) == 0 }),
		Examples: []Example{{`ipv6_is_in_any_range("fe80::1", "fe80::/64", "::1")`, `true`}, {`ipv6_is_in_any_range("fe81::1", dynamic(["fe80::/64"]))`, `false`}},
	},
}

// ipv6Prefix is an address with the number of its leading bits that count.
type ipv6Prefix struct {
	hi, lo uint64
	bits   int
	dotted bool // written with a dotted tail
}

// parseIPv6 reads an IPv6 or IPv4 address; a zone (%eth0) does not count.
func parseIPv6(s string) (ipv6Prefix, bool) {
	s = strings.TrimSpace(s)
	text, prefix := s, ""
	if i := strings.IndexByte(s, '/'); i >= 0 {
		text, prefix = s[:i], s[i:]
	}
	addr, err := netip.ParseAddr(text)
	if err != nil {
		return ipv6Prefix{}, false
	}
	b := addr.As16()
	p := ipv6Prefix{
		hi: binary.BigEndian.Uint64(b[:8]), lo: binary.BigEndian.Uint64(b[8:]),
		bits: 128, dotted: strings.IndexByte(text, '.') >= 0,
	}
	if prefix == "" {
		return p, true
	}
	limit, base := 128, 0
	if p.dotted {
		limit, base = 32, 96
	}
	n, ok := parsePrefix(prefix, limit)
	p.bits = base + n
	return p, ok
}

// masked keeps the leading n bits.
func (p ipv6Prefix) masked(n int) ipv6Prefix {
	p.hi &= ^uint64(0) << (64 - min(n, 64))
	p.lo &= ^uint64(0) << (64 - max(n-64, 0))
	return p
}

// String is the canonical form: eight groups of four digits.
func (p ipv6Prefix) String() string {
	const hex = "0123456789abcdef"
	dst := make([]byte, 0, 39)
	for k := range 32 {
		if k > 0 && k%4 == 0 {
			dst = append(dst, ':')
		}
		half := p.hi
		if k >= 16 {
			half = p.lo
		}
		dst = append(dst, hex[half>>(60-4*(k%16))&15])
	}
	return string(dst)
}

// mapped turns ::a.b.c.d into ::ffff:a.b.c.d: comparisons take both for the
// same IPv4 address (recorded), while parse_ipv6 keeps them apart.
func (p ipv6Prefix) mapped() ipv6Prefix {
	if p.dotted && p.hi == 0 && p.lo>>32 == 0 {
		p.lo |= 0xffff << 32
	}
	return p
}

// compareIPv6 orders two addresses under the shortest of three prefixes.
func compareIPv6(a, b ipv6Prefix, n int) int {
	n = min(a.bits, b.bits, n)
	a, b = a.mapped().masked(n), b.mapped().masked(n)
	return cmp.Or(cmp.Compare(a.hi, b.hi), cmp.Compare(a.lo, b.lo))
}

func parseIPv6MaskEval(c *Call) {
	text, prefix := c.text(0), c.Args[1]
	for i := range c.N {
		p, ok := parseIPv6(text.at(i))
		if n := prefix.Ints[i]; ok && !prefix.IsNull(i) && n >= 0 && n <= 128 {
			c.Out.Strings[i] = p.masked(min(p.bits, int(n))).String()
		}
	}
}

// ipv6PairEval compares two addresses; set stores the order of row i. Between
// two IPv4 addresses a prefix up to 32 is one of IPv4 (recorded).
func ipv6PairEval(set func(c *Call, i, order int)) Eval {
	return func(c *Call) {
		left, right := c.text(0), c.text(1)
		for i := range c.N {
			a, ok := parseIPv6(left.at(i))
			b, ok2 := parseIPv6(right.at(i))
			bits := int64(128)
			if len(c.Args) > 2 {
				if bits = c.Args[2].Ints[i]; c.Args[2].IsNull(i) {
					bits = -1
				}
			}
			if !ok || !ok2 || bits < 0 || bits > 128 {
				c.Out.SetNull(i)
				continue
			}
			if a.dotted && b.dotted && bits <= 32 {
				bits += 96
			}
			set(c, i, compareIPv6(a, b, int(bits)))
		}
	}
}
