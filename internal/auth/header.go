package auth

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// AuthenticateRequest verifies the token of a request. Beyond Authenticate it looks at how the token came: over TLS or
// from this machine, and in the header only. A token in the address (RFC 6750, section 2.3) ends up in histories and
// logs, so it is refused even beside a good one.
func (v *Verifier) AuthenticateRequest(ctx context.Context, r *http.Request) (Principal, error) {
	if InClear(r) && len(r.Header.Values("Authorization")) > 0 {
		return Principal{}, refuse(ReasonClear)
	}
	if r.URL.RawQuery != "" && r.URL.Query().Has("access_token") {
		return Principal{}, refuse(ReasonMalformed)
	}
	return v.Authenticate(ctx, r.Header)
}

// InClear reports whether a request crossed a network without TLS. A proxy that ends TLS must run on this machine, or
// speak TLS to it.
func InClear(r *http.Request) bool {
	if r.TLS != nil {
		return false
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	addr, err := netip.ParseAddr(host)
	return err != nil || !addr.Unmap().IsLoopback()
}

// Bearer extracts the token of an Authorization header: exactly one header, scheme Bearer in any case, one token of the
// alphabet that a compact JWT has. Everything else is malformed; no header at all is missing.
func Bearer(h http.Header) (string, error) {
	values := h.Values("Authorization")
	switch len(values) {
	case 0:
		return "", refuse(ReasonMissing)
	case 1:
	default:
		return "", refuse(ReasonMalformed) // two answers to "who is it" are none
	}
	scheme, token, found := strings.Cut(values[0], " ")
	if !found || !strings.EqualFold(scheme, "Bearer") {
		return "", refuse(ReasonMalformed)
	}
	token = strings.Trim(token, " ")
	if !compact(token) {
		return "", refuse(ReasonMalformed)
	}
	return token, nil
}

// compact reports whether s has the outer form of a signed JWT: three non-empty parts of base64url without padding.
// Decoders that skip line breaks or padding never see such input.
func compact(s string) bool {
	dots, run := 0, 0
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_':
			run++
		case c == '.' && run > 0:
			dots, run = dots+1, 0
		default:
			return false
		}
	}
	return dots == 2 && run > 0
}
