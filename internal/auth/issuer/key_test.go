package issuer

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// TestKeyFile: the key outlives the process, is private, is created once by several processes, and a damaged or exposed
// file is refused and left alone.
func TestKeyFile(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	path := filepath.Join(dir, keyFile)
	kids := make([]string, 4)
	var wg sync.WaitGroup
	for n := range kids {
		wg.Go(func() {
			key, err := loadOrCreateKey(dir)
			if err != nil {
				t.Error(err)
				return
			}
			kids[n], err = keyID(&key.PublicKey)
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for _, kid := range kids {
		if kid != kids[0] || kid == "" {
			t.Fatalf("different keys: %v", kids)
		}
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 {
		t.Fatalf("%v, %v: want the key file only", files, err)
	}
	if runtime.GOOS != "windows" {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("mode %v, %v", info.Mode(), err)
		}
		checkRefusedKey(t, dir, "0644", func() error { return os.Chmod(path, 0o644) })
		if err := os.Chmod(path, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	checkRefusedKey(t, dir, "PKCS #8", func() error { return os.WriteFile(path, []byte("hello"), 0o600) })
	checkRefusedKey(t, dir, "signing key", func() error {
		return os.WriteFile(path, []byte("-----BEGIN PRIVATE KEY-----\naGVsbG8=\n-----END PRIVATE KEY-----\n"), 0o600)
	})
	checkRefusedKey(t, dir, "at most", func() error { return os.WriteFile(path, make([]byte, 20<<10), 0o600) })
}

func checkRefusedKey(t *testing.T, dir, want string, prepare func() error) {
	t.Helper()
	if err := prepare(); err != nil {
		t.Fatal(err)
	}
	if _, err := loadOrCreateKey(dir); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("want an error with %q, got %v", want, err)
	}
}

func TestSecrets(t *testing.T) {
	one, hash, err := NewSecret()
	if err != nil {
		t.Fatal(err)
	}
	h, err := parseHash(hash)
	if err != nil || !h.matches(one) || h.matches(one+"x") || h.matches("") {
		t.Fatalf("hash %s of %s: %v", hash, one, err)
	}
	if again, _ := HashSecret(one); again == hash {
		t.Error("no salt")
	}
	if _, err := HashSecret(""); err == nil {
		t.Error("an empty secret was hashed")
	}
	for _, bad := range []string{
		"", "$", secret, strings.Replace(hash, "argon2id", "argon2i", 1), strings.Replace(hash, "v=19", "v=16", 1), hash + "$",
		strings.Replace(hash, "m=19456", "m=99999999", 1), strings.Replace(hash, "t=2", "t=0", 1), strings.Replace(hash, "t=2", "t=2x", 1),
		strings.Replace(hash, "p=1", "p=0", 1), strings.Replace(hash, "m=", "m=+", 1), hash[:strings.LastIndex(hash, "$")+1],
	} {
		if _, err := parseHash(bad); err == nil {
			t.Errorf("accepted %q", bad)
		}
	}
}
