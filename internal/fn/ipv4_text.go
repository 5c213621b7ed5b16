package fn

import (
	"iter"
	"strings"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/terms"
	"github.com/harrier-hunting/harrier/internal/types"
)

// ipv4TextRows look for IPv4 addresses in texts. An address counts when it is
// valid and no letter or digit touches it.
var ipv4TextRows = []Spec{
	hasIPv4Row("has_ipv4", "(source: stringdyn, ip: string): bool", "", "The text holds the address.", ipv4Exactly,
		Example{`has_ipv4("05:04:54 127.0.0.1 GET /favicon.ico 404", "127.0.0.1")`, `true`}, Example{`has_ipv4("127.0.0.256", "127.0.0.256")`, `false`},
		Example{`has_ipv4("05:04:54127.0.0.1 GET", "127.0.0.1")`, `false`}),
	hasIPv4Row("has_any_ipv4", "(source: stringdyn, ips: string{1,}): bool", "(source: stringdyn, ips: array): bool", "The text holds one of the addresses.", ipv4Exactly,
		Example{`has_any_ipv4("05:04:54 127.0.0.1 GET", "127.0.0.1", "127.0.0.2")`, `true`}, Example{`has_any_ipv4("from 10.1.2.3:1234", dynamic(["10.1.2.4"]))`, `false`}),
	hasIPv4Row("has_ipv4_prefix", "(source: stringdyn, ip_prefix: string): bool", "", "The text holds an address that is the one given or begins with the given numbers, which end in a dot.", ipv4Beginning,
		Example{`has_ipv4_prefix("05:04:54 127.0.0.1 GET", "127.0.")`, `true`}, Example{`has_ipv4_prefix("05:04:54 127.0.0.1 GET", "127.0")`, `false`},
		Example{`has_ipv4_prefix("05:04:54 127.0.0.256 GET", "127.0.")`, `false`}),
	hasIPv4Row("has_any_ipv4_prefix", "(source: stringdyn, ip_prefixes: string{1,}): bool", "(source: stringdyn, ip_prefixes: array): bool", "The text holds an address that begins with one of the prefixes.", ipv4Beginning,
		Example{`has_any_ipv4_prefix("05:04:54 127.0.0.1 GET", "127.0.", "192.168.")`, `true`}, Example{`has_any_ipv4_prefix("05:04:54 127.0.0.1 GET", dynamic(["192."]))`, `false`}),
}

func hasIPv4Row(name, decl, listDecl, doc string, parse func(string) (ipv4Prefix, bool), examples ...Example) Spec {
	s := Spec{
		Name: name, Ref: strings.ReplaceAll(name, "_", "-") + "-function", Doc: doc, Examples: examples,
		Sigs: []Sig{{Decl: decl}}, Nulls: NeverNull, Eval: hasIPv4Eval(parse),
	}
	if listDecl != "" {
		s.Sigs = append(s.Sigs, Sig{Decl: listDecl})
	}
	return s
}

// ipv4Exactly reads a whole address.
func ipv4Exactly(s string) (ipv4Prefix, bool) {
	addr, rest, ok := cutIPv4(s)
	return ipv4Prefix{addr, 32}, ok && rest == ""
}

// ipv4Beginning reads a whole address, or one to three numbers with a dot
// after each.
func ipv4Beginning(s string) (ipv4Prefix, bool) {
	if p, ok := ipv4Exactly(s); ok {
		return p, true
	}
	n := strings.Count(s, ".")
	if n < 1 || n > 3 || !strings.HasSuffix(s, ".") {
		return ipv4Prefix{}, false
	}
	p, ok := ipv4Exactly(s + strings.Repeat("0.", 3-n) + "0")
	p.bits = 8 * n
	return p, ok
}

func hasIPv4Eval(parse func(string) (ipv4Prefix, bool)) Eval {
	return func(c *Call) {
		text, lists := c.text(0), c.Args[1:]
		var wanted []ipv4Prefix
		for i := range c.N {
			// The addresses are nearly always the same in all rows.
			if i == 0 || !sameRow(lists, i, i-1) {
				wanted = wanted[:0]
				for s := range ipv4List(lists, i) {
					if p, ok := parse(s); ok {
						wanted = append(wanted, p)
					}
				}
			}
			c.Out.Bools[i] = len(wanted) > 0 && hasIPv4(text.at(i), wanted)
		}
	}
}

// ipv4List returns the addresses of row i: the items of an array, or the
// arguments themselves.
func ipv4List(args []*types.Vector, i int) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, v := range args {
			if v.Type != types.Dynamic {
				if !yield(v.Strings[i]) {
					return
				}
				continue
			}
			for item := range dynamic.Items(v.Strings[i]) {
				if !yield(dynamic.AsString(item)) {
					return
				}
			}
		}
	}
}

// sameRow reports whether rows i and j of text vectors are equal.
func sameRow(args []*types.Vector, i, j int) bool {
	for _, v := range args {
		if v.Strings[i] != v.Strings[j] {
			return false
		}
	}
	return true
}

// hasIPv4 looks at every number of the text that no letter or digit precedes.
func hasIPv4(s string, wanted []ipv4Prefix) bool {
	for i := 0; i < len(s); {
		dot := strings.IndexByte(s[i:], '.')
		if dot < 0 {
			return false // no address without a dot
		}
		for end := i + dot; i <= end; i++ {
			if s[i] < '0' || s[i] > '9' || i > 0 && terms.TermBefore(s, i) {
				continue
			}
			addr, rest, ok := cutIPv4(s[i:])
			if !ok || terms.TermAt(rest, 0) {
				continue
			}
			for _, p := range wanted {
				if (addr^p.addr)&mask(p.bits) == 0 {
					return true
				}
			}
		}
	}
	return false
}
