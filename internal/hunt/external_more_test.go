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

// TestInferStorageSchema: the plugin in queries.
func TestInferStorageSchema(t *testing.T) {
	env, store := testEnv(t), fixtureStore(t)
	scope := testScope(env)
	fetcher, base := files(t, map[string]string{"/d/part-0.csv": "name,score\nzed,3\nann,1\n", "/a.json": `{"score":7.5,"name":"jo"}`})
	for _, c := range []struct{ query, want string }{
		{`evaluate infer_storage_schema(dynamic({'StorageContainers':['HOST/d/part-0.csv'],'DataFormat':'csv','InferenceOptions':{'UseFirstRowAsHeader':true}}))`, "name:string, score:long"},
		{`let options = dynamic({'StorageContainers':['HOST/a.json', 'HOST/d/part-0.csv'],'FileExtension':'.json','Mode':'any'}); evaluate infer_storage_schema(options) | project s = split(CslSchema, ", ")[0]`, "score:real"},
		{`evaluate infer_storage_schema(dynamic({'StorageContainers':['HOST/a.json']})) : (CslSchema:string) | count`, "1"},
		{`evaluate infer_storage_schema(dynamic({'StorageContainers':['HOST/a.json', 'HOST/d/part-0.csv']}))`, "!does not tell when it was written"},
		{`evaluate infer_storage_schema(dynamic({'StorageContainers':['HOST/d'],'DataFormat':'csv'}))`, "!infer_storage_schema: a container or folder would have to be listed"},
		{`evaluate infer_storage_schema(dynamic({'StorageContainers':['HOST/a.json'],'MaxFiles':3}))`, "!infer_storage_schema with 'MaxFiles' is not supported"},
		{`evaluate infer_storage_schema(dynamic({'StorageContainers':['HOST/a.json'],'Mode':'first'}))`, "!is no value of 'Mode'"},
		{`evaluate infer_storage_schema(dynamic({'StorageContainers':'HOST/a.json'}))`, "!is no value of 'StorageContainers'"},
		{`evaluate infer_storage_schema(dynamic({'DataFormat':'csv'}))`, "!names no file"},
		{`evaluate infer_storage_schema(dynamic([1]))`, "!the options are a bag"},
		{`evaluate infer_storage_schema(nosuch)`, "!"},
		{`evaluate infer_storage_schema()`, "!is not called with these arguments"},
		{`DeviceEvents | evaluate infer_storage_schema(dynamic({'StorageContainers':['HOST/a.json']}))`, "!infer_storage_schema after a table is not supported"},
		{`evaluate infer_storage_schema_with_suggestions(dynamic({'StorageContainers':['HOST/a.json']}))`, "!is not supported"},
		{`evaluate narrow()`, "!a table is expected before it"},
	} {
		for _, f := range []*external.Fetcher{nil, fetcher} {
			env.External = f
			a, err := ask(store, strings.ReplaceAll(c.query, "HOST", base), env, scope)
			want, bad := strings.CutPrefix(c.want, "!")
			switch {
			case f == nil && err == nil:
				t.Errorf("%s: runs without leave", c.query)
			case f != nil && bad && (err == nil || !strings.Contains(err.Error(), want)):
				t.Errorf("%s: %v, want %s", c.query, err, want)
			case f != nil && !bad && (err != nil || rowText(a) != want):
				t.Errorf("%s: %v, %v, want %s", c.query, rowText(a), err, want)
			}
		}
	}
}
