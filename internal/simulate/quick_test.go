package simulate

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/catalog"
)

type count struct{ n int64 }

func (c *count) Write(_ context.Context, _ string, b []*catalog.Batch) (bool, error) {
	for _, x := range b {
		c.n += int64(x.N)
	}
	return true, nil
}

func TestQuick(t *testing.T) {
	cat, _ := catalog.Builtin()
	o := Options{Catalog: cat, Seed: 1, Devices: 50, Days: 30, Events: 300000, End: time.Date(2026, 9, 23, 17, 0, 0, 0, time.UTC)}
	t0 := time.Now()
	rep, err := Run(context.Background(), o, &count{})
	fmt.Println(rep, err, time.Since(t0))
}
