package plan

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/types"
)

// batches hands out batches one by one.
type batches struct {
	cols []Column
	list []*types.Batch
}

func (b *batches) Columns() []Column { return b.cols }

func (b *batches) Next(context.Context) (*types.Batch, error) {
	if len(b.list) == 0 {
		return nil, nil
	}
	first := b.list[0]
	b.list = b.list[1:]
	return first, nil
}

// written gathers rows as text.
type written struct{ rows []string }

func (w *written) Write(_ context.Context, b *types.Batch) error {
	for i := range b.N {
		var cells []string
		for _, v := range b.Cols {
			x := v.Value(i)
			switch {
			case x.Null:
				cells = append(cells, "null")
			case x.Type == types.Long:
				cells = append(cells, fmt.Sprint(x.I))
			case x.Type == types.Real:
				cells = append(cells, fmt.Sprint(x.F))
			default:
				cells = append(cells, x.S)
			}
		}
		w.rows = append(w.rows, strings.Join(cells, ","))
	}
	return nil
}

// sumOp gives the sum of its first input, and the rows of its second. It stops
// reading at a negative number.
type sumOp struct{}

func (sumOp) Name() string     { return "sum" }
func (sumOp) Ordered(int) bool { return false }

func (sumOp) Run(ctx context.Context, in []RowReader, out RowWriter) error {
	sum, n := int64(0), int64(0)
	if len(in) > 1 {
		b, err := ReadAll(ctx, in[1])
		if err != nil {
			return err
		}
		n = int64(b.N)
	}
read:
	for {
		b, err := in[0].Next(ctx)
		if err != nil {
			return err
		}
		if b == nil {
			break
		}
		for i := range b.N {
			if b.Cols[0].Ints[i] < 0 {
				break read
			}
			sum += b.Cols[0].Ints[i]
		}
	}
	r := types.NewBatch(2)
	r.N = 1
	for i, x := range []int64{sum, n} {
		r.Cols[i] = types.NewVector(types.Long, 1)
		r.Cols[i].Ints[0] = x
	}
	return out.Write(ctx, r)
}

func rowsOf(cols []Column, rows ...[]types.Value) *types.Batch {
	b := types.NewBatch(len(cols))
	b.N = len(rows)
	for k, c := range cols {
		b.Cols[k] = types.NewVector(c.Type, b.N)
		for i, r := range rows {
			b.Cols[k].Set(i, r[k])
		}
	}
	return b
}

func TestEach(t *testing.T) {
	hidden := []Column{{Name: "key", Type: types.Real, Nullable: true}, {Name: "rider", Type: types.String}}
	in := append([]Column{{Name: "x", Type: types.Long}}, hidden...)
	long, text := types.LongValue, types.StringValue
	nan := types.RealValue(0)
	nan.F /= nan.F
	row := func(x int64, key types.Value, rider string) []types.Value {
		return []types.Value{long(x), key, text(rider)}
	}
	null, two := types.Null(types.Real), types.RealValue(2)
	first := func() *batches { // a partition goes on in the next batch; what is not read is skipped
		return &batches{in, []*types.Batch{
			rowsOf(in, row(1, null, "a"), row(2, null, "a"), row(3, two, "b")),
			rowsOf(in), rowsOf(in, row(4, two, "b")),
			rowsOf(in, row(-1, nan, "c"), row(9, nan, "c")), rowsOf(in, row(9, nan, "c")),
		}}
	}
	other := []Column{{Name: "y", Type: types.Long}}
	out := []Column{{Name: "s", Type: types.Long}, {Name: "n", Type: types.Long}}
	var none Values
	for _, c := range []struct {
		name   string
		parted []bool
		second *batches
		want   []string
	}{
		{"alone", []bool{true}, nil, []string{"3,0,null,a", "7,0,2,b", "0,0,NaN,c"}},
		{"with a table for all", []bool{true, false}, &batches{other, []*types.Batch{rowsOf(other, []types.Value{long(1)}, []types.Value{long(1)})}},
			[]string{"3,2,null,a", "7,2,2,b", "0,2,NaN,c"}},
		{"with a parted table", []bool{true, true}, &batches{in, []*types.Batch{rowsOf(in, row(0, null, "a"), row(0, types.RealValue(1), "z"), row(0, nan, "c"), row(0, nan, "c"))}},
			[]string{"3,1,null,a", "7,0,2,b", "0,2,NaN,c", "0,1,1,z"}},
	} {
		readers, nodes := []RowReader{first()}, []Node{&none}
		if c.second != nil {
			readers, nodes = append(readers, c.second), append(nodes, &none)
		}
		n := Each(NewGoOp(sumOp{}, out, diag.Span{}, nodes...), nodes, c.parted, hidden)
		w := &written{}
		if err := n.Op.Run(context.Background(), readers, w); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(w.rows, " "); got != strings.Join(c.want, " ") {
			t.Errorf("%s: %s, want %v", c.name, got, c.want)
		}
		if len(n.Columns()) != 4 || n.Op.Name() != "sum" || !n.Op.Ordered(0) {
			t.Errorf("%s: %v", c.name, n.Columns())
		}
	}
}
