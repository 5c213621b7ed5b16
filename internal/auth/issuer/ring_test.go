package issuer

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/auth"
)

// TestRotation goes through the life of a key with the clock: announced, in use, kept for its last tokens, gone. No token
// is refused on the way, and no verifier that keeps a key set for an hour misses a key.
func TestRotation(t *testing.T) {
	ck := &clock{now: time.Now().UTC().Truncate(time.Second)}
	dir := t.TempDir()
	i, err := Open(Options{Dir: dir, BaseURL: "http://127.0.0.1:1", Tenants: []string{"lab"}, Resources: []Resource{{URI: defender}},
		Clock: ck.Now, KeyAge: 30 * 24 * time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	v, err := auth.NewVerifier(auth.Config{Tenants: []string{"lab"}, Audiences: []string{defender}, Issuers: i.Trusted(), Clock: ck.Now})
	if err != nil {
		t.Fatal(err)
	}
	mint := func() (kid, token string) {
		tok, err := i.Mint(Grant{Tenant: "lab", Resource: defender, AppID: "x"})
		if err != nil {
			t.Fatal(err)
		}
		return tok.Raw[:strings.IndexByte(tok.Raw, '.')], tok.Raw
	}
	check := func(token, when string) {
		t.Helper()
		if _, err := v.Verify(context.Background(), token); err != nil {
			t.Fatalf("%s: %v", when, err)
		}
	}
	first, token := mint()
	check(token, "at first")
	if n := len(i.keys.public()); n != 1 {
		t.Fatalf("%d keys at first", n)
	}
	ck.Advance(30*24*time.Hour + time.Minute)
	if kid, token := mint(); kid != first {
		t.Fatal("the next key signs before it was published")
	} else {
		check(token, "announced")
	}
	if n := len(i.keys.public()); n != 2 {
		t.Fatalf("%d keys published after a month", n)
	}
	ck.Advance(announce - time.Minute)
	_, last := mint()
	ck.Advance(time.Minute)
	kid, token := mint()
	if kid == first {
		t.Fatal("the next key does not sign")
	}
	check(token, "in use")
	ck.Advance(58 * time.Minute)
	check(last, "the last token of the old key")
	ck.Advance(overlap)
	if n := len(i.keys.public()); n != 1 {
		t.Errorf("%d keys published at the end", n)
	}
	if files, err := keyFiles(dir); err != nil || len(files) != 1 {
		t.Errorf("files %v, %v", files, err)
	}
}

// TestRotate is by hand, from another process: announced, or at once and for all.
func TestRotate(t *testing.T) {
	ck := &clock{now: time.Now().UTC().Truncate(time.Second)}
	dir := t.TempDir()
	r, err := openRing(dir, ck.Now, 0, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	old := r.public()[0].KeyID
	from, err := Rotate(dir, ck.Now(), false)
	if err != nil || !from.Equal(ck.Now().Add(announce)) {
		t.Fatalf("%v, %v", from, err)
	}
	if _, err := Rotate(dir, ck.Now(), false); err == nil || !strings.Contains(err.Error(), "already") {
		t.Errorf("a second one: %v", err)
	}
	if n := len(r.public()); n != 1 {
		t.Errorf("%d keys before the next look", n)
	}
	ck.Advance(lookInterval)
	if n := len(r.public()); n != 2 {
		t.Errorf("%d keys after it", n)
	}
	if _, err := Rotate(dir, ck.Now(), true); err != nil {
		t.Fatal(err)
	}
	ck.Advance(lookInterval)
	if keys := r.public(); len(keys) != 1 || keys[0].KeyID == old {
		t.Errorf("after revoking: %d keys", len(keys))
	}
	// A file that cannot be used changes nothing, and keeps a program from starting.
	if err := os.WriteFile(dir+"/signing-key-yesterday.pem", []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	ck.Advance(lookInterval)
	if n := len(r.public()); n != 1 {
		t.Errorf("%d keys with a broken file", n)
	}
	if _, err := openRing(dir, ck.Now, 0, slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), "not named") {
		t.Errorf("start with a broken file: %v", err)
	}
	if _, err := Rotate("", ck.Now(), false); err == nil || errors.Is(err, os.ErrNotExist) {
		t.Errorf("no directory: %v", err)
	}
}
