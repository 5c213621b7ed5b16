package syntax

import (
	"reflect"
	"testing"

	"github.com/harrier-hunting/harrier/internal/diag"
)

// checkSpans: every node lies inside the text and inside its parent, and
// every diagnostic lies inside the text. Reflection finds the children: the
// test must not trust a hand-written walk.
func checkSpans(t *testing.T, text string, q *Query, diags diag.List) {
	t.Helper()
	for _, d := range diags {
		if d.Span.Start < 0 || d.Span.End < d.Span.Start || d.Span.End > len(text) {
			t.Errorf("diagnostic %q at %v is outside of the %d bytes of %q", d.Message, d.Span, len(text), text)
		}
	}
	walkSpans(t, text, reflect.ValueOf(q), diag.Span{Start: 0, End: len(text)})
}

func walkSpans(t *testing.T, text string, v reflect.Value, outer diag.Span) {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if !v.IsNil() {
			walkSpans(t, text, v.Elem(), outer)
		}
	case reflect.Slice:
		for i := range v.Len() {
			walkSpans(t, text, v.Index(i), outer)
		}
	case reflect.Struct:
		if at := v.FieldByName("Pos"); at.IsValid() && at.Type() == reflect.TypeFor[diag.Span]() {
			s := at.Interface().(diag.Span)
			if s == (diag.Span{}) && v.Type() != reflect.TypeFor[Query]() {
				s = outer // a node that is not there: an empty name
			}
			if s.Start > s.End || s.Start < outer.Start || s.End > outer.End {
				t.Errorf("%s at %v is outside of its parent at %v in %q", v.Type(), s, outer, text)
				return
			}
			outer = s
		}
		for i := range v.NumField() {
			walkSpans(t, text, v.Field(i), outer)
		}
	}
}
