package hunt

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/external"
)

// files serves files by their paths over TLS to the fetcher it returns.
func files(t *testing.T, byPath map[string]string) (*external.Fetcher, string) {
	t.Helper()
	srv := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, ok := byPath[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Write([]byte(text))
	}))
	t.Cleanup(srv.Close)
	pool := x509.NewCertPool()
	pool.AddCert(srv.Certificate())
	return external.New(external.Config{Private: []string{"127.0.0.1"}, TLS: &tls.Config{RootCAs: pool}}), srv.URL
}

// TestInlineExternalTable: HOST stands for the server; the answer is rows of
// texts, or what an error says.
func TestInlineExternalTable(t *testing.T) {
	env, store := testEnv(t), fixtureStore(t)
	scope := testScope(env)
	fetcher, base := files(t, map[string]string{
		"/d/part-0.csv": "name,score\nzed,3\nann,1\n", "/d/part-1.csv": "name,score\nbob,\n", "/d/other.txt": "x\n", "/a.json": `{"score":7,"name":"jo"}`,
	})
	const csv = `inline_external_table(name:string, score:long) kind=storage dataformat=csv ("HOST/d/part-0.csv", "HOST/d/part-1.csv", "HOST/d/other.txt") `
	for _, c := range []struct{ query, want string }{
		{csv + `with (includeHeaders='All', namePrefix='part-', encoding='UTF8NoBOM') | sort by name asc`, "ann 1|bob null|zed 3"},
		{csv + `with (fileExtension='.txt')`, "x null"},
		{csv + `with (namePrefix='none') | count`, "0"},
		{csv + `with (includeHeaders=None) | count`, "6"},
		{`inline_external_table(name:string, score:long) kind=storage dataformat=json ("HOST/a.json")`, "jo 7"},
		{`let T = inline_external_table(name:string, score:long) kind=storage dataformat=json ("HOST/a.json"); T | join kind=inner T on name | project score + score1`, "14"},
		{`inline_external_table(name:string) kind=storage dataformat=csv ("HOST/gone.csv")`, "!inline_external_table: HOST/gone.csv cannot be read: it answers with status 404"},
		{`inline_external_table(name:string) kind=storage dataformat=csv ("HOST/a.csv;impersonate")`, "!addresses with credentials"},
		{`inline_external_table(name:string) kind=storage dataformat=orc ("HOST/a.orc")`, `!the format "orc" is not supported`},
		{`inline_external_table(name:string) kind=storage dataformat=csv ("https://other.example/a")`, "!the host other.example is not among"},
		{csv + `with (includeHeaders='FirstFile')`, "!inline_external_table with includeHeaders='FirstFile' is not supported"},
		{csv + `with (sampleUris='x')`, "!inline_external_table with 'sampleUris' is not supported"},
		{`inline_external_table(name:string) kind=storage partition by (d:string) pathformat=(d) dataformat=csv ("HOST/d") | where d == "x"`, "!inline_external_table with partitions is not supported"},
		{`inline_external_table(name:string) kind=delta ("HOST/d") | where name == "x"`, "!inline_external_table kind=delta is not supported"},
		{`inline_external_table kind=delta ("HOST/d") | where name == "x"`, "!inline_external_table kind=delta is not supported"},
		{`inline_external_table(name:string) kind=blob dataformat=csv ("HOST/d")`, "!'blob' is not a kind of external table"},
		{`inline_external_table(name:string) kind=storage ("HOST/d")`, "!DataFormat definition is expected"},
		{`inline_external_table kind=storage dataformat=csv ("HOST/d")`, "!the columns must be declared"},
		{`DeviceEvents | take 1 | project inline_external_table(name:string) kind=storage dataformat=csv ("HOST/d")`, "!"},
	} {
		for _, f := range []*external.Fetcher{nil, fetcher} {
			env.External = f
			a, err := ask(store, strings.ReplaceAll(c.query, "HOST", base), env, scope)
			want, bad := strings.CutPrefix(c.want, "!")
			want = strings.ReplaceAll(want, "HOST", base)
			switch {
			case f == nil && err == nil && c.want != "0": // of no file
				t.Errorf("%s: runs without leave", c.query)
			case f != nil && bad && (err == nil || !strings.Contains(err.Error(), want)):
				t.Errorf("%s: %v, want %s", c.query, err, want)
			case f != nil && !bad && (err != nil || rowText(a) != want):
				t.Errorf("%s: %v, %v, want %s", c.query, rowText(a), err, want)
			}
		}
	}
}

// rowText is an answer as text.
func rowText(a answer) string {
	var rows []string
	for _, r := range a.rows {
		var cells []string
		for _, v := range r {
			cells = append(cells, strings.Trim(dynamic.FromValue(v), `"`))
		}
		rows = append(rows, strings.Join(cells, " "))
	}
	return strings.Join(rows, "|")
}
