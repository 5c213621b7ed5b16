package auth

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"
)

// TestGroupsElsewhere: the groups that a user's token leaves out are asked for, of nobody else and in no other case; what
// cannot be told stays left out, and what cannot be told now fails.
func TestGroupsElsewhere(t *testing.T) {
	const person = "33333333-CCCC-4ccc-8ccc-333333333333"
	overage := map[string]string{"groups": "src1"}
	user := []any{"oid", person, "sub", "pairwise", "scp", "AdvancedQuery.Read", "roles", nil}
	with := func(changes ...any) []any { return append(append([]any(nil), user...), changes...) }
	late := &Unavailable{RetryAfter: time.Second}
	for _, c := range []struct {
		name    string
		changes []any
		answer  []string
		err     error

		asked   bool
		groups  []string
		omitted bool
		want    error
	}{
		{"overage", with("_claim_names", overage), []string{"g7"}, nil, true, []string{"g7"}, false, nil},
		{"the flag", with("hasgroups", true), []string{"g7"}, nil, true, []string{"g7"}, false, nil},
		{"a part in the token", with("groups", []string{"g1"}, "_claim_names", overage), []string{"g7"}, nil, true, []string{"g7"}, false, nil},
		{"in none", with("_claim_names", overage), []string{}, nil, true, []string{}, false, nil},
		{"will not say", with("groups", []string{"g1"}, "_claim_names", overage), nil, ErrGroupsUnknown, true, []string{"g1"}, true, nil},
		{"cannot say", with("_claim_names", overage), nil, late, true, nil, false, late},
		{"all are in the token", with("groups", []string{"g1"}), []string{"g7"}, nil, false, []string{"g1"}, false, nil},
		{"an application", []any{"hasgroups", true, "oid", person, "sub", person}, []string{"g7"}, nil, false, nil, true, nil},
		{"no object id", with("oid", nil, "_claim_names", overage), []string{"g7"}, nil, false, nil, true, nil},
		{"another path", with("oid", "../me", "_claim_names", overage), []string{"g7"}, nil, false, nil, true, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			ck, asked := newClock(), false
			f := newFakeIssuer(t, "rsa1")
			cfg := f.config(ck)
			cfg.Issuers[0].Groups = func(_ context.Context, tenant, user string) ([]string, error) {
				asked = true
				if tenant != tenantA || user != "33333333-cccc-4ccc-8ccc-333333333333" {
					t.Errorf("asked for %s of %s", user, tenant)
				}
				return c.answer, c.err
			}
			v := mustVerifier(t, cfg)
			got, err := v.Verify(context.Background(), sign(t, "rsa1", "RS256", ck.appV1(f.name(), c.changes...), nil))
			if !errors.Is(err, c.want) || asked != c.asked || !reflect.DeepEqual(got.Groups, c.groups) || got.GroupsOmitted != c.omitted {
				t.Errorf("asked %v, groups %v, omitted %v, %v", asked, got.Groups, got.GroupsOmitted, err)
			}
			if err != nil && !reflect.DeepEqual(got, Principal{}) {
				t.Errorf("a principal beside an error: %+v", got)
			}
		})
	}
}

// TestGroupsOfTheSigned: nobody is asked about a token before all its checks have passed.
func TestGroupsOfTheSigned(t *testing.T) {
	ck := newClock()
	f := newFakeIssuer(t, "rsa1")
	cfg := f.config(ck)
	cfg.Issuers[0].Groups = func(context.Context, string, string) ([]string, error) {
		t.Error("asked")
		return nil, nil
	}
	v := mustVerifier(t, cfg)
	claims := []any{"oid", "33333333-cccc-4ccc-8ccc-333333333333", "scp", "AdvancedQuery.Read", "roles", nil, "hasgroups", true}
	for name, token := range map[string]string{
		"signature": sign(t, "rsa2", "RS256", ck.appV1(f.name(), claims...), map[string]any{"kid": "rsa1"}),
		"audience":  sign(t, "rsa1", "RS256", ck.appV1(f.name(), append(claims, "aud", "https://other.example")...), nil),
		"expired":   sign(t, "rsa1", "RS256", ck.appV1(f.name(), append(claims, "exp", 1)...), nil),
		"kind":      sign(t, "rsa1", "RS256", ck.appV1(f.name(), append(claims, "at_hash", "x")...), nil),
	} {
		if _, err := v.Verify(context.Background(), token); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
