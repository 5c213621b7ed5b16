package kqlfmt

import (
	"fmt"
	"strings"
)

const diffContext = 3 // unchanged lines around a change

// Diff shows how the text of a file changes, as a unified diff; it is empty
// when nothing does.
func Diff(name, before, after string) string {
	if before == after {
		return ""
	}
	a, b := lines(before), lines(after)
	var out strings.Builder
	fmt.Fprintf(&out, "--- %s\n+++ %s\n", name, name)
	edits := compare(a, b)
	for i := 0; i < len(edits); {
		// A hunk ends where more than twice the context stays unchanged.
		first, last := edits[i], edits[i]
		end := i + 1
		for end < len(edits) && edits[end].a-last.aEnd <= 2*diffContext {
			last = edits[end]
			end++
		}
		fromA, toA := max(first.a-diffContext, 0), min(last.aEnd+diffContext, len(a))
		fromB, toB := max(first.b-diffContext, 0), min(last.bEnd+diffContext, len(b))
		fmt.Fprintf(&out, "@@ -%s +%s @@\n", hunkRange(fromA, toA), hunkRange(fromB, toB))
		at := fromA
		for _, e := range edits[i:end] {
			writeLines(&out, " ", a[at:e.a])
			writeLines(&out, "-", a[e.a:e.aEnd])
			writeLines(&out, "+", b[e.b:e.bEnd])
			at = e.aEnd
		}
		writeLines(&out, " ", a[at:toA])
		i = end
	}
	return out.String()
}

func lines(text string) []string {
	var out []string
	for l := range strings.Lines(text) {
		out = append(out, l)
	}
	return out
}

func hunkRange(from, to int) string {
	if to == from {
		return fmt.Sprintf("%d,0", from)
	}
	return fmt.Sprintf("%d,%d", from+1, to-from)
}

func writeLines(out *strings.Builder, mark string, list []string) {
	for _, l := range list {
		out.WriteString(mark + l)
		if !strings.HasSuffix(l, "\n") {
			out.WriteString("\n\\ No newline at end of file\n")
		}
	}
}

// edit replaces lines a:aEnd of the old text by b:bEnd of the new one.
type edit struct{ a, aEnd, b, bEnd int }

// maxDiff bounds the work on texts that have little in common: the middle is
// then one change.
const maxDiff = 2000

// compare finds the lines to replace: after equal lines at both ends it is
// Myers' greedy algorithm.
func compare(a, b []string) []edit {
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	a, b = a[head:len(a)-tail], b[head:len(b)-tail]
	trace, ok := search(a, b)
	if !ok {
		return []edit{{head, head + len(a), head, head + len(b)}}
	}
	var out []edit // from the end
	x, y := len(a), len(b)
	for d := len(trace) - 1; d >= 0; d-- {
		v, k := trace[d], x-y
		down := k == -d || k != d && v[d+k-1] < v[d+k+1]
		prev := k - 1
		if down {
			prev = k + 1
		}
		px := 0
		if d > 0 {
			px = v[d+prev]
		}
		py := px - prev
		for x > max(px, 0) && y > max(py, 0) && a[x-1] == b[y-1] {
			x, y = x-1, y-1
		}
		if d == 0 {
			break
		}
		e := edit{px, x, py, y}
		if n := len(out); n > 0 && out[n-1].a == e.aEnd+head && out[n-1].b == e.bEnd+head {
			out[n-1].a, out[n-1].b = e.a+head, e.b+head
		} else {
			out = append(out, edit{e.a + head, e.aEnd + head, e.b + head, e.bEnd + head})
		}
		x, y = px, py
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out
}

// search runs forward until the ends are reached; trace[d] are the furthest
// places with d-1 changes, by diagonal.
func search(a, b []string) (trace [][]int, ok bool) {
	v := []int{0, 0, 0}
	for d := 0; d <= min(len(a)+len(b), maxDiff); d++ {
		trace = append(trace, v)
		next := make([]int, 2*d+5)
		for k := -d; k <= d; k += 2 {
			x := 0
			switch {
			case d == 0:
			case k == -d || k != d && v[d+k-1] < v[d+k+1]:
				x = v[d+k+1]
			default:
				x = v[d+k-1] + 1
			}
			y := x - k
			for x < len(a) && y < len(b) && a[x] == b[y] {
				x, y = x+1, y+1
			}
			next[d+1+k] = x
			if x >= len(a) && y >= len(b) {
				return trace, true
			}
		}
		v = next
	}
	return nil, false
}
