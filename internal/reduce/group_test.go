package reduce

import (
	"fmt"
	"strings"
	"testing"
)

func TestGroups(t *testing.T) {
	numbered := func(format string, n int) (out []string) {
		for i := range n {
			out = append(out, fmt.Sprintf(format, i+1))
		}
		return out
	}
	for _, c := range []struct {
		values []string
		counts []int64
		o      Options
		want   string
	}{
		{numbered("fooZ%d", 10), nil, Options{Threshold: 0.1}, "others 10 "},
		{numbered("fooZ%d", 10), nil, Options{Threshold: 0.1, Separators: "Z"}, "foo* 10 fooZ1"},
		{numbered("LearningX%d", 9), nil, Options{Threshold: 0.001, Separators: "X"}, "Learning* 9 LearningX1"},
		{[]string{"San Bernard", "San Diego", "Moscow", "Saint Lucy", "Saint Paul", "Kiev"}, []int64{50, 20, 60, 30, 10, 1}, Options{Threshold: 0.1},
			"San * 70 San Bernard|Moscow 60 Moscow|Saint * 40 Saint Lucy|others 1 "},
		{[]string{"One -on- One", "Two -on- Six"}, nil, Options{Threshold: 0.1}, "* -on- * 2 One -on- One"},
		{[]string{"error 12: disk /dev/sda1", "error 7: disk /dev/sda1"}, []int64{3, 4}, Options{Threshold: 0.1}, "error *: disk /dev/sda1 7 error 7: disk /dev/sda1"},
		{[]string{"", "a"}, []int64{2, 3}, Options{Threshold: 0.1}, "a 3 a|others 2 "},
		{[]string{"straße 1", "straße 2"}, nil, Options{Threshold: 0}, "straße * 2 straße 1"},
		{nil, nil, Options{}, ""},
	} {
		if c.counts == nil {
			c.counts = make([]int64, len(c.values))
			for i := range c.counts {
				c.counts[i] = 1
			}
		}
		groups, of := Groups(c.values, c.counts, c.o)
		var got []string
		n := make([]int64, len(groups))
		for _, g := range groups {
			got = append(got, fmt.Sprint(g.Pattern, " ", g.Count, " ", g.Representative))
		}
		if text := strings.Join(got, "|"); text != c.want {
			t.Errorf("%q: %s, want %s", c.values, text, c.want)
		}
		for i, g := range of {
			n[g] += c.counts[i]
		}
		for i, g := range groups {
			if n[i] != g.Count {
				t.Errorf("%q: group %d has %d rows, counted %d", c.values, i, n[i], g.Count)
			}
		}
	}
}

// FuzzGroups: every text belongs to a group, whatever it is.
func FuzzGroups(f *testing.F) {
	f.Add("a b,a c", 0.1, "")
	f.Add("aXb,aXc", 0.9, "X")
	f.Fuzz(func(t *testing.T, list string, threshold float64, separators string) {
		values := strings.Split(list, ",")
		counts := make([]int64, len(values))
		for i := range counts {
			counts[i] = int64(i%3) + 1
		}
		groups, of := Groups(values, counts, Options{threshold, separators})
		total, all := int64(0), int64(0)
		for i, g := range of {
			if g < 0 || g >= len(groups) {
				t.Fatalf("text %d is in group %d of %d", i, g, len(groups))
			}
			all += counts[i]
		}
		for _, g := range groups {
			total += g.Count
		}
		if total != all {
			t.Errorf("%d rows became %d", all, total)
		}
	})
}
