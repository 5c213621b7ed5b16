package hunt

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/auth"
	"github.com/harrier-hunting/harrier/internal/bind"
	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/quota"
	"github.com/harrier-hunting/harrier/internal/types"
)

// answers runs a query as somebody and gives all its results, each as its name,
// its columns and its rows in one text.
func answers(s *Service, who auth.Principal, query string, profile quota.Profile) (out []string, r *Result, err error) {
	r, err = s.Run(context.Background(), who, Request{Query: query, Profile: profile, Several: true})
	if err != nil {
		return nil, nil, err
	}
	defer r.Close()
	for more := true; more; {
		rows, err := collect(r.Rows, r.Columns)
		if err != nil {
			return out, r, err
		}
		text := r.Results[len(out)].Name + ":"
		for _, c := range r.Columns {
			text += " " + c.Name
		}
		var lines []string
		for _, row := range rows {
			line := ";"
			for _, v := range row {
				if v.Type == types.String {
					line += " " + v.S
				} else {
					line += fmt.Sprintf(" %d", v.I)
				}
			}
			lines = append(lines, line)
		}
		slices.Sort(lines)
		out = append(out, text+strings.Join(lines, ""))
		if more, err = r.Advance(); err != nil {
			return out, r, err
		}
	}
	return out, r, nil
}

// TestSeveral: every result of a query is what it would be in a query of its
// own, for those from whom devices are hidden too.
func TestSeveral(t *testing.T) {
	s := scopedService(t)
	profile, _ := quota.Lookup("unlimited")
	const ids = "DeviceProcessEvents | distinct DeviceId | sort by DeviceId asc"
	for _, c := range []struct {
		query string
		names string   // of the results
		alone []string // queries with the same results
	}{
		{"print x = 1; " + ids + " | as Ids; print y = 'b' | as ['a name']", ":Ids:a name:", []string{"print x = 1", ids, "print y = 'b'"}},
		{ids + " | fork A = (count) (take 1) (summarize max(DeviceId) | as B)", "A::B:", []string{ids + " | count", ids + " | take 1", ids + " | summarize max(DeviceId)"}},
		{ids + " | fork (count)", ":", []string{ids + " | count"}},
		{"let t = " + ids + "; t | facet by DeviceId with (count); t", ":::",
			[]string{ids + " | count", ids + " | summarize count_DeviceId = count() by DeviceId", ids}},
		{"let f = " + ids + " | fork (count) (take 1); f; f", "::::", []string{ids + " | count", ids + " | take 1", ids + " | count", ids + " | take 1"}},
		{"set query_take_max_records = 1; " + ids + " | project DeviceId; " + ids + " | count", "::", []string{ids + " | take 1", ids + " | count"}},
		{"let t = datatable(k:string, v:long)['a', 1, 'b', 2]; t | evaluate pivot(k, sum(v)); " + ids, "::",
			[]string{"datatable(k:string, v:long)['a', 1, 'b', 2] | evaluate pivot(k, sum(v))", ids}},
	} {
		for name, who := range map[string]auth.Principal{"all": {App: true}, "alpha": {Groups: []string{"g-alpha"}}, "others": {Groups: []string{"g-sec"}}} {
			got, r, err := answers(s, who, c.query, profile)
			if err != nil {
				t.Errorf("%s: %s: %s", c.query, name, causes(err))
				continue
			}
			var names string
			for i, text := range got {
				n, _, _ := strings.Cut(text, ":")
				names += n + ":"
				want, _, err := answers(s, who, c.alone[min(i, len(c.alone)-1)], profile)
				if err != nil {
					t.Errorf("%s: %s", c.alone[i], causes(err))
				} else if want := n + want[0]; text != want {
					t.Errorf("%s: %s: result %d is\n%s\nwant\n%s", c.query, name, i, text, want)
				}
			}
			if names != c.names || len(got) != len(c.alone) {
				t.Errorf("%s: %s: results %q, want %q", c.query, name, names, c.names)
			}
			for _, w := range r.Warnings {
				if w.Code == bind.SeveralResults {
					t.Errorf("%s: warned of results that are answered", c.query)
				}
			}
		}
	}
}

// TestSeveralCounts: rows of all results are counted, each has as many as may
// be answered, and one call is counted for all.
func TestSeveralCounts(t *testing.T) {
	s := scopedService(t)
	profile, _ := quota.Lookup("unlimited")
	profile.Rows, profile.CallsPerMinute = 2, 1
	got, r, err := answers(s, auth.Principal{App: true}, "print 1; range x from 1 to 5 step 1; range y from 1 to 2 step 1", profile)
	if err != nil || r.Count() != 5 || !r.Truncated() || !reflect.DeepEqual(got, []string{": print_0; 1", ": x; 1; 2", ": y; 1; 2"}) {
		t.Errorf("%q, %v", got, err)
	}
	var over *quota.Exceeded
	if _, _, err := answers(s, auth.Principal{App: true}, "print 1", profile); !errors.As(err, &over) {
		t.Errorf("a second call: %v", err)
	}
}

// TestSeveralFailures: a result that cannot be computed fails the query, time
// runs for all results together, and whoever does not ask for all gets the
// first and is told.
func TestSeveralFailures(t *testing.T) {
	s := scopedService(t)
	profile, _ := quota.Lookup("unlimited")
	if got, _, err := answers(s, auth.Principal{App: true}, "print 1; DeviceInfo | take 1 | project DeviceId | where assert(DeviceId == '', 'no')", profile); err == nil {
		t.Errorf("no failure: %q", got)
	}
	r, err := s.Run(context.Background(), auth.Principal{App: true}, Request{Query: "print 1; print 2", Profile: profile})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if more, err := r.Advance(); more || err != nil {
		t.Errorf("a result that was not asked for: %v %v", more, err)
	}
	if !slices.ContainsFunc(r.Warnings, func(w diag.Diagnostic) bool { return w.Code == bind.SeveralResults }) {
		t.Error("no warning of the other result")
	}
	profile.PerRequest = 500 * time.Millisecond
	slow := strings.Repeat("range x from 1 to 500000 step 1 | where hash_sha256(tostring(x)) == ''; ", 50)
	var late *quota.TimedOut
	if got, _, err := answers(s, auth.Principal{App: true}, slow+"print 1", profile); !errors.As(err, &late) || len(got) == 51 {
		t.Errorf("%d results, %v", len(got), err)
	}
}

// TestManyResults: as many as a query may have cost neither the trail nor the
// memory much.
func TestManyResults(t *testing.T) {
	s := scopedService(t)
	profile, _ := quota.Lookup("unlimited")
	profile.PerRequest = time.Second
	var trace Trace
	r, err := s.Run(context.Background(), auth.Principal{App: true}, Request{Query: strings.Repeat("print 1; ", MaxQueryBytes/10), Profile: profile, Several: true, Trace: &trace})
	var refused *QueryError
	if errors.As(err, &refused) && refused.First().Kind == diag.Limit {
		return
	}
	if err != nil {
		t.Fatal(causes(err))
	}
	defer r.Close()
	n := 1
	for more := true; more; n++ {
		if more, err = r.Advance(); err != nil {
			break
		}
	}
	var late *quota.TimedOut
	if err != nil && !errors.As(err, &late) || len(trace.Stages) > 10 {
		t.Errorf("%d results, %d stages, %v", n, len(trace.Stages), err)
	}
	t.Log(n, err)
}

// TestForkWithin: within another query fork gives its first result, and says
// so.
func TestForkWithin(t *testing.T) {
	s := scopedService(t)
	profile, _ := quota.Lookup("unlimited")
	for _, q := range []string{"let x = DeviceInfo | fork (count) (take 1); union x, (print Count = 1)", "union (DeviceInfo | fork (count) (take 1)), (print Count = 1)"} {
		got, r, err := answers(s, auth.Principal{App: true}, q, profile)
		var refused *QueryError
		switch {
		case errors.As(err, &refused):
			t.Log(q, refused.First().Message)
		case err != nil:
			t.Errorf("%s: %s", q, causes(err))
		case len(got) != 1 || !slices.ContainsFunc(r.Warnings, func(w diag.Diagnostic) bool { return strings.Contains(w.Message, "only the first is used") }):
			t.Errorf("%s: %q, %v", q, got, r.Warnings)
		}
	}
}
