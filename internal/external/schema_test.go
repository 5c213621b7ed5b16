package external

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
)

func schemaOf(f *Fetcher, r SchemaRequest) (string, error) {
	var out collected
	err := f.SchemaSource(r).Run(context.Background(), nil, &out)
	return strings.Trim(strings.Join(out.rows, "|"), `"`), err
}

// nestedFile has columns of every kind that infer_storage_schema tells apart.
func nestedFile(t *testing.T) string {
	type inner struct {
		A int32 `parquet:"a"`
	}
	type row struct {
		Name  string    `parquet:"name"`
		Days  int32     `parquet:"days from install"`
		N     *int64    `parquet:"n,optional"`
		R     float32   `parquet:"r"`
		At    time.Time `parquet:"at,timestamp(microsecond)"`
		Day   int32     `parquet:"day,date"`
		Price int64     `parquet:"price,decimal(2:18)"`
		ID    [16]byte  `parquet:"id,uuid"`
		OK    bool      `parquet:"ok"`
		In    inner     `parquet:"in"`
		Tags  []string  `parquet:"tags"`
	}
	var b bytes.Buffer
	w := parquet.NewGenericWriter[row](&b)
	if _, err := w.Write([]row{{Name: "a"}}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestSchema(t *testing.T) {
	files := map[string]string{
		"/types.csv":   "b,l,r,d,t,g,x,s,none,mixed,zero,big\ntrue,1,1,2024-01-02,1:02:03,74be27de-1e4e-49d9-b579-fe0b331d3642,\"{\"\"a\"\":1}\",x,,1,007,12345678901234567890\nFALSE,-5,1.5e3,2024-01-02T03:04:05Z,-1.00:00:01.5,,[],1h,,x,1,1\n",
		"/odd.csv":     "a b,,a b,it's,1x\n1,2,3,4,5,6\n",
		"/plain.csv":   "x,5\ny,6.5,true\n",
		"/a.tsv":       "1\tx\n",
		"/a.txt":       "1,2\n3,4\n",
		"/a.json":      `{"l":1,"r":1,"s":"5","t":"2024-01-02","m":1,"n":null}` + "\n" + `{"r":0.5,"l":2,"o":{"a":1},"b":true,"m":"x","s":"6"}`,
		"/list.json":   `[{"a":1},{"a":[2]}]`,
		"/scalar.json": `[1]`,
		"/bad.json":    `{"a":`,
		"/a.parquet":   nestedFile(t),
		"/bad.parquet": "PAR1",
		"/old.csv":     "1,x\n",
		"/new.csv":     "1.5,x,true\n",
		"/a.csv.gz":    gz("1,x\n"),
		"/a.csv.zip":   zipped("1,x\n", "y,x\n"),
		"/empty.csv":   "",
		"/wide.csv":    strings.Repeat("1,", maxSchemaColumns) + "1\n",
		"/long.csv":    strings.Repeat("1\n", maxInferred) + "x\n",
		"/almost.csv":  strings.Repeat("1\n", maxInferred-1) + "x\n",
	}
	f, base := host(t, func(w http.ResponseWriter, r *http.Request) {
		text, ok := files[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		switch r.URL.Path {
		case "/old.csv":
			w.Header().Set("Last-Modified", "Mon, 01 Jan 2024 00:00:00 GMT")
		case "/new.csv":
			w.Header().Set("Last-Modified", "Tue, 02 Jan 2024 00:00:00 GMT")
		}
		w.Write([]byte(text))
	}, nil)
	for _, c := range []struct {
		paths string
		r     SchemaRequest
		want  string // or "!" and part of an error
	}{
		{"/types.csv", SchemaRequest{Header: true}, "b:bool, l:long, r:real, d:datetime, t:timespan, g:guid, x:dynamic, s:string, none:string, mixed:string, zero:string, big:real"},
		{"/odd.csv", SchemaRequest{Header: true}, `['a b']:long, Column2:long, Column3:long, ['it\\'s']:long, ['1x']:long, Column6:long`},
		{"/plain.csv", SchemaRequest{}, "Column1:string, Column2:real, Column3:bool"},
		{"/a.tsv", SchemaRequest{}, "Column1:long, Column2:string"},
		{"/a.txt", SchemaRequest{Header: true}, "Column1:string"},
		{"/a.txt", SchemaRequest{Format: "csv"}, "Column1:long, Column2:long"},
		{"/a.json", SchemaRequest{}, "l:long, r:real, s:string, t:datetime, m:dynamic, n:string, o:dynamic, b:bool"},
		{"/list.json", SchemaRequest{Format: "multijson"}, "a:dynamic"},
		{"/scalar.json", SchemaRequest{}, "!not a JSON object"},
		{"/bad.json", SchemaRequest{}, "!not valid JSON"},
		{"/a.parquet", SchemaRequest{}, "name:string, ['days from install']:int, n:long, r:real, at:datetime, day:datetime, price:decimal, id:guid, ok:bool, in:dynamic, tags:dynamic"},
		{"/bad.parquet", SchemaRequest{}, "!not a Parquet file"},
		{"/old.csv /new.csv", SchemaRequest{Mode: "any"}, "Column1:long, Column2:string"},
		{"/new.csv /old.csv", SchemaRequest{Mode: "last"}, "Column1:real, Column2:string, Column3:bool"},
		{"/old.csv /new.csv", SchemaRequest{Mode: "last"}, "Column1:real, Column2:string, Column3:bool"},
		{"/old.csv /new.csv", SchemaRequest{Mode: "all"}, "Column1:real, Column2:string, Column3:bool"},
		{"/old.csv /plain.csv", SchemaRequest{Mode: "last"}, "!does not tell when it was written"},
		{"/old.csv /new.csv", SchemaRequest{Mode: "last", Prefix: "o", Suffix: ".csv"}, "Column1:long, Column2:string"},
		{"/old.csv", SchemaRequest{Suffix: ".json"}, "!no file is named"},
		{"/a.csv.gz", SchemaRequest{}, "Column1:long, Column2:string"},
		{"/a.csv.zip", SchemaRequest{}, "Column1:string, Column2:string"},
		{"/empty.csv", SchemaRequest{}, ""},
		{"/wide.csv", SchemaRequest{}, "!more than 10000 columns"},
		{"/long.csv", SchemaRequest{}, "Column1:long"},
		{"/almost.csv", SchemaRequest{}, "Column1:string"},
		{"/gone.csv", SchemaRequest{}, "!infer_storage_schema: https://127.0.0.1"},
		{"/folder/", SchemaRequest{}, "!would have to be listed"},
		{"/container", SchemaRequest{Format: "csv"}, "!would have to be listed"},
		{"", SchemaRequest{}, "!would have to be listed"},
		{"/a.csv;key", SchemaRequest{}, "!semicolon"},
		{"/a.orc", SchemaRequest{}, "!status 404"},
		{"/a.csv", SchemaRequest{Format: "orc"}, `!the format "orc" is not supported`},
	} {
		for _, p := range strings.Split(c.paths, " ") {
			c.r.URLs = append(c.r.URLs, base+p)
		}
		got, err := schemaOf(f, c.r)
		want, bad := strings.CutPrefix(c.want, "!")
		switch {
		case bad && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: %v, want %s", c.paths, err, want)
		case !bad && (err != nil || got != want):
			t.Errorf("%s %+v: %v\n%s\nwant\n%s", c.paths, c.r, err, got, want)
		}
	}
	var off *Fetcher
	if _, err := schemaOf(off, SchemaRequest{URLs: []string{"https://x.example.com/a.csv"}}); err == nil || !strings.Contains(err.Error(), "--external-host x.example.com") {
		t.Errorf("turned off: %v", err)
	}
}

// FuzzInfer: no file makes the inference panic.
func FuzzInfer(f *testing.F) {
	f.Add("csv", "a,\"b\n1,2", true)
	f.Add("json", `[{"s":1}]`, false)
	f.Add("parquet", "PAR1", false)
	f.Fuzz(func(t *testing.T, format, data string, header bool) {
		if readers[format] == nil || len(data) > 1<<16 {
			return
		}
		var s schema
		if err := infer([]byte(data), format, header, &s); err != nil && err.Error() == "" {
			t.Error("an error without words")
		}
		if len(s.cols) > 0 && !strings.Contains(s.text(), ":") {
			t.Errorf("%q", s.text())
		}
	})
}
