package main

import (
	"bufio"
	"bytes"
	"slices"
	"strings"
	"unicode"
)

const (
	sampleRows = 500 // decide the widths of the columns
	leastWidth = 16  // a column is not made narrower to let another one in
	columnGap  = 2
)

// printTable prints a table of at most width cells, 0 meaning any, and returns
// the names of the columns that did not fit.
func printTable(out *bufio.Writer, rows cursor, width int) (left []string, err error) {
	cols := rows.columns()
	header := make([]string, len(cols))
	rule := make([]string, len(cols))
	for i, c := range cols {
		header[i] = clean(c.Name)
	}
	sample, more, err := readSample(rows, len(cols))
	if err != nil {
		return nil, err
	}
	widths := fit(natural(append([][]string{header}, sample...), len(cols)), width)
	for i := range widths {
		rule[i] = strings.Repeat("─", widths[i])
	}
	t := table{out: out, widths: widths, cols: cols}
	t.line(header)
	t.line(rule)
	for _, r := range sample {
		t.line(r)
	}
	cells := make([]string, len(cols))
	for more {
		readRow(rows, cells)
		t.line(cells)
		if more, err = rows.next(); err != nil {
			return nil, err
		}
	}
	return header[len(widths):], nil
}

// readSample reads the first rows. more reports that the cursor stands on a
// row after them.
func readSample(rows cursor, n int) (sample [][]string, more bool, err error) {
	for {
		if more, err = rows.next(); !more || err != nil || len(sample) == sampleRows {
			return sample, more, err
		}
		cells := make([]string, n)
		readRow(rows, cells)
		sample = append(sample, cells)
	}
}

func readRow(rows cursor, cells []string) {
	for i := range cells {
		cells[i] = clean(string(rows.text(nil, i)))
	}
}

// natural is the width that each column would like.
func natural(lines [][]string, n int) []int {
	widths := make([]int, n)
	for _, line := range lines {
		for i, cell := range line {
			widths[i] = max(widths[i], cellWidth(cell))
		}
	}
	return widths
}

// fit narrows the widest columns until all fit, and drops the last ones when
// that is not enough.
func fit(widths []int, total int) []int {
	if total <= 0 {
		return widths
	}
	for len(widths) > 0 {
		least := columnGap * (len(widths) - 1)
		for _, w := range widths {
			least += min(w, leastWidth)
		}
		if least <= total || len(widths) == 1 {
			break
		}
		widths = widths[:len(widths)-1]
	}
	over := columnGap*(len(widths)-1) - total
	for _, w := range widths {
		over += w
	}
	for ; over > 0; over-- {
		widest := slices.Index(widths, slices.Max(widths))
		if widths[widest] <= 1 {
			break
		}
		widths[widest]--
	}
	return widths
}

// table writes lines of cells; cols may be more than widths.
type table struct {
	out    *bufio.Writer
	widths []int
	cols   []column
	buf    []byte
}

// line writes one line. bufio.Writer keeps its first error for Flush.
func (t *table) line(cells []string) {
	t.buf = t.buf[:0]
	for i, w := range t.widths {
		cell, used := cut(cells[i], w)
		pad := strings.Repeat(" ", w-used)
		if i > 0 {
			t.buf = append(t.buf, strings.Repeat(" ", columnGap)...)
		}
		switch t.cols[i].Type {
		case "Int64", "Int32", "Double", "Decimal":
			t.buf = append(append(t.buf, pad...), cell...)
		default:
			t.buf = append(append(t.buf, cell...), pad...)
		}
	}
	t.buf = append(bytes.TrimRight(t.buf, " "), '\n')
	_, _ = t.out.Write(t.buf)
}

// cut shortens a text to a width, with an ellipsis, and tells the width used.
func cut(s string, width int) (string, int) {
	if w := cellWidth(s); w <= width {
		return s, w
	}
	used := 0
	for i, r := range s {
		w := runeWidth(r)
		if used+w > width-1 {
			return s[:i] + "…", used + 1
		}
		used += w
	}
	return s, used
}

func cellWidth(s string) int {
	n := 0
	for _, r := range s {
		n += runeWidth(r)
	}
	return n
}

// runeWidth is how many cells a terminal gives a character: none to combining
// marks, two to the wide blocks of Unicode's East Asian Width.
func runeWidth(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me):
		return 0
	case r >= 0x1100 && r <= 0x115f, r >= 0x2e80 && r <= 0xa4cf && r != 0x303f, r >= 0xac00 && r <= 0xd7a3, r >= 0xf900 && r <= 0xfaff,
		r >= 0xfe30 && r <= 0xfe6f, r >= 0xff00 && r <= 0xff60, r >= 0xffe0 && r <= 0xffe6, r >= 0x1f300 && r <= 0x1f64f,
		r >= 0x1f680 && r <= 0x1f6ff, r >= 0x1f900 && r <= 0x1faff, r >= 0x20000 && r <= 0x3fffd:
		return 2
	}
	return 1
}
