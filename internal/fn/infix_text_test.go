package fn

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/harrier-hunting/harrier/internal/terms"
	"github.com/harrier-hunting/harrier/internal/types"
)

func TestTextOperators(t *testing.T) {
	checkRows(t, Infix, []row{
		// Recorded from the engine, or observed on it.
		{"has", list("hello-world", "hello"), true}, {"has", list("helloworld", "hello"), false}, {"has", list("1_2_3", "1"), true},
		{"has", list("v1.2.3", "2.3"), true}, {"has", list("x ab y", "a-b"), false}, {"has", list("a b", "a "), true}, {"has", list("xa b", "a "), false},
		{"has", list("CAFÉ", "café"), true}, {"has", list("éa", "a"), false}, {"has", list("", ""), true}, {"has", list("b .b-", " "), true},
		{"!has", list("alpha", ""), false}, {"!has", list(types.Dynamic, "x"), true}, {"has_cs", list("CO-OP", "co"), false},
		{"hasprefix", list("x-error", "-err"), true}, {"hasprefix", list("err or", "r o"), false}, {"hasprefix", list("x ab y", " a"), true},
		{"hassuffix", list("x ab y", " a"), false}, {"hassuffix", list("xa b", "a "), true}, {"hassuffix", list("café", "é"), true},
		{"hasprefix_cs", list("ERROR", "ERR"), true}, {"hassuffix_cs", list("ERROR", "ERR"), false}, {"!hasprefix_cs", list("North America", "CA"), true},
		{"contains", list("ALPHABETA", "beta"), true}, {"contains", list("100%", "%"), true}, {"contains_cs", list("RED", "red"), false}, {"!contains", list(types.Dynamic, "555"), true},
		{"contains", list(jsonText(`["x"]`), `"`), true}, {"contains", list(jsonText(`"x"`), `"`), false},
		{"startswith", list("Straße", "sTRAß"), true}, {"startswith", list("ab", "abc"), false}, {"!startswith", list(types.Dynamic, "555"), true}, {"startswith_cs", list("PATTERN%", "PATTERN"), true},
		{"endswith", list("test_Suffix", "SUFFIX"), true}, {"endswith_cs", list("a", ""), true}, {"!endswith_cs", list("Fabrikam", "brik"), true},
		{"=~", list("café résumé", "CAFÉ RÉSUMÉ"), true}, {"=~", list("ＦＵＬＬ", "full"), false}, {"!~", list("", "a"), true}, {"=~", list(jsonText(`"X"`), "x"), true},
		{"matches regex", list("café", ".*é$"), true}, {"matches regex", list("O'Brien", "[A-Z]"), true}, {"matches regex", list("nope", `^\d{4}$`), false},
		{"like", list("a%b\nc", "a%"), true}, {"like", list("abc", "A_c"), true}, {"like", list("abc", "b"), false}, {"!like_cs", list("abc", "A%"), true},
	})
}

func TestMembership(t *testing.T) {
	checkRows(t, Infix, []row{
		{"in", list("hello", "hello", "world"), true}, {"in", list("Hello", "hello", "world"), false}, {"in", list(2, 1, 2, 3), true},
		{"in", list(types.Long, 1, 2), false}, {"!in", list(types.Long, 1, 2), true}, {"in", list(1.5, 1.5), true}, {"in", list(day(7), day(7)), true},
		{"in", list(true, false), false}, {"in", list(guidText("a"), guidText("a")), true}, {"in", list(jsonText(`{"a":1}`), jsonText(`{"a":1}`)), true},
		{"in~", list("NAÏVETÉ", "naïveté", "naivete"), true}, {"in~", list("\u212Aatz", "katz"), false}, {"!in~", list("bCa", "123", "ABC"), true},
		{"in array", list("b", jsonText(`["a","b",null]`)), true}, {"in array", list("B", jsonText(`["a","b"]`)), false}, {"!in array", list("b", types.Dynamic), true},
		{"in array", list(3, jsonText(`[1,2,3]`)), true}, {"in array", list(1, jsonText(`[1.5]`)), false}, {"in array", list(1.0, jsonText(`[1]`)), true},
		{"in array", list(true, jsonText(`[false,true]`)), true}, {"in array", list(jsonText(`[1]`), jsonText(`[[1],2]`)), true},
		{"in array", list(types.TimespanValue(36000000000), jsonText(`["01:00:00"]`)), true}, {"in array", list(decText("1.5"), jsonText(`["1.5"]`)), true},
		{"in~ array", list("B", jsonText(`["a","b"]`)), true}, {"!in~ array", list("c", jsonText(`["a","b"]`)), true},
		{"has_any", list("Beta", jsonText(`["alpha","beta"]`)), true}, {"has_any", list("errors", jsonText(`["error"]`)), false}, {"has_any", list("code 42 here", jsonText(`[42]`)), true},
		{"has_any", list("x", jsonText(`[]`)), false}, {"has_any", list("x", jsonText(`["a",null]`)), true}, {"has_all", list("x", jsonText(`[]`)), true},
		{"has_all", list("alpha beta", jsonText(`["alpha","beta",null]`)), true}, {"has_all", list("alpha", jsonText(`["alpha","beta"]`)), false},
		{"has_any", list("a -enc x", jsonText(`["mimikatz","x y","-ENC","net user","whoami"]`)), true}, {"has_any", list("привет МИР", jsonText(`["a","b","c","мир"]`)), true},
	})
	checkRows(t, Scalar, []row{
		{"has_any_index", list("Example number 2", jsonText(`[1,2,3]`)), 1}, {"has_any_index", list("abc", jsonText(`["b"]`)), -1},
	})
}

// A needle that changes from row to row must not be mistaken for the last one.
func TestNeedleColumn(t *testing.T) {
	table, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	text := []string{"alpha", "ALPHABETA", "nomatch", "x alpha"}
	for op, want := range map[string][]bool{
		"has": {true, false, false, true}, "contains": {true, true, false, true}, "startswith": {true, true, false, false},
		"matches regex": {true, false, false, true}, "=~": {true, false, false, false},
	} {
		c := Call{N: 4, Out: types.NewVector(types.Bool, 4), Args: []*types.Vector{types.NewVector(types.String, 4), types.NewVector(types.String, 4)}}
		copy(c.Args[0].Strings, text)
		copy(c.Args[1].Strings, []string{"alpha", "alpha", "zzz", "alpha"})
		table.Lookup(Infix, op).Eval(&c)
		if got := fmt.Sprint(c.Out.Bools); got != fmt.Sprint(want) || c.Err != nil {
			t.Errorf("%s: %v %v, want %v", op, got, c.Err, want)
		}
	}
}

func TestInvalidRegex(t *testing.T) {
	_, err := Apply(matchesEval, 0, types.Bool, types.StringValue("a"), types.StringValue("(?=a)"))
	if err == nil || !strings.Contains(err.Error(), `"(?=a)"`) {
		t.Errorf("%v does not name the pattern", err)
	}
}

// commandLines makes realistic command lines of about 150 bytes.
func commandLines(n int) []string {
	r := rand.New(rand.NewPCG(7, 7))
	pick := func(s ...string) string { return s[r.IntN(len(s))] }
	lines := make([]string, n)
	for i := range lines {
		line := pick(`C:\Windows\System32\`, `C:\Program Files\Google\Chrome\Application\`, `"C:\Users\bob\AppData\Local\Temp\`, `C:\ProgramData\Microsoft\Windows Defender\Platform\4.18.23110.3-0\`) +
			pick("svchost.exe", "chrome.exe", "powershell.exe", "cmd.exe", "rundll32.exe", "MpCmdRun.exe")
		for size := 110 + r.IntN(70); len(line) < size; {
			line += " " + pick("-k netsvcs -p -s Schedule", "--type=renderer --field-trial-handle=1718,i,1234567890123", "/c echo hello > out.txt",
				"-NoProfile -ExecutionPolicy Bypass -File", "--device-scale-factor=1", "-EncodedCommand", "user32.dll,LockWorkStation", "http://example.com/a/b?c=d&e=f",
				fmt.Sprintf("%x", r.Uint64()))
		}
		lines[i] = line
	}
	return lines
}

// BenchmarkOperators runs operators over 100,000 command lines in vectors of
// 2,048 rows, as the engine does; ns/row is the figure that counts.
func BenchmarkOperators(b *testing.B) {
	const size = 2048
	lines := commandLines(100_000)
	many := `["mimikatz","-enc","downloadstring","invoke-expression","frombase64string","net user","whoami","schtasks","vssadmin","wevtutil","bcdedit","certutil","bitsadmin","regsvr32","mshta","wmic","procdump","lsass","ntdsutil","psexec"]`
	for _, bm := range []struct {
		op, arg string
		t       types.Type
	}{
		{"has", "mimikatz", types.String}, {"has", "powershell.exe", types.String}, {"contains", "mimikatz", types.String}, {"contains", "-enc", types.String},
		{"contains_cs", "Mimikatz", types.String}, {"startswith", `c:\windows`, types.String}, {"endswith", ".exe", types.String}, {"=~", "cmd.exe", types.String},
		{"has_any", many, types.Dynamic}, {"has_any", `["mimikatz","whoami"]`, types.Dynamic}, {"in array", many, types.Dynamic},
		{"matches regex", `(?i)powershell.*-enc`, types.String}, {"matches regex", `[A-Za-z0-9+/]{50}`, types.String},
	} {
		b.Run(bm.op+"/"+bm.arg[:min(len(bm.arg), 16)], func(b *testing.B) {
			table, err := Builtin()
			if err != nil {
				b.Fatal(err)
			}
			eval := table.Lookup(Infix, bm.op).Sigs[0].Eval
			text, arg, out := types.NewVector(types.String, size), types.NewVector(bm.t, size), types.NewVector(types.Bool, size)
			for i := range size {
				arg.Strings[i] = bm.arg
			}
			b.ReportAllocs()
			at := 0
			for b.Loop() {
				if at+size > len(lines) {
					at = 0
				}
				text.Strings = lines[at : at+size]
				at += size
				eval(&Call{N: size, Args: []*types.Vector{text, arg}, Out: out})
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/size, "ns/row")
		})
	}
}

// FuzzTextOperators: the four forms of an operator agree with one another.
func FuzzTextOperators(f *testing.F) {
	f.Add("C:\\Temp\\cmd.exe /c Whoami", "whoami")
	f.Add("naïve ÉÉ", "é")
	table, err := Builtin()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text, needle string) {
		if !utf8.ValidString(text) || !utf8.ValidString(needle) {
			return // engines hand out UTF-8 only
		}
		for _, op := range []string{"has", "hasprefix", "hassuffix", "contains", "startswith", "endswith"} {
			ask := func(name, a, b string) bool {
				v, err := Apply(table.Lookup(Infix, name).Eval, 0, types.Bool, types.StringValue(a), types.StringValue(b))
				if err != nil {
					t.Fatalf("%q %s %q: %v", a, name, b, err)
				}
				return v.Bool()
			}
			if ask(op, text, needle) == ask("!"+op, text, needle) || ask(op+"_cs", text, needle) == ask("!"+op+"_cs", text, needle) {
				t.Errorf("%q %s %q: equal to its negation", text, op, needle)
			}
			if ask(op+"_cs", text, needle) && !ask(op, text, needle) {
				t.Errorf("%q %s %q: true with case only", text, op, needle)
			}
			if ask(op, text, needle) != ask(op+"_cs", terms.Fold(text), terms.Fold(needle)) {
				t.Errorf("%q %s %q: not what the folded texts give", text, op, needle)
			}
		}
	})
}
