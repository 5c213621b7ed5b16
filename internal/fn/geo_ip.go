package fn

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/harrier-hunting/harrier/internal/dynamic"
)

// geoIPRows tell where addresses are. Where the data comes from is the
// operator's choice: without any the answer is null, with a warning, as
// for an address that no data knows.
var geoIPRows = []Spec{
	{
		Name: geoIPName, Ref: "geo-info-from-ip-address-function",
		Doc:     "Country, state, city and coordinates of an address, from the GeoIP file the operator names.",
		Sigs:    []Sig{{Decl: "(ip: string): dynamic"}},
		Eval:    func(c *Call) { c.allNull() },
		Caution: func([]ArgInfo) string { return "no GeoIP data is configured, the result is null" },
		Examples: []Example{
			{`isnull(geo_info_from_ip_address("no address"))`, `true`}, {`isnull(geo_info_from_ip_address("10.0.0.1"))`, `true`},
		},
	},
}

const geoIPName = "geo_info_from_ip_address"

func (c *Call) allNull() {
	for i := range c.N {
		c.Out.SetNull(i)
	}
}

// Location is what is known of where an address is; "" is not known.
type Location struct {
	Country, State, City string
	Latitude, Longitude  float64
	Located              bool // Latitude and Longitude are known
}

// WithGeoIP is the table with lookup behind geo_info_from_ip_address.
func (t *Table) WithGeoIP(lookup func(netip.Addr) (Location, bool)) (*Table, error) {
	rows := make([]Spec, len(t.specs))
	for i, s := range t.specs {
		rows[i] = *s
		if s.Kind != Scalar || s.Name != geoIPName {
			continue
		}
		rows[i].Caution, rows[i].Eval = nil, geoIPEval(lookup)
		rows[i].Sigs = slices.Clone(s.Sigs)
		for k := range rows[i].Sigs {
			rows[i].Sigs[k].Eval = nil
		}
	}
	return NewTable(rows)
}

func geoIPEval(lookup func(netip.Addr) (Location, bool)) Eval {
	return func(c *Call) {
		for i := range c.N {
			ip, err := netip.ParseAddr(strings.TrimSpace(c.Args[0].Strings[i]))
			if err != nil || ip.Zone() != "" {
				c.Out.SetNull(i)
				continue
			}
			where, ok := lookup(ip.Unmap())
			if !ok {
				c.Out.SetNull(i)
				continue
			}
			c.Out.Strings[i] = where.bag()
		}
	}
}

// bag holds the fields that are known.
func (l Location) bag() string {
	out := []byte{'{'}
	key := func(name string) {
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(dynamic.AppendString(out, name), ':')
	}
	for _, f := range [...]struct{ name, value string }{{"country", l.Country}, {"state", l.State}, {"city", l.City}} {
		if f.value != "" {
			key(f.name)
			out = dynamic.AppendString(out, f.value)
		}
	}
	if l.Located {
		key("latitude")
		out = dynamic.AppendReal(out, l.Latitude)
		key("longitude")
		out = dynamic.AppendReal(out, l.Longitude)
	}
	return string(append(out, '}'))
}
