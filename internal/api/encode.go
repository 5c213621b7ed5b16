package api

import (
	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/hunt"
	"github.com/harrier-hunting/harrier/internal/quota"
	"github.com/harrier-hunting/harrier/internal/wire"
)

// timeStyle is how a generation of Defender for Endpoint writes datetimes (contract §1.5).
func timeStyle(p quota.Profile) wire.TimeStyle {
	if p.LocalTimes {
		return wire.TimeSeed
	}
	return wire.TimeTrimmed
}

// encodeSchemaResults writes {"Schema":[{"Name","Type"}],"Results":[{…}]}: PascalCase, columns in the order of the
// query's output (contract §1.3).
func encodeSchemaResults(out *buffer, a *answer) error {
	return encodeObjects(out, a, '{', `"Schema":[`, `{"Name":`, `,"Type":"`, `],"Results":[`)
}

// encodeObjects writes columns and rows as objects: what stands before the columns, how one of them is named and typed,
// and what stands between them and the rows.
func encodeObjects(out *buffer, a *answer, start byte, schema, name, typ, results string) error {
	dst := append(append(out.tail(), start), schema...)
	for i, c := range a.Columns {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = dynamic.AppendString(append(dst, name...), c.Name)
		dst = append(append(append(dst, typ...), c.Type.NetName()...), `"}`...)
	}
	if err := out.put(append(dst, results...)); err != nil {
		return err
	}
	if err := encodeRows(out, a.Result, wire.NewObject(a.Columns, a.style)); err != nil {
		return err
	}
	return out.put(append(out.tail(), "]}"...))
}

// encodeRows writes the rows with commas between them.
func encodeRows(out *buffer, res *hunt.Result, row *wire.Object) error {
	first := true
	for {
		b, err := res.Next()
		if b == nil || err != nil {
			return err
		}
		for i := range b.N {
			dst := out.tail()
			if !first {
				dst = append(dst, ',')
			}
			first = false
			if err := out.put(row.Append(dst, b, i)); err != nil {
				return err
			}
		}
	}
}
