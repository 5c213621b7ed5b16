package issuer

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// deriveObjectID gives an account the same object id at every start, shaped like a GUID (RFC 9562, version 8).
func deriveObjectID(kind, tenant, id string) string {
	sum := sha256.Sum256([]byte("object id\x00" + kind + tenant + "\x00" + id))
	sum[6] = sum[6]&0x0f | 0x80
	sum[8] = sum[8]&0x3f | 0x80
	h := hex.EncodeToString(sum[:16])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// personID is the object id of who signs in with a name; case does not count.
func personID(tenant, name string) string {
	return deriveObjectID("user\x00", tenant, strings.ToLower(name))
}

// secretHash is a parsed argon2id hash (RFC 9106).
type secretHash struct {
	time, memory uint32
	threads      uint8
	salt, sum    []byte
}

// Parameters of new hashes, the OWASP minimum: a guess takes 19 MiB and some tens of milliseconds. Stored hashes carry
// their own; the bounds keep a mistyped configuration from taking the machine.
const (
	hashTime, hashMemory, hashThreads = 2, 19 << 10, 1
	maxTime, maxMemory, maxThreads    = 10, 256 << 10, 8
	saltBytes, sumBytes               = 16, 32
	maxSecret                         = 1 << 10
)

// NewSecret makes a random secret of 256 bits and its hash. The secret is shown once; the hash is what is stored.
func NewSecret() (secret, hash string, err error) {
	raw := make([]byte, 32)
	if _, err := rand.Read(raw); err != nil {
		return "", "", err
	}
	secret = base64.RawURLEncoding.EncodeToString(raw)
	hash, err = HashSecret(secret)
	return secret, hash, err
}

// HashSecret hashes a client's secret or a person's password with a new salt, in the PHC text form: $argon2id$v=19$m=…,t=…,p=…$salt$hash.
func HashSecret(secret string) (string, error) {
	if secret == "" || len(secret) > maxSecret {
		return "", fmt.Errorf("a secret must have 1 to %d bytes", maxSecret)
	}
	h := secretHash{time: hashTime, memory: hashMemory, threads: hashThreads, salt: make([]byte, saltBytes)}
	if _, err := rand.Read(h.salt); err != nil {
		return "", err
	}
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.memory, h.time, h.threads,
		b64.EncodeToString(h.salt), b64.EncodeToString(h.of(secret, sumBytes))), nil
}

func (h secretHash) of(secret string, size int) []byte {
	return argon2.IDKey([]byte(secret), h.salt, h.time, h.memory, h.threads, uint32(size))
}

// matches compares in constant time.
func (h secretHash) matches(secret string) bool {
	return subtle.ConstantTimeCompare(h.of(secret, len(h.sum)), h.sum) == 1
}

// parseHash reads the PHC text form.
func parseHash(text string) (secretHash, error) {
	bad := errors.New("its secret hash is not of the form $argon2id$v=19$m=…,t=…,p=…$salt$hash within bounds: make one with NewSecret or HashSecret")
	parts := strings.Split(text, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return secretHash{}, bad
	}
	var h secretHash
	if n, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &h.memory, &h.time, &h.threads); n != 3 || err != nil ||
		parts[3] != fmt.Sprintf("m=%d,t=%d,p=%d", h.memory, h.time, h.threads) {
		return secretHash{}, bad
	}
	var err1, err2 error
	h.salt, err1 = base64.RawStdEncoding.Strict().DecodeString(parts[4])
	h.sum, err2 = base64.RawStdEncoding.Strict().DecodeString(parts[5])
	if err1 != nil || err2 != nil || h.time < 1 || h.time > maxTime || h.memory < 8 || h.memory > maxMemory ||
		h.threads < 1 || h.threads > maxThreads || len(h.salt) < 8 || len(h.salt) > 64 || len(h.sum) < 16 || len(h.sum) > 64 {
		return secretHash{}, bad
	}
	return h, nil
}

// newDecoy is a hash that no secret matches: its salt and sum are random.
func newDecoy() (secretHash, error) {
	h := secretHash{time: hashTime, memory: hashMemory, threads: hashThreads, salt: make([]byte, saltBytes), sum: make([]byte, sumBytes)}
	_, err1 := rand.Read(h.salt)
	_, err2 := rand.Read(h.sum)
	return h, errors.Join(err1, err2)
}
