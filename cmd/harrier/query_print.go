package main

import (
	"bufio"
	"strings"
	"unicode"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/wire"
)

// printJSON writes the contract's shape, one row a line.
func printJSON(out *bufio.Writer, rows cursor) error {
	buf := []byte(`{"Schema":[`)
	for i, c := range rows.columns() {
		if i > 0 {
			buf = append(buf, ',')
		}
		buf = dynamic.AppendString(append(buf, `{"Name":`...), c.Name)
		buf = dynamic.AppendString(append(buf, `,"Type":`...), c.Type)
		buf = append(buf, '}')
	}
	buf = append(buf, "],\n\"Results\":["...)
	separator := "\n"
	for {
		more, err := rows.next()
		if err != nil {
			return err
		}
		if !more {
			break
		}
		buf = rows.object(append(buf, separator...))
		if _, err := out.Write(buf); err != nil {
			return err
		}
		buf, separator = buf[:0], ",\n"
	}
	_, err := out.Write(append(buf, "]}\n"...))
	return err
}

// printLines writes one JSON object a line.
func printLines(out *bufio.Writer, rows cursor) error {
	var buf []byte
	for {
		more, err := rows.next()
		if !more || err != nil {
			return err
		}
		buf = append(rows.object(buf[:0]), '\n')
		if _, err := out.Write(buf); err != nil {
			return err
		}
	}
}

// printCSV writes a header and the rows (RFC 4180).
func printCSV(out *bufio.Writer, rows cursor) error {
	cols := rows.columns()
	var line, value []byte
	for i, c := range cols {
		line = wire.AppendCSV(comma(line, i), c.Name)
	}
	for {
		if _, err := out.Write(append(line, "\r\n"...)); err != nil {
			return err
		}
		more, err := rows.next()
		if !more || err != nil {
			return err
		}
		line = line[:0]
		for i := range cols {
			value = rows.text(value[:0], i)
			line = wire.AppendCSV(comma(line, i), string(value))
		}
	}
}

func comma(line []byte, i int) []byte {
	if i > 0 {
		return append(line, ',')
	}
	return line
}

// clean makes text safe for a terminal: telemetry is written by attackers too,
// and control characters can rewrite what is on the screen.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) {
			return '·'
		}
		return r
	}, s)
}
