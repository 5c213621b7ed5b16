package issuer

import (
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Limits on failures to authenticate. A secret of 256 bits cannot be guessed at any rate; passwords of people can, and
// each guess costs us memory and time.
const (
	failWindow    = 10 * time.Minute
	failsPerName  = 30 // at one user, wherever they come from; at a client it would let anybody lock a service out
	failsPerPair  = 10 // at one client or user from one address
	failsPerPeer  = 100
	toldPerPeer   = 100    // refused requests from one address that the audit trail keeps
	toldInAll     = 5_000  // and from all of them
	maxFailRecord = 20_000 // keys remembered; beyond it every new one is refused until old ones are forgotten
)

// throttle counts failures in fixed windows.
type throttle struct {
	clock func() time.Time

	mu    sync.Mutex
	fails map[string]*failCount
	swept time.Time
}

type failCount struct {
	n     int
	until time.Time
}

func newThrottle(clock func() time.Time) *throttle {
	return &throttle{clock: clock, fails: map[string]*failCount{}}
}

// keysOf names what a try counts for, with the limit of each.
func keysOf(peer, name string) map[string]int {
	keys := map[string]int{"p\x00" + peer: failsPerPeer, "b\x00" + peer + "\x00" + name: failsPerPair}
	if !strings.HasPrefix(name, clientKind) {
		keys["n\x00"+name] = failsPerName
	}
	return keys
}

// tells counts a refused request that needs no secret to make, and reports whether the audit trail keeps it: without a
// bound anybody could fill it. last is true for the last one of a window.
func (t *throttle) tells(peer string) (keep, last bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.clock()
	t.sweep(now)
	n := t.count("t\x00"+peer, now)
	if n > toldPerPeer || len(t.fails) > maxFailRecord {
		return false, false
	}
	all := t.count("a\x00", now) // one address does not use up what is for all
	return all <= toldInAll, n == toldPerPeer || all == toldInAll
}

// count adds one to a key's window.
func (t *throttle) count(key string, now time.Time) int {
	f := t.fails[key]
	if f == nil || !f.until.After(now) {
		f = &failCount{until: now.Add(failWindow)}
		t.fails[key] = f
	}
	f.n++
	return f.n
}

// wait is how long the next try has to wait; 0 is not at all.
func (t *throttle) wait(peer, name string) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.clock()
	t.sweep(now)
	var longest time.Duration
	for k, limit := range keysOf(peer, name) {
		if f := t.fails[k]; f != nil && f.until.After(now) && f.n >= limit {
			longest = max(longest, f.until.Sub(now))
		}
	}
	if longest == 0 && len(t.fails) > maxFailRecord {
		longest = time.Minute
	}
	return longest
}

// failed counts a failure.
func (t *throttle) failed(peer, name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.clock()
	for k := range keysOf(peer, name) {
		t.count(k, now)
	}
}

// succeeded forgets the failures of this name from this address.
func (t *throttle) succeeded(peer, name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for k, limit := range keysOf(peer, name) {
		if limit == failsPerPair {
			delete(t.fails, k)
		}
	}
}

// sweep forgets what is over, once a minute.
func (t *throttle) sweep(now time.Time) {
	if now.Sub(t.swept) < time.Minute && len(t.fails) <= maxFailRecord {
		return
	}
	t.swept = now
	for k, f := range t.fails {
		if !f.until.After(now) {
			delete(t.fails, k)
		}
	}
}

// peerOf is the address a request came from. An IPv6 client has a whole network of addresses: it counts as one.
func peerOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	if ip := net.ParseIP(host); ip != nil && ip.To4() == nil {
		return ip.Mask(net.CIDRMask(64, 128)).String()
	}
	return host
}
