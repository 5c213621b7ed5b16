package plugin

import (
	"bytes"
	"context"
	"encoding/hex"
	"slices"

	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// lookupRows are the plugins that join by something else than equality.
var lookupRows = []Spec{ipv4Lookup, ipv6Lookup, geoLineLookup, geoPolygonLookup}

var ipv4Lookup = Spec{
	Name: "ipv4_lookup", Ref: "ipv4-lookup-plugin",
	Doc:  "Joins rows to those of a table whose IPv4 network holds their address.",
	Sigs: []string{"(LookupTable: tabular, SourceIPv4Key: col scalar, IPv4LookupKey: col scalar, ExtraKey: col scalar{0,}, return_unmatched?: const bool): table"},
	Examples: []Example{
		{`datatable(ip:string)["10.1.2.3","8.8.8.8"] | evaluate ipv4_lookup((datatable(net:string, n:string)["10.0.0.0/8","a","10.1.0.0/16","b"]), ip, net)`,
			`["10.1.2.3","10.0.0.0/8","a"]
["10.1.2.3","10.1.0.0/16","b"]`},
		{`datatable(ip:string, k:long)["10.1.2.3",1,"10.1.2.3",2] | evaluate ipv4_lookup((datatable(net:string, k:long)["10.0.0.0/8",1]), ip, net, k, return_unmatched = true)`,
			`["10.1.2.3",1,"10.0.0.0/8"]
["10.1.2.3",2,""]`},
	},
}

var ipv6Lookup = Spec{
	Name: "ipv6_lookup", Ref: "ipv6-lookup-plugin",
	Doc:  "Joins rows to those of a table whose IPv6 or IPv4 network holds their address; the table's columns come first.",
	Sigs: []string{"(LookupTable: tabular, SourceIPv6Key: col scalar, IPv6LookupKey: col scalar, return_unmatched?: const bool): table"},
	Examples: []Example{{
		`datatable(ip:string)["2001:db8::7334","::1"] | evaluate ipv6_lookup((datatable(net:string, n:string)["2001:db8::/32","doc"]), ip, net, true)`,
		`["2001:db8::/32","doc","2001:db8::7334"]
["","","::1"]`,
	}},
}

// IPMatch pairs addresses with the networks that hold them. Both inputs have
// two columns: distinct text, and the network that it means as the engine
// computes it: 32 hexadecimal digits of the address and 2 of the prefix, or ""
// for text that is none. It gives the texts of the pairs. Only distinct texts
// come here; the engine joins the rows to them.
type IPMatch struct{ Plugin string }

// Name of the plugin.
func (p IPMatch) Name() string { return p.Plugin }

// Ordered: pairs are a set.
func (IPMatch) Ordered(int) bool { return false }

// network is an address and how many of its leading bits count.
type network struct {
	addr [16]byte
	bits int
	text string
}

func readNetwork(text, code string) (n network, ok bool) {
	var raw [17]byte
	if len(code) != 2*len(raw) {
		return n, false
	}
	if _, err := hex.Decode(raw[:], []byte(code)); err != nil {
		return n, false
	}
	copy(n.addr[:], raw[:])
	n.bits, n.text = min(int(raw[16]), 128), text
	n.addr = n.masked(n.bits)
	return n, true
}

// masked is the address with only the first bits left.
func (n network) masked(bits int) (out [16]byte) {
	out = n.addr
	for i := range out {
		switch keep := bits - 8*i; {
		case keep <= 0:
			out[i] = 0
		case keep < 8:
			out[i] &= 0xff << (8 - keep)
		}
	}
	return out
}

// networks finds networks by address.
type networks struct {
	lengths []int // prefixes in use
	byStart map[int]map[[16]byte][]string
	sorted  []network
}

func readNetworks(ctx context.Context, in plan.RowReader) (*networks, error) {
	n := &networks{byStart: map[int]map[[16]byte][]string{}}
	err := each(ctx, in, func(b *types.Batch) error {
		for i := range b.N {
			net, ok := readNetwork(b.Cols[0].Value(i).S, b.Cols[1].Strings[i])
			if !ok {
				continue
			}
			of := n.byStart[net.bits]
			if of == nil {
				of = map[[16]byte][]string{}
				n.byStart[net.bits] = of
				n.lengths = append(n.lengths, net.bits)
			}
			of[net.addr] = append(of[net.addr], net.text)
			n.sorted = append(n.sorted, net)
		}
		return nil
	})
	slices.Sort(n.lengths)
	slices.SortFunc(n.sorted, func(a, b network) int { return bytes.Compare(a.addr[:], b.addr[:]) })
	return n, err
}

// matches calls f for every network that is equal to x under the shorter
// prefix of the two.
func (n *networks) matches(x network, f func(text string) error) error {
	for _, bits := range n.lengths {
		if bits > x.bits {
			break
		}
		for _, text := range n.byStart[bits][x.masked(bits)] {
			if err := f(text); err != nil {
				return err
			}
		}
	}
	if x.bits == 128 {
		return nil
	}
	at, _ := slices.BinarySearchFunc(n.sorted, x.addr, func(a network, b [16]byte) int { return bytes.Compare(a.addr[:], b[:]) })
	for _, net := range n.sorted[at:] {
		if net.masked(x.bits) != x.addr {
			break
		}
		if net.bits > x.bits {
			if err := f(net.text); err != nil {
				return err
			}
		}
	}
	return nil
}

// Run reads the networks, then looks up one address after the other.
func (p IPMatch) Run(ctx context.Context, in []plan.RowReader, out plan.RowWriter) error {
	nets, err := readNetworks(ctx, in[1])
	if err != nil {
		return err
	}
	w := newWriter(out, []types.Type{types.String, types.String})
	err = each(ctx, in[0], func(b *types.Batch) error {
		for i := range b.N {
			x, ok := readNetwork(b.Cols[0].Value(i).S, b.Cols[1].Strings[i])
			if !ok {
				continue
			}
			err := nets.matches(x, func(text string) error {
				return w.add(ctx, types.StringValue(x.text), types.StringValue(text))
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return w.flush(ctx)
}
