// Package auth turns a bearer token into a Principal, or into an error that says which HTTP status it deserves.
//
// One Verifier serves every contract. It trusts a fixed list of issuers, tenants and audiences, all known when it is
// built; the issuer templates are expanded then ("{tenantid}" becomes each configured tenant), so that a token's `iss`
// is one exact look-up and no pattern ever meets hostile input. What a token has to pass, in this order: size and
// alphabet, header (algorithm allow-list, no critical extensions, a type that is an access token's), issuer, signature,
// tenant, audience, lifetime. Nothing but the issuer is learned from a token before its signature holds.
//
// The JOSE layer is github.com/go-jose/go-jose/v4 (docs/adr/0009-oidc-library.md): the algorithm list is a mandatory
// argument of its parser, its JSON decoder refuses duplicate members and matches names exactly, and it has no
// dependencies. Discovery and the key cache are ours, because what is needed there is policy: an unknown key id causes
// one rate-limited fetch, an unreachable issuer leaves the cached keys in force for a bounded time.
//
// The texts of errors are those the public service is known to answer with, or as close as possible; they name the check
// that failed and never a key id, a configured value or a library's words.
package auth
