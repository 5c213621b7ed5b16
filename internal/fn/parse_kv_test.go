package fn

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/types"
)

// TestParseKv: recorded answers, the examples of the reference page, and the
// edges of the scanner.
func TestParseKv(t *testing.T) {
	const (
		equals = `{"pair":" ","kv":"="}`
		semi   = `{"pair":";","kv":"="}`
		quoted = `{"pair":";","kv":"=","quote":["\"","()"],"escape":["\\"]}`
		greedy = `{"pair":" ","kv":"=","greedy":true,"quote":["()"]}`
		words  = `{"quote":["'"],"escape":["\\"]}`
	)
	for _, c := range []struct{ text, options, keys, want string }{
		{"a=1;b=2", semi, "a b", "1|2"},
		{"b=2;a=1;b=3", semi, "a b", "1|2"}, // the first counts
		{"a==b", semi, "a", "=b"},
		{"a=b=c;d", semi, "a d", "b=c|null"},
		{"A=;B=x", semi, "A B", "|x"},
		{";;a=1;;", semi, "a", "1"},
		{"a", semi, "a", "null"},
		{"=x;a=1", semi, "a", "1"},
		{"", semi, "a", "null"},
		{"  key  =  value  ", equals, "key", "value"},
		{"name=John Doe phone=555 5555", equals, "name phone", "John|555"},
		{"name=John Doe phone=555 5555", greedy, "name phone", "John Doe|555 5555"},
		{"u=http://h/?x=y z (k l)=v w", greedy, "u k_l", "http://h/?x=y z|null"},
		{"u=a b (kl)=v w", greedy, "u kl", "a b|v w"},
		{`a="x;y";b=(p;q)`, quoted, "a b", "x;y|p;q"},
		{`a="x \" y";"b c"=2`, quoted, "a b_c", `x " y|null`},
		{`a="open;b=2`, quoted, "a b", `"open|2`}, // a quote that never ends is text
		{`a="x" tail;b=2`, quoted, "a b", "x|2"},
		{`a="x\`, quoted, "a", `"x\`},
		{"Id:4, Machine:N1, Text: Started", words, "Text Id Machine None", "Started|4|N1|null"},
		{`Text: 'it \' is', Id`, words, "Text Id", "it ' is|null"},
		{"Text Id 4", words, "Text Id", "Id|null"}, // a word after a key is its value
		{`"a b": x, "c": y`, `{"regex":"\"([^\"]+)\": (\\w+)"}`, "c", "y"},
	} {
		keys := strings.Fields(c.keys)
		rules, err := readKvRules(c.options)
		if err != nil {
			t.Fatalf("%s: %v", c.options, err)
		}
		var got []string
		for _, v := range rules.extract(c.text, keys) {
			if v != "null" {
				v = dynamic.AsString(v)
			}
			got = append(got, v)
		}
		if want := strings.Split(c.want, "|"); !slices.Equal(got, want) {
			t.Errorf("%q with %s: %q, want %q", c.text, c.options, got, want)
		}
	}
}

// FuzzParseKv: whatever the text and the options, the scanner comes to an end
// and gives one value for each key.
func FuzzParseKv(f *testing.F) {
	f.Add("a=1;b='2'", ";", "=", "'", `\`, true)
	f.Add(" a = (x) ", " ", "=", "()", "", false)
	f.Add("é: ü", "", "", "'", "", false)
	f.Fuzz(func(t *testing.T, text, pair, kv, quote, escape string, greedy bool) {
		if (pair == "") != (kv == "") || len(text) > 1<<12 {
			return
		}
		r := kvRules{pair: pair, kv: kv, escape: []rune(escape), greedy: greedy}
		if q := []rune(quote); len(q) > 0 {
			r.open, r.close = q[:1], q[len(q)-1:]
		}
		if got := r.extract(text, []string{"a", "b", ""}); len(got) != 3 {
			t.Fatalf("%d values", len(got))
		}
	})
}

// TestParseKvHostile: texts made of delimiters and quotes take linear time.
func TestParseKvHostile(t *testing.T) {
	r := kvRules{pair: " ", kv: "=", open: []rune("'("), close: []rune("')"), escape: []rune(`\`), greedy: true}
	for _, piece := range []string{"='", "=", " =", "(", ") =", "a=b ", `\'`, "' ", "=("} {
		text := strings.Repeat(piece, 1<<20)
		at := time.Now()
		for _, greedy := range []bool{true, false} {
			r.greedy = greedy
			r.extract(text, []string{"zz"})
		}
		if d := time.Since(at); d > 20*time.Second {
			t.Errorf("a mebi of %q takes %v", piece, d)
		}
	}
}

func BenchmarkParseKv(b *testing.B) {
	s, err := Builtin()
	if err != nil {
		b.Fatal(err)
	}
	row := s.Lookup(Scalar, "__parse_kv")
	const n = 2048
	text, keys, options := types.NewVector(types.String, n), types.NewVector(types.Dynamic, n), types.NewVector(types.Dynamic, n)
	for i := range n {
		text.Strings[i] = "src=10.1.1.123 dst=10.1.1.124 bytes=125 failure=none"
		keys.Strings[i], options.Strings[i] = `["src","bytes","failure"]`, `{"pair":" ","kv":"="}`
	}
	b.ReportAllocs()
	for b.Loop() {
		c := &Call{N: n, Args: []*types.Vector{text, keys, options}, Out: types.NewVector(types.Dynamic, n)}
		row.Sigs[0].Eval(c)
	}
}
