package issuer

import (
	"net"
	"net/http"
	"sync"
	"time"
)

// Limits on failures to authenticate. A secret of 256 bits cannot be guessed at any rate; passwords of people can, and
// each guess costs us memory and time.
const (
	failWindow    = 10 * time.Minute
	failsPerName  = 30 // at one client or user, wherever they come from
	failsPerPair  = 10 // at one client or user from one address
	failsPerPeer  = 100
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
	return map[string]int{"p\x00" + peer: failsPerPeer, "n\x00" + name: failsPerName, "b\x00" + peer + "\x00" + name: failsPerPair}
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
		f := t.fails[k]
		if f == nil || !f.until.After(now) {
			f = &failCount{until: now.Add(failWindow)}
			t.fails[k] = f
		}
		f.n++
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
