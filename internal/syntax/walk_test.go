package syntax

import (
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/diag"
)

// TestWalk holds Walk against reflection, which forgets no field: every node
// is visited once.
func TestWalk(t *testing.T) {
	data, err := os.ReadFile("testdata/queries.kql")
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for block := range strings.SplitSeq(string(data), "====\n") {
		_, body := comments(block)
		text, _, _ := strings.Cut(body, "-->\n")
		q, diags := Parse(text)
		if len(diags) > 0 {
			t.Fatal(diags.Render(text))
		}
		var got, want []string
		Walk(q, func(n Node) bool {
			got = append(got, nodeID(reflect.TypeOf(n).Elem(), n.Span()))
			return true
		})
		reflectNodes(reflect.ValueOf(q), &want)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s\nvisited %v\nwant    %v", text, got, want)
		}
		count += len(got)
	}
	if count < 1000 {
		t.Errorf("only %d nodes seen", count)
	}
}

func nodeID(t reflect.Type, at diag.Span) string {
	return fmt.Sprintf("%s %d-%d", t.Name(), at.Start, at.End)
}

func reflectNodes(v reflect.Value, out *[]string) {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if !v.IsNil() {
			reflectNodes(v.Elem(), out)
		}
	case reflect.Slice:
		for i := range v.Len() {
			reflectNodes(v.Index(i), out)
		}
	case reflect.Struct:
		reflectStruct(v, false, out)
	}
}

// reflectStruct reads a node; a struct embedded in another is none of its own.
func reflectStruct(v reflect.Value, embedded bool, out *[]string) {
	if !embedded {
		if at := v.FieldByName("Pos"); at.IsValid() {
			s := at.Interface().(diag.Span)
			if _, isNode := v.Addr().Interface().(Node); isNode && (v.Type() != reflect.TypeFor[Name]() || s.End > s.Start) {
				*out = append(*out, nodeID(v.Type(), s))
			}
		}
	}
	for i := range v.NumField() {
		if f := v.Type().Field(i); f.Anonymous {
			reflectStruct(v.Field(i), true, out)
		} else {
			reflectNodes(v.Field(i), out)
		}
	}
}

// TestTokenComments: comments keep their place.
func TestTokenComments(t *testing.T) {
	const text = "// a\r\n\r\n// b\nT // c\n\n| take (1) // d"
	toks, diags := Tokens(text)
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	var got []string
	for _, tok := range toks {
		for _, c := range tok.Comments {
			got = append(got, fmt.Sprintf("%s own=%v blank=%v", text[c.Span.Start:c.Span.End], c.OwnLine, c.Blank))
		}
		got = append(got, fmt.Sprintf("%d %q glued=%v line=%v blank=%v match=%d", tok.Class, text[tok.Span.Start:tok.Span.End], tok.Glued, tok.NewLine, tok.Blank, tok.Match))
	}
	want := []string{
		"// a own=true blank=false", "// b own=true blank=true", `1 "T" glued=false line=true blank=false match=-1`,
		"// c own=false blank=false", `4 "|" glued=false line=true blank=true match=-1`, `2 "take" glued=false line=false blank=false match=-1`,
		`4 "(" glued=false line=false blank=false match=5`, `3 "1" glued=true line=false blank=false match=-1`,
		`4 ")" glued=true line=false blank=false match=-1`, "// d own=false blank=false", `0 "" glued=false line=false blank=false match=-1`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
