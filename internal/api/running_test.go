package api

import (
	"context"
	"fmt"
	"math"
	"sync"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/quota"
)

// TestRunningTime: what queries of every end are charged is the time that they ran: not what they waited for their turn,
// not what their clients took to read.
func TestRunningTime(t *testing.T) {
	const pool = 100 * time.Second
	for _, c := range []struct {
		name    string
		engine  *canned
		callers int
		gone    time.Duration // after which the clients go away; 0: they stay
		limit   time.Duration
		each    time.Duration
	}{
		{"one after the other", &canned{rows: []string{"[1]"}, delay: 50 * time.Millisecond}, 8, 0, 0, 100 * time.Millisecond}, // of two reads
		{"fails at the end", &canned{rows: []string{"[1]"}, delay: 50 * time.Millisecond, fault: "memory"}, 4, 0, 0, 100 * time.Millisecond},
		{"panics", &canned{rows: []string{"[1]"}, delay: 50 * time.Millisecond, fault: "panic"}, 4, 0, 0, 100 * time.Millisecond},
		{"runs out of time", &canned{fault: "block"}, 3, 0, 150 * time.Millisecond, 150 * time.Millisecond},
		{"client gone", &canned{fault: "block"}, 1, 150 * time.Millisecond, 0, 150 * time.Millisecond},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := quota.New(nil)
			profile := quota.Profile{Name: "pool", RunPerHour: pool, CallsPerMinute: 50, PerRequest: c.limit}
			b := newBed(t, c.engine, context.Background(), func(cfg *Config) {
				cfg.MaxConcurrent, cfg.Hunt.Limiter, cfg.Hunt.Clock = 1, l, time.Now
				cfg.Profiles = map[string]quota.Profile{"mde": profile}
			})
			var wg sync.WaitGroup
			for range c.callers {
				wg.Go(func() {
					ctx := context.Background()
					if c.gone > 0 {
						var cancel context.CancelFunc
						ctx, cancel = context.WithTimeout(ctx, c.gone)
						defer cancel()
					}
					if res, err := b.post(ctx, "print 1"); err == nil {
						res.Body.Close()
					}
				})
			}
			wg.Wait()
			waitFor(t, "the slot", func() bool { return b.server.queue.Stats().Running == 0 && len(b.audited()) == c.callers })
			used, want := time.Duration(-1), time.Duration(c.callers)*c.each
			for _, u := range l.Usage(10) {
				if u.Limit == quota.RunPerHour {
					used = time.Duration(math.Round(u.Ratio * float64(pool)))
				}
			}
			slack := time.Duration(c.callers) * 40 * time.Millisecond // a busy machine
			if used < want-20*time.Millisecond || used > want+slack {
				t.Errorf("charged %v, want %v", used, fmt.Sprint(want, " and a little"))
			}
		})
	}
}
