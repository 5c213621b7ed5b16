package bind

import (
	"strconv"
	"strings"

	"github.com/harrier-hunting/harrier/internal/plan"
)

func findColumn(cols []plan.Column, name string) int {
	for i, c := range cols {
		if c.Name == name {
			return i
		}
	}
	return -1
}

// namer hands out unique column names: the first free of n, n1, n2 ….
type namer struct{ used map[string]bool }

func newNamer(cols []plan.Column) *namer {
	n := &namer{used: make(map[string]bool, len(cols)+8)}
	for _, c := range cols {
		n.used[c.Name] = true
	}
	return n
}

func (n *namer) take(name string) string {
	if !n.used[name] {
		n.used[name] = true
		return name
	}
	for i := 1; ; i++ {
		s := name + strconv.Itoa(i)
		if !n.used[s] {
			n.used[s] = true
			return s
		}
	}
}

// matchWildcard matches a name against a pattern of literal text and "*".
func matchWildcard(pattern, name string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == name
	}
	if !strings.HasPrefix(name, parts[0]) {
		return false
	}
	name = name[len(parts[0]):]
	last := parts[len(parts)-1]
	for _, p := range parts[1 : len(parts)-1] {
		i := strings.Index(name, p)
		if i < 0 {
			return false
		}
		name = name[i+len(p):]
	}
	return strings.HasSuffix(name, last)
}

// didYouMean finds the candidate nearest to name, or "". Case differences
// count as nothing: KQL's commonest mistake is a name in the wrong case.
func didYouMean(name string, candidates []string) string {
	best, bestDist := "", len(name)/3+1
	low := strings.ToLower(name)
	for _, c := range candidates {
		lc := strings.ToLower(c)
		if lc == low {
			return c
		}
		if d := len(c) - len(name); d > bestDist || -d > bestDist {
			continue
		}
		if d := distance(low, lc, bestDist); d < bestDist || d == bestDist && best == "" {
			best, bestDist = c, d
		}
	}
	return best
}

func hintDidYouMean(name string, candidates []string) string {
	if s := didYouMean(name, candidates); s != "" {
		return "did you mean " + s + "?"
	}
	return ""
}

// distance is the edit distance of a and b, cut off above limit.
func distance(a, b string, limit int) int {
	if len(a) > 128 || len(b) > 128 {
		return limit + 1
	}
	var rows [2][130]int
	prev, cur := &rows[0], &rows[1]
	for j := range len(b) + 1 {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = i
		low := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			low = min(low, cur[j])
		}
		if low > limit {
			return limit + 1
		}
		prev, cur = cur, prev
	}
	return prev[len(b)]
}

func columnNames(cols []plan.Column) []string {
	names := make([]string, len(cols))
	for i, c := range cols {
		names[i] = c.Name
	}
	return names
}
