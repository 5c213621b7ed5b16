package external

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/types"
)

// records reads JSON objects, one after the other or as items of arrays;
// columns go by name.
func records(data []byte, _ Request, w *writer) error {
	d := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, bom)))
	for {
		var raw json.RawMessage
		switch err := d.Decode(&raw); {
		case err == io.EOF:
			return nil
		case err != nil:
			return errors.New("it is not valid JSON")
		}
		if err := record(raw, w, 0); err != nil {
			return err
		}
	}
}

func record(raw json.RawMessage, w *writer, depth int) error {
	if len(raw) > 0 && raw[0] == '[' && depth == 0 {
		var items []json.RawMessage
		if err := json.Unmarshal(raw, &items); err != nil {
			return errors.New("it is not valid JSON")
		}
		for _, item := range items {
			if err := record(item, w, 1); err != nil {
				return err
			}
		}
		return nil
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(raw, &fields); err != nil || fields == nil {
		return errors.New("a record is not a JSON object")
	}
	row, err := w.row()
	if err != nil {
		return err
	}
	for i, c := range w.cols {
		if x, ok := fields[c.Name]; ok {
			w.set(row, i, fromJSON(x, c.Type))
		}
	}
	return nil
}

// fromJSON converts a JSON value to a column's type.
func fromJSON(raw json.RawMessage, t types.Type) types.Value {
	if string(raw) == "null" {
		return types.Null(t)
	}
	compact, ok := dynamic.Compact(string(raw))
	if !ok {
		return types.Null(t)
	}
	if t == types.Dynamic {
		return types.Value{Type: t, S: compact}
	}
	var text string
	if raw[0] == '"' && json.Unmarshal(raw, &text) == nil {
		return fromText(text, t)
	}
	if t == types.Bool && compact != "true" && compact != "false" {
		if f, ok := types.ParseReal(compact); ok {
			return types.BoolValue(f != 0)
		}
	}
	return fromText(compact, t)
}
