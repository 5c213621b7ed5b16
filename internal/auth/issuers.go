package auth

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// trusted is one issuer after the expansion of its template.
type trusted struct {
	tenant  string // whose tokens these are; "" = `tid` decides
	tidless bool   // the token need not have a `tid`
	keys    keySource
	groups  func(ctx context.Context, tenant, user string) ([]string, error) // may be nil
}

// trust adds one configured issuer: once for each tenant when its name is a template.
func (v *Verifier) trust(ti TrustedIssuer) error {
	switch {
	case ti.Issuer == "":
		return errors.New("has no name")
	case !strings.Contains(ti.Issuer, TenantPlaceholder):
		return v.trustOne(ti)
	case ti.Tenant != "":
		return errors.New("has both a tenant and " + TenantPlaceholder)
	}
	var shared keySource // one source serves all tenants when no address depends on the tenant
	for _, tenant := range v.tenants {
		keys := shared
		if keys == nil {
			var err error
			if keys, err = v.source(ti, tenant, v.documentNames(ti, tenant)); err != nil {
				return err
			}
			if !perTenant(ti) {
				shared = keys
			}
		}
		if err := v.add(expand(ti.Issuer, tenant), trusted{tenant: tenant, keys: keys, groups: ti.Groups}); err != nil {
			return err
		}
	}
	return nil
}

// trustOne adds an issuer whose name has no placeholder.
func (v *Verifier) trustOne(ti TrustedIssuer) error {
	tenant := CanonicalID(ti.Tenant)
	if tenant != "" && !slices.Contains(v.tenants, tenant) {
		return fmt.Errorf("its tenant %q is not among the configured tenants", ti.Tenant)
	}
	keys, err := v.source(ti, tenant, []string{ti.Issuer})
	if err != nil {
		return err
	}
	return v.add(ti.Issuer, trusted{tenant: tenant, tidless: tenant != "", keys: keys, groups: ti.Groups})
}

// documentNames lists what the discovery document of a template issuer may call its issuer: the name for this tenant, or
// the template itself, as Entra's "common" documents do. A document that serves several tenants must use the template:
// otherwise the keys of one tenant's own issuer would be trusted with all of them.
func (v *Verifier) documentNames(ti TrustedIssuer, tenant string) []string {
	if !perTenant(ti) && len(v.tenants) > 1 {
		return []string{ti.Issuer}
	}
	return []string{expand(ti.Issuer, tenant), ti.Issuer}
}

func (v *Verifier) add(name string, t trusted) error {
	if _, twice := v.issuers[name]; twice {
		return fmt.Errorf("%q is configured twice", name)
	}
	v.issuers[name] = t
	return nil
}

// perTenant reports whether the keys' address depends on the tenant.
func perTenant(ti TrustedIssuer) bool {
	switch {
	case ti.Keys != nil || ti.Current != nil:
		return false
	case ti.JWKS != "":
		return strings.Contains(ti.JWKS, TenantPlaceholder)
	}
	return ti.Discovery == "" || strings.Contains(ti.Discovery, TenantPlaceholder)
}

// source builds where the keys come from. names are what a discovery document may call its issuer.
func (v *Verifier) source(ti TrustedIssuer, tenant string, names []string) (keySource, error) {
	if ti.Keys != nil {
		return newKeySet(ti.Keys)
	}
	if ti.Current != nil {
		return currentKeys(ti.Current), nil
	}
	r := &remoteKeys{issuers: names, client: v.cfg.Client, clock: v.cfg.Clock, policy: v.cfg.Keys, log: v.cfg.Log}
	if ti.JWKS != "" {
		r.jwks = expand(ti.JWKS, tenant)
		return r, CheckURL(r.jwks)
	}
	r.discovery = expand(ti.Discovery, tenant)
	if r.discovery == "" {
		r.discovery = strings.TrimSuffix(expand(ti.Issuer, tenant), "/") + "/.well-known/openid-configuration"
	}
	r.hosts = []string{hostOf(r.discovery), hostOf(expand(ti.Issuer, tenant))}
	return r, CheckURL(r.discovery)
}

// hostOf is host and port of an address; "" for what is none.
func hostOf(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	return u.Host
}

func expand(template, tenant string) string {
	return strings.ReplaceAll(template, TenantPlaceholder, tenant)
}
