// Package reduce is KQL's reduce operator: texts become a few patterns in
// which "*" stands for what differs.
//
// The engine's algorithm is not published; queries that use reduce get a
// warning that says so. This one follows what the reference and recorded
// answers show:
//
//   - A text is terms with separators between them: whatever is no ASCII
//     letter or digit, or the characters that the query names instead.
//   - Texts of the same separators are alike by the share of positions with
//     the same term. A text joins the most alike group, from the threshold on
//     and with at least one term in common; the largest texts go first.
//   - A position of a group keeps its term if all texts agree on it and more
//     than the threshold of all rows have it there; it is "*" otherwise. A
//     letter or digit that separates goes into the "*" beside it.
//   - Groups of which nothing is kept are one group, "others".
package reduce

import (
	"cmp"
	"slices"
	"strings"
)

// Others is the pattern of what has nothing in common with anything.
const Others = "others"

// Options are the operator's.
type Options struct {
	Threshold  float64
	Separators string // "": whatever is no ASCII letter or digit
}

// Group is one row of the result.
type Group struct {
	Pattern        string
	Count          int64
	Representative string
}

// maxGroups bounds the groups of texts with the same separators that a text
// is compared with.
const maxGroups = 2000

// text is a distinct value, taken apart: seps[0] terms[0] seps[1] … seps[n].
type text struct {
	value string
	count int64
	terms []string
	seps  []string
	group *cluster
}

// cluster is a group in the making; a position that differs has no term.
type cluster struct {
	terms   []string
	fixed   []bool
	members []*text
	count   int64
}

// Groups finds the groups of distinct values with their counts, the largest
// first, and for each value the number of its group.
func Groups(values []string, counts []int64, o Options) ([]Group, []int) {
	all := make([]*text, len(values))
	rows := int64(0)
	for i, v := range values {
		all[i] = split(v, o.Separators)
		all[i].count = counts[i]
		rows += counts[i]
	}
	order := slices.Clone(all)
	slices.SortStableFunc(order, func(a, b *text) int { return cmp.Compare(b.count, a.count) })
	shapes := map[string][]*cluster{}
	var clusters []*cluster
	for _, t := range order {
		key := strings.Join(t.seps, "\x00")
		c := nearest(shapes[key], t, o.Threshold)
		if c == nil {
			c = &cluster{terms: slices.Clone(t.terms), fixed: make([]bool, len(t.terms))}
			for i := range c.fixed {
				c.fixed[i] = true
			}
			clusters = append(clusters, c)
			if len(shapes[key]) < maxGroups {
				shapes[key] = append(shapes[key], c)
			}
		}
		c.add(t)
	}
	return named(clusters, all, shares(all), float64(rows)*o.Threshold, o.Separators)
}

// split takes a value apart.
func split(v, separators string) *text {
	t := &text{value: v}
	start, inTerm := 0, false
	for i, r := range v {
		if term := !separates(r, separators); term != inTerm {
			t.cut(v[start:i], inTerm)
			start, inTerm = i, term
		}
	}
	t.cut(v[start:], inTerm)
	if inTerm {
		t.seps = append(t.seps, "")
	}
	return t
}

func (t *text) cut(piece string, term bool) {
	if term {
		t.terms = append(t.terms, piece)
	} else {
		t.seps = append(t.seps, piece)
	}
}

func separates(r rune, separators string) bool {
	if separators != "" {
		return strings.ContainsRune(separators, r)
	}
	return !alphanumeric(r)
}

func alphanumeric(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}

// nearest is the group that t is most alike, nil when none is alike enough.
func nearest(in []*cluster, t *text, threshold float64) *cluster {
	var best *cluster
	most := 0
	for _, c := range in {
		same := 0
		for i, term := range t.terms {
			if c.fixed[i] && c.terms[i] == term {
				same++
			}
		}
		if same > most && float64(same) >= threshold*float64(len(t.terms)) {
			best, most = c, same
		}
	}
	return best
}

func (c *cluster) add(t *text) {
	for i, term := range t.terms {
		c.fixed[i] = c.fixed[i] && c.terms[i] == term
	}
	c.members = append(c.members, t)
	c.count += t.count
	t.group = c
}

// place is a term at a position.
type place struct {
	at   int
	term string
}

// shares counts the rows that have a term at a position.
func shares(all []*text) map[place]int64 {
	n := map[place]int64{}
	for _, t := range all {
		for i, term := range t.terms {
			n[place{i, term}] += t.count
		}
	}
	return n
}

// named gives the groups their patterns and puts those without one together.
func named(clusters []*cluster, all []*text, rows map[place]int64, least float64, separators string) ([]Group, []int) {
	var out []Group
	number := map[*cluster]int{}
	others := -1
	for _, c := range clusters {
		pattern, kept := c.pattern(rows, least)
		if !kept {
			if others < 0 {
				others = len(out)
				out = append(out, Group{Pattern: Others})
			}
			out[others].Count += c.count
			number[c] = others
			continue
		}
		number[c] = len(out)
		out = append(out, Group{pattern, c.count, c.members[0].value})
	}
	sorted := make([]int, len(out))
	for i := range sorted {
		sorted[i] = i
	}
	slices.SortStableFunc(sorted, func(a, b int) int { return cmp.Compare(out[b].Count, out[a].Count) })
	groups, to := make([]Group, len(out)), make([]int, len(out))
	for i, k := range sorted {
		groups[i], to[k] = out[k], i
	}
	of := make([]int, len(all))
	for i, t := range all {
		of[i] = to[number[t.group]]
	}
	return groups, of
}

// pattern writes a group; kept reports a term in it.
func (c *cluster) pattern(rows map[place]int64, least float64) (pattern string, kept bool) {
	var b strings.Builder
	seps := c.members[0].seps
	star := false
	for i, sep := range seps {
		wild := i < len(c.terms) && !(c.fixed[i] && float64(rows[place{i, c.terms[i]}]) > least)
		if (star || wild) && strings.ContainsFunc(sep, alphanumeric) {
			sep = ""
		}
		if !(star && wild && sep == "") {
			b.WriteString(sep)
			if wild {
				b.WriteByte('*')
			}
		}
		star = wild
		if i < len(c.terms) && !wild {
			b.WriteString(c.terms[i])
			kept = true
		}
	}
	return b.String(), kept
}
