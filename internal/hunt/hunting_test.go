package hunt

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/catalog"
	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/engine/duckdb"
	"github.com/harrier-hunting/harrier/internal/types"
)

// stored writes rows, "table column=value column=value …" with values as text
// and spaces as "_", into a store of the hunting tables.
func storedRows(t *testing.T, now int64, lines ...string) *duckdb.Store {
	t.Helper()
	cat, err := catalog.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	s, err := duckdb.Open(duckdb.Config{Catalog: cat, Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if _, err := s.Write(context.Background(), "rows", batchesOf(t, cat, now, lines...)); err != nil {
		t.Fatal(causes(err))
	}
	return s
}

// batchesOf makes the rows of storedRows.
func batchesOf(t *testing.T, cat *catalog.Catalog, now int64, lines ...string) []*catalog.Batch {
	t.Helper()
	batches := map[string]*catalog.Batch{}
	var all []*catalog.Batch
	for n, line := range lines {
		f := strings.Fields(line)
		table := cat.Table(f[0])
		b := batches[f[0]]
		if b == nil {
			b = catalog.NewBatch(table)
			batches[f[0]] = b
			all = append(all, b)
		}
		row := b.AddRow()
		if table.Time >= 0 {
			b.Set(row, table.Time, types.DatetimeValue(now-int64(len(lines)-n)*types.TicksPerDay/100))
		}
		for _, a := range f[1:] {
			name, text, _ := strings.Cut(a, "=")
			i := table.Ordinal(name)
			if i < 0 {
				t.Fatalf("%s has no column %s", f[0], name)
			}
			text = strings.ReplaceAll(text, "_", " ")
			v := types.Value{Type: table.Columns[i].Type, S: text}
			switch v.Type {
			case types.Long, types.Int:
				v.I, _ = types.ParseLong(text)
			case types.Bool:
				v = types.BoolValue(text == "true")
			case types.Datetime:
				v.I, _ = types.ParseDatetime(text)
			}
			b.Set(row, i, v)
		}
	}
	return all
}

var (
	sha1A = strings.Repeat("a", 40)
	sha1B = strings.Repeat("b", 40)
	sha2B = strings.Repeat("b", 64)
)

func TestHuntingFunctions(t *testing.T) {
	env := testEnv(t)
	s := storedRows(t, env.Now,
		"DeviceProcessEvents DeviceId=d1 SHA1="+sha1A+" SHA256=aa FileSize=10 ProcessVersionInfoCompanyName=Acme FileName=a.exe",
		"DeviceProcessEvents DeviceId=d2 SHA1="+sha1A+" MD5=m FileName=a.exe InitiatingProcessSHA1="+sha1B+" InitiatingProcessSHA256="+sha2B,
		"DeviceFileEvents DeviceId=d2 SHA1="+sha1A+" FileName=a.exe",
		"DeviceFileCertificateInfo SHA1="+sha1A+" IsSigned=true IsTrusted=true Signer=Acme_Inc. IsRootSignerMicrosoft=false",
		`DeviceEvents DeviceId=d1 ActionType=AntivirusDetection SHA1=`+sha1A+` AdditionalFields={"ThreatName":"Trojan:X"}`,
		"FileProfiles ProfileTime=2026-01-01 SHA256="+sha2B+" GlobalPrevalence=7 Signer=Loaded",
		`DeviceNetworkInfo DeviceId=d1 DeviceName=one NetworkAdapterName=eth IPAddresses=[{"IPAddress":"10.0.0.1","AddressType":"Private"},{"IPAddress":"10.0.0.9","AddressType":"Private"}]`,
		`DeviceNetworkInfo DeviceId=d1 DeviceName=one NetworkAdapterName=eth NetworkAdapterType=Ethernet IPAddresses=[{"IPAddress":"10.0.0.1","AddressType":"Private"}]`,
		`DeviceNetworkInfo DeviceId=d2 DeviceName=two NetworkAdapterName=wifi IPAddresses=[{"IPAddress":"10.0.0.9","AddressType":"Private"}]`,
		"DeviceInfo DeviceId=d1 DeviceName=one OnboardingStatus=Onboarded",
		"DeviceInfo DeviceId=d2 DeviceName=two OnboardingStatus=Can_be_onboarded",
		"DeviceNetworkEvents DeviceId=d1 RemoteIP=10.0.0.9",
		"DeviceNetworkEvents DeviceId=d2 RemoteIP=10.0.0.1",
	)
	files := fmt.Sprintf(`datatable(SHA1:string, X:long)["%s", 1, "%s", 2, "%s", 3, "x", 4, "%s", 5]`, sha1A, strings.ToUpper(sha1B), strings.Repeat("c", 40), sha1A)
	profile := " | invoke FileProfile(%s) | project X, SHA11 = substring(SHA11, 0, 2), SHA256 = substring(SHA256, 0, 3), FileSize, GlobalPrevalence, Signer, SignatureState, IsExecutable, ThreatName, Publisher, ProfileAvailability | sort by X asc"
	for _, c := range []struct{ query, want string }{
		{files + fmt.Sprintf(profile, "SHA1, 4"), `1 "aa" "aa" 10 2 "Acme Inc." "SignedValid" true "Trojan:X" "Acme" "Available"
2 "bb" "bbb" null 7 "Loaded" "Unknown" true "" "" "Available"
3 "cc" "" null null "" "Unknown" null "" "" "Missing"
4 "" "" null null "" "" null "" "" ""
5 "" "" null null "" "" null "" "" ""`},
		{`print H = "` + sha2B + `" | invoke FileProfile("H") | project GlobalPrevalence, SHA1 = substring(SHA1, 0, 2), IsExecutable, ProfileAvailability`, `7 "bb" true "Available"`},
		{`datatable(IP:string)["10.0.0.9", "10.0.0.1", "8.8.8.8", ""] | invoke DeviceFromIP() | sort by IP asc`, `"" ""
"10.0.0.1" "d1"
"10.0.0.9" "d2"
"8.8.8.8" ""`},
		{`AssignedIPAddresses("one") | project IPAddress, IPType, NetworkAdapterType`, `"10.0.0.1" "Private" "Ethernet"`},
		{`AssignedIPAddresses("d1", ago(1h)) | project IPAddress | sort by IPAddress asc`, `"10.0.0.1"
"10.0.0.9"`},
		{`DeviceInfo | project DeviceId | invoke SeenBy() | sort by DeviceId asc | project DeviceId, By = tostring(SeenBy[0].DeviceId), n = array_length(SeenBy)`, `"d1" "" null
"d2" "d1" 1`},
	} {
		c.query = strings.ReplaceAll(c.query, "ago(1h)", fmt.Sprintf("datetime(%s)", types.FormatDatetime(env.Now-655*types.TicksPerDay/10000)))
		a, err := ask(s, c.query, env, testScope(env))
		if err != nil {
			t.Errorf("%s: %v", c.query, causes(err))
			continue
		}
		var rows []string
		for _, r := range a.rows {
			var parts []string
			for _, v := range r {
				parts = append(parts, dynamic.FromValue(v))
			}
			rows = append(rows, strings.Join(parts, " "))
		}
		if got := strings.Join(rows, "\n"); got != c.want {
			t.Errorf("%s\n%s\nwant\n%s", c.query, got, c.want)
		}
	}
}

// TestHuntingColumns: the profile's columns follow those of the input, and
// those whose name is taken get a number.
func TestHuntingColumns(t *testing.T) {
	env, s := testEnv(t), storedRows(t, testEnv(t).Now, "DeviceInfo DeviceId=d")
	a, err := ask(s, "print SHA1 = '', FileSize = 1 | invoke FileProfile() | getschema | project ColumnName, ColumnType", env, testScope(env))
	if err != nil {
		t.Fatal(causes(err))
	}
	var names []string
	for _, r := range a.rows {
		names = append(names, r[0].S+":"+r[1].S)
	}
	want := "SHA1:string FileSize:int SHA11:string SHA256:string MD5:string FileSize1:int GlobalPrevalence:int GlobalFirstSeen:datetime GlobalLastSeen:datetime Signer:string Issuer:string SignerHash:string IsCertificateValid:bool IsRootSignerMicrosoft:bool SignatureState:string IsExecutable:bool ThreatName:string Publisher:string SoftwareName:string ProfileAvailability:string"
	if got := strings.Join(names, " "); got != strings.Replace(want, "FileSize:int", "FileSize:long", 1) {
		t.Errorf("columns are %s", got)
	}
}

// TestStoredFunctions: a tenant's functions are called like let functions, are
// hidden by them, and report what is wrong at the call.
func TestStoredFunctions(t *testing.T) {
	env, s := testEnv(t), fixtureStore(t)
	texts := map[string]string{
		"twice": "// Twice x.\nlet twice = (x:long) { x * 2 };",
		"rare":  "let rare = (T:(*), n:long = 2) { T | count | extend n = twice(n) };",
		"wrong": "let wrong = () { DeviceInfo | where Nope == 1 };",
		"loop":  "let loop = () { loop() };",
	}
	env.Functions = func(name string) (catalog.Function, bool) {
		text, ok := texts[name]
		return catalog.Function{Name: name, Text: text}, ok
	}
	for query, want := range map[string]string{
		"print x = twice(21)":                              "42",
		"let twice = (x:long) { x * 3 }; print twice(5)":   "15",
		"DeviceInfo | take 3 | invoke rare(5) | project n": "10",
		"rare(DeviceInfo) | project n":                     "4",
		"wrong() | count":                                  "!In function 'wrong'",
		"loop()":                                           "!",
		"print twise(1)":                                   "!",
	} {
		a, err := ask(s, query, env, testScope(env))
		if msg, bad := strings.CutPrefix(want, "!"); bad {
			q, ok := err.(*QueryError)
			if !ok || !strings.Contains(q.First().Message, msg) {
				t.Errorf("%s: %v", query, err)
			} else if sp := q.First().Span; msg != "" && sp != (diag.Span{Start: 0, End: 7}) {
				t.Errorf("%s: reported at %v", query, sp)
			}
			continue
		}
		if err != nil || len(a.rows) != 1 || dynamic.FromValue(a.rows[0][0]) != want {
			t.Errorf("%s: %v %v, want %s", query, a.rows, err, want)
		}
	}
}
