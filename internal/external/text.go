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
	"csv": quoted(','), "tsv": plain('\t'), "psv": quoted('|'), "scsv": quoted(';'), "sohsv": quoted('\x01'),
	"tsve": escaped, "txt": lines, "raw": whole, "json": records, "multijson": records, "singlejson": records, "parquet": parquetRows,
}

// bom is what some editors put before UTF-8 text.
var bom = []byte("\xef\xbb\xbf")

// quoted reads separated values whose fields may stand in double quotes.
func quoted(comma rune) reader {
	return func(data []byte, req Request, w *writer) error {
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
			case first && req.SkipHeader:
				continue
			}
			if err := putFields(fields, w); err != nil {
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
func eachLine(data []byte, req Request, f func(string) error) error {
	data = bytes.TrimPrefix(data, bom)
	for first := true; len(data) > 0; first = false {
		line, rest, _ := bytes.Cut(data, []byte{'\n'})
		data = rest
		if first && req.SkipHeader {
			continue
		}
		if err := f(string(bytes.TrimSuffix(line, []byte{'\r'}))); err != nil {
			return err
		}
	}
	return nil
}

// plain reads separated values without quotes.
func plain(comma rune) reader {
	return func(data []byte, req Request, w *writer) error {
		return eachLine(data, req, func(line string) error { return putFields(strings.Split(line, string(comma)), w) })
	}
}

// escaped reads tab-separated values with backslash escapes.
func escaped(data []byte, req Request, w *writer) error {
	unescape := strings.NewReplacer(`\\`, `\`, `\t`, "\t", `\n`, "\n", `\r`, "\r")
	return eachLine(data, req, func(line string) error {
		fields := strings.Split(line, "\t")
		for i, f := range fields {
			fields[i] = unescape.Replace(f)
		}
		return putFields(fields, w)
	})
}

// lines makes every line the first column of a row.
func lines(data []byte, req Request, w *writer) error {
	return eachLine(data, req, func(line string) error { return putFields([]string{line}, w) })
}

// whole makes the file the first column of one row.
func whole(data []byte, _ Request, w *writer) error { return putFields([]string{string(data)}, w) }
