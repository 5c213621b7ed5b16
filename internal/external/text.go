package external

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
)

// reader parses one file.
type reader func(data []byte, req Request, w *writer) error

// readers are the formats, by Kusto's names.
var readers = map[string]reader{
	"csv": table(quoted(',')), "tsv": table(plain('\t')), "psv": table(quoted('|')), "scsv": table(quoted(';')), "sohsv": table(quoted('\x01')),
	"tsve": table(escaped), "txt": table(lines), "raw": table(whole), "json": records, "multijson": records, "singlejson": records, "parquet": parquetRows,
}

// splitter calls put with the fields of every record of a text; the slice is
// good for the call only.
type splitter func(data []byte, skipFirst bool, put func([]string) error) error

// splitters are the text formats.
var splitters = map[string]splitter{
	"csv": quoted(','), "tsv": plain('\t'), "psv": quoted('|'), "scsv": quoted(';'), "sohsv": quoted('\x01'), "tsve": escaped, "txt": lines, "raw": whole,
}

// table makes rows of records, by the position of their fields.
func table(split splitter) reader {
	return func(data []byte, req Request, w *writer) error {
		return split(data, req.SkipHeader, func(fields []string) error { return putFields(fields, w) })
	}
}

// bom is what some editors put before UTF-8 text.
var bom = []byte("\xef\xbb\xbf")

// quoted reads separated values whose fields may stand in double quotes.
func quoted(comma rune) splitter {
	return func(data []byte, skipFirst bool, put func([]string) error) error {
		r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, bom)))
		r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.ReuseRecord = comma, -1, true, true
		for first := true; ; first = false {
			fields, err := r.Read()
			switch {
			case err == io.EOF:
				return nil
			case err != nil:
				var bad *csv.ParseError
				if errors.As(err, &bad) {
					return fmt.Errorf("line %d is not in the declared format", bad.Line)
				}
				return err
			case first && skipFirst:
				continue
			}
			if err := put(fields); err != nil {
				return err
			}
		}
	}
}

// putFields stores one record; further fields are dropped, missing are null.
func putFields(fields []string, w *writer) error {
	row, err := w.row()
	if err != nil {
		return err
	}
	for i, c := range w.cols {
		if i >= len(fields) {
			break
		}
		w.set(row, i, fromText(fields[i], c.Type))
	}
	return nil
}

// eachLine calls f for every line, without its end.
func eachLine(data []byte, skipFirst bool, f func(string) error) error {
	data = bytes.TrimPrefix(data, bom)
	for first := true; len(data) > 0; first = false {
		line, rest, _ := bytes.Cut(data, []byte{'\n'})
		data = rest
		if first && skipFirst {
			continue
		}
		if err := f(string(bytes.TrimSuffix(line, []byte{'\r'}))); err != nil {
			return err
		}
	}
	return nil
}

// plain reads separated values without quotes.
func plain(comma rune) splitter {
	return func(data []byte, skipFirst bool, put func([]string) error) error {
		return eachLine(data, skipFirst, func(line string) error { return put(strings.Split(line, string(comma))) })
	}
}

// escaped reads tab-separated values with backslash escapes.
func escaped(data []byte, skipFirst bool, put func([]string) error) error {
	unescape := strings.NewReplacer(`\\`, `\`, `\t`, "\t", `\n`, "\n", `\r`, "\r")
	return eachLine(data, skipFirst, func(line string) error {
		fields := strings.Split(line, "\t")
		for i, f := range fields {
			fields[i] = unescape.Replace(f)
		}
		return put(fields)
	})
}

// lines makes every line the first column of a row.
func lines(data []byte, skipFirst bool, put func([]string) error) error {
	return eachLine(data, skipFirst, func(line string) error { return put([]string{line}) })
}

// whole makes the file the first column of one row.
func whole(data []byte, _ bool, put func([]string) error) error { return put([]string{string(data)}) }
