package hunt

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/external"
)

// TestExternalData: rows of other hosts take part in a query like any others.
func TestExternalData(t *testing.T) {
	srv := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Write([]byte("name,score\nzed,3\nann,1\nbob,\n"))
	}))
	defer srv.Close()
	pool := x509.NewCertPool()
	pool.AddCert(srv.Certificate())
	env, store := testEnv(t), fixtureStore(t)
	scope := testScope(env)
	query := `let T = externaldata(name:string, score:long)["` + srv.URL + `/a.csv"] with (ignoreFirstRecord=true);
T | join kind=inner (T | where name in ((T | where score > 1 | project name))) on name
| union (T | serialize n = row_number() | project name, score = n, name1 = "")
| sort by name asc, score asc | project name, score`
	if _, err := ask(store, query, env, scope); err == nil || !strings.Contains(err.Error(), "--external-host 127.0.0.1") {
		t.Errorf("without leave it gives %v", err)
	}
	env.External = external.New(external.Config{Private: []string{"127.0.0.1"}, TLS: &tls.Config{RootCAs: pool}})
	a, err := ask(store, query, env, scope)
	if err != nil {
		t.Fatal(causes(err))
	}
	var got []string
	for _, r := range a.rows {
		got = append(got, r[0].S+" "+string(rune('0'+r[1].I)))
	}
	if want := "ann 2,bob 3,zed 1,zed 3"; strings.Join(got, ",") != want {
		t.Errorf("%v, want %s", got, want)
	}
}
