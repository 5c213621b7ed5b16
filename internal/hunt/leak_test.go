package hunt

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/access"
	"github.com/harrier-hunting/harrier/internal/auth"
	"github.com/harrier-hunting/harrier/internal/bind"
	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/engine"
	"github.com/harrier-hunting/harrier/internal/engine/duckdb"
	"github.com/harrier-hunting/harrier/internal/exec"
	"github.com/harrier-hunting/harrier/internal/guard"
	"github.com/harrier-hunting/harrier/internal/simulate"
	"github.com/harrier-hunting/harrier/internal/testkit"
	"github.com/harrier-hunting/harrier/internal/types"
)

// The leak tests run a query as a user over a store of all devices, and the
// same query over a store that physically holds only that user's rows. Nothing
// that comes back may differ: rows, columns, warnings, errors, truncation.

// leakUser is somebody with a view of their own.
type leakUser struct {
	name   string
	grant  access.Grant
	hidden []string        // device ids that must never show
	alone  []*duckdb.Store // this user's rows only, in several orders
}

// leakage is the stores and users of one test.
type leakage struct {
	*testing.T
	env   bind.Env
	scope guard.Scope
	all   *duckdb.Store
	users []*leakUser
	fleets

	equal, failed, unstable, guessed, refused, rows, blank, leaks int
	asked, told                                                   int // without the filter: how many, and how many answer otherwise
}

// newLeakage copies what from holds (reading is done by the pipeline without
// any policy) into a store of all rows and into one for each user. device
// gives a row its device when its table has none in from; nil keeps rows.
func newLeakage(t *testing.T, env bind.Env, from *duckdb.Store, cat *catalog.Catalog, policy string, row func(*catalog.Table, []types.Value) []types.Value) *leakage {
	t.Helper()
	l := &leakage{T: t, env: env}
	l.env.Catalog = cat
	l.scope = guard.Scope{From: env.Now - 30*types.TicksPerDay, To: types.MaxDatetime, MaxRows: 20_000}
	p, err := access.Parse([]byte(policy))
	if err != nil {
		t.Fatal(err)
	}
	tables := map[*catalog.Table][][]types.Value{}
	old := env
	for _, name := range cat.Stored() {
		a, err := ask(from, "table('"+name+"')", old, guard.Scope{To: types.MaxDatetime})
		if err != nil {
			t.Fatalf("%s: %s", name, causes(err))
		}
		for _, r := range a.rows {
			tables[cat.Table(name)] = append(tables[cat.Table(name)], row(cat.Table(name), r))
		}
	}
	devices := latestReports(cat.Table("DeviceInfo"), tables[cat.Table("DeviceInfo")])
	l.all = l.store(tables, func(string) bool { return true }, 0)
	for _, name := range []string{"a", "b", "c"} {
		g, err := p.Decide(auth.Principal{Groups: []string{"group-" + name}})
		if err != nil || g.AllDevices {
			t.Fatalf("user %s: %v, all devices %v", name, err, g.AllDevices)
		}
		u := &leakUser{name: name, grant: g}
		sees := func(id string) bool { return id == "" || g.Sees(devices[id]) }
		for order := range 3 {
			u.alone = append(u.alone, l.store(tables, sees, order))
		}
		for id := range devices {
			if !sees(id) {
				u.hidden = append(u.hidden, id)
			}
		}
		if len(u.hidden) == 0 || len(u.hidden) == len(devices) && !g.SeesUngrouped() {
			t.Fatalf("user %s: %d of %d devices are hidden", name, len(u.hidden), len(devices))
		}
		l.users = append(l.users, u)
	}
	return l
}

// latestReports finds the last row of every device without the engine.
func latestReports(t *catalog.Table, rows [][]types.Value) map[string]access.Device {
	at, out := map[string]int64{}, map[string]access.Device{}
	for _, r := range rows {
		id := r[t.Device].S
		if last, ok := at[id]; ok && last > r[t.Time].I {
			continue
		}
		text := func(name string) string { return r[t.Ordinal(name)].S }
		at[id] = r[t.Time].I
		out[id] = access.Device{Name: text("DeviceName"), OSPlatform: text("OSPlatform"), Tags: []string{text("RegistryDeviceTag"), text("DeviceManualTags"), text("DeviceDynamicTags")}}
	}
	return out
}

// store makes a store of the rows whose device keep takes, in one of several
// orders.
func (l *leakage) store(tables map[*catalog.Table][][]types.Value, keep func(string) bool, order int) *duckdb.Store {
	l.Helper()
	s, err := duckdb.Open(duckdb.Config{Catalog: l.env.Catalog, Threads: 2, Now: testkit.Now})
	if err != nil {
		l.Fatal(err)
	}
	l.Cleanup(func() { s.Close() })
	r := rand.New(rand.NewPCG(uint64(order), 1))
	var batches []*catalog.Batch
	for _, name := range l.env.Catalog.Stored() {
		t := l.env.Catalog.Table(name)
		rows := slices.Clone(tables[t])
		if order > 0 {
			r.Shuffle(len(rows), func(i, k int) { rows[i], rows[k] = rows[k], rows[i] })
		}
		b := catalog.NewBatch(t)
		for _, row := range rows {
			if t.Device >= 0 && !keep(row[t.Device].S) {
				continue
			}
			at := b.AddRow()
			for k, v := range row {
				b.Set(at, k, v)
			}
		}
		if b.N > 0 {
			batches = append(batches, b)
		}
	}
	for part := range 1 + 2*order { // rows of one batch are stored in order of time
		var some []*catalog.Batch
		for _, b := range batches {
			x := catalog.NewBatch(b.Table)
			for i := range b.N {
				if i%(1+2*order) == part {
					at := x.AddRow()
					for k, v := range b.Cols {
						x.Set(at, k, v.Value(i))
					}
				}
			}
			some = append(some, x)
		}
		if _, err := s.Write(context.Background(), fmt.Sprint("rows", part), some); err != nil {
			l.Fatal(causes(err))
		}
	}
	return s
}

// seen is everything that an answer tells.
type seen struct {
	text  string // columns, warnings, errors, truncation
	rows  []string
	query string // for a report
	ended bool   // by time or memory, which is no answer
}

func (l *leakage) run(s *duckdb.Store, query string, env bind.Env, scope guard.Scope) (out seen) {
	ctx, cancel := context.WithTimeout(context.Background(), pipeTime)
	defer cancel()
	c, err := Prepare(ctx, query, env, scope, s)
	var rows [][]types.Value
	cut := false
	if err == nil {
		var r *exec.Rows
		if r, err = exec.Run(ctx, s, c.Query, scope.MaxRows); err == nil {
			rows, err = collect(r, c.Query.Columns)
			cut = r.Truncated()
			r.Close()
		}
	}
	out.query = c.Query.Text()
	kind := engine.KindOf(err)
	out.ended = err != nil && (kind == engine.Timeout || kind == engine.Memory)
	var refused *QueryError
	switch {
	case errors.As(err, &refused):
		out.text = "refused: " + refused.Diagnostics.Error()
	case err != nil:
		out.text = "failed: " + err.Error()
	default:
		out.text = fmt.Sprintf("columns %v warnings %v before the window %v truncated %v", c.Query.Columns, diag.List(c.Warnings), c.Guarded.Cut(), cut)
		out.rows = rowTexts(rows, false)
	}
	return out
}

func (a seen) equals(b seen) bool { return a.text == b.text && slices.Equal(a.rows, b.rows) }

// check compares what a user sees with what there would be to see without the
// rows of others.
//
// sure: the query is not known to leave its answer open, as one with take_any
// does. Of one that does, what is left to compare is everything but the rows.
func (l *leakage) check(u *leakUser, query string, sure bool) {
	var known *known // every other query computes the set of devices by itself
	if l.equal%2 == 0 {
		known = l.fleets.known(l.all, u.grant, 0)
	}
	env, scope, err := restrict(u.grant, l.env, l.scope, known)
	if err != nil {
		l.Fatal(err)
	}
	got := l.run(l.all, query, env, scope)
	if l.equal%5 == 0 && !strings.HasPrefix(got.text, "refused") { // what the filter is for
		l.asked++
		if !l.run(l.all, query, l.env, l.scope).equals(got) {
			l.told++
		}
	}
	want := l.run(u.alone[0], query, l.env, l.scope)
	if got.ended || want.ended {
		l.failed++
		return
	}
	for _, r := range got.rows {
		for _, id := range u.hidden {
			if strings.Contains(r, id) && !strings.Contains(query, id) && !slices.ContainsFunc(want.rows, func(w string) bool { return strings.Contains(w, id) }) {
				l.leaks++
				l.Errorf("user %s reads device %s:\n%s\n%s", u.name, id, query, clipped(r))
				return
			}
		}
	}
	switch {
	case got.equals(want):
		l.equal++
		l.rows += len(want.rows)
		if strings.HasPrefix(want.text, "refused") {
			l.refused++
		} else if len(want.rows) == 0 {
			l.blank++
		}
		return
	case l.open(u, query, want):
		l.unstable++ // the rows' order decides, which is left open
		return
	case !sure && got.text == want.text:
		l.guessed++
		return
	}
	l.leaks++
	l.Errorf("user %s, query\n%s\n%s\nwant %s\n%d rows, want %d\n%s\n\n%s", u.name, query, clipped(got.text), clipped(want.text), len(got.rows), len(want.rows), firstDiff(got.rows, want.rows), clipped(got.query))
	if l.leaks > 10 {
		l.Fatal("too many leaks")
	}
}

// open reports a query whose answer is not one even without any rows of
// others: over the same rows in another order, or with the filter, which has
// nothing to hide there but gives the plan another shape. That is so where the
// query leaves to the engine which row counts: take, innerunique, the first of
// a set.
func (l *leakage) open(u *leakUser, query string, want seen) bool {
	env, scope, err := restrict(u.grant, l.env, l.scope, nil)
	if err != nil {
		l.Fatal(err)
	}
	for range 3 {
		for _, s := range u.alone {
			if !l.run(s, query, l.env, l.scope).equals(want) || !l.run(s, query, env, scope).equals(want) {
				return true
			}
		}
	}
	return false
}

func firstDiff(g, w []string) string {
	var out []string
	for _, x := range g {
		if !slices.Contains(w, x) {
			out = append(out, "have "+clipped(x))
			break
		}
	}
	for _, x := range w {
		if !slices.Contains(g, x) {
			out = append(out, "want "+clipped(x))
			break
		}
	}
	return strings.Join(out, "\n")
}

func (l *leakage) report() {
	l.Helper()
	if l.told == 0 {
		l.Error("the filter changes no answer: the test shows nothing")
	}
	l.Logf("%d answers equal (%d of them refusals, %d without rows, %d rows in all), %d left open by the query (and %d more by its operators), %d ended by time or memory, %d differ; without the filter %d of %d answers would be others",
		l.equal, l.refused, l.blank, l.rows, l.unstable, l.guessed, l.failed, l.leaks, l.told, l.asked)
}

// TestLeakGenerated: random queries over random rows.
func TestLeakGenerated(t *testing.T) {
	a := newPipeArgs(t)
	l := newLeakage(t, a.env, a.store, withDevices(t, a.env.Catalog), `{
		"roles": [{"name": "analysts", "permissions": ["view data"], "groups": ["group-a", "group-b", "group-c"]}],
		"deviceGroups": [
			{"rank": 1, "name": "alpha", "rule": [{"property": "name", "operator": "starts with", "values": ["ALPHA"]}], "groups": ["group-a"]},
			{"rank": 2, "name": "linux", "rule": [{"property": "os platform", "operator": "in", "values": ["linux", "macos"]}], "groups": ["group-b"]}],
		"ungrouped": {"groups": ["group-c", "group-a"]}}`,
		func(t *catalog.Table, row []types.Value) []types.Value {
			if len(row) < len(t.Columns) {
				row = append(slices.Clone(row), types.StringValue(pick(a.r, []string{"d1", "d1", "d2", "d3", "d3", "d4", "d9", ""})))
			}
			if t.Device >= 0 && row[t.Device].S != "" {
				row = slices.Clone(row)
				row[t.Device] = types.StringValue("0f-device-" + row[t.Device].S)
			}
			return row
		})
	a.env, a.store = l.env, l.all
	c := &checker{T: t, args: a, grown: grown{used: map[string]int{}, forms: map[string]int{}, reasons: map[string]string{}}, why: map[string]int{}}
	n, deadline := effort(250)
	round := 0
	for ; round < n && time.Now().Before(deadline); round++ {
		c.r = rand.New(rand.NewPCG(*seed, uint64(round)))
		p := c.grow()
		query := p.prelude() + p.body()
		if c.r.IntN(4) == 0 { // it fails if it computes anything of one device
			steps := slices.Insert(slices.Clone(p.steps), c.r.IntN(len(p.steps)+1), fmt.Sprintf(
				"where strlen(strrep('xxxxxxxxxxxxxxxx', iff(tostring(column_ifexists('DeviceId', '')) == '0f-device-d%d', 2000000, 1))) > 0", 1+c.r.IntN(4)))
			query = p.prelude() + chain(p.src, steps)
		}
		for k, u := range l.users {
			if *rounds > 0 || k == round%len(l.users) {
				l.check(u, query, p.strict)
			}
		}
	}
	t.Logf("%d queries", round)
	l.report()
	if l.equal < round/2 {
		t.Error("too few answers were compared")
	}
}

// withDevices gives the generators' tables a device.
func withDevices(t *testing.T, from *catalog.Catalog) *catalog.Catalog {
	var all []*catalog.Table
	for _, name := range from.Stored() {
		x := from.Table(name)
		if x.Device < 0 && slices.Contains([]string{"Args", "Few", "Empty"}, name) {
			y := *x
			y.Columns = append(slices.Clone(x.Columns), catalog.Column{Name: "DeviceId", Type: types.String})
			y.Device = len(x.Columns)
			x = &y
		}
		all = append(all, x)
	}
	cat, err := catalog.New(all...)
	if err != nil {
		t.Fatal(err)
	}
	return cat
}

// simulated is a store of telemetry with users who see some of its devices.
func simulated(t *testing.T, opts simulate.Options) *leakage {
	t.Helper()
	env := testEnv(t)
	full, err := duckdb.Open(duckdb.Config{Catalog: env.Catalog, Threads: 2, Now: testkit.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { full.Close() })
	opts.Catalog, opts.End = env.Catalog, testkit.Now()
	if _, err := simulate.Run(context.Background(), opts, full); err != nil {
		t.Fatal(causes(err))
	}
	return newLeakage(t, env, full, env.Catalog, `{
		"roles": [{"name": "analysts", "permissions": ["view data"], "groups": ["group-a", "group-b", "group-c"]}],
		"deviceGroups": [
			{"rank": 1, "name": "servers", "rule": [{"property": "os platform", "operator": "contains", "values": ["server", "linux"]}], "groups": ["group-a"]},
			{"rank": 2, "name": "new clients", "rule": [{"property": "os platform", "operator": "equals", "values": ["windows11"]}], "groups": ["group-b"]}],
		"ungrouped": {"groups": ["group-c", "group-a"]}}`,
		func(_ *catalog.Table, row []types.Value) []types.Value { return row })
}

// TestLeakCorpus: the public hunting queries over simulated telemetry.
func TestLeakCorpus(t *testing.T) {
	corpus := testkit.Corpus(t)
	l := simulated(t, simulate.Options{Seed: 5, Devices: 16, Days: 4, Events: 9000})
	start := time.Now()
	asked := 0
	for i, q := range corpus {
		if *rounds == 0 && (testing.Short() && i%10 > 0 || time.Since(start) > 50*time.Second) {
			continue
		}
		asked++
		for k, u := range l.users {
			if *rounds > 0 || k == i%len(l.users) {
				l.check(u, q.Query, true)
			}
		}
	}
	t.Logf("%d of %d queries", asked, len(corpus))
	l.report()
}
