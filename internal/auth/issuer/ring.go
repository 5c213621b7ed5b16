package issuer

import (
	"crypto/rsa"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// Times of a rotation. A key is published before it signs, for verifiers keep a key set for an hour and then refresh it
// in the background; and it stays published after its successor has taken over, until its last token has expired.
const (
	announce     = 4 * time.Hour
	overlap      = maxLifetime + 10*time.Minute
	lookInterval = 15 * time.Second // between looks at the directory, where another process may have rotated
	stampLayout  = "20060102T150405Z"
	keyStem      = "signing-key"
)

// signingKey is one file of the directory: signing-key.pem, or signing-key-<time from which it signs>.pem.
type signingKey struct {
	path   string
	active time.Time // zero for signing-key.pem
	made   time.Time
	kid    string
	public jose.JSONWebKey
	signer jose.Signer
}

// ring are the keys of a directory, in the order in which they come into use. It is safe for concurrent use.
type ring struct {
	dir    string
	clock  func() time.Time
	maxAge time.Duration // of the signing key before the next is made; 0: this process makes none
	log    *slog.Logger

	mu     sync.Mutex
	looked time.Time
	keys   []signingKey
}

// openRing loads the keys, making the first one.
func openRing(dir string, clock func() time.Time, maxAge time.Duration, log *slog.Logger) (*ring, error) {
	r := &ring{dir: dir, clock: clock, maxAge: maxAge, log: log}
	if dir == "" {
		return nil, errors.New("issuer: name the directory that keeps the signing key")
	}
	paths, err := keyFiles(dir)
	if err != nil {
		return nil, err
	}
	if len(paths) == 0 {
		if _, err := loadOrCreateKey(dir); err != nil {
			return nil, err
		}
	}
	r.looked = clock()
	if err := r.load(); err != nil {
		return nil, err
	}
	return r, nil
}

// keyFiles lists the key files of a directory. Temporary ones have another ending.
func keyFiles(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("issuer: %w", err)
	}
	var out []string
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), keyStem) && strings.HasSuffix(e.Name(), ".pem") {
			out = append(out, filepath.Join(dir, e.Name()))
		}
	}
	return out, nil
}

// activation reads the time out of a file's name.
func activation(path string) (time.Time, error) {
	name := strings.TrimSuffix(filepath.Base(path), ".pem")
	stamp, dated := strings.CutPrefix(name, keyStem+"-")
	if !dated {
		if name == keyStem {
			return time.Time{}, nil
		}
	} else if t, err := time.Parse(stampLayout, stamp); err == nil {
		return t, nil
	}
	return time.Time{}, fmt.Errorf("issuer: %s is not named as a signing key is", path)
}

// load reads the directory; the caller holds the lock, or is alone. Keys that are known are not read again.
func (r *ring) load() error {
	paths, err := keyFiles(r.dir)
	if err != nil {
		return err
	}
	var keys []signingKey
	for _, path := range paths {
		if n := slices.IndexFunc(r.keys, func(k signingKey) bool { return k.path == path }); n >= 0 {
			keys = append(keys, r.keys[n])
			continue
		}
		k, err := readSigningKey(path)
		if err != nil {
			return err
		}
		keys = append(keys, k)
	}
	if len(keys) == 0 {
		return fmt.Errorf("issuer: %s holds no signing key any more", r.dir)
	}
	slices.SortFunc(keys, func(a, b signingKey) int { return a.active.Compare(b.active) })
	r.keys = keys
	return nil
}

func readSigningKey(path string) (signingKey, error) {
	active, err := activation(path)
	if err != nil {
		return signingKey{}, err
	}
	key, err := loadKey(path)
	if err != nil {
		return signingKey{}, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return signingKey{}, fmt.Errorf("issuer: %w", err)
	}
	return newSigningKey(key, path, active, info.ModTime())
}

func newSigningKey(key *rsa.PrivateKey, path string, active, made time.Time) (signingKey, error) {
	kid, err := keyID(&key.PublicKey)
	if err != nil {
		return signingKey{}, err
	}
	signer, err := jose.NewSigner(
		jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: key, KeyID: kid}},
		(&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return signingKey{}, fmt.Errorf("issuer: %w", err)
	}
	public := jose.JSONWebKey{Key: &key.PublicKey, KeyID: kid, Algorithm: string(jose.RS256), Use: "sig"}
	return signingKey{path: path, active: active, made: made, kid: kid, public: public, signer: signer}, nil
}

// signer is that of the key in use.
func (r *ring) signer() jose.Signer {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.look()
	return r.keys[r.inUse()].signer
}

// public are the keys that tokens may be signed with: the one in use, those before it whose tokens have not expired, and
// those that come next.
func (r *ring) public() []jose.JSONWebKey {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.look()
	var out []jose.JSONWebKey
	for n, k := range r.keys {
		if !r.retired(n) {
			out = append(out, k.public)
		}
	}
	return out
}

// inUse is the last key whose time has come, or the first when none has.
func (r *ring) inUse() int {
	now, at := r.clock(), 0
	for n, k := range r.keys {
		if !k.active.After(now) {
			at = n
		}
	}
	return at
}

func (r *ring) retired(n int) bool {
	return n+1 < len(r.keys) && !r.keys[n+1].active.Add(overlap).After(r.clock())
}

// look reads the directory when the last look is long ago, and rotates when it is time to. What fails is logged and
// leaves the keys as they are.
func (r *ring) look() {
	now := r.clock()
	if now.Sub(r.looked) < lookInterval {
		return
	}
	r.looked = now
	err := r.load()
	if err == nil && r.maxAge > 0 {
		err = r.keep(now)
	}
	if err != nil {
		r.log.Error("signing keys could not be read or changed; those in memory stay in force", "error", err)
	}
}

// keep makes the next key when the last one is old, and deletes the files of keys that nothing needs.
func (r *ring) keep(now time.Time) error {
	last := r.keys[len(r.keys)-1]
	since := last.active
	if since.IsZero() {
		since = last.made
	}
	if now.Sub(since) >= r.maxAge {
		if _, err := r.add(now.Add(announce)); err != nil {
			return err
		}
		r.log.Info("a new signing key is announced", "signs from", now.Add(announce))
	}
	var errs []error
	for n := 0; n < len(r.keys); {
		if !r.retired(n) {
			n++
			continue
		}
		errs = append(errs, os.Remove(r.keys[n].path))
		r.log.Info("a signing key is retired", "kid", r.keys[n].kid)
		r.keys = slices.Delete(r.keys, n, n+1)
	}
	return errors.Join(errs...)
}

// add makes a key that signs from a time on.
func (r *ring) add(active time.Time) (path string, err error) {
	path = filepath.Join(r.dir, keyStem+"-"+active.UTC().Format(stampLayout)+".pem")
	if err := createKey(r.dir, path); err != nil {
		return "", fmt.Errorf("issuer: cannot create the next signing key: %w", err)
	}
	return path, r.load()
}

// Rotate makes the next signing key of a directory, which a running server finds by itself. It signs after it has been
// published for some hours. With revoke it signs at once and all others are deleted: every token there is becomes void,
// which is what to do when somebody else may have the key.
func Rotate(dir string, now time.Time, revoke bool) (from time.Time, err error) {
	r, err := openRing(dir, func() time.Time { return now }, 0, slog.New(slog.DiscardHandler))
	if err != nil {
		return from, err
	}
	if last := r.keys[len(r.keys)-1]; !revoke && last.active.After(now) {
		return last.active, fmt.Errorf("issuer: a new key signs from %s on already", last.active.Format(time.RFC3339))
	}
	from = now.UTC().Truncate(time.Second)
	if !revoke {
		from = from.Add(announce)
	}
	old := r.keys
	path, err := r.add(from)
	if err != nil || !revoke {
		return from, err
	}
	for _, k := range old {
		if k.path != path {
			err = errors.Join(err, os.Remove(k.path))
		}
	}
	return from, err
}
