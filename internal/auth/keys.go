package auth

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

// keySource finds the keys that may have signed a token. It has three implementations: fixed keys, keys of this process
// that change, and keys behind a URL.
type keySource interface {
	// lookup returns the candidates for a key id and an algorithm. errUnknownKey means that the issuer has no such
	// key; *Unavailable that nobody can tell.
	lookup(ctx context.Context, kid string, alg jose.SignatureAlgorithm) ([]jose.JSONWebKey, error)
}

var errUnknownKey = errors.New("the issuer has no such key")

const (
	maxKeys    = 200  // Entra publishes about ten
	minRSABits = 2048 // RFC 7518, section 3.3
	maxRSABits = 8192 // larger moduli only cost us time
)

// keySet is an immutable list of usable public keys.
type keySet []jose.JSONWebKey

// lookup makes a keySet a keySource of its own: the embedded issuer's.
func (s keySet) lookup(_ context.Context, kid string, alg jose.SignatureAlgorithm) ([]jose.JSONWebKey, error) {
	if found := s.match(kid, alg); len(found) > 0 {
		return found, nil
	}
	return nil, errUnknownKey
}

// currentKeys asks the embedded issuer for its keys of the moment.
type currentKeys func() []jose.JSONWebKey

func (k currentKeys) lookup(ctx context.Context, kid string, alg jose.SignatureAlgorithm) ([]jose.JSONWebKey, error) {
	return keySet(k()).lookup(ctx, kid, alg)
}

// match returns the keys with this id that can make this kind of signature. A token without a key id matches only when
// there is no choice, for trying every key lets one token cost many verifications.
func (s keySet) match(kid string, alg jose.SignatureAlgorithm) []jose.JSONWebKey {
	var found []jose.JSONWebKey
	for _, k := range s {
		if (kid == "" || k.KeyID == kid) && (k.Algorithm == "" || k.Algorithm == string(alg)) && fits(k.Key, alg) {
			found = append(found, k)
		}
	}
	if kid == "" && len(found) > 1 {
		return nil
	}
	return found
}

// fits binds the algorithm to the kind of key, so that a token cannot choose how its issuer's key is used.
func fits(key any, alg jose.SignatureAlgorithm) bool {
	switch k := key.(type) {
	case *rsa.PublicKey:
		return strings.HasPrefix(string(alg), "RS") || strings.HasPrefix(string(alg), "PS")
	case *ecdsa.PublicKey:
		switch alg {
		case jose.ES256:
			return k.Curve == elliptic.P256()
		case jose.ES384:
			return k.Curve == elliptic.P384()
		case jose.ES512:
			return k.Curve == elliptic.P521()
		}
	}
	return false
}

// usable refuses keys that are private, weak, malformed or not for signatures.
func usable(k jose.JSONWebKey) bool {
	if !k.Valid() || !k.IsPublic() || (k.Use != "" && k.Use != "sig") {
		return false
	}
	switch pub := k.Key.(type) {
	case *rsa.PublicKey:
		return pub.N.BitLen() >= minRSABits && pub.N.BitLen() <= maxRSABits
	case *ecdsa.PublicKey:
		return true
	}
	return false
}

// newKeySet takes in-process keys; one unusable key is a configuration error.
func newKeySet(in *jose.JSONWebKeySet) (keySet, error) {
	if len(in.Keys) == 0 || len(in.Keys) > maxKeys {
		return nil, fmt.Errorf("auth: a key set must have 1 to %d keys, not %d", maxKeys, len(in.Keys))
	}
	for _, k := range in.Keys {
		if !usable(k) {
			return nil, fmt.Errorf("auth: key %q is not a public RSA key of %d to %d bits or a public EC key for signatures", k.KeyID, minRSABits, maxRSABits)
		}
	}
	return append(keySet(nil), in.Keys...), nil
}

// parseKeySet reads a published key set. Keys that are of no use are passed over (RFC 7517, section 5): an issuer may
// publish kinds that this program does not know. A set without any usable key is an error, so that a broken page does
// not replace good keys.
func parseKeySet(data []byte) (keySet, error) {
	var doc struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		return nil, fmt.Errorf("key set: %w", err)
	}
	if len(doc.Keys) > maxKeys {
		return nil, fmt.Errorf("key set has %d keys, more than %d", len(doc.Keys), maxKeys)
	}
	var out keySet
	for _, raw := range doc.Keys {
		var k jose.JSONWebKey
		if k.UnmarshalJSON(raw) == nil && usable(k) {
			out = append(out, k)
		}
	}
	if len(out) == 0 {
		return nil, errors.New("key set has no usable signing key")
	}
	return out, nil
}
