package graph_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/testkit/optest"
)

// tiny is a small random graph and a random pattern over it, with a matcher
// that tries everything.
type tiny struct {
	nodes    []int // color of each node
	edges    [][3]int
	pats     [][]part
	cycles   string
	conds    []check
	vars     int // named nodes: n0 …
	shortest string
}

// part is a node or an edge of a pattern.
type part struct {
	node     int // variable
	edge     int
	dir      string // ->, <-, -
	variable bool
	lo, hi   int
}

// check is a condition as text and as a function of a match.
type check struct {
	text  string
	holds func(*tiny, match) bool
}

// match is a node for each variable and the edges of each edge, from left to
// right, with the nodes they pass.
type match struct {
	node  []int
	edges [][]int
	inner [][]int
}

func randomTiny(r *rand.Rand) *tiny {
	t := &tiny{cycles: []string{"all", "none", "unique_edges", ""}[r.IntN(4)]}
	for range 1 + r.IntN(5) {
		t.nodes = append(t.nodes, r.IntN(3))
	}
	for range r.IntN(8) {
		t.edges = append(t.edges, [3]int{r.IntN(len(t.nodes)), r.IntN(len(t.nodes)), r.IntN(3)})
	}
	t.vars = 1
	edge := 0
	chain := func(start, length int) []part {
		out := []part{{node: start}}
		for range length {
			p := part{edge: edge, dir: []string{"->", "<-", "-"}[r.IntN(3)], lo: 1, hi: 1}
			if r.IntN(2) == 0 {
				p.variable = true
				p.lo = r.IntN(3)
				p.hi = p.lo + r.IntN(3)
			}
			edge++
			v := t.vars
			if t.cycles != "none" && t.shortest == "" && r.IntN(5) == 0 {
				v = r.IntN(t.vars) // come back to a node
			} else {
				t.vars++
			}
			out = append(out, p, part{node: v})
		}
		return out
	}
	t.pats = append(t.pats, chain(0, r.IntN(3)))
	if r.IntN(3) == 0 {
		t.pats = append(t.pats, chain(r.IntN(t.vars), 1))
	}
	for range r.IntN(3) {
		t.conds = append(t.conds, t.randomCheck(r))
	}
	return t
}

func (t *tiny) edgeParts() []part {
	var out []part
	for _, p := range t.pats {
		for i := 1; i < len(p); i += 2 {
			out = append(out, p[i])
		}
	}
	return out
}

func (t *tiny) randomCheck(r *rand.Rand) check {
	v, w, k := r.IntN(t.vars), r.IntN(t.vars), r.IntN(3)
	edges := t.edgeParts()
	if len(edges) > 0 && r.IntN(2) == 0 {
		e := edges[r.IntN(len(edges))]
		name := fmt.Sprintf("e%d", e.edge)
		if !e.variable {
			return check{fmt.Sprintf("%s.k != %d", name, k), func(t *tiny, m match) bool { return t.edges[m.edges[e.edge][0]][2] != k }}
		}
		all := func(m match) bool {
			return !slices.ContainsFunc(m.edges[e.edge], func(x int) bool { return t.edges[x][2] == k })
		}
		switch r.IntN(5) {
		case 0:
			return check{fmt.Sprintf("all(%s, k != %d)", name, k), func(_ *tiny, m match) bool { return all(m) }}
		case 1:
			return check{fmt.Sprintf("%s.k != %d", name, k), func(_ *tiny, m match) bool { return all(m) }}
		case 2:
			return check{fmt.Sprintf("any(%s, k == %d)", name, k), func(_ *tiny, m match) bool { return !all(m) }}
		case 3:
			return check{fmt.Sprintf("all(inner_nodes(%s), c != %d)", name, k), func(t *tiny, m match) bool {
				return !slices.ContainsFunc(m.inner[e.edge], func(x int) bool { return t.nodes[x] == k })
			}}
		}
		return check{fmt.Sprintf("all(%s, k <= n%d.c)", name, v), func(t *tiny, m match) bool {
			return !slices.ContainsFunc(m.edges[e.edge], func(x int) bool { return t.edges[x][2] > t.nodes[m.node[v]] })
		}}
	}
	switch r.IntN(3) {
	case 0:
		return check{fmt.Sprintf("n%d.c == %d", v, k), func(t *tiny, m match) bool { return t.nodes[m.node[v]] == k }}
	case 1:
		return check{fmt.Sprintf("n%d.c <= n%d.c", v, w), func(t *tiny, m match) bool { return t.nodes[m.node[v]] <= t.nodes[m.node[w]] }}
	}
	return check{fmt.Sprintf("node_degree_out(n%d) <= %d", v, k), func(t *tiny, m match) bool {
		n := 0
		for _, e := range t.edges {
			if e[0] == m.node[v] {
				n++
			}
		}
		return n <= k
	}}
}

// query writes the graph and the pattern. The projection tells matches apart:
// the nodes, and the numbers of the edges.
func (t *tiny) query() string {
	var b strings.Builder
	b.WriteString("let N = datatable(id:long, c:long)[")
	for i, k := range t.nodes {
		fmt.Fprintf(&b, "%d,%d,", i, k)
	}
	b.WriteString("]; datatable(no:long, s:long, t:long, k:long)[")
	for i, e := range t.edges {
		fmt.Fprintf(&b, "%d,%d,%d,%d,", i, e[0], e[1], e[2])
	}
	b.WriteString("] | make-graph s --> t with N on id | ")
	switch {
	case t.shortest != "":
		b.WriteString("graph-shortest-paths output=" + t.shortest + " ")
	case t.cycles != "":
		b.WriteString("graph-match cycles=" + t.cycles + " ")
	default:
		b.WriteString("graph-match ")
	}
	for i, p := range t.pats {
		if i > 0 {
			b.WriteString(", ")
		}
		for _, x := range p {
			if x.dir == "" {
				fmt.Fprintf(&b, "(n%d)", x.node)
				continue
			}
			b.WriteString(strings.TrimSuffix(x.dir, ">"))
			fmt.Fprintf(&b, "[e%d", x.edge)
			if x.variable {
				fmt.Fprintf(&b, "*%d..%d", x.lo, x.hi)
			}
			b.WriteString("]-")
			if x.dir == "->" {
				b.WriteString(">")
			}
		}
	}
	for i, c := range t.conds {
		b.WriteString([]string{" where ", " and "}[min(i, 1)] + c.text)
	}
	b.WriteString(" project ")
	for v := range t.vars {
		fmt.Fprintf(&b, "n%d.id, ", v)
	}
	for _, e := range t.edgeParts() {
		if e.variable {
			fmt.Fprintf(&b, "map(e%d, no), map(inner_nodes(e%d), id), ", e.edge, e.edge)
		} else {
			fmt.Fprintf(&b, "e%d.no, ", e.edge)
		}
	}
	b.WriteString("x = 1")
	return b.String()
}

// row is what the projection makes of a match.
func (t *tiny) row(m match) string {
	out := "["
	for _, n := range m.node {
		out += fmt.Sprintf("%d,", n)
	}
	for _, e := range t.edgeParts() {
		if !e.variable {
			out += fmt.Sprintf("%d,", m.edges[e.edge][0])
			continue
		}
		for _, list := range [][]int{m.edges[e.edge], m.inner[e.edge]} {
			out += strings.ReplaceAll(fmt.Sprint(list), " ", ",") + ","
		}
	}
	return out + "1]"
}

// walks lists the ways from a node to another along an edge of the pattern, as
// edges and inner nodes.
func (t *tiny) walks(p part, at, to int, edges, inner []int, found func(edges, inner []int)) {
	if len(edges) >= p.lo && at == to {
		found(slices.Clone(edges), slices.Clone(inner))
	}
	if len(edges) == p.hi {
		return
	}
	if len(edges) > 0 {
		inner = append(slices.Clone(inner), at)
	}
	for i, e := range t.edges {
		forth, back := e[0] == at && p.dir != "<-", e[1] == at && p.dir != "->"
		if forth {
			t.walks(p, e[1], to, append(slices.Clone(edges), i), inner, found)
		}
		if back && !(forth && e[0] == e[1]) {
			t.walks(p, e[0], to, append(slices.Clone(edges), i), inner, found)
		}
	}
}

// all tries all nodes for the variables and all ways for the edges.
func (t *tiny) all() []match {
	parts := t.edgeParts()
	ends := make([][2]int, len(parts))
	k := 0
	for _, p := range t.pats {
		for i := 1; i < len(p); i += 2 {
			ends[k] = [2]int{p[i-1].node, p[i+1].node}
			k++
		}
	}
	var out []match
	var ways func(m match, k int)
	ways = func(m match, k int) {
		if len(out) > 20000 {
			return
		}
		if k < len(parts) {
			t.walks(parts[k], m.node[ends[k][0]], m.node[ends[k][1]], nil, nil, func(edges, inner []int) {
				n := match{node: m.node, edges: append(slices.Clone(m.edges), edges), inner: append(slices.Clone(m.inner), inner)}
				if t.cyclesOK(n) {
					ways(n, k+1)
				}
			})
			return
		}
		for _, c := range t.conds {
			if !c.holds(t, m) {
				return
			}
		}
		m.node = slices.Clone(m.node)
		out = append(out, m)
	}
	var nodes func(m match)
	nodes = func(m match) {
		if len(m.node) == t.vars {
			ways(m, 0)
			return
		}
		for n := range t.nodes {
			nodes(match{node: append(slices.Clone(m.node), n)})
		}
	}
	nodes(match{})
	return out
}

// cyclesOK: no edge twice, or with none no cycle at all in what is matched.
func (t *tiny) cyclesOK(m match) bool {
	if t.cycles == "all" {
		return true
	}
	seen := map[int]bool{}
	group := make([]int, len(t.nodes))
	for i := range group {
		group[i] = i
	}
	for _, list := range m.edges {
		for _, e := range list {
			if seen[e] {
				return false
			}
			seen[e] = true
			a, b := group[t.edges[e][0]], group[t.edges[e][1]]
			if a == b && t.cycles == "none" {
				return false
			}
			for i := range group {
				if group[i] == a {
					group[i] = b
				}
			}
		}
	}
	return true
}

// TestMatchAgainstNaive holds graph-match against trying everything.
func TestMatchAgainstNaive(t *testing.T) {
	env := optest.Env(t)
	r := rand.New(rand.NewPCG(3, 5))
	count, filled := 0, 0
	for range 2500 {
		x := randomTiny(r)
		matches := x.all()
		if len(matches) > 20000 {
			continue
		}
		var want []string
		for _, m := range matches {
			want = append(want, x.row(m))
		}
		text := x.query()
		got, err := optest.Rows(t, env, text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Fatalf("%s\ngot\n%s\nwant\n%s", text, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		count += len(want)
		if len(want) > 0 {
			filled++
		}
	}
	if filled < 500 {
		t.Errorf("only %d patterns match", filled)
	}
	t.Logf("%d matches of %d patterns", count, filled)
}

// TestShortestAgainstNaive: of all paths, the shortest for each pair of ends.
func TestShortestAgainstNaive(t *testing.T) {
	env := optest.Env(t)
	r := rand.New(rand.NewPCG(8, 13))
	filled := 0
	for round := range 3000 {
		x := randomTiny(r)
		x.cycles, x.shortest, x.pats, x.conds = "", []string{"any", "all"}[round%2], nil, nil
		first := part{edge: 0, dir: []string{"->", "<-", "-"}[r.IntN(3)], variable: true, lo: r.IntN(3)}
		first.hi = first.lo + r.IntN(4)
		chain := []part{{node: 0}, first, {node: 1}}
		x.vars = 2
		if r.IntN(3) == 0 {
			second := part{edge: 1, dir: []string{"->", "<-", "-"}[r.IntN(3)], lo: 1, hi: 1}
			if r.IntN(2) == 0 {
				second.variable, second.lo = true, r.IntN(2)
				second.hi = second.lo + r.IntN(2)
			}
			chain = append(chain, second, part{node: 2})
			x.vars = 3
		}
		x.pats = [][]part{chain}
		for range r.IntN(3) {
			x.conds = append(x.conds, x.randomCheck(r))
		}
		best := map[[2]int]int{}
		rows := map[[2]int][]string{}
		for _, m := range x.all() {
			ends, length := [2]int{m.node[0], m.node[x.vars-1]}, 0
			for _, e := range m.edges {
				length += len(e)
			}
			if known, ok := best[ends]; !ok || length < known {
				best[ends], rows[ends] = length, nil
			}
			if length == best[ends] {
				rows[ends] = append(rows[ends], x.row(m))
			}
		}
		text := x.query()
		got, err := optest.Rows(t, env, text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if x.shortest == "any" && len(got) != len(rows) {
			t.Fatalf("%s\n%d paths, want one for each of %v", text, len(got), rows)
		}
		for ends, list := range rows {
			var mine []string
			for _, g := range got {
				if slices.Contains(list, g) {
					mine = append(mine, g)
				}
			}
			slices.Sort(mine)
			slices.Sort(list)
			if x.shortest == "any" && len(mine) != 1 || x.shortest == "all" && !slices.Equal(mine, list) {
				t.Fatalf("%s\n%v: got\n%s\nwant (%s of)\n%s\nall\n%s", text, ends, strings.Join(mine, "\n"), x.shortest, strings.Join(list, "\n"), strings.Join(got, "\n"))
			}
		}
		if x.shortest == "all" {
			n := 0
			for _, list := range rows {
				n += len(list)
			}
			if n != len(got) {
				t.Fatalf("%s\n%d paths, want %d", text, len(got), n)
			}
		}
		if len(got) > 0 {
			filled++
		}
	}
	if filled < 1000 {
		t.Errorf("only %d patterns have paths", filled)
	}
}
