package external

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/parquet-go/parquet-go"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// collected is a RowWriter that keeps rows as text.
type collected struct{ rows []string }

func (c *collected) Write(_ context.Context, b *types.Batch) error {
	for i := range b.N {
		var parts []string
		for _, v := range b.Cols {
			parts = append(parts, dynamic.FromValue(v.Value(i)))
		}
		c.rows = append(c.rows, strings.Join(parts, " "))
	}
	return nil
}

func columns(decl string) []plan.Column {
	var out []plan.Column
	for _, d := range strings.Fields(decl) {
		name, text, _ := strings.Cut(d, ":")
		t, ok := types.ByName(text)
		if !ok {
			panic(text)
		}
		out = append(out, plan.Column{Name: name, Type: t})
	}
	return out
}

// host serves files and is the only host a fetcher may ask.
func host(t *testing.T, h http.HandlerFunc, change func(*Config)) (*Fetcher, string) {
	t.Helper()
	srv := httptest.NewTLSServer(h)
	t.Cleanup(srv.Close)
	pool := x509.NewCertPool()
	pool.AddCert(srv.Certificate())
	cfg := Config{Private: []string{"127.0.0.1"}, TLS: &tls.Config{RootCAs: pool}}
	if change != nil {
		change(&cfg)
	}
	return New(cfg), srv.URL
}

func run(f *Fetcher, r Request) ([]string, error) {
	var out collected
	err := f.Source(r).Run(context.Background(), nil, &out)
	return out.rows, err
}

func gz(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write([]byte(text))
	w.Close()
	return b.String()
}

func zipped(files ...string) string {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i, text := range files {
		f, _ := w.Create(fmt.Sprint("f", i))
		f.Write([]byte(text))
	}
	w.Close()
	return b.String()
}

func parquetFile(t *testing.T) string {
	type row struct {
		Name string  `parquet:"name"`
		N    *int64  `parquet:"n,optional"`
		R    float64 `parquet:"r"`
		At   int64   `parquet:"at,timestamp(millisecond)"`
		OK   bool    `parquet:"ok"`
	}
	var b bytes.Buffer
	w := parquet.NewGenericWriter[row](&b)
	five := int64(5)
	if _, err := w.Write([]row{{"a", &five, 1.5, 0, true}, {"b", nil, 2, 1700000000000, false}}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestFormats(t *testing.T) {
	files := map[string]string{
		"/a.csv":          "name,n\n\"x, \"\"y\"\"\",5\nplain,\nz,seven,more\nlone\n",
		"/a.tsv":          "x\t5\r\n\"y\"\t6\r\n",
		"/a.psv":          "x|5\n\"a|b\"|6\n",
		"/a.txt":          "\xef\xbb\xbf# one, two\nthree\n\nfour",
		"/a.json":         "{\"name\":\"x\",\"n\":5}\n{\"n\":\"6\",\"other\":1}\n{\"name\":{\"k\":[1, 2]},\"n\":null}",
		"/list.json":      "[{\"name\":\"x\",\"n\":5},\n {\"name\":\"y\",\"n\":1.5}]",
		"/a.csv.gz":       gz("x,5\n"),
		"/a.csv.zip":      zipped("x,5\n", "y,6\n"),
		"/noname":         "x,5\n",
		"/a.parquet":      parquetFile(t),
		"/broken.json":    "{\"name\":\"x\",\"n\":5}\n{\"name\"",
		"/broken.gz":      "not gzip",
		"/broken.zip":     "not zip",
		"/broken.parquet": "PAR1 but not really PAR1",
		"/nested.json":    "[[[{\"name\":\"x\"}]]]",
		"/types.csv":      "true,7,1.5,2.50,2024-01-02,1h,0123456789abcdef0123456789ABCDEF,\"{\"\"a\"\": 1}\"\nx,x,x,x,x,x,x,x\n",
		"/bom.csv":        "\xef\xbb\xbfx,5\n",
	}
	f, base := host(t, func(w http.ResponseWriter, r *http.Request) {
		text, ok := files[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Write([]byte(text))
	}, nil)
	nameN := "name:string n:long"
	for _, c := range []struct {
		path, cols, format string
		skip               bool
		want               string // rows, or "!" and part of an error
	}{
		{"/a.csv", nameN, "", true, `"x, \"y\"" 5|"plain" null|"z" null|"lone" null`},
		{"/a.csv", "name:string", "", false, `"name"|"x, \"y\""|"plain"|"z"|"lone"`},
		{"/a.tsv", nameN, "", false, `"x" 5|"\"y\"" 6`},
		{"/a.psv", nameN, "", false, `"x" 5|"a|b" 6`},
		{"/a.txt", "line:string", "", false, `"# one, two"|"three"|""|"four"`},
		{"/a.csv", "line:string", "txt", false, `"name,n"|"\"x, \"\"y\"\"\",5"|"plain,"|"z,seven,more"|"lone"`},
		{"/a.csv", "all:string n:int", "raw", false, `"name,n\n\"x, \"\"y\"\"\",5\nplain,\nz,seven,more\nlone\n" null`},
		{"/a.json", nameN, "", false, `"x" 5|"" 6|"{\"k\":[1,2]}" null`},
		{"/a.json", "name:dynamic", "multijson", false, `"x"|null|{"k":[1,2]}`},
		{"/list.json", nameN, "multijson", false, `"x" 5|"y" null`},
		{"/a.csv.gz", nameN, "", false, `"x" 5`},
		{"/a.csv.zip", nameN, "", false, `"x" 5|"y" 6`},
		{"/noname", nameN, "", false, `"x" 5`},
		{"/bom.csv", nameN, "CSV", false, `"x" 5`},
		{"/a.parquet", "n:long name:string at:datetime r:real ok:bool gone:string", "", false,
			`5 "a" "1970-01-01T00:00:00.0000000Z" 1.5 true ""|null "b" "2023-11-14T22:13:20.0000000Z" 2.0 false ""`},
		{"/types.csv", "b:bool i:int r:real d:decimal t:datetime s:timespan g:guid x:dynamic", "", false,
			`true 7 1.5 "2.5" "2024-01-02T00:00:00.0000000Z" "01:00:00" "01234567-89ab-cdef-0123-456789abcdef" {"a":1}|null null null null null null null "x"`},
		{"/broken.json", nameN, "", false, "!not valid JSON"},
		{"/nested.json", nameN, "", false, "!not a JSON object"},
		{"/broken.gz", nameN, "", false, "!gzip"},
		{"/broken.zip", nameN, "", false, "!zip"},
		{"/broken.parquet", nameN, "", false, "!Parquet"},
		{"/missing", nameN, "", false, "!status 404"},
		{"/a.csv", nameN, "avro", false, `!the format "avro" is not supported`},
	} {
		rows, err := run(f, Request{Columns: columns(c.cols), URLs: []string{base + c.path}, Format: c.format, SkipHeader: c.skip})
		want, bad := strings.CutPrefix(c.want, "!")
		var op *plan.OpError
		switch {
		case bad && (!errors.As(err, &op) || !strings.Contains(op.Message, want)):
			t.Errorf("%s: %v, want %s", c.path, err, want)
		case !bad && (err != nil || strings.Join(rows, "|") != want):
			t.Errorf("%s as %s: %v\n%s\nwant\n%s", c.path, c.format, err, strings.Join(rows, "|"), want)
		}
	}
}

func TestRefusals(t *testing.T) {
	f := New(Config{Hosts: []string{"*.example.com", "data.example.org", "127.0.0.1", "169.254.169.254", "localhost"}})
	for address, want := range map[string]string{
		"http://data.example.org/a":           "only https",
		"https://other.org/a":                 "the host other.org is not among",
		"https://example.com/a":               "the host example.com is not among",
		"https://data.example.org.evil.com/a": "is not among",
		"https://data.example.org:8443/a":     "only port 443",
		"https://u:p@data.example.org/a":      "user name",
		"https://data.example.org/a;sig":      "semicolon",
		"ftp://data.example.org/a":            "only https",
		"file:///etc/passwd":                  "not a URL",
		"":                                    "not a URL",
		"https://127.0.0.1/a":                 "private",
		"https://localhost/a":                 "private",
		"https://169.254.169.254/latest":      "private",
	} {
		_, err := run(f, Request{Columns: columns("x:string"), URLs: []string{address}})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", address, err, want)
		}
	}
	if f := New(Config{}); f != nil {
		t.Error("no hosts, and yet a fetcher")
	}
	var off *Fetcher
	op := off.Source(Request{URLs: []string{"https://x.example.com/a.csv"}})
	if why := op.(*source).Refusal(); !strings.Contains(why, "--external-host x.example.com") {
		t.Errorf("the refusal is %q", why)
	}
	for _, u := range []string{"https://a.example.com/x", "https://A.B.EXAMPLE.com/x"} {
		p, _ := url.Parse(u)
		if why := f.allowed(p); why != "" {
			t.Errorf("%s: %s", u, why)
		}
	}
}

func TestPublic(t *testing.T) {
	for text, want := range map[string]bool{
		"8.8.8.8": true, "2606:4700::1111": true, "127.0.0.1": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false,
		"169.254.169.254": false, "100.64.0.1": false, "0.0.0.0": false, "255.255.255.255": false, "224.0.0.1": false, "::1": false,
		"fe80::1": false, "fc00::1": false, "::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false, "64:ff9b::7f00:1": false, "2002:7f00:1::": false, "ff02::1": false,
	} {
		if got := public(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s is public: %v", text, got)
		}
	}
}

func TestRedirects(t *testing.T) {
	var f *Fetcher
	var base string
	f, base = host(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/here":
			http.Redirect(w, r, "/there.csv", http.StatusFound)
		case "/there.csv":
			w.Write([]byte("x"))
		case "/away":
			http.Redirect(w, r, "https://internal.example/a", http.StatusFound)
		case "/plain":
			http.Redirect(w, r, "http://127.0.0.1/a", http.StatusFound)
		case "/loop":
			http.Redirect(w, r, "/loop", http.StatusFound)
		}
	}, nil)
	for path, want := range map[string]string{"/here": "", "/away": "internal.example is not among", "/plain": "without https", "/loop": "more than 5 times"} {
		rows, err := run(f, Request{Columns: columns("x:string"), URLs: []string{base + path}})
		if want == "" && (err != nil || len(rows) != 1) || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, %v", path, rows, err)
		}
	}
}

func TestLimits(t *testing.T) {
	f, base := host(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/large":
			w.Write(bytes.Repeat([]byte("x\n"), 1000))
		case "/bomb.gz":
			w.Write([]byte(gz(strings.Repeat("x\n", 10000))))
		case "/bomb.zip":
			w.Write([]byte(zipped(strings.Repeat("x\n", 3000), strings.Repeat("x\n", 3000))))
		}
	}, func(c *Config) { c.MaxBytes, c.MaxUnpacked = 1000, 10000 })
	for path, want := range map[string]string{"/large": "larger than may be fetched", "/bomb.gz": "unpacks to more", "/bomb.zip": "unpacks to more"} {
		if _, err := run(f, Request{Columns: columns("x:string"), URLs: []string{base + path}, Format: "txt"}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", path, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := f.Source(Request{URLs: []string{base + "/large"}}).Run(ctx, nil, &collected{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestCache(t *testing.T) {
	var full, checked atomic.Int32
	f, base := host(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"v1"`)
		if r.Header.Get("If-None-Match") == `"v1"` {
			checked.Add(1)
			w.WriteHeader(http.StatusNotModified)
			return
		}
		full.Add(1)
		w.Write([]byte("x"))
	}, func(c *Config) { c.CacheBytes = 3 })
	for range 3 {
		if rows, err := run(f, Request{Columns: columns("x:string"), URLs: []string{base + "/a"}}); err != nil || len(rows) != 1 {
			t.Fatal(rows, err)
		}
	}
	if full.Load() != 1 || checked.Load() != 2 {
		t.Errorf("sent %d times, checked %d", full.Load(), checked.Load())
	}
	for i := range 5 {
		run(f, Request{Columns: columns("x:string"), URLs: []string{fmt.Sprint(base, "/", i)}})
	}
	if f.cache.size > 3 || len(f.cache.at) != 3 {
		t.Errorf("%d bytes in %d entries", f.cache.size, len(f.cache.at))
	}
}

// FuzzReaders: no file makes a reader panic or hang.
func FuzzReaders(f *testing.F) {
	f.Add("csv", "a,\"b\n")
	f.Add("json", `[{"s":1}]`)
	f.Add("parquet", "PAR1")
	f.Add("tsve", `a\tb`)
	f.Fuzz(func(t *testing.T, format, data string) {
		r := readers[format]
		if r == nil || len(data) > 1<<16 {
			return
		}
		cols := columns("s:string n:long d:dynamic t:datetime")
		var out collected
		if err := read(r, []byte(data), Request{Columns: cols}, &writer{ctx: context.Background(), out: &out, cols: cols}); err != nil && err.Error() == "" {
			t.Error("an error without words")
		}
	})
}
