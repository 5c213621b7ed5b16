package geoip

import (
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/oschwald/maxminddb-golang/v2"

	"github.com/harrier-hunting/harrier/internal/fn"
	"github.com/harrier-hunting/harrier/internal/types"
)

// sydney and nowhere are records as a City file has them.
var (
	sydney = object{
		"country":      object{"iso_code": "AU", "names": object{"en": "Australia", "de": "Australien"}},
		"subdivisions": list{object{"names": object{"en": "New South Wales"}}, object{"names": object{"en": "Cumberland"}}},
		"city":         object{"names": object{"en": "Sydney"}},
		"location":     object{"latitude": -33.8715, "longitude": 151.2006, "time_zone": "Australia/Sydney"},
	}
	country = object{"country": object{"names": object{"en": "Germany"}}}
	unnamed = object{"registered_country": object{"names": object{"en": "France"}}}
	odd     = object{"city": "a text where a map belongs"}
)

func open(t *testing.T, kind string, networks map[string]object) *File {
	t.Helper()
	path := filepath.Join(t.TempDir(), "test.mmdb")
	if err := os.WriteFile(path, encode(kind, networks), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// TestFunction asks through geo_info_from_ip_address.
func TestFunction(t *testing.T) {
	f := open(t, "GeoLite2-City", map[string]object{
		"20.53.203.0/24": sydney, "85.0.0.0/8": country, "90.0.0.0/8": unnamed, "91.0.0.0/8": odd, "2a03:2880::/32": sydney,
	})
	table, err := fn.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	if table, err = table.WithGeoIP(f.Lookup); err != nil {
		t.Fatal(err)
	}
	row := table.Lookup(fn.Scalar, "geo_info_from_ip_address")
	if row.Caution != nil {
		t.Error("there still is a caution that no data is configured")
	}
	full := `{"country":"Australia","state":"New South Wales","city":"Sydney","latitude":-33.8715,"longitude":151.2006}`
	for _, c := range []struct{ ip, want string }{
		{"20.53.203.50", full},
		{" 20.53.203.50 ", full},
		{"::ffff:20.53.203.50", full},
		{"2a03:2880:f12c:83:face:b00c::25de", full},
		{"85.1.2.3", `{"country":"Germany"}`},
		{"90.1.2.3", ""},
		{"91.1.2.3", ""},
		{"20.53.204.50", ""},
		{"20.53.203.50/24", ""},
		{"fe80::1%eth0", ""},
		{"20.53.203", ""},
		{"", ""},
	} {
		v, err := fn.Apply(row.Sigs[0].Eval, 0, types.Dynamic, types.StringValue(c.ip))
		if err != nil || v.Null != (c.want == "") || v.S != c.want {
			t.Errorf("%q: %+v (%v), want %s", c.ip, v, err, c.want)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	for name, data := range map[string][]byte{
		"empty.mmdb": nil,
		"text.mmdb":  []byte("not a database"),
		"asn.mmdb":   encode("GeoLite2-ASN", map[string]object{"1.0.0.0/8": sydney}),
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(path); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v, want an error that names the file", name, err)
		}
	}
	if _, err := Open(filepath.Join(dir, "absent.mmdb")); err == nil {
		t.Error("a file that is not there opens")
	}
}

// FuzzFile reads files of any bytes.
func FuzzFile(f *testing.F) {
	f.Add(encode("GeoLite2-City", map[string]object{"20.53.203.0/24": sydney}), uint32(0x1435cb32))
	f.Add(encode("GeoLite2-City", map[string]object{"0.0.0.0/1": odd}), uint32(1))
	f.Fuzz(func(t *testing.T, data []byte, ip uint32) {
		db, err := maxminddb.OpenBytes(data)
		if err != nil {
			return
		}
		file, err := check(db, "f.mmdb")
		if err != nil {
			return
		}
		defer file.Close()
		if l, ok := file.Lookup(netip.AddrFrom4([4]byte{byte(ip >> 24), byte(ip >> 16), byte(ip >> 8), byte(ip)})); ok && l == (fn.Location{}) {
			t.Error("found, but nothing is known")
		}
	})
}
