package audit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/state/statetest"
	"github.com/harrier-hunting/harrier/internal/types"
)

func TestMain(m *testing.M) { statetest.Main(m) }

// memory is a store of one tenant: rows by id of batch. It can fail before or after it has stored.
type memory struct {
	ids     map[string][]string // request ids
	order   []string
	dropped []int64
	fail    error
	lie     error // says that it failed, though it has stored
}

func (m *memory) Write(_ context.Context, id string, batches []*catalog.Batch) (bool, error) {
	if m.fail != nil {
		return false, m.fail
	}
	if _, ok := m.ids[id]; ok {
		return false, m.lie
	}
	for _, b := range batches {
		at := b.Table.Ordinal("RequestId")
		for i := range b.N {
			m.ids[id] = append(m.ids[id], b.Cols[at].Strings[i])
		}
	}
	m.order = append(m.order, id)
	return true, m.lie
}

func (m *memory) DropTable(_ context.Context, table string, before int64) (int64, error) {
	if table != Table {
		return 0, errors.New("another table")
	}
	if m.dropped = append(m.dropped, before); before == maxTicks {
		m.ids, m.order = map[string][]string{}, nil
	}
	return 0, nil
}

func (m *memory) requests() (out []string) {
	for _, id := range m.order {
		out = append(out, m.ids[id]...)
	}
	return out
}

// node is a trail, a relay that is moved by hand, and the stores of two tenants.
type node struct {
	dir      string
	now      time.Time
	trail    *Writer
	one, two *memory
}

func newNode(t *testing.T) *node {
	t.Helper()
	n := &node{dir: t.TempDir(), now: time.Date(2026, 11, 1, 23, 59, 0, 0, time.UTC), one: &memory{ids: map[string][]string{}}, two: &memory{ids: map[string][]string{}}}
	var err error
	if n.trail, err = Open(Options{Dir: n.dir, Sync: -1, Clock: func() time.Time { return n.now }}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { n.trail.Close() })
	return n
}

func (n *node) relay(t *testing.T, place string) *Relay {
	t.Helper()
	cat, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	r, err := StartRelay(t.Context(), RelayOptions{Dir: n.dir, State: statetest.Open(t, place), Catalog: cat, Sinks: map[string]Sink{"one": n.one, "two": n.two},
		Keep: 48 * time.Hour, Log: slog.New(slog.DiscardHandler), Clock: func() time.Time { return n.now }})
	if err != nil {
		t.Fatal(err)
	}
	close(r.stop) // from here on only Catch works
	<-r.done
	return r
}

func (n *node) write(t *testing.T, tenant string, ids ...string) {
	t.Helper()
	for _, id := range ids {
		if err := n.trail.Write(Record{Time: n.now, RequestID: id, Tenant: tenant}); err != nil {
			t.Fatal(err)
		}
	}
}

func catch(t *testing.T, r *Relay) {
	t.Helper()
	if err := r.Catch(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func same(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// TestRelay: every record arrives once and in order, in its tenant's store only, over days, failures and restarts.
func TestRelay(t *testing.T) {
	statetest.Each(t, func(t *testing.T, place string) {
		n := newNode(t)
		r := n.relay(t, place)
		n.write(t, "one", "a")
		n.write(t, "two", "b")
		n.write(t, "", "nobody")
		n.write(t, "unknown", "c")
		catch(t, r)
		catch(t, r)
		same(t, "one", n.one.requests(), "a")
		same(t, "two", n.two.requests(), "b")

		n.one.fail = errors.New("full")
		n.write(t, "one", "d")
		if r.Catch(t.Context()) == nil {
			t.Error("a failure was not reported")
		}
		n.one.fail, n.one.lie = nil, errors.New("stored, but not told")
		if r.Catch(t.Context()) == nil {
			t.Error("a failure was not reported")
		}
		n.one.lie = nil
		r = n.relay(t, place) // as after a crash
		n.now = n.now.Add(2 * time.Minute)
		n.write(t, "one", "e") // the next day's file
		catch(t, r)
		same(t, "one", n.one.requests(), "a", "d", "e")
		same(t, "two", n.two.requests(), "b")

		// Retention: only files that are over, old enough and taken.
		n.now = n.now.Add(48 * time.Hour)
		n.write(t, "one", "f")
		if err := r.tidy(t.Context()); err != nil {
			t.Fatal(err)
		}
		if files, _ := trailFiles(n.dir); !slices.Equal(files, []string{"audit-2026-11-02.jsonl", "audit-2026-11-04.jsonl"}) {
			t.Errorf("files %v", files)
		}
		if d := n.one.dropped[len(n.one.dropped)-1]; d != types.TicksOf(n.now.Add(-48*time.Hour)) {
			t.Errorf("dropped before %v", types.TimeOf(d))
		}
	})
}

// TestTornLines: what a crash cut off is passed over, what follows is not.
func TestTornLines(t *testing.T) {
	n := newNode(t)
	r := n.relay(t, statetest.File(t))
	n.write(t, "one", "a")
	f, err := os.OpenFile(filepath.Join(n.dir, "audit-2026-11-01.jsonl"), os.O_APPEND|os.O_WRONLY, 0)
	if err == nil {
		_, err = f.WriteString("{\"time\":\"20\x00\xff")
	}
	if err != nil || f.Close() != nil {
		t.Fatal(err)
	}
	catch(t, r)
	same(t, "before", n.one.requests(), "a")
	if n.trail, err = Open(Options{Dir: n.dir, Sync: -1, Clock: func() time.Time { return n.now }}); err != nil {
		t.Fatal(err)
	}
	n.write(t, "one", "b")
	catch(t, r)
	same(t, "after", n.one.requests(), "a", "b")
}

// TestLostState: with another state store the tables are made anew, without a record twice or missing.
func TestLostState(t *testing.T) {
	n := newNode(t)
	n.write(t, "one", "a", "b")
	catch(t, n.relay(t, statetest.File(t)))
	n.write(t, "one", "c")
	n.now = n.now.Add(time.Second)
	catch(t, n.relay(t, statetest.File(t)))
	same(t, "one", n.one.requests(), "a", "b", "c")
}

// TestNodes: with a shared database each node's table has the records of all.
func TestNodes(t *testing.T) {
	place := statetest.Postgres(t)
	a, b := newNode(t), newNode(t)
	ra, rb := a.relay(t, place), b.relay(t, place)
	a.write(t, "one", "a1")
	b.write(t, "one", "b1")
	for _, r := range []*Relay{ra, rb, ra} {
		catch(t, r)
	}
	b.write(t, "one", "b2")
	catch(t, rb)
	catch(t, ra)
	for name, n := range map[string]*node{"a": a, "b": b} {
		got := n.one.requests()
		slices.Sort(got)
		same(t, name, got, "a1", "b1", "b2")
	}
}

// TestTable: every column of the table is filled from a record, and every part of a record has a column.
func TestTable(t *testing.T) {
	cat, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	table := cat.Table(Table)
	at := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	rec := Record{Time: at, RequestID: "id", Source: "127.0.0.1", Tenant: "one", Actor: Actor{App: true, AppID: "app", ObjectID: "oid", Subject: "sub", Name: "name"},
		Contract: "mde", Profile: "atp-2018", Query: "print 1", Scope: Scope{DeviceGroups: []string{"g"}, MaxRows: 5}, Tables: []string{"DeviceInfo"}, Rows: 7,
		Stages: []Stage{{"parse", 1}, {"probe", 2}, {"probe", 3}}, Millis: 1.5, Outcome: "ok", Detail: "d", Status: 200}
	line, err := rec.line(true)
	if err != nil {
		t.Fatal(err)
	}
	found, broken, err := byTenant(string(line)+"\nno record\n", table)
	if err != nil || broken != 1 || len(found) != 1 {
		t.Fatalf("%v, %d broken, %v", found, broken, err)
	}
	b := found["one"].batch
	got := map[string]string{}
	for i, c := range table.Columns {
		v := b.Cols[i].Value(0)
		if v.Type != c.Type || v.Null {
			t.Errorf("column %s is %+v", c.Name, v)
		}
		got[c.Name] = strings.TrimSpace(fmt.Sprint(v.S, v.I, v.F))
	}
	for name, want := range map[string]string{"ActorType": "Application", "Tables": `["DeviceInfo"]`, "Stages": `{"parse":1,"probe":5}`,
		"Scope": `{"allDevices":false,"deviceGroups":["g"],"maxRows":5}`, "QueryHash": "9", "Status": "200"} {
		if !strings.Contains(got[name], want) {
			t.Errorf("%s is %s", name, got[name])
		}
	}
	var plain map[string]any
	if err := json.Unmarshal(line, &plain); err != nil || len(plain)-2+len(plain["actor"].(map[string]any)) > len(table.Columns)+1 {
		t.Errorf("a record has %d parts, the table %d columns: %v", len(plain), len(table.Columns), err)
	}
}

// TestUnknownCommit: the state store has stored a batch, but the connection broke before it could say so.
func TestUnknownCommit(t *testing.T) {
	statetest.Each(t, func(t *testing.T, place string) {
		n := newNode(t)
		r := n.relay(t, place)
		for round := range 2 { // also the very first batch
			id := fmt.Sprint("unsure", round)
			n.write(t, "one", id)
			name := filepath.Base(n.trail.path)
			lines, size, err := readLines(n.trail.path, r.at.Offset, false)
			if err != nil {
				t.Fatal(err)
			}
			to := r.at
			to.File, to.Offset, to.Batch = name, to.Offset+size, to.Batch+1
			if err := r.o.State.TakeTrail(t.Context(), r.origin, to, lines); err != nil {
				t.Fatal(err)
			}
			if err := r.Catch(t.Context()); err == nil {
				t.Fatal("a batch was stored twice")
			}
			n.write(t, "one", id+" later")
			catch(t, r)
		}
		same(t, "rows", n.one.requests(), "unsure0", "unsure0 later", "unsure1", "unsure1 later")
	})
}

// TestReplacedFile: somebody moves or cuts the file of the day; what is written from then on comes into the table.
func TestReplacedFile(t *testing.T) {
	n := newNode(t)
	r := n.relay(t, statetest.File(t))
	n.write(t, "one", "1", "2")
	catch(t, r)
	if err := os.Rename(n.trail.path, n.trail.path+".1"); err != nil {
		t.Fatal(err)
	}
	n.write(t, "one", "3")
	catch(t, r)
	n.write(t, "one", "4", "5", "6")
	catch(t, r)
	if err := os.Truncate(n.trail.path, 0); err != nil {
		t.Fatal(err)
	}
	n.write(t, "one", "7")
	catch(t, r)
	same(t, "rows", n.one.requests(), "1", "2", "3", "4", "5", "6", "7")
}

// TestClockSetBackOverRestart: what is recorded after a start with an earlier date is in the table too.
func TestClockSetBackOverRestart(t *testing.T) {
	n := newNode(t)
	r := n.relay(t, statetest.File(t))
	n.write(t, "one", "1")
	catch(t, r)
	if err := n.trail.Close(); err != nil {
		t.Fatal(err)
	}
	n.now = n.now.Add(-72 * time.Hour)
	var err error
	if n.trail, err = Open(Options{Dir: n.dir, Sync: -1, Clock: func() time.Time { return n.now }}); err != nil {
		t.Fatal(err)
	}
	n.write(t, "one", "2")
	catch(t, r)
	same(t, "rows", n.one.requests(), "1", "2")
}
