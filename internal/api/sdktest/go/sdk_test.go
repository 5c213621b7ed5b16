// Package sdk holds the tests that drive a server with Microsoft's Go SDK for Kusto, unmodified. It is a module of its
// own: what the SDK depends on is no business of the program's. TestKustoGo in cmd/harrier starts the server and runs
// these tests.
package sdk

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	stderrors "errors"
	"fmt"
	"math"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-kusto-go/azkustodata"
	"github.com/Azure/azure-kusto-go/azkustodata/errors"
	"github.com/Azure/azure-kusto-go/azkustodata/kql"
	"github.com/Azure/azure-kusto-go/azkustodata/query"
	queryv2 "github.com/Azure/azure-kusto-go/azkustodata/query/v2"
	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

const database = "Harrier"

// connect makes a client that trusts the server's certificate. who names the variable that holds its token.
func connect(t *testing.T, who string) *azkustodata.Client {
	t.Helper()
	url := os.Getenv("HARRIER_SDK_URL")
	if url == "" {
		t.Skip("HARRIER_SDK_URL is not set: these tests are run by TestKustoGo of cmd/harrier")
	}
	pem, err := os.ReadFile(os.Getenv("HARRIER_SDK_CA"))
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		t.Fatal("no certificate")
	}
	kcsb := azkustodata.NewConnectionStringBuilder(url).WithApplicationToken("hunter", os.Getenv(who))
	client, err := azkustodata.New(kcsb, azkustodata.WithHttpClient(&http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	return client
}

func hunter(t *testing.T) *azkustodata.Client { return connect(t, "HARRIER_SDK_TOKEN") }

// ask runs a query and gives its rows.
func ask(t *testing.T, text string, options ...azkustodata.QueryOption) []query.Row {
	t.Helper()
	ds, err := hunter(t).Query(t.Context(), database, kql.New("").AddUnsafe(text), options...)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	for _, table := range ds.Tables() {
		if table.IsPrimaryResult() {
			return table.Rows()
		}
	}
	t.Fatalf("%s: no primary result", text)
	return nil
}

// TestStored reads rows that were ingested.
func TestStored(t *testing.T) {
	rows := ask(t, "DeviceInfo | project Timestamp, DeviceName | order by DeviceName asc")
	if len(rows) != 1 {
		t.Fatalf("%d rows", len(rows))
	}
	var got struct {
		Timestamp  time.Time
		DeviceName string
	}
	if err := rows[0].ToStruct(&got); err != nil || got.DeviceName != "alpha" || time.Since(got.Timestamp) > 24*time.Hour {
		t.Errorf("%+v %v", got, err)
	}
}

// TestManyRows: the answer comes in several fragments, every row once and in order.
func TestManyRows(t *testing.T) {
	ds, err := hunter(t).IterativeQuery(t.Context(), database, kql.New("range x from 1 to 20000 step 1 | extend s = strcat('row ', x) | order by x asc"))
	if err != nil {
		t.Fatal(err)
	}
	defer ds.Close()
	n := int64(0)
	for table := range ds.Tables() {
		if table.Err() != nil {
			t.Fatal(table.Err())
		}
		if !table.Table().IsPrimaryResult() {
			continue
		}
		for row := range table.Table().Rows() {
			if row.Err() != nil {
				t.Fatal(row.Err())
			}
			n++
			x, err := row.Row().LongByName("x")
			s, _ := row.Row().StringByName("s")
			if err != nil || *x != n || s != fmt.Sprint("row ", n) {
				t.Fatalf("row %d is %v %q %v", n, x, s, err)
			}
		}
	}
	if n != 20000 {
		t.Errorf("%d rows", n)
	}
}

// value is one of each type.
type value struct {
	B *bool
	I *int32
	L *int64
	R *float64
	M *decimal.Decimal
	D *time.Time
	T *time.Duration
	G *uuid.UUID
	S string
	Y []byte
}

func valueOf(t *testing.T, row query.Row) (v value) {
	t.Helper()
	var errs [10]error
	v.B, errs[0] = row.BoolByName("b")
	v.I, errs[1] = row.IntByName("i")
	v.L, errs[2] = row.LongByName("l")
	v.R, errs[3] = row.RealByName("r")
	v.M, errs[4] = row.DecimalByName("m")
	v.D, errs[5] = row.DateTimeByName("d")
	v.T, errs[6] = row.TimespanByName("t")
	v.G, errs[7] = row.GuidByName("g")
	v.S, errs[8] = row.StringByName("s")
	v.Y, errs[9] = row.DynamicByName("y")
	if err := stderrors.Join(errs[:]...); err != nil {
		t.Fatal(err)
	}
	return v
}

// TestTypes: every type as a literal, with extremes, and null.
func TestTypes(t *testing.T) {
	v := valueOf(t, ask(t, `print b=true, i=int(-2147483648), l=9007199254740993, r=1e-300, m=decimal(0.1234567890123456789), d=datetime(2018-07-09T07:16:26.8017265Z),
		t=timespan(-1.02:03:04.0000005), g=guid(74be27de-1e4e-49d9-b579-fe0b331d3642), s='q"\\ \n😀', y=dynamic({"a":[1,null,{"b":"c"}]})`)[0])
	if !*v.B || *v.I != math.MinInt32 || *v.L != 9007199254740993 || *v.R != 1e-300 || v.M.String() != "0.1234567890123456789" ||
		!v.D.Equal(time.Date(2018, 7, 9, 7, 16, 26, 801726500, time.UTC)) || *v.T != -(26*time.Hour+3*time.Minute+4*time.Second+500*time.Nanosecond) ||
		v.G.String() != "74be27de-1e4e-49d9-b579-fe0b331d3642" || v.S != "q\"\\ \n😀" || string(v.Y) != `{"a":[1,null,{"b":"c"}]}` {
		t.Errorf("%v %d %d %v %s %v %v %v %q %s", *v.B, *v.I, *v.L, *v.R, v.M, v.D, v.T, v.G, v.S, v.Y)
	}
	v = valueOf(t, ask(t, `print b=bool(null), i=int(null), l=long(null), r=real(null), m=decimal(null), d=datetime(null), t=timespan(null), g=guid(null), s='', y=dynamic(null)`)[0])
	if v.B != nil || v.I != nil || v.L != nil || v.R != nil || v.M != nil || v.D != nil || v.T != nil || v.G != nil || v.S != "" || len(v.Y) != 0 {
		t.Errorf("nulls are %+v", v)
	}
	rows := ask(t, `print a=real(nan), b=real(+inf), c=real(-inf), d=long(-9223372036854775808), e=dynamic([]), f=dynamic("text"), g=dynamic(1.5), h=datetime(0001-01-01), i=datetime(9999-12-31T23:59:59.9999999Z)`)
	a, _ := rows[0].RealByName("a")
	b, _ := rows[0].RealByName("b")
	c, _ := rows[0].RealByName("c")
	d, _ := rows[0].LongByName("d")
	e, _ := rows[0].DynamicByName("e")
	f, _ := rows[0].DynamicByName("f")
	g, _ := rows[0].DynamicByName("g")
	h, _ := rows[0].DateTimeByName("h")
	i, _ := rows[0].DateTimeByName("i")
	if !math.IsNaN(*a) || !math.IsInf(*b, 1) || !math.IsInf(*c, -1) || *d != math.MinInt64 || string(e) != "[]" || string(f) != "text" || string(g) != "1.5" ||
		h.Year() != 1 || i.Year() != 9999 || i.Nanosecond() != 999999900 {
		t.Errorf("%v %v %v %v %s %s %s %v %v", *a, *b, *c, *d, e, f, g, h, i)
	}
}

// TestExtremes: the largest and the smallest of each type, and nothing of each type as a column.
func TestExtremes(t *testing.T) {
	v := valueOf(t, ask(t, `print b=false, i=int(2147483647), l=long(9223372036854775807), r=real(1.7976931348623157e308), m=decimal(-1234567890123456789012345678.901234),
		d=datetime(0001-01-01T00:00:00.0000001Z), t=timespan(-10675.02:48:05.4775807), g=guid(ffffffff-ffff-ffff-ffff-ffffffffffff), s=strcat('a', tolower('\u0000B\u2028')),
		y=dynamic([[[{"a":{"b":[{}, [], "", 9223372036854775807, -0.5, true, null]}}]]])`)[0])
	if *v.B || *v.I != math.MaxInt32 || *v.L != math.MaxInt64 || *v.R != math.MaxFloat64 || v.M.String() != "-1234567890123456789012345678.901234" ||
		!v.D.Equal(time.Date(1, 1, 1, 0, 0, 0, 100, time.UTC)) || *v.T != -(10675*24*time.Hour+2*time.Hour+48*time.Minute+5*time.Second+477580700) ||
		v.G.String() != "ffffffff-ffff-ffff-ffff-ffffffffffff" || v.S != "a\x00b\u2028" || string(v.Y) != `[[[{"a":{"b":[{},[],"",9223372036854775807,-0.5,true,null]}}]]]` {
		t.Errorf("%v %d %d %v %s %v %v %v %q %s", *v.B, *v.I, *v.L, *v.R, v.M, v.D, v.T, v.G, v.S, v.Y)
	}
	if v = valueOf(t, ask(t, `print b=true, i=int(0), l=-0, r=-0.0, m=decimal(0.0000000000000000000000000000000001), d=datetime(9999-12-31T23:59:59.9999999Z), t=timespan(0),
		g=guid(00000000-0000-0000-0000-000000000000), s='', y=dynamic("")`)[0]); *v.I != 0 || *v.L != 0 || *v.R != 0 || !v.M.Equal(decimal.New(1, -34)) || *v.T != 0 || *v.G != uuid.Nil || v.S != "" {
		t.Errorf("%+v", v)
	}
	const none = `print b=true, i=int(0), l=0, r=0.0, m=decimal(0), d=datetime(2020-01-01), t=1s, g=guid(ffffffff-ffff-ffff-ffff-ffffffffffff), s='', y=dynamic({}) | where b == false`
	if rows := ask(t, none); len(rows) != 0 {
		t.Errorf("%d rows", len(rows))
	}
	ds, err := hunter(t).Query(t.Context(), database, kql.New(none))
	if err != nil {
		t.Fatal(err)
	}
	if table := ds.Tables()[0]; len(table.Columns()) != 10 || len(table.Rows()) != 0 {
		t.Errorf("%d columns, %d rows", len(table.Columns()), len(table.Rows()))
	}
}

// TestHostileParameters: whatever the text, it stays a value.
func TestHostileParameters(t *testing.T) {
	for _, text := range []string{`'`, `"`, `\`, `'; DeviceInfo`, `" // `, "'a' // b", `x" | union DeviceInfo //`, `dynamic({})`, `long(1)`, `h'secret'`, "```x```", "null", "a\x00b", ".show tables", strings.Repeat(`"`, 999)} {
		ds, err := hunter(t).Query(t.Context(), database, kql.New("print s = p"), azkustodata.QueryParameters(kql.NewParameters().AddString("p", text)))
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		rows := ds.Tables()[0].Rows()
		if got, err := rows[0].StringByName("s"); err != nil || got != text || len(rows) != 1 {
			t.Errorf("%q came back as %q, %v", text, got, err)
		}
	}
}

// TestParameters: what goes in as a parameter comes out as a value, of every type.
func TestParameters(t *testing.T) {
	at := time.Date(2024, 2, 29, 23, 59, 59, 123456700, time.UTC)
	id := uuid.MustParse("74be27de-1e4e-49d9-b579-fe0b331d3642")
	text := "it's \"quoted\" \\ and\nmore é中 | take 1" // the SDK itself spoils characters beyond U+FFFF
	p := kql.NewParameters().AddBool("pb", true).AddInt("pi", -7).AddLong("pl", math.MaxInt64).AddReal("pr", -1.5e-10).AddDecimal("pm", decimal.RequireFromString("12.25")).
		AddDateTime("pd", at).AddTimespan("pt", 90*time.Minute+time.Microsecond).AddGUID("pg", id).AddString("ps", text).AddDynamic("py", map[string]any{"a": []any{1, "x", nil}})
	ds, err := hunter(t).Query(t.Context(), database, kql.New("print b=pb, i=pi, l=pl, r=pr, m=pm, d=pd, t=pt, g=pg, s=ps, y=py"), azkustodata.QueryParameters(p))
	if err != nil {
		t.Fatal(err)
	}
	v := valueOf(t, ds.Tables()[0].Rows()[0])
	if !*v.B || *v.I != -7 || *v.L != math.MaxInt64 || *v.R != -1.5e-10 || v.M.String() != "12.25" || !v.D.Equal(at) || *v.T != 90*time.Minute+time.Microsecond ||
		*v.G != id || v.S != text || string(v.Y) != `{"a":[1,"x",null]}` {
		t.Errorf("%v %d %d %v %s %v %v %v %q %s", *v.B, *v.I, *v.L, *v.R, v.M, v.D, v.T, v.G, v.S, v.Y)
	}
	for _, real := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, math.MaxFloat64} {
		ds, err := hunter(t).Query(t.Context(), database, kql.New("print r = p"), azkustodata.QueryParameters(kql.NewParameters().AddReal("p", real)))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := ds.Tables()[0].Rows()[0].RealByName("r"); err != nil || *got != real && !(math.IsNaN(*got) && math.IsNaN(real)) {
			t.Errorf("%v came back as %v, %v", real, got, err)
		}
	}
}

// TestSecondary: the tables beside the result are read by the SDK's own types.
func TestSecondary(t *testing.T) {
	ds, err := hunter(t).Query(t.Context(), database, kql.New(`print x = 1 | render piechart with (title = "all")`))
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, table := range ds.Tables() {
		switch table.Kind() {
		case queryv2.QueryPropertiesKind:
			props, err := queryv2.AsQueryProperties(table)
			if err != nil || len(props) != 1 || props[0].Value["Visualization"] != "piechart" || props[0].Value["Title"] != "all" {
				t.Errorf("%+v %v", props, err)
			}
			seen++
		case queryv2.QueryCompletionInformationKind:
			info, err := queryv2.AsQueryCompletionInformation(table)
			if err != nil || len(info) != 2 || info[0].StatusCode != 0 || info[1].EventTypeName != "QueryResourceConsumption" {
				t.Errorf("%+v %v", info, err)
			}
			seen++
		}
	}
	if seen != 2 {
		t.Errorf("%d tables beside the result", seen)
	}
}

// TestSeveral: a query with several results has a table for each.
func TestSeveral(t *testing.T) {
	ds, err := hunter(t).Query(t.Context(), database, kql.New("").AddUnsafe(`print x = 1; range y from 1 to 5 step 1 | fork Rows = (count) (where y > 3 | as Late)`))
	if err != nil {
		t.Fatal(err)
	}
	var got string
	for _, table := range ds.Tables() {
		if table.IsPrimaryResult() {
			got += table.Name() + " " + table.Columns()[0].Name()
			for _, row := range table.Rows() {
				got += fmt.Sprintf(" %v", *row.Values()[0].GetValue().(*int64))
			}
			got += "; "
		}
	}
	if want := "PrimaryResult x 1; Rows Count 5; Late y 4 5; "; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestCommands: what tools ask for first.
func TestCommands(t *testing.T) {
	c := hunter(t)
	show := func(text string) []query.Row {
		t.Helper()
		ds, err := c.Mgmt(t.Context(), database, kql.New("").AddUnsafe(text))
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		return ds.Tables()[0].Rows()
	}
	for _, first := range []struct{ command, column, want string }{
		{".show databases", "DatabaseName", "Harrier"},
		{".show databases | project DatabaseName, PrettyName", "DatabaseName", "Harrier"},
		{".show database identity | project DatabaseName, PrettyName", "DatabaseName", "Harrier"},
		{".show database ['Harrier'] schema", "DatabaseName", "Harrier"},
		{".show version", "ServiceType", "Engine"},
		{".show cluster", "Name", "Harrier"},
		{".show diagnostics | project IsHealthy = tostring(IsHealthy)", "IsHealthy", "True"},
		{".show principal roles", "Role", "Viewer"},
		{".show table DeviceInfo cslschema | project TableName, Schema", "TableName", "DeviceInfo"},
		{".show database Harrier cslschema | where TableName == 'DeviceEvents' | project TableName, Schema, DocString", "TableName", "DeviceEvents"},
		{".show functions | where Name == 'FileProfile'", "Name", "FileProfile"},
		{".show table DeviceInfo details | project TableName, TotalRowCount", "TableName", "DeviceInfo"},
		{".show database details | project DatabaseName, NumberOfTables", "DatabaseName", "Harrier"},
		{".show table DeviceInfo principals", "Role", "Database Harrier Viewer"},
		{".show tables (DeviceInfo, DeviceEvents) | order by TableName desc", "TableName", "DeviceInfo"},
	} {
		rows := show(first.command)
		if len(rows) == 0 {
			t.Errorf("%s: no rows", first.command)
			continue
		}
		if got, err := rows[0].StringByName(first.column); err != nil || got != first.want {
			t.Errorf("%s: %q, %v", first.command, got, err)
		}
	}
	for _, none := range []string{".show external tables | project TableName, DocString", ".show materialized-views | project Name, Query, DocString", ".show entity_groups | project Name, Entities",
		".show graph_models details | project Name, Model", ".show graph_snapshots * | summarize Snapshots=make_list(Name) by ModelName"} {
		if rows := show(none); len(rows) != 0 {
			t.Errorf("%s: %d rows", none, len(rows))
		}
	}
	schema, err := show(".show database Harrier schema as json")[0].StringByIndex(0)
	if err != nil || !strings.Contains(schema, `"DeviceProcessEvents":{"Name":"DeviceProcessEvents"`) || !strings.Contains(schema, `"CslType":"datetime"`) {
		t.Errorf("%.200s %v", schema, err)
	}
}

// TestErrors: the SDK finds out what went wrong.
func TestErrors(t *testing.T) {
	c := hunter(t)
	for _, e := range []struct{ text, want string }{
		{"DeviceInfo | where Nope == 1", "SEM0100"},
		{"DeviceInfo | where (", "SYN0002"},
		{"DeviceInfo | take 1 | evaluate python(typeof(*), 'x')", "HRR0001"},
	} {
		_, err := c.Query(t.Context(), database, kql.New("").AddUnsafe(e.text))
		var he *errors.HttpError
		if !stderrors.As(err, &he) || he.StatusCode != 400 || !strings.Contains(err.Error(), e.want) || !strings.Contains(err.Error(), `"@permanent":true`) || he.IsThrottled() {
			t.Errorf("%s: %v", e.text, err)
		}
	}
	if _, err := c.Query(t.Context(), "Samples", kql.New("print 1")); err == nil || !strings.Contains(err.Error(), "Entity ID 'Samples' of kind 'Database' was not found") {
		t.Errorf("another database: %v", err)
	}
	if _, err := c.Mgmt(t.Context(), database, kql.New(".create table T (a:string)")); err == nil || !strings.Contains(err.Error(), ".show tables") {
		t.Errorf("another command: %v", err)
	}
	var he *errors.HttpError
	if _, err := connect(t, "HARRIER_SDK_BAD_TOKEN").Query(t.Context(), database, kql.New("print 1")); !stderrors.As(err, &he) || he.StatusCode != 401 {
		t.Errorf("a bad token: %v", err)
	}
	if _, err := connect(t, "HARRIER_SDK_WEAK_TOKEN").Query(t.Context(), database, kql.New("print 1")); !stderrors.As(err, &he) || he.StatusCode != 403 {
		t.Errorf("a token without the role: %v", err)
	}
}

// TestPartial: rows beyond what the request lets through are an error, with the rows before it.
func TestPartial(t *testing.T) {
	_, err := hunter(t).Query(t.Context(), database, kql.New("range x from 1 to 10 step 1"), azkustodata.TruncationMaxRecords(3))
	if err == nil || !strings.Contains(err.Error(), "E_QUERY_RESULT_SET_TOO_LARGE") {
		t.Errorf("%v", err)
	}
	if rows := ask(t, "range x from 1 to 10 step 1", azkustodata.QueryTakeMaxRecords(3)); len(rows) != 3 {
		t.Errorf("%d rows", len(rows))
	}
}

// TestOptions: what options change.
func TestOptions(t *testing.T) {
	at := time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC)
	if got, err := ask(t, "print t = now()", azkustodata.QueryNow(at))[0].DateTimeByName("t"); err != nil || !got.Equal(at) {
		t.Errorf("now is %v, %v", got, err)
	}
	rows := ask(t, "DeviceInfo | count", azkustodata.QueryDateTimeScopeColumn("Timestamp"), azkustodata.QueryDateTimeScopeTo(at))
	if n, err := rows[0].LongByIndex(0); err != nil || *n != 0 {
		t.Errorf("%v rows before 2020, %v", n, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	_, err := hunter(t).Query(ctx, database, kql.New("range x from 1 to 10000000 step 1 | extend h = hash_sha256(tostring(x)) | summarize max(h)"), azkustodata.ServerTimeout(200*time.Millisecond))
	var he *errors.HttpError
	if !stderrors.As(err, &he) || he.StatusCode != 504 {
		t.Errorf("a query that takes too long: %v", err)
	}
}

// TestThrottling: the other tenant may call 15 times a minute.
func TestThrottling(t *testing.T) {
	c := connect(t, "HARRIER_SDK_LIMITED_TOKEN")
	for i := range 15 {
		if _, err := c.Query(t.Context(), database, kql.New("print 1")); err != nil {
			t.Fatalf("call %d: %v", i+1, err)
		}
	}
	_, err := c.Query(t.Context(), database, kql.New("print 1"))
	var he *errors.HttpError
	if !stderrors.As(err, &he) || !he.IsThrottled() || !strings.Contains(err.Error(), "maximum allowed 15 per 00:01:00") {
		t.Errorf("the 16th call: %v", err)
	}
}
