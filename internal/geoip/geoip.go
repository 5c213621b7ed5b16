// Package geoip reads where addresses are from a file in the MaxMind format,
// such as GeoLite2-City.mmdb: the data that Kusto's geo_info_from_ip_address()
// uses, which its licence does not let this project ship. The file stays
// mapped into memory; a newer one is read at the next start.
package geoip

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/oschwald/maxminddb-golang/v2"

	"github.com/harrier-hunting/harrier/internal/fn"
)

// File is an open data file. It is safe for concurrent use.
type File struct{ db *maxminddb.Reader }

// Open maps the file and makes sure that it tells places, not, say, networks'
// owners.
func Open(path string) (*File, error) {
	db, err := maxminddb.Open(path)
	if err != nil {
		return nil, fmt.Errorf("GeoIP file %s: %w", path, err)
	}
	return check(db, path)
}

func check(db *maxminddb.Reader, path string) (*File, error) {
	kind := db.Metadata.DatabaseType
	if !strings.Contains(kind, "City") && !strings.Contains(kind, "Country") && !strings.Contains(kind, "Enterprise") {
		db.Close()
		return nil, fmt.Errorf("GeoIP file %s holds %q; a City or Country data set is needed", path, kind)
	}
	return &File{db}, nil
}

// Close unmaps the file; no Lookup may run then.
func (f *File) Close() error { return f.db.Close() }

// record is the part of a City or Country record that is read.
type record struct {
	Country      place   `maxminddb:"country"`
	Subdivisions []place `maxminddb:"subdivisions"`
	City         place   `maxminddb:"city"`
	Location     struct {
		Latitude  *float64 `maxminddb:"latitude"`
		Longitude *float64 `maxminddb:"longitude"`
	} `maxminddb:"location"`
}

type place struct {
	Names struct {
		English string `maxminddb:"en"`
	} `maxminddb:"names"`
}

// Lookup tells where an address is. The state is the largest of a country's
// divisions. A record that cannot be read counts as unknown.
func (f *File) Lookup(ip netip.Addr) (fn.Location, bool) {
	found := f.db.Lookup(ip)
	var r record
	if !found.Found() || found.Decode(&r) != nil {
		return fn.Location{}, false
	}
	l := fn.Location{Country: r.Country.Names.English, City: r.City.Names.English}
	if len(r.Subdivisions) > 0 {
		l.State = r.Subdivisions[0].Names.English
	}
	if lat, long := r.Location.Latitude, r.Location.Longitude; lat != nil && long != nil {
		l.Latitude, l.Longitude, l.Located = *lat, *long, true
	}
	return l, l != fn.Location{}
}
