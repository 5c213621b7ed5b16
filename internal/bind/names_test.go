package bind

import (
	"slices"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/plan"
)

func TestDidYouMean(t *testing.T) {
	names := []string{"DeviceProcessEvents", "DeviceNetworkEvents", "DeviceInfo", "Timestamp", "FileName", "count"}
	for given, want := range map[string]string{
		"DeviceProcesEvents": "DeviceProcessEvents", "deviceinfo": "DeviceInfo", "TIMESTAMP": "Timestamp", "Timestmp": "Timestamp", "Filename": "FileName",
		"cuont": "count", "conut": "count", "x": "", "CompletelyDifferent": "", "": "",
		strings.Repeat("a", 500): "",
	} {
		if got := didYouMean(given, names); got != want {
			t.Errorf("%.20q: %q, want %q", given, got, want)
		}
	}
	if hintDidYouMean("zzzzzz", names) != "" || hintDidYouMean("FilName", names) != "did you mean FileName?" {
		t.Error("the hint is worded otherwise")
	}
}

func TestWildcards(t *testing.T) {
	for _, c := range []struct {
		pattern, name string
		want          bool
	}{
		{"a*", "abc", true}, {"a*", "Abc", false}, {"*c", "abc", true}, {"a*c", "ac", true}, {"a*c", "a", false}, {"*", "", true}, {"a*b*c", "a1b2c", true},
		{"a*b*c", "acb", false}, {"abc", "abc", true}, {"abc", "abcd", false}, {"*a*", "bab", true}, {"a*a", "a", false}, {"**", "x", true}, {"a*b*b", "ab", false},
	} {
		if got := matchWildcard(c.pattern, c.name); got != c.want {
			t.Errorf("%s matches %s: %v", c.pattern, c.name, got)
		}
	}
}

func TestNamer(t *testing.T) {
	n := newNamer([]plan.Column{{Name: "a"}, {Name: "a1"}})
	got := []string{n.take("a"), n.take("a"), n.take("b"), n.take("b"), n.take("a1")}
	if !slices.Equal(got, []string{"a2", "a3", "b", "b1", "a11"}) {
		t.Errorf("names are %v", got)
	}
}

func TestGranny(t *testing.T) {
	names := []string{"a10", "a2", "a1b", "a", "b", "a02", "A3", "a99999999999999999999", "a100000000000000000000"}
	slices.SortFunc(names, compareGranny)
	if want := []string{"A3", "a", "a1b", "a2", "a02", "a10", "a99999999999999999999", "a100000000000000000000", "b"}; !slices.Equal(names, want) && !slices.Equal(swap(names, 3, 4), want) {
		t.Errorf("sorted %v", names)
	}
	for _, x := range names {
		for _, y := range names {
			if a, b := compareGranny(x, y), compareGranny(y, x); a < 0 && b <= 0 || a > 0 && b >= 0 {
				t.Errorf("%s and %s compare as %d and %d", x, y, a, b)
			}
		}
	}
}

func swap(s []string, i, j int) []string {
	s = slices.Clone(s)
	s[i], s[j] = s[j], s[i]
	return s
}
