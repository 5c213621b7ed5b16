package api

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/quota"
	"github.com/harrier-hunting/harrier/internal/state/statetest"
)

func TestMain(m *testing.M) { statetest.Main(m) }

// answered is what a caller got.
type answered struct {
	status      int
	retry, body string
}

// callAll sends as many calls at once, to the beds in turn, and returns the answers by status.
func callAll(t *testing.T, n int, beds ...*bed) map[int][]answered {
	t.Helper()
	var mu sync.Mutex
	out := map[int][]answered{}
	var wg sync.WaitGroup
	begin := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-begin
			res, err := beds[i%len(beds)].post(context.Background(), "print 1")
			if err != nil {
				t.Errorf("a call was lost: %v", err)
				return
			}
			defer res.Body.Close()
			body, err := io.ReadAll(res.Body)
			if err != nil {
				t.Errorf("an answer was lost: %v", err)
			}
			mu.Lock()
			defer mu.Unlock()
			out[res.StatusCode] = append(out[res.StatusCode], answered{res.StatusCode, res.Header.Get("Retry-After"), string(body)})
		})
	}
	close(begin)
	wg.Wait()
	return out
}

const minuteText = `"code":"429","message":"API calls quota exceeded! maximum allowed 15 per 00:01:00"`

// exactly checks that so many calls were accepted and that all others were told the quota.
func exactly(t *testing.T, got map[int][]answered, accepted, of int, retry string) {
	t.Helper()
	if len(got[200]) != accepted || len(got[429]) != of-accepted {
		t.Errorf("%d accepted and %d refused, want %d of %d", len(got[200]), len(got[429]), accepted, of)
	}
	for status, list := range got {
		for _, a := range list {
			if status != 200 && (status != 429 || a.retry != retry || !strings.Contains(a.body, minuteText)) {
				t.Fatalf("%d, Retry-After %q, want %q: %s", status, a.retry, retry, a.body)
			}
		}
	}
}

// ticker is a clock that a test moves.
type ticker struct {
	mu  sync.Mutex
	now time.Time
}

func (c *ticker) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *ticker) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// TestExactly15: of 200 callers at once exactly 15 are accepted in any minute, however few run at a time, and each other
// is told the quota.
func TestExactly15(t *testing.T) {
	for _, slots := range []int{1, 2, 16, 200} {
		t.Run(fmt.Sprint(slots, " slots"), func(t *testing.T) {
			ck := &ticker{now: noon()}
			e := &canned{rows: []string{"[1]"}, delay: 20 * time.Millisecond}
			b := newBed(t, e, context.Background(), func(c *Config) {
				c.MaxConcurrent, c.Ops.MaxConnectionsPerSource = slots, -1
				c.Hunt.Limiter = quota.New(ck.Now)
			})
			exactly(t, callAll(t, 200, b), 15, 200, "60")
			ck.move(59 * time.Second)
			exactly(t, callAll(t, 20, b), 0, 20, "1")
			ck.move(time.Second)
			exactly(t, callAll(t, 60, b), 15, 60, "60")
			if n := len(b.audited()); n != 280 {
				t.Errorf("%d audit records of 280 calls", n)
			}
		})
	}
}

// TestExactly15Nodes: so do two servers with one state store together.
func TestExactly15Nodes(t *testing.T) {
	statetest.Each(t, func(t *testing.T, place string) {
		ck := &ticker{now: noon()}
		var beds []*bed
		for range 2 {
			l := quota.Open(statetest.Open(t, place), ck.Now, slog.New(slog.DiscardHandler))
			t.Cleanup(func() {
				if err := l.Close(); err != nil {
					t.Error(err)
				}
			})
			beds = append(beds, newBed(t, &canned{rows: []string{"[1]"}, delay: 5 * time.Millisecond}, context.Background(), func(c *Config) {
				c.MaxConcurrent, c.Ops.MaxConnectionsPerSource, c.Hunt.Limiter = 2, -1, l
			}))
		}
		exactly(t, callAll(t, 200, beds...), 15, 200, "60")
		ck.move(time.Minute)
		exactly(t, callAll(t, 200, beds...), 15, 200, "60")
	})
}

// TestBusyIsGivenBack: a call that was accepted and then got no slot was not accepted: it can be made again.
func TestBusyIsGivenBack(t *testing.T) {
	statetest.Each(t, func(t *testing.T, place string) {
		l := quota.Open(statetest.Open(t, place), noon, slog.New(slog.DiscardHandler))
		t.Cleanup(func() { _ = l.Close() })
		e := &canned{rows: []string{"[1]"}}
		b := newBed(t, e, context.Background(), func(c *Config) {
			c.MaxConcurrent, c.Ops.MaxQueued, c.Hunt.Limiter = 1, -1, l
		})
		if err := b.server.queue.Acquire(context.Background(), "", ""); err != nil {
			t.Fatal(err)
		}
		got := callAll(t, 20, b)
		if len(got[429]) != 20 || !strings.Contains(got[429][0].body, "at the same time") {
			t.Fatalf("%+v", got)
		}
		b.server.queue.Release()
		for i := range 16 {
			want := 200
			if i == 15 {
				want = 429
			}
			if got := callAll(t, 1, b); len(got[want]) != 1 {
				t.Fatalf("call %d: %+v", i, got)
			}
		}
	})
}

// TestContractsCountApart: two contracts with one profile have each their own calls, and what a contract has used stays
// used when its profile changes.
func TestContractsCountApart(t *testing.T) {
	var mu sync.Mutex
	name := "small"
	b := newBed(t, &canned{rows: []string{"[1]"}}, context.Background(), func(c *Config) {
		c.Ops.ProfileFor = func(string, string) (quota.Profile, bool) {
			mu.Lock()
			defer mu.Unlock()
			return quota.Profile{Name: name, CallsPerMinute: 2}, true
		}
	})
	run := func(path, token string) int {
		req, err := http.NewRequest("POST", b.url+path, strings.NewReader(`{"Query":"print 1"}`))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+b.token(token))
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res.StatusCode
	}
	for i, want := range []int{200, 200, 429, 429} {
		if i == 3 {
			mu.Lock()
			name = "renamed"
			mu.Unlock()
		}
		for path, token := range map[string]string{"/api/advancedqueries/run": "good", "/api/advancedhunting/run": "xdr"} {
			if got := run(path, token); got != want {
				t.Errorf("call %d of %s: %d, want %d", i, path, got, want)
			}
		}
	}
}

// TestForbiddenUsesNoQuota: who may not hunt does not use up the calls of those who may; neither does a body that is no
// request.
func TestForbiddenUsesNoQuota(t *testing.T) {
	b := newBed(t, &canned{rows: []string{"[1]"}}, context.Background(), nil)
	for _, attempt := range [][2]string{{"other roles", `{"Query":"print 1"}`}, {"good", `{"Query":`}, {"good", `{"query":"print 1"}`},
		{"good", `{"Query":"` + strings.Repeat(" ", earlyBody+1)}} {
		for range 16 {
			req, err := http.NewRequest("POST", b.url+"/api/advancedqueries/run", strings.NewReader(attempt[1]))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Authorization", "Bearer "+b.token(attempt[0]))
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if res.StatusCode != 403 && res.StatusCode != 400 {
				t.Fatalf("%v: %d", attempt[0], res.StatusCode)
			}
		}
	}
	exactly(t, callAll(t, 16, b), 15, 16, "60")
}
