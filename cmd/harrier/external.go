package main

import "github.com/harrier-hunting/harrier/internal/external"

// externalFlags say what externaldata may fetch. Without any host it is off.
type externalFlags struct {
	Hosts   []string `name:"external-host" help:"Host that externaldata may fetch from over https, e.g. raw.githubusercontent.com or *.example.com; may be repeated."`
	Private []string `name:"external-private-host" help:"The same, for a host with a private or loopback address."`
}

func (f externalFlags) fetcher() *external.Fetcher {
	return external.New(external.Config{Hosts: f.Hosts, Private: f.Private})
}
