package kqlfmt

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestDiff(t *testing.T) {
	for _, c := range []struct{ a, b, want string }{
		{"x\n", "x\n", ""},
		{"", "x\n", "--- f\n+++ f\n@@ -0,0 +1,1 @@\n+x\n"},
		{"a\nb\nc\n", "a\nc\n", "--- f\n+++ f\n@@ -1,3 +1,2 @@\n a\n-b\n c\n"},
		{"a\nb", "a\nc\n", "--- f\n+++ f\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+c\n"},
		{"1\n2\n3\n4\n5\n6\n7\n8\n9\n0\n", "1\nx\n3\n4\n5\n6\n7\n8\n9\ny\n0\n",
			"--- f\n+++ f\n@@ -1,5 +1,5 @@\n 1\n-2\n+x\n 3\n 4\n 5\n@@ -7,4 +7,5 @@\n 7\n 8\n 9\n+y\n 0\n"},
	} {
		if got := Diff("f", c.a, c.b); got != c.want {
			t.Errorf("%q to %q:\n%s", c.a, c.b, got)
		}
	}
}

// Applying the changes to the old text gives the new one.
func TestDiffApplies(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	random := func() []string {
		out := make([]string, r.IntN(30))
		for i := range out {
			out[i] = fmt.Sprintln(r.IntN(4))
		}
		return out
	}
	for range 3000 {
		a, b := random(), random()
		var got []string
		at := 0
		for _, e := range compare(a, b) {
			got = append(append(got, a[at:e.a]...), b[e.b:e.bEnd]...)
			at = e.aEnd
		}
		got = append(got, a[at:]...)
		if strings.Join(got, "") != strings.Join(b, "") {
			t.Fatalf("%q to %q: %v", a, b, compare(a, b))
		}
	}
}
