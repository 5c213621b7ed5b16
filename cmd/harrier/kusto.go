package main

import (
	"slices"
	"strings"

	"github.com/harrier-hunting/harrier/internal/api"
)

// kustoAudience is the resource that Kusto's tools ask tokens for.
const kustoAudience = "https://kusto.kusto.windows.net"

// kustoState is what serve learns for the Kusto contract while it starts.
type kustoState struct {
	authority string // of the embedded issuer; "" without one
}

// kustoAuth tells Kusto's tools where to get tokens: from the embedded issuer,
// or else from Entra ID. Other issuers they cannot use by themselves.
func (c *serveCmd) kustoAuth() api.KustoAuth {
	a := api.KustoAuth{Authority: strings.TrimSuffix(c.authority, "/"), Resource: kustoAudience}
	if a.Authority == "" && c.Entra != "" {
		a.Authority = "https://" + c.Entra
	}
	if !slices.Contains(c.Audience, kustoAudience) && len(c.Audience) > 0 {
		a.Resource = c.Audience[0]
	}
	return a
}
