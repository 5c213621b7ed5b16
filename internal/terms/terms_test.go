package terms

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// slowIn says the same as Finder.In in the plainest way.
func slowIn(text, needle string, mode Mode) bool {
	if mode&FoldCase != 0 {
		text, needle = Fold(text), Fold(needle)
	}
	if needle == "" {
		return true
	}
	first, _ := utf8.DecodeRuneInString(needle)
	last, _ := utf8.DecodeLastRuneInString(needle)
	for i := 0; i+len(needle) <= len(text); i++ {
		if text[i:i+len(needle)] != needle {
			continue
		}
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		after, _ := utf8.DecodeRuneInString(text[i+len(needle):])
		cutLeft := mode&Start != 0 && i > 0 && IsTerm(first) && IsTerm(before)
		cutRight := mode&End != 0 && i+len(needle) < len(text) && IsTerm(last) && IsTerm(after)
		if !cutLeft && !cutRight {
			return true
		}
	}
	return false
}

func TestHas(t *testing.T) {
	for _, tc := range []struct {
		text, needle string
		mode         Mode
		want         bool
	}{
		// Recorded from the engine.
		{"hello-world", "hello", FoldCase | Term, true},
		{"helloworld", "hello", FoldCase | Term, false},
		{"HELLO", "hello", FoldCase | Term, true},
		{"HELLO", "hello", Term, false},
		{`foo\bar`, "bar", FoldCase | Term, true},
		{"alpha_beta", "alpha", FoldCase | Term, true},
		{"1_2_3", "1", FoldCase | Term, true},
		{"v1.2.3", "2.3", FoldCase | Term, true},
		{"version=1.2.3", "1", FoldCase | Term, true},
		{"v1.2.3", "1", FoldCase | Term, false},
		{"a\tb", " ", FoldCase | Term, false},
		{"a b", " ", FoldCase | Term, true},
		{"", "", FoldCase | Term, true},
		{"CAFÉ RÉSUMÉ", "café", FoldCase | Term, true},
		{"cafe resume", "café", FoldCase | Term, false},
		{"привет МИР", "мир", FoldCase | Term, true},
		{"category", "cat", FoldCase | Start, true},
		{"scatter", "cat", FoldCase | Start, false},
		{"Hello World", "world", FoldCase | End, true},
		{"ending", "end", FoldCase | End, false},
		{"North America", "icA", End, false},
		// A needle with separators at its ends.
		{`C:\Temp\x.exe`, `\temp\`, FoldCase | Term, true},
		{"a-enc", "-enc", FoldCase | Term, true},
		{"a-encoded", "-enc", FoldCase | Term, false},
		// Letters outside ASCII are no separators.
		{"cafés", "caf", FoldCase | Term, false},
		// ASCII equals ASCII only.
		{"mimi\u212Aatz", "mimikatz", FoldCase | Term, false},
		{"KATZ", "katz", FoldCase, true},
		{strings.Repeat("x", 40) + " needle", "needle", Term, true},
		{strings.Repeat("x", 40) + "needle", "needle", Term, false},
	} {
		if got := NewFinder(tc.needle, tc.mode).In(tc.text); got != tc.want {
			t.Errorf("%q in %q, mode %d: %v, want %v", tc.needle, tc.text, tc.mode, got, tc.want)
		}
	}
}

func TestEqualFold(t *testing.T) {
	for _, tc := range []struct {
		a, b string
		want bool
	}{
		{"Straße", "STRAßE", true}, {"Straße", "STRASSE", false},
		{"café", "CAFÉ", true}, {"cafe\u0301", "café", false},
		{"Ａbc", "ａBC", true}, {"ＦＵＬＬ", "full", false},
		{"\u212A", "k", false}, {"ı", "I", false}, {"ſ", "S", false},
		{"ΣΑΣ", "σας", true}, {"\xff", "\xff", true}, {"\xff", "\xfe", false},
		{"abc", "abcd", false}, {"", "", true}, {"Ⱥx", "ⱥX", true},
	} {
		if got := EqualFold(tc.a, tc.b); got != tc.want {
			t.Errorf("EqualFold(%q, %q) = %v", tc.a, tc.b, got)
		}
		if got := Fold(tc.a) == Fold(tc.b); got != tc.want {
			t.Errorf("Fold(%q) == Fold(%q): %v", tc.a, tc.b, got)
		}
		if got := HasSuffixFold("é"+tc.a, tc.b); got != tc.want && len(tc.a) >= len(tc.b) {
			t.Errorf("HasSuffixFold(é%q, %q) = %v", tc.a, tc.b, got)
		}
	}
}

func FuzzFinder(f *testing.F) {
	f.Add("C:\\Windows\\System32\\cmd.exe /c whoami", "WHOAMI", uint8(7))
	f.Add(strings.Repeat("aaaaaaaab", 20), "aaaaaaaaaaaaaaaaab", uint8(0))
	f.Add("ééé Ééé eée", "éÉé", uint8(7))
	f.Fuzz(func(t *testing.T, text, needle string, mode uint8) {
		m := Mode(mode & 7)
		// Bytes that are not UTF-8 may be glued to a valid character by the
		// needle's edge; only valid text reaches the engine.
		if !utf8.ValidString(text) || !utf8.ValidString(needle) {
			NewFinder(needle, m).In(text)
			return
		}
		if got, want := NewFinder(needle, m).In(text), slowIn(text, needle, m); got != want {
			t.Fatalf("%q in %q, mode %d: %v, want %v", needle, text, m, got, want)
		}
		if got, want := HasPrefixFold(text, needle), strings.HasPrefix(Fold(text), Fold(needle)); got != want {
			t.Fatalf("HasPrefixFold(%q, %q) = %v", text, needle, got)
		}
		if got, want := HasSuffixFold(text, needle), strings.HasSuffix(Fold(text), Fold(needle)); got != want {
			t.Fatalf("HasSuffixFold(%q, %q) = %v", text, needle, got)
		}
	})
}

func FuzzSet(f *testing.F) {
	f.Add("powershell -enc aGVsbG8= whoami", "-ENC|net|whoami|x|katz")
	f.Add(strings.Repeat("aaaaaaaab", 400), "aaaaaaaaaaaaaaaaab|aaaaac|aaad|aab|é")
	f.Fuzz(func(t *testing.T, text, list string) {
		if !utf8.ValidString(text) || !utf8.ValidString(list) {
			return
		}
		needles := strings.Split(list, "|")
		any, all, first := false, true, -1
		for i, n := range needles {
			in := slowIn(text, n, FoldCase|Term)
			any, all = any || in, all && in
			if in && first < 0 {
				first = i
			}
		}
		s := NewSet(needles)
		if s.Any(text) != any || s.All(text) != all || s.First(text) != first {
			t.Fatalf("%q in %q: any %v, all %v, first %v", needles, text, any, all, first)
		}
	})
}

// TestNoQuadraticTime runs searches that would take minutes if every position
// cost the length of the needle.
func TestNoQuadraticTime(t *testing.T) {
	text := strings.Repeat("a", 1<<20)
	needle := strings.Repeat("a", 1<<18) + "b"
	if NewFinder(needle, FoldCase|Term).In(text) {
		t.Error("found what is not there")
	}
	if NewSet([]string{needle, needle + "c", needle + "d", needle + "e"}).Any(text) {
		t.Error("found what is not there")
	}
}

func TestNoAllocation(t *testing.T) {
	f, s := NewFinder("powershell", FoldCase|Term), NewSet(suspicious)
	ls := lines(100)
	hits := 0
	if n := testing.AllocsPerRun(10, func() {
		for _, l := range ls {
			if f.In(l) || s.Any(l) {
				hits++
			}
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
	if hits == 0 {
		t.Error("the lines hold no powershell")
	}
}

func TestOccurrences(t *testing.T) {
	long := strings.Repeat("ab", 50)
	for _, tc := range []struct{ text, needle string }{
		{"aaaa", "aa"}, {"ababa", "aba"}, {"abc", ""}, {"", "a"}, {"ααα", "αα"}, {strings.Repeat("ab", 60), long}, {long + "x" + long, long}, {"x", long},
	} {
		var got, want []int
		for k := range Occurrences(tc.text, tc.needle) {
			got = append(got, k)
		}
		for k := 0; tc.needle != "" && k+len(tc.needle) <= len(tc.text); k++ {
			if strings.HasPrefix(tc.text[k:], tc.needle) {
				want = append(want, k)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%.20q in %.20q: %v, want %v", tc.needle, tc.text, got, want)
		}
	}
}
