package conformance

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/engine"
	"github.com/harrier-hunting/harrier/internal/hunt"
	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

func TestCells(t *testing.T) {
	engineSays, docs := comparer{}, comparer{docs: true}
	set := comparer{setOrder: true}
	for _, c := range []struct {
		by        comparer
		want, got string
		t         types.Type
		same      bool
	}{
		{engineSays, `1`, `1`, types.Long, true},
		{engineSays, `1`, `2`, types.Long, false},
		{engineSays, `9007199254740993`, `9007199254740993`, types.Long, true},
		{engineSays, `null`, `null`, types.Long, true},
		{engineSays, `null`, `0`, types.Long, false},
		{engineSays, `0`, `null`, types.Long, false},
		{engineSays, `""`, `null`, types.Long, true},
		{engineSays, `"x"`, `null`, types.String, false},
		{engineSays, `null`, `""`, types.String, true},
		{engineSays, `"a"`, `"A"`, types.String, false},
		{engineSays, `0.1`, `0.10000000001`, types.Real, true},
		{engineSays, `0.1`, `0.1000001`, types.Real, false},
		{docs, `0.1`, `0.1000001`, types.Real, true},
		{docs, `"3.14"`, `3.1415926`, types.Real, true},
		{docs, `"1,234.5"`, `1234.5`, types.Real, true},
		{engineSays, `{"real":"NaN"}`, `"NaN"`, types.Real, true},
		{engineSays, `{"real":"Infinity"}`, `"Infinity"`, types.Real, true},
		{engineSays, `{"real":"Infinity"}`, `"-Infinity"`, types.Real, false},
		{engineSays, `{"real":"NaN"}`, `1.0`, types.Real, false},
		{engineSays, `"2024-02-25T00:00:00Z"`, `"2024-02-25T00:00:00.0000000Z"`, types.Datetime, true},
		{engineSays, `"2024-02-25 00:00:00"`, `"2024-02-25T00:00:00.0000001Z"`, types.Datetime, false},
		{docs, `"2024-02-25 00:00:00"`, `"2024-02-25T00:00:00.0000001Z"`, types.Datetime, true},
		{engineSays, `"4.00:00:00"`, `"4.00:00:00"`, types.Timespan, true},
		{engineSays, `{"timespan_seconds":90}`, `"00:01:30"`, types.Timespan, true},
		{engineSays, `"1d"`, `"1.00:00:00"`, types.Timespan, true},
		{engineSays, `true`, `true`, types.Bool, true},
		{engineSays, `1`, `true`, types.Bool, true},
		{engineSays, `"False"`, `true`, types.Bool, false},
		{engineSays, `{"a":1,"b":[1,2]}`, `{"b":[1,2],"a":1}`, types.Dynamic, true},
		{engineSays, `[1,2]`, `[2,1]`, types.Dynamic, false},
		{set, `[1,2]`, `[2,1]`, types.Dynamic, true},
		{set, `[1,1,2]`, `[1,2,2]`, types.Dynamic, false},
		{engineSays, `"{\"a\":1}"`, `{"a":1}`, types.Dynamic, true},
		{engineSays, `[1]`, `["1"]`, types.Dynamic, false},
		{engineSays, `{"a":null}`, `{}`, types.Dynamic, false},
		{engineSays, `{"real":"Infinity"}`, `5.0`, types.Real, false},
		{engineSays, `["2020-01-01 00:00"]`, `["2020-01-01T00:00:00.0000000Z"]`, types.Dynamic, true},
		{docs, "\" `code` \"", `"code"`, types.String, true},
		{docs, `"two  words"`, `"Two words"`, types.String, true},
		{engineSays, `"AB"`, `"ab"`, types.Guid, true},
	} {
		if got := c.by.cell(json.RawMessage(c.want), json.RawMessage(c.got), c.t); got != c.same {
			t.Errorf("%+v: wanted %s, got %s as %s: same is %v", c.by, c.want, c.got, c.t, got)
		}
	}
}

func raw(t *testing.T, rows string) [][]json.RawMessage {
	t.Helper()
	var out [][]json.RawMessage
	if err := json.Unmarshal([]byte(rows), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestRows(t *testing.T) {
	cols := []plan.Column{{Name: "a", Type: types.Long}}
	name, long, other := "a", "int|long", "string"
	for _, c := range []struct {
		want               Expect
		got                string
		authority, differs string
	}{
		{Expect{Rows: raw(t, `[[1],[2]]`)}, `[[2],[1]]`, "engine", ""},
		{Expect{Rows: raw(t, `[[1],[2]]`), Sorted: true}, `[[2],[1]]`, "engine", "row 0: a is 2, want 1"},
		{Expect{Rows: raw(t, `[[1],[1]]`)}, `[[1],[2]]`, "engine", "no row like row 1"},
		{Expect{Rows: raw(t, `[[1]]`)}, `[]`, "engine", "0 rows, want 1"},
		{Expect{Columns: []ExpectColumn{{&name, &long}}}, `[[1]]`, "binder", ""},
		{Expect{Columns: []ExpectColumn{{&name, &other}}}, `[[1]]`, "binder", "column a is long, want string"},
		{Expect{Columns: []ExpectColumn{{&other, nil}, {&other, nil}}}, `[[1]]`, "binder", "1 columns, want 2"},
		{Expect{Columns: []ExpectColumn{{&other, nil}}}, `[[1]]`, "binder", "column 0 is called a, want string"},
		{Expect{Columns: []ExpectColumn{{nil, nil}}, Rows: raw(t, `[[3]]`)}, `[[1]]`, "binder", ""},
		{Expect{}, `[[1]]`, "engine", ""},
	} {
		d := compare(Vector{Authority: c.authority, Expect: c.want}, Result{Rows: raw(t, c.got)}, cols)
		if (d == "") != (c.differs == "") || !strings.Contains(d, c.differs) {
			t.Errorf("%+v against %s: %q, want %q", c.want, c.got, d, c.differs)
		}
	}
	two := 2
	if d := compare(Vector{Expect: Expect{RowCount: &two}, Flags: []string{"approximate"}}, Result{Rows: raw(t, `[[1],[9]]`)}, cols); d != "" {
		t.Errorf("approximate: %s", d)
	}
}

func TestOutcomes(t *testing.T) {
	refusal := func(k diag.Kind) error {
		return &hunt.QueryError{Diagnostics: diag.List{{Kind: diag.Warning, Message: "w"}, {Kind: k, Message: "m"}}}
	}
	for _, c := range []struct {
		expect bool
		err    error
		want   Outcome
	}{
		{false, refusal(diag.Unsupported), Refused},
		{false, refusal(diag.Semantic), Wrong},
		{true, refusal(diag.Semantic), Passed},
		{true, refusal(diag.Unsupported), Passed},
		{false, engine.NewError(engine.Internal, "x", errors.New("why")), Wrong},
		{true, engine.NewError(engine.Internal, "x", errors.New("why")), Wrong},
		{true, engine.NewError(engine.Invalid, "x", nil), Passed},
		{false, engine.NewError(engine.Invalid, "x", nil), Wrong},
	} {
		v := Vector{ID: "v", Expect: Expect{Error: c.expect}}
		r := Run(context.Background(), v, func(context.Context, string) (*hunt.Result, error) { return nil, c.err })
		if r.Outcome != c.want || r.ID != "v" || r.Detail == "" {
			t.Errorf("error expected %v, got %v: %s (%s)", c.expect, c.err, r.Outcome, r.Detail)
		}
	}
	var report Report
	for _, o := range []Outcome{Passed, Refused, Wrong, Wrong} {
		report.Add(Result{Outcome: o})
	}
	if report.Summary != (Summary{1, 1, 2}) || len(report.Results) != 4 {
		t.Errorf("the report is %+v", report.Summary)
	}
}

func TestRead(t *testing.T) {
	var ids []string
	err := Read(strings.NewReader("{\"id\":\"a\",\"query\":\"print 1\"}\n\n{\"id\":\"b\",\"expect\":{\"error\":true}}\n"), func(v Vector) error {
		ids = append(ids, v.ID)
		return nil
	})
	if err != nil || strings.Join(ids, "") != "ab" {
		t.Errorf("read %v, %v", ids, err)
	}
	if err := Read(strings.NewReader("{}\nnot json\n"), func(Vector) error { return nil }); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("broken input gives %v", err)
	}
}
