package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/state/statetest"
)

// runAsProgram makes the test program be harrier itself: a server that can be killed.
const runAsProgram = "HARRIER_TEST_RUN"

func TestMain(m *testing.M) {
	if os.Getenv(runAsProgram) != "" {
		main()
		return
	}
	statetest.Main(m)
}

// program is a server in a process of its own.
type program struct {
	cmd *exec.Cmd
	url string
	log bytes.Buffer
}

func startProgram(t *testing.T, args ...string) *program {
	t.Helper()
	p := &program{cmd: exec.Command(os.Args[0], append([]string{"serve", "--listen", "127.0.0.1:0", "--log-level", "warn", "--memory-limit", "512MB", "--threads", "1"}, args...)...)}
	p.cmd.Env = append(os.Environ(), runAsProgram+"=1")
	p.cmd.Stderr = &p.log
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	line, err := bufio.NewReader(out).ReadString('\n')
	var ok bool
	if p.url, ok = strings.CutPrefix(strings.TrimSpace(line), "harrier: listening on "); !ok {
		p.kill()
		t.Fatalf("the server says %q, error %v\n%s", line, err, &p.log)
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	return p
}

// kill ends the process as a loss of power would, but for the machine.
func (p *program) kill() {
	if p.cmd.ProcessState == nil {
		_ = p.cmd.Process.Kill()
		_ = p.cmd.Wait()
	}
}

// reply is what a caller got.
type reply struct {
	status int
	id     string // of the request, as the answer carries it
	retry  string
	body   string
}

func askRun(url, token, query string) (reply, error) {
	body, _ := json.Marshal(map[string]string{"Query": query})
	req, err := http.NewRequest("POST", url+"/api/advancedqueries/run", bytes.NewReader(body))
	if err != nil {
		return reply{}, err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	resp, err := (&http.Client{Timeout: 30 * time.Second}).Do(req)
	if err != nil {
		return reply{}, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return reply{resp.StatusCode, resp.Header.Get("Request-Id"), resp.Header.Get("Retry-After"), string(text)}, err
}

// TestRestartDuringLoad: a server is killed while 200 callers run and started again. Together the two accept exactly what
// a minute allows, every refusal is right, and every request that was answered is in the audit table, once.
func TestRestartDuringLoad(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	statetest.Each(t, func(t *testing.T, place string) { restartDuringLoad(t, place) })
}

func restartDuringLoad(t *testing.T, place string) {
	dir := t.TempDir()
	flags := []string{"--data", dir, "--state", place, "--profile", "atp-2018"}
	p := startProgram(t, flags...)
	var mu sync.Mutex
	var accepted, refused []reply
	lost := 0
	load := func(url, token string, callers, calls int, done func()) *sync.WaitGroup {
		var wg sync.WaitGroup
		for range callers {
			wg.Go(func() {
				for range calls {
					r, err := askRun(url, token, "print x = 1")
					mu.Lock()
					switch {
					case err != nil:
						lost++ // the server died under it
					case r.status == http.StatusOK:
						accepted = append(accepted, r)
					default:
						refused = append(refused, r)
					}
					n := len(accepted)
					mu.Unlock()
					if err != nil {
						return
					}
					if n >= 5 && done != nil {
						done()
					}
				}
			})
		}
		return &wg
	}
	first := program{url: p.url}
	// The first server gets few callers at once, so that it dies before the minute's calls are used up.
	load(p.url, mintToken(t, dir), 4, 3, sync.OnceFunc(p.kill)).Wait()
	p.kill()
	if len(accepted) < 5 || len(accepted) > 12 {
		t.Fatalf("%d accepted before %s was killed\n%s", len(accepted), first.url, &p.log)
	}
	before := len(accepted)
	p = startProgram(t, flags...)
	token := mintToken(t, dir)
	load(p.url, token, 200, 1, nil).Wait()
	// Calls that the first server accepted count, also those whose answers were lost with it.
	if n := len(accepted); n > 15 || n < 15-lost || len(accepted) == before {
		t.Errorf("%d accepted, %d before the restart; %d answers were lost", n, before, lost)
	}
	for _, r := range refused {
		if r.status != http.StatusTooManyRequests || !strings.Contains(r.body, "API calls quota exceeded! maximum allowed 15 per 00:01:00") || r.retry == "" || r.retry == "0" {
			t.Errorf("refused with %d, Retry-After %q: %s", r.status, r.retry, r.body)
		}
	}
	checkTrail(t, dir, accepted, refused)
	stopGently(t, p)
	checkAuditTable(t, dir, place, accepted, refused)
}

func mintToken(t *testing.T, dir string) string {
	t.Helper()
	var mint mintCmd
	parse(t, &mint, "--data", dir)
	token, err := mint.mint()
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// stopGently ends a server as its operator would.
func stopGently(t *testing.T, p *program) {
	t.Helper()
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		t.Fatalf("it ends with %v\n%s", err, &p.log)
	}
}

// checkTrail: the files have a line for every answer.
func checkTrail(t *testing.T, dir string, answered ...[]reply) {
	t.Helper()
	all := trail(t, dir)
	for _, list := range answered {
		for _, r := range list {
			if r.id == "" || strings.Count(all, `"requestId":"`+r.id+`"`) != 1 {
				t.Errorf("the trail has not one record of request %q", r.id)
			}
		}
	}
}

// trail is the text of the trail's files.
func trail(t *testing.T, dir string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "audit", "*.jsonl"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	var all strings.Builder
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}

// checkAuditTable: so has the table.
func checkAuditTable(t *testing.T, dir, place string, answered ...[]reply) {
	t.Helper()
	var q queryCmd
	parse(t, &q, "--data", dir, "--state", place, "HarrierAudit | summarize n = count(), ok = countif(Outcome == 'ok') by RequestId, Contract, ActorType")
	rows, err := askStore(t.Context(), q.storeFlags, "unlimited", q.Text)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.close()
	seen := map[string]map[string]any{}
	for {
		more, err := rows.next()
		if err != nil {
			t.Fatal(err)
		}
		if !more {
			break
		}
		var row map[string]any
		if err := json.Unmarshal(rows.object(nil), &row); err != nil {
			t.Fatal(err)
		}
		seen[fmt.Sprint(row["RequestId"])] = row
	}
	for i, list := range answered {
		for _, r := range list {
			row := seen[r.id]
			if row == nil || fmt.Sprint(row["n"]) != "1" || fmt.Sprint(row["ok"]) != fmt.Sprint(1-min(i, 1)) || row["Contract"] != "mde" || row["ActorType"] != "Application" {
				t.Errorf("the table has of request %q: %v", r.id, row)
			}
		}
	}
}
