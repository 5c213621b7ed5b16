package hunt

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/access"
	"github.com/harrier-hunting/harrier/internal/auth"
	"github.com/harrier-hunting/harrier/internal/engine"
	"github.com/harrier-hunting/harrier/internal/engine/duckdb"
	"github.com/harrier-hunting/harrier/internal/quota"
	"github.com/harrier-hunting/harrier/internal/testkit"
	"github.com/harrier-hunting/harrier/internal/types"
)

// knownService answers over a store of its own under the policy that the
// function gives.
func knownService(t *testing.T, store *duckdb.Store, policy func() *access.Policy) *Service {
	env := testEnv(t)
	return &Service{Catalog: env.Catalog, Fns: env.Fns, Limiter: quota.New(nil), Clock: testkit.Now, Policy: policy,
		Store: func(string) (engine.Engine, bool) { return store, true }}
}

func seenBy(t *testing.T, s *Service, group, query string) string {
	t.Helper()
	profile, _ := quota.Lookup("unlimited")
	r, err := s.Run(context.Background(), auth.Principal{Groups: []string{group}}, Request{Query: query, Profile: profile})
	if err != nil {
		t.Fatal(causes(err))
	}
	defer r.Close()
	rows, err := collect(r.Rows, r.Columns)
	if err != nil {
		t.Fatal(causes(err))
	}
	var out []string
	for _, x := range rows {
		out = append(out, x[0].S)
	}
	return strings.Join(out, " ")
}

const seenIDs = "DeviceEvents | where Timestamp > ago(60d) | distinct DeviceId | sort by DeviceId asc"

// TestKnownDevices: what is remembered of devices is used, and never after
// DeviceInfo or the policy changed.
func TestKnownDevices(t *testing.T) {
	env := testEnv(t)
	p, err := access.Parse([]byte(scopedPolicy))
	if err != nil {
		t.Fatal(err)
	}
	store := storedRows(t, env.Now, "DeviceInfo DeviceId=d1 DeviceName=alpha", "DeviceInfo DeviceId=d2 DeviceName=beta",
		"DeviceEvents DeviceId=d1", "DeviceEvents DeviceId=d2", "DeviceEvents DeviceId=d3", "DeviceEvents FileName=none")
	s := knownService(t, store, func() *access.Policy { return p })
	ids := func(group string) string {
		t.Helper()
		first := seenBy(t, s, group, seenIDs)
		if again := seenBy(t, s, group, seenIDs); again != first {
			t.Errorf("%s sees %q, then %q", group, first, again)
		}
		g, err := s.Grant(auth.Principal{Groups: []string{group}})
		if err != nil {
			t.Fatal(err)
		}
		if ids, ok, err := s.fleets.known(store, g, 0).get(g.Key()); ids == nil || !ok || err != nil {
			t.Errorf("%s: nothing is remembered (%v, %v)", group, ok, err)
		}
		return first
	}
	write := func(name string, lines ...string) {
		t.Helper()
		if _, err := store.Write(context.Background(), name, batchesOf(t, env.Catalog, env.Now, lines...)); err != nil {
			t.Fatal(causes(err))
		}
	}
	check := func(what, sec, alpha string) {
		t.Helper()
		if a, b := ids("g-sec"), ids("g-alpha"); strings.TrimSpace(a) != sec || strings.TrimSpace(b) != alpha {
			t.Errorf("%s: ungrouped devices are %q, those of alpha %q; want %q and %q", what, a, b, sec, alpha)
		}
	}
	check("at first", "d2 d3", "d1")
	write("renamed", "DeviceInfo DeviceId=d2 DeviceName=alpha Timestamp=2030-01-01")
	check("d2 is renamed", "d3", "d1 d2")
	write("of old", "DeviceInfo DeviceId=d2 DeviceName=beta Timestamp=2029-12-31T23:59:59Z")
	check("an older report comes later", "d3", "d1 d2")
	write("a tie", "DeviceInfo DeviceId=d1 DeviceName=beta Timestamp=2031-01-01", "DeviceInfo DeviceId=d1 DeviceName=alpha Timestamp=2031-01-01")
	check("d1 is both at once: nobody's", "d3", "d2")
	write("capitals", "DeviceInfo DeviceId=D3 DeviceName=alpha Timestamp=2030-01-01", "DeviceEvents DeviceId=D2")
	check("ids in capitals", "", "D2 d2 d3")
	write("other tables", "DeviceEvents DeviceId=d4")
	check("events of an unknown device", "d4", "D2 d2 d3")
	if _, err := store.DropTable(context.Background(), "DeviceInfo", types.MaxDatetime); err != nil {
		t.Fatal(causes(err))
	}
	check("nothing is known of any", "D2 d1 d2 d3 d4", "")
	write("again", "DeviceInfo DeviceId=d4 DeviceName=alpha")
	check("d4 is known", "D2 d1 d2 d3", "d4")
	if p, err = access.Parse([]byte(strings.Replace(scopedPolicy, `"values": ["alpha"]`, `"values": ["gamma"]`, 1))); err != nil {
		t.Fatal(err)
	}
	check("another policy", "D2 d1 d2 d3 d4", "")
}

// TestKnownDevicesRace: devices are renamed into a group and have a first event
// in the same write, mostly with a new day of DeviceInfo, while users query.
// Who may not see the group never sees such an event.
func TestKnownDevicesRace(t *testing.T) {
	env := testEnv(t)
	p, err := access.Parse([]byte(scopedPolicy))
	if err != nil {
		t.Fatal(err)
	}
	store := storedRows(t, env.Now, "DeviceInfo DeviceId=d0 DeviceName=alpha", "DeviceEvents DeviceId=d0", "DeviceEvents DeviceId=open")
	s := knownService(t, store, func() *access.Policy { return p })
	until := time.Now().Add(1500 * time.Millisecond)
	var wg sync.WaitGroup
	for n, query := range []string{seenIDs, "DeviceEvents | where Timestamp > ago(60d) | sort by DeviceId asc | scan declare (n:long=0) with (step a: true => n = a.n + 1;) | project DeviceId | distinct DeviceId | sort by DeviceId asc"} {
		wg.Go(func() {
			asked, last := 0, 0
			for ; time.Now().Before(until); asked++ {
				if got := seenBy(t, s, "g-sec", query); got != "open" {
					t.Errorf("query %d after %d: a user sees %q", n, asked, got)
					return
				}
				if got := len(strings.Fields(seenBy(t, s, "g-alpha", query))); got < last || got == 0 {
					t.Errorf("query %d after %d: %d devices of the group, then %d", n, asked, last, got)
				} else {
					last = got
				}
			}
			if asked < 5 || last < 3 {
				t.Errorf("query %d: only %d rounds, %d devices", n, asked, last)
			}
		})
	}
	for i := 0; time.Now().Before(until); i++ {
		at := types.FormatDatetime(env.Now - int64(i%300)*types.TicksPerDay)
		lines := []string{fmt.Sprintf("DeviceInfo DeviceId=x%d DeviceName=alpha Timestamp=%s", i, at), fmt.Sprintf("DeviceEvents DeviceId=x%d", i)}
		if _, err := store.Write(context.Background(), fmt.Sprint("x", i), batchesOf(t, env.Catalog, env.Now, lines...)); err != nil {
			t.Fatal(causes(err))
		}
	}
	wg.Wait()
}
