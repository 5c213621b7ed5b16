package bind

import (
	"fmt"

	"github.com/harrier-hunting/harrier/internal/syntax"
)

// bindAssertSchema: the table as it is, an error when its columns are not
// those that the query counts on.
func (b *binder) bindAssertSchema(in rel, op *syntax.AssertSchemaOp) rel {
	want, got := b.declared(op.Columns), in.cols()
	for i := range max(len(want), len(got)) {
		switch {
		case i >= len(got):
			b.fail(op.Span(), "SEM0100", fmt.Sprintf("'assert-schema' operator: the column '%s' is missing", want[i].Name), "")
		case i >= len(want):
			b.fail(op.Span(), "SEM0100", fmt.Sprintf("'assert-schema' operator: the column '%s' is not in the schema", got[i].Name), "")
		case want[i].Name != got[i].Name || want[i].Type != got[i].Type:
			b.fail(op.Span(), "SEM0100", fmt.Sprintf("'assert-schema' operator: column %d is %s:%s, but %s:%s is asserted",
				i, got[i].Name, got[i].Type, want[i].Name, want[i].Type), "")
		default:
			continue
		}
		break
	}
	return in
}
