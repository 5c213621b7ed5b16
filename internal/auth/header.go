package auth

import (
	"net/http"
	"strings"
)

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
