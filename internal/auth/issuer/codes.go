package issuer

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"sync"
	"time"
)

const (
	codeLife = time.Minute // a client redeems at once
	maxCodes = 10_000
)

// code is what a sign-in leaves for the client to fetch.
type code struct {
	tenant, client, redirect string
	user                     string
	challenge                string // S256 of the client's verifier
	nonce                    string
	ask                      ask
	expires                  time.Time
}

// proved compares the verifier with the challenge (RFC 7636, section 4.6), in constant time.
func (c code) proved(verifier string) bool {
	if len(verifier) < 43 || len(verifier) > 128 {
		return false
	}
	sum := sha256.Sum256([]byte(verifier))
	return subtle.ConstantTimeCompare([]byte(base64.RawURLEncoding.EncodeToString(sum[:])), []byte(c.challenge)) == 1
}

// codes are kept in memory, by their hashes: a restart makes people sign in again, no more.
type codes struct {
	clock func() time.Time
	mu    sync.Mutex
	open  map[[sha256.Size]byte]code
}

func newCodes(clock func() time.Time) *codes {
	return &codes{clock: clock, open: map[[sha256.Size]byte]code{}}
}

// issue makes a code for what was granted.
func (s *codes) issue(c code) (string, error) {
	raw := make([]byte, 32)
	if _, err := rand.Read(raw); err != nil {
		return "", err
	}
	text := base64.RawURLEncoding.EncodeToString(raw)
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock()
	for k, old := range s.open {
		if !old.expires.After(now) {
			delete(s.open, k)
		}
	}
	if len(s.open) >= maxCodes {
		return "", errors.New("issuer: too many people sign in at once")
	}
	c.expires = now.Add(codeLife)
	s.open[sha256.Sum256([]byte(text))] = c
	return text, nil
}

// redeem gives what a code stands for, once.
func (s *codes) redeem(text string) (code, bool) {
	if len(text) > 128 {
		return code{}, false
	}
	key := sha256.Sum256([]byte(text))
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.open[key]
	delete(s.open, key)
	return c, ok && c.expires.After(s.clock())
}
