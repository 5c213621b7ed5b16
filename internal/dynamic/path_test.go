package dynamic

import "testing"

func TestPaths(t *testing.T) {
	const doc = `{"Log Level":"INFO","Details":{"User":{"User ID":"u1","n":[10,{"x":null}]}},"a.b":1,"q'":2}`
	for path, want := range map[string]string{
		"$": doc, "$['Log Level']": `"INFO"`, `$["Log Level"]`: `"INFO"`, "$.Details.User['User ID']": `"u1"`, "$.Details.User.n[0]": "10",
		"$.Details.User.n[1].x": "null", "$['a.b']": "1", `$["q'"]`: "2",
	} {
		steps, err := ParsePath(path)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if v, ok := Find(doc, steps); !ok || v != want {
			t.Errorf("%s finds %s, %v, want %s", path, v, ok, want)
		}
	}
	for _, path := range []string{"$.none", "$.Details.User.n[2]", "$.Details[0]", "$.a.b", "$['Log Level'].x"} {
		steps, err := ParsePath(path)
		if err != nil {
			t.Fatal(err)
		}
		if v, ok := Find(doc, steps); ok || v != "null" {
			t.Errorf("%s finds %s, want nothing", path, v)
		}
	}
	for _, path := range []string{"", "x", "$x", "$.", "$..a", "$.*", "$[", "$[]", "$[-1]", "$[1", "$['a]", "$[99999999999]"} {
		if _, err := ParsePath(path); err == nil {
			t.Errorf("%q is read as a path", path)
		}
	}
}

func TestIdentity(t *testing.T) {
	same := [][2]string{
		{`{"a":1,"b":[2.0]}`, `{"b":[2],"a":1.0}`}, {"1", "1.0"}, {"-0.0", "0"}, {"-0.0", "0.0"}, {`"x"`, `"x"`}, {"1.5", "1.5"}, {"[]", "[]"}, {"1e300", "1e300"},
	}
	for _, c := range same {
		if Identity(c[0]) != Identity(c[1]) || !Equal(c[0], c[1]) {
			t.Errorf("%s and %s differ: %s, %s", c[0], c[1], Identity(c[0]), Identity(c[1]))
		}
	}
	for _, c := range [][2]string{{"1", `"1"`}, {`{"a":1}`, `{"a":1,"b":2}`}, {"[1,2]", "[2,1]"}, {"9007199254740993", "9007199254740992.0"}} {
		if Identity(c[0]) == Identity(c[1]) || Equal(c[0], c[1]) {
			t.Errorf("%s and %s are the same", c[0], c[1])
		}
	}
	const want = `{"A1":12,"A14":[15,{"a":1,"b":2.0}],"B":null}`
	if got := string(AppendSorted(nil, `{"B":null,"A14":[15,{"b":2.0,"a":1}],"A1":12}`)); got != want {
		t.Errorf("sorted: %s", got)
	}
}
