package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
)

const (
	maxDocument   = 1 << 20         // of a discovery document or key set; Entra's are below 30 kB
	retryInterval = 5 * time.Second // between fetches while there are no keys at all or the last fetch failed
)

// remoteKeys caches the keys of one issuer. Requests never wait for a refresh as long as the key they need is cached;
// they wait for one fetch, shared by all, when it is not. The fetch does not end with the request that caused it.
type remoteKeys struct {
	discovery string   // address of the discovery document, or ""
	issuers   []string // what the document may call its issuer
	hosts     []string // where the document may say that the keys are
	jwks      string   // address of the keys where there is no discovery
	client    *http.Client
	clock     func() time.Time
	policy    KeyPolicy
	log       *slog.Logger

	mu       sync.Mutex
	keys     keySet
	fetched  time.Time     // start of the last successful fetch
	tried    time.Time     // start of the last fetch
	failed   bool          // the last fetch failed
	inFlight chan struct{} // closed at the end of the running fetch; nil when none runs
}

func (r *remoteKeys) lookup(ctx context.Context, kid string, alg jose.SignatureAlgorithm) ([]jose.JSONWebKey, error) {
	r.mu.Lock()
	found, fresh, err := r.cached(kid, alg)
	if !fresh {
		r.startFetch()
	}
	wait := r.inFlight
	r.mu.Unlock()
	if err == nil || wait == nil {
		return found, err
	}
	select {
	case <-wait:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	found, _, err = r.cached(kid, alg)
	return found, err
}

// cached answers from memory; fresh is false when a fetch is due, because of age or because the key is not there.
func (r *remoteKeys) cached(kid string, alg jose.SignatureAlgorithm) (found []jose.JSONWebKey, fresh bool, err error) {
	age := r.clock().Sub(r.fetched)
	if len(r.keys) == 0 || age >= r.policy.MaxStale {
		return nil, false, &Unavailable{RetryAfter: retryInterval}
	}
	found = r.keys.match(kid, alg)
	if len(found) == 0 {
		return nil, false, errUnknownKey
	}
	return found, age < r.policy.Refresh, nil
}

// startFetch starts a fetch unless one runs or the last one was too recent. The caller holds the lock.
func (r *remoteKeys) startFetch() {
	now := r.clock()
	interval := r.policy.MinInterval
	if r.failed {
		interval = min(interval, retryInterval)
	}
	if r.inFlight != nil || !r.tried.IsZero() && now.Sub(r.tried) < interval {
		return
	}
	done := make(chan struct{})
	r.inFlight, r.tried = done, now
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), r.policy.Timeout)
		defer cancel()
		keys, err := r.fetch(ctx)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.failed = err != nil
		if err != nil {
			r.log.Warn("signing keys could not be fetched; cached keys stay in force until they are too old",
				"issuer", r.issuers[0], "cached", len(r.keys), "fetched", r.fetched, "error", err)
		} else {
			r.keys, r.fetched = keys, now
		}
		r.inFlight = nil
		close(done)
	}()
}

// fetch reads the discovery document, if there is one, and the keys.
func (r *remoteKeys) fetch(ctx context.Context) (keySet, error) {
	address := r.jwks
	if r.discovery != "" {
		var err error
		if address, err = r.discover(ctx); err != nil {
			return nil, err
		}
	}
	data, err := r.get(ctx, address)
	if err != nil {
		return nil, err
	}
	return parseKeySet(data)
}

// discover returns the address of the keys. The document must speak of the issuer that was configured (OpenID Connect
// Discovery, section 4.3), else a mistyped address would trust somebody else's keys.
func (r *remoteKeys) discover(ctx context.Context) (string, error) {
	data, err := r.get(ctx, r.discovery)
	if err != nil {
		return "", err
	}
	var doc struct {
		Issuer string `json:"issuer"`
		JWKS   string `json:"jwks_uri"`
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		return "", fmt.Errorf("discovery document %s: %w", r.discovery, err)
	}
	if !slices.Contains(r.issuers, doc.Issuer) {
		return "", fmt.Errorf("discovery document %s speaks of issuer %q, expected %q", r.discovery, doc.Issuer, r.issuers)
	}
	if err := CheckURL(doc.JWKS); err != nil {
		return "", fmt.Errorf("discovery document %s: jwks_uri: %w", r.discovery, err)
	}
	if host := hostOf(doc.JWKS); !slices.Contains(r.hosts, host) {
		return "", fmt.Errorf("discovery document %s: the keys are on another host, %q: if that is right, configure their address", r.discovery, host)
	}
	return doc.JWKS, nil
}

func (r *remoteKeys) get(ctx context.Context, address string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/json")
	resp, err := r.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answered %s", address, resp.Status)
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxDocument+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", address, err)
	}
	if len(data) > maxDocument {
		return nil, errors.New(address + " sent more than 1 MiB")
	}
	return data, nil
}
