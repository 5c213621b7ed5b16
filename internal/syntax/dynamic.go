package syntax

import (
	"strconv"

	"github.com/harrier-hunting/harrier/internal/diag"
	"github.com/harrier-hunting/harrier/internal/dynamic"
	"github.com/harrier-hunting/harrier/internal/types"
)

// dynamic parses dynamic(…), which holds JSON whose values can also be KQL
// literals. The tree keeps compact JSON text: datetimes, timespans and guids
// become strings, as Kusto prints them.
func (p *parser) dynamic() Expr {
	start := p.here()
	p.pos++
	w := p.open()
	json := p.mustJSON(nil)
	p.close(w)
	at := p.since(start)
	return &Literal{At: at, Value: types.DynamicValue(string(json)), Text: p.src[at.Pos.Start:at.Pos.End]}
}

// mustJSON appends a JSON value to dst, or reports that it is missing.
func (p *parser) mustJSON(dst []byte) []byte {
	out, ok := p.json(dst)
	if !ok {
		p.missing("json value")
		return append(dst, "null"...)
	}
	return out
}

func (p *parser) json(dst []byte) ([]byte, bool) {
	if !p.enter() {
		return append(dst, "null"...), true
	}
	defer p.leave()
	switch k := p.at(); k {
	case tMinus:
		if n := p.peek(1); n != tLong && n != tReal {
			return dst, false
		}
		return appendJSONValue(dst, p.negative()), true
	case tString:
		return dynamic.AppendString(dst, p.strings().Value.S), true
	case tRawGuid:
		return appendJSONValue(dst, p.rawGuid()), true
	case tDecimal:
		p.report(diag.Semantic, "KS215", p.span(), "Decimal values are not supported in dynamic objects.", "write the number without decimal(…)")
		return appendJSONValue(dst, p.strict(p.literal())), true
	case tLong, tReal, tBool, tDatetime, tTimespan, tGuid:
		return appendJSONValue(dst, p.strict(p.literal())), true
	case kwDynamic:
		if p.peek(1) != tOpenParen {
			return dst, false
		}
		p.pos++
		w := p.open()
		dst = p.mustJSON(dst)
		p.close(w)
		return dst, true
	case kwNull:
		p.pos++
		return append(dst, "null"...), true
	case tOpenBracket:
		return p.jsonArray(dst), true
	case tOpenBrace:
		if p.clientParameterLen(0) > 0 {
			p.name()
			return append(dst, "null"...), true
		}
		return p.jsonObject(dst), true
	}
	return dst, false
}

// negative parses "-" and a number as one constant.
func (p *parser) negative() Expr {
	start := p.here()
	p.pos++
	k, text := p.at(), p.text(0)
	p.pos++
	if isDigit(text[0]) {
		return p.strict(constant(k, p.since(start), "-"+text))
	}
	x := p.strict(constant(k, p.since(start), text))
	if lit, ok := x.(*Literal); ok {
		lit.Value.I, lit.Value.F = -lit.Value.I, -lit.Value.F
	}
	return x
}

func (p *parser) jsonArray(dst []byte) []byte {
	w := p.open()
	dst = append(dst, '[')
	first := true
	list(p, listForm{optional: true}, "json value", func(p *parser) (struct{}, bool) {
		at := len(dst)
		if !first {
			dst = append(dst, ',')
		}
		var ok bool
		if dst, ok = p.json(dst); !ok {
			dst = dst[:at]
			return struct{}{}, false
		}
		first = false
		return struct{}{}, true
	})
	p.close(w)
	return append(dst, ']')
}

// jsonObject parses {"key": value, …}. A repeated key keeps its first place
// and its last value, as in a property bag.
func (p *parser) jsonObject(dst []byte) []byte {
	w := p.open()
	pairs := list(p, listForm{optional: true}, "json key:value pair", (*parser).jsonPair)
	p.close(w)
	index := make(map[string]int, len(pairs))
	kept := pairs[:0]
	for _, pair := range pairs {
		if i, ok := index[pair.key]; ok {
			kept[i].value = pair.value
			continue
		}
		index[pair.key] = len(kept)
		kept = append(kept, pair)
	}
	dst = append(dst, '{')
	for i, pair := range kept {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = dynamic.AppendString(dst, pair.key)
		dst = append(dst, ':')
		dst = append(dst, pair.value...)
	}
	return append(dst, '}')
}

type jsonPair struct {
	key   string
	value []byte
}

func (p *parser) jsonPair() (jsonPair, bool) {
	if p.at() != tString {
		if v, ok := p.json(nil); ok {
			p.missing("string")
			return jsonPair{"", v}, true
		}
		return jsonPair{}, false
	}
	key, _ := stringValue(p.text(0))
	p.pos++
	p.need(tColon, ":")
	return jsonPair{key, p.mustJSON(nil)}, true
}

// appendJSONValue appends a literal as a JSON value.
func appendJSONValue(dst []byte, x Expr) []byte {
	lit, ok := x.(*Literal)
	if !ok || lit.Value.Null {
		return append(dst, "null"...)
	}
	v := lit.Value
	switch v.Type {
	case types.Bool:
		return strconv.AppendBool(dst, v.I != 0)
	case types.Int, types.Long:
		return strconv.AppendInt(dst, v.I, 10)
	case types.Real:
		return dynamic.AppendReal(dst, v.F)
	case types.Decimal:
		return append(dst, v.S...)
	case types.Datetime:
		return append(types.AppendDatetime(append(dst, '"'), v.I), '"')
	case types.Timespan:
		return append(types.AppendTimespan(append(dst, '"'), v.I), '"')
	}
	return dynamic.AppendString(dst, v.S)
}
