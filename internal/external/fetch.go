package external

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"

	"github.com/harrier-hunting/harrier/internal/plan"
)

// reserved are the ranges that are no part of the public internet, beyond
// those netip knows by name.
var reserved = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"), netip.MustParsePrefix("64:ff9b::/96"),
	netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("100::/64"), netip.MustParsePrefix("2001::/23"),
	netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("fec0::/10"),
}

// public reports an address of the public internet.
func public(a netip.Addr) bool {
	a = a.Unmap()
	if !a.IsGlobalUnicast() || a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() {
		return false
	}
	for _, p := range reserved {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

var errPrivate = errors.New("its address is private, local or reserved")

// dial connects, and refuses an address that is not public at the last
// moment, when no name server can change it any more.
func (f *Fetcher) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	d := &net.Dialer{Timeout: 10 * time.Second}
	if !matches(f.cfg.Private, host) {
		d.Control = func(_, address string, _ syscall.RawConn) error {
			ap, err := netip.ParseAddrPort(address)
			if err != nil || !public(ap.Addr()) {
				return errPrivate
			}
			return nil
		}
	}
	return d.DialContext(ctx, network, address)
}

// redirect allows hops to allowed hosts only.
func (f *Fetcher) redirect(r *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects {
		return fmt.Errorf("it redirects more than %d times", maxRedirects)
	}
	if r.URL.Scheme != "https" {
		return errors.New("it redirects to an address without https")
	}
	if why := f.allowed(r.URL); why != "" {
		return fmt.Errorf("it redirects elsewhere: %s", why)
	}
	return nil
}

// get fetches one file, or finds the copy kept of it still good.
func (f *Fetcher) get(ctx context.Context, operator string, u *url.URL) (entry, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return entry{}, err
	}
	r.Header.Set("User-Agent", "harrier-externaldata")
	r.Header.Set("Accept-Encoding", "identity")
	kept, ok := f.cache.get(u.String())
	if ok {
		r.Header.Set("If-None-Match", kept.etag)
	}
	resp, err := f.client.Do(r)
	if err != nil {
		return entry{}, failed(ctx, operator, u, reason(err))
	}
	defer resp.Body.Close()
	switch {
	case ok && resp.StatusCode == http.StatusNotModified:
		return kept, nil
	case resp.StatusCode != http.StatusOK:
		return entry{}, failed(ctx, operator, u, fmt.Sprintf("it answers with status %d", resp.StatusCode))
	}
	body, err := readBounded(resp.Body, f.cfg.MaxBytes)
	if err != nil {
		return entry{}, failed(ctx, operator, u, reason(err))
	}
	got := entry{etag: resp.Header.Get("ETag"), body: body}
	got.modified, _ = http.ParseTime(resp.Header.Get("Last-Modified"))
	if got.etag != "" {
		f.cache.put(u.String(), got)
	}
	return got, nil
}

var errTooLarge = errors.New("it is larger than may be fetched")

func readBounded(r io.Reader, limit int64) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(body)) > limit {
		err = errTooLarge
	}
	return body, err
}

// failed says to the user that a file could not be read. The query part of an
// address may hold a key and is left out.
func failed(ctx context.Context, operator string, u *url.URL, why string) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return &plan.OpError{Message: fmt.Sprintf("%s: https://%s%s cannot be read: %s", operator, u.Host, u.EscapedPath(), why)}
}

// reason is the part of a network error that is for users: no addresses of
// name servers, no local ports.
func reason(err error) string {
	var dns *net.DNSError
	var net net.Error
	var u *url.Error
	switch {
	case errors.Is(err, errPrivate):
		return errPrivate.Error()
	case errors.Is(err, errTooLarge):
		return errTooLarge.Error()
	case errors.As(err, &dns):
		return "its name is not known"
	case errors.As(err, &net) && net.Timeout():
		return "it takes too long"
	case errors.As(err, &u) && redirectError(u.Err):
		return u.Err.Error()
	}
	return "the connection failed"
}

// redirectError tells our own refusals of a hop from errors of the network.
func redirectError(err error) bool {
	var op *net.OpError
	return err != nil && !errors.As(err, &op) && len(err.Error()) > 3 && err.Error()[:3] == "it "
}
