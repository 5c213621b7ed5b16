package main

import (
	"github.com/harrier-hunting/harrier/internal/geoip"
	"github.com/harrier-hunting/harrier/internal/hunt"
)

// geoIPFlags name the data behind geo_info_from_ip_address().
type geoIPFlags struct {
	GeoIP string `help:"MaxMind file (GeoLite2-City.mmdb) that geo_info_from_ip_address() reads; without it the function gives null." type:"existingfile" name:"geoip"`
}

// locate lets svc know where addresses are. The file stays open as long as
// the process runs.
func (f geoIPFlags) locate(svc *hunt.Service) error {
	if f.GeoIP == "" {
		return nil
	}
	file, err := geoip.Open(f.GeoIP)
	if err != nil {
		return err
	}
	svc.Fns, err = svc.Fns.WithGeoIP(file.Lookup)
	return err
}
