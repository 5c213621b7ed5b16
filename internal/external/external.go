// Package external reads the tables of externaldata and inline_external_table,
// and the columns for infer_storage_schema: files of other hosts, fetched and
// parsed in Go. The SQL engine never opens a connection.
//
// Fetching is off until an operator lists hosts. A listed host is asked over
// https only; redirects go to listed hosts only; an address that is private,
// link-local, loopback or otherwise not of the public internet is refused
// after name resolution, at the moment of dialling, unless the host is listed
// as private. Sizes, compressed and not, and times are bounded. Answers are
// kept and asked for again with their ETag.
//
// Values follow Kusto's ingestion: columns by position in text formats and by
// name in JSON and Parquet; what does not convert is null.
package external

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/harrier-hunting/harrier/internal/plan"
)

// Config says what may be fetched. The zero value fetches nothing.
type Config struct {
	// Hosts are names such as raw.githubusercontent.com, or *.example.com
	// for all names below example.com.
	Hosts []string
	// Private are listed hosts that may have a private or loopback address.
	Private []string
	// MaxBytes bounds one answer as it is sent; 0 means 64 MiB.
	MaxBytes int64
	// MaxUnpacked bounds what it unpacks to; 0 means 512 MiB.
	MaxUnpacked int64
	// Timeout bounds one request with its redirects; 0 means 30 s.
	Timeout time.Duration
	// CacheBytes bounds the answers kept; 0 means 256 MiB.
	CacheBytes int64
	// TLS says which certificates are trusted; nil means those of the system.
	TLS *tls.Config
}

// Fetcher fetches from the hosts it was made for. A nil Fetcher refuses.
type Fetcher struct {
	cfg    Config
	client *http.Client
	cache  *cache
}

// maxRedirects bounds the hops of one request.
const maxRedirects = 5

// New makes a fetcher; with no hosts it is nil, which refuses everything.
func New(cfg Config) *Fetcher {
	if len(cfg.Hosts)+len(cfg.Private) == 0 {
		return nil
	}
	cfg.MaxBytes = orDefault(cfg.MaxBytes, 64<<20)
	cfg.MaxUnpacked = orDefault(cfg.MaxUnpacked, 512<<20)
	cfg.CacheBytes = orDefault(cfg.CacheBytes, 256<<20)
	if cfg.Timeout == 0 {
		cfg.Timeout = 30 * time.Second
	}
	f := &Fetcher{cfg: cfg, cache: newCache(cfg.CacheBytes)}
	transport := &http.Transport{
		TLSClientConfig:        cfg.TLS,
		DialContext:            f.dial,
		TLSHandshakeTimeout:    10 * time.Second,
		ResponseHeaderTimeout:  cfg.Timeout,
		MaxResponseHeaderBytes: 1 << 20,
		DisableCompression:     true, // the limits are on what was sent
		MaxIdleConns:           8,
		IdleConnTimeout:        30 * time.Second,
	}
	f.client = &http.Client{Transport: transport, Timeout: cfg.Timeout, CheckRedirect: f.redirect}
	return f
}

func orDefault(n, otherwise int64) int64 {
	if n == 0 {
		return otherwise
	}
	return n
}

// Request is one externaldata of a query.
type Request struct {
	// Operator is its name in errors; "" means externaldata.
	Operator string
	Columns  []plan.Column
	URLs     []string
	// Format is the declared one, or "" to go by the file's name.
	Format     string
	SkipHeader bool // ignoreFirstRecord
}

// Source is the operator that reads r. What may not be read refuses to run,
// so that the rest of the query is checked all the same.
func (f *Fetcher) Source(r Request) plan.RowOp {
	if r.Operator == "" {
		r.Operator = "externaldata"
	}
	s := &source{f: f, req: r}
	for _, u := range r.URLs {
		file, why := f.file(u, r.Format)
		if why != "" {
			s.refusal = why
			return s
		}
		s.files = append(s.files, file)
	}
	return s
}

// file is one address, taken apart.
type file struct {
	url    *url.URL
	format string
	zip    string // "", ".gz" or ".zip"
}

// file checks an address and finds its format; why says what is wrong.
func (f *Fetcher) file(text, format string) (fl file, why string) {
	if strings.Contains(text, ";") {
		return fl, "addresses with credentials or options after a semicolon are not supported"
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return fl, "the address is not a URL"
	}
	if u.Scheme != "https" {
		return fl, fmt.Sprintf("only https addresses are fetched, not %s", u.Scheme)
	}
	if u.User != nil {
		return fl, "an address may not carry a user name"
	}
	if why := f.allowed(u); why != "" {
		return fl, why
	}
	name := strings.ToLower(path.Base(u.Path))
	for _, z := range []string{".gz", ".zip"} {
		if rest, ok := strings.CutSuffix(name, z); ok {
			fl.zip, name = z, rest
			break
		}
	}
	if format == "" {
		format = strings.TrimPrefix(path.Ext(name), ".")
		if readers[format] == nil {
			format = "csv"
		}
	}
	fl.url, fl.format = u, strings.ToLower(format)
	if readers[fl.format] == nil {
		return fl, fmt.Sprintf("the format %q is not supported; there are csv, tsv, psv, scsv, sohsv, tsve, txt, raw, json, multijson and parquet", format)
	}
	return fl, ""
}

// allowed says why u's host may not be asked, or "".
func (f *Fetcher) allowed(u *url.URL) string {
	host := strings.ToLower(u.Hostname())
	switch {
	case f == nil:
		return fmt.Sprintf("fetching data from other hosts is turned off here; the operator of this service may allow it with --external-host %s", host)
	case matches(f.cfg.Hosts, host) || matches(f.cfg.Private, host):
		if p := u.Port(); p != "" && p != "443" && !matches(f.cfg.Private, host) {
			return "only port 443 of a host is asked"
		}
		return ""
	}
	return fmt.Sprintf("the host %s is not among those that may be asked; the operator of this service may allow it with --external-host %[1]s", host)
}

func matches(list []string, host string) bool {
	for _, h := range list {
		h = strings.ToLower(h)
		if h == host {
			return true
		}
		if domain, ok := strings.CutPrefix(h, "*."); ok && strings.HasSuffix(host, "."+domain) && net.ParseIP(host) == nil {
			return true
		}
	}
	return false
}
