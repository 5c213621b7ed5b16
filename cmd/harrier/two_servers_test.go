package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/state/statetest"
)

// TestTwoServers: two processes on one PostgreSQL are one service. A minute's calls are accepted once, whichever is asked;
// what one stores the other has; the audit table of each has the requests of both, once; one goes on when the other is killed.
func TestTwoServers(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	place := statetest.Postgres(t)
	const hunt, all, audit, manage = "AdvancedQuery.Read.All", "AdvancedHunting.Read.All", "HarrierAudit.Read.All", "Harrier.Manage.All"
	var servers [2]*program
	var dirs, tokens [2]string
	for i := range servers {
		dirs[i] = t.TempDir()
		servers[i] = startProgram(t, "--data", dirs[i], "--state", place, "--profile-for", "mde=atp-2018", "--profile-for", "xdr=unlimited")
		var c mintCmd
		parse(t, &c, "--data", dirs[i], "--role", hunt, "--role", all, "--role", audit, "--role", manage)
		token, err := c.mint()
		if err != nil {
			t.Fatal(err)
		}
		tokens[i] = token
	}

	var mu sync.Mutex
	var accepted, refused []reply
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			r, err := askRun(servers[i%2].url, tokens[i%2], "print x = 1")
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err != nil:
				t.Error(err)
			case r.status == http.StatusOK:
				accepted = append(accepted, r)
			default:
				refused = append(refused, r)
			}
		})
	}
	wg.Wait()
	if len(accepted) != 15 || len(accepted)+len(refused) != 200 {
		t.Errorf("%d accepted and %d refused of 200", len(accepted), len(refused))
	}
	for _, r := range refused {
		if r.status != http.StatusTooManyRequests || !strings.Contains(r.body, "API calls quota exceeded! maximum allowed 15 per 00:01:00") || r.retry == "" {
			t.Errorf("refused with %d, Retry-After %q: %s", r.status, r.retry, r.body)
		}
	}
	for i := range dirs {
		own, files := 0, trail(t, dirs[i])
		for _, r := range slices.Concat(accepted, refused) {
			own += strings.Count(files, `"requestId":"`+r.id+`"`)
		}
		if own != 100 {
			t.Errorf("server %d has %d of its 100 requests in its files", i, own)
		}
	}

	for i, s := range servers { // what the other stored
		name := fmt.Sprintf("Of%d", i)
		call(t, s.url, tokens[i], "PUT", "/api/harrier/functions/"+name, map[string]string{"Text": "let " + name + " = () { print from = " + fmt.Sprint(i) + " };"}, 200)
		call(t, s.url, tokens[i], "PUT", "/api/harrier/queries/"+name+"?shared=true", map[string]string{"Query": "print 1"}, 200)
	}
	for i, s := range servers {
		name := fmt.Sprintf("Of%d", 1-i)
		eventually(t, func() error {
			return answers(s.url, tokens[i], name+"()", fmt.Sprintf(`{"from":%d}`, 1-i))
		})
		if body := call(t, s.url, tokens[i], "GET", "/api/harrier/queries/"+name, nil, 200); !strings.Contains(body, "print 1") {
			t.Errorf("server %d has of the other's query: %s", i, body)
		}
	}
	const both = "HarrierAudit | where Contract == 'mde' | summarize n = count(), ids = dcount(RequestId), ok = countif(Outcome == 'ok')"
	for i, s := range servers {
		eventually(t, func() error { return answers(s.url, tokens[i], both, `{"n":200,"ids":200,"ok":15}`) })
	}

	servers[0].kill()
	if err := answers(servers[1].url, tokens[1], "Of0()", `{"from":0}`); err != nil {
		t.Error("after the other was killed:", err)
	}
	if r, err := askRun(servers[1].url, tokens[1], "print x = 1"); err != nil || r.status != http.StatusTooManyRequests && r.status != http.StatusOK {
		t.Errorf("after the other was killed: %+v, error %v", r, err)
	}
	stopGently(t, servers[1])
}

// answers says nothing if the query has this one row.
func answers(url, token, query, row string) error {
	status, body, err := send(url, token, "POST", "/api/advancedhunting/run", map[string]string{"Query": query})
	if err != nil {
		return err
	}
	var out struct{ Results []json.RawMessage }
	if err := json.Unmarshal([]byte(body), &out); err != nil || status != 200 || len(out.Results) != 1 || string(out.Results[0]) != row {
		return fmt.Errorf("%s: status %d, not %s: %s", query, status, row, body)
	}
	return nil
}

func call(t *testing.T, url, token, method, path string, body any, want int) string {
	t.Helper()
	status, text, err := send(url, token, method, path, body)
	if err != nil || status != want {
		t.Fatalf("%s %s: status %d, error %v: %s", method, path, status, err, text)
	}
	return text
}

func send(url, token, method, path string, body any) (int, string, error) {
	in, err := json.Marshal(body)
	if err != nil {
		return 0, "", err
	}
	req, err := http.NewRequest(method, url+path, strings.NewReader(string(in)))
	if err != nil {
		return 0, "", err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	resp, err := (&http.Client{Timeout: 30 * time.Second}).Do(req)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(text), err
}

// eventually waits for what takes a second or two by design.
func eventually(t *testing.T, check func() error) {
	t.Helper()
	var err error
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if err = check(); err == nil {
			return
		}
	}
	t.Error(err)
}
