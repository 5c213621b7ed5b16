package plugin

import (
	"context"

	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// Keep hands rows on as they are, so that a plan that reads them several times
// sees the same ones.
type Keep struct{ Plugin string }

// Name of the plugin that needs them.
func (k Keep) Name() string { return k.Plugin }

// Ordered: nothing is changed.
func (Keep) Ordered(int) bool { return true }

// Run copies the input.
func (Keep) Run(ctx context.Context, in []plan.RowReader, out plan.RowWriter) error {
	return each(ctx, in[0], func(b *types.Batch) error { return out.Write(ctx, b) })
}
