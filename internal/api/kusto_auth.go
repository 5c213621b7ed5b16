package api

import (
	"net/http"

	"github.com/harrier-hunting/harrier/internal/dynamic"
)

// KustoAuth is where clients of the Kusto contract get their tokens.
type KustoAuth struct {
	Authority string // of the issuer, without a tenant: https://login.microsoftonline.com
	Resource  string // the audience to ask for
}

const (
	metadataPath = "/v1/rest/auth/metadata"
	// kustoClient is the application as which Microsoft's Kusto tools sign people in: they take it where a service
	// names none. An embedded issuer knows it when it is registered there as a public client.
	kustoClient = "db662dc1-0cfe-4e1c-a843-19a68e65be58"
)

// kustoMetadata answers what clients ask before they have a token (contract §6.5). Without an authority there is no
// answer, 404, and clients take their defaults.
func (c *call) kustoMetadata() {
	c.quiet = true
	a := c.s.cfg.Kusto
	switch {
	case c.r.Method != http.MethodGet && c.r.Method != http.MethodHead:
		c.fail(methodNotAllowed("GET, HEAD"))
		return
	case a.Authority == "":
		c.fail(notFound())
		return
	}
	dst := dynamic.AppendString([]byte(`{"AzureAD":{"LoginEndpoint":`), a.Authority)
	dst = dynamic.AppendString(append(dst, `,"LoginMfaRequired":false,"KustoClientAppId":`...), kustoClient)
	dst = dynamic.AppendString(append(dst, `,"KustoClientRedirectUri":"http://localhost","KustoServiceResourceId":`...), a.Resource)
	dst = dynamic.AppendString(append(dst, `,"FirstPartyAuthorityUrl":`...), a.Authority)
	c.outcome = okay
	c.send(http.StatusOK, bytesBody(append(dst, "}}"...)))
}
