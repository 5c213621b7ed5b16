package fn

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/harrier-hunting/harrier/internal/types"
)

// The notation of signatures, one string per overload:
//
//	(text: string, start: long, length?: long): string
//	(arg: scalar{1,64}): string          repeated 1 to 64 times
//	(arg: scalar...): string             repeated once or more
//	(pred: bool, then: common, …)        see below
//
//	parameter = name ["?"] ":" [mode] class {"|" class} [repeat] ["=" word {"/" word}]
//	mode      = const | lit | litnotempty | col | star | star? | agg
//	class     = a type name, or one of
//	            scalar number integer summable orderable notdynamic notbool
//	            notrealbool numberbool interval array bag stringdyn stringarr intarr
//	            common (all arguments so marked take their common type)
//	            commonord commondyn arg0 arg1 tabular any type
//	result    = a type name | arg0 | arg1 | arg0[] | promote0 | lit0 | lit1 | litN
//	            | common | widest | custom | table
//
// Consecutive repeated parameters repeat together: (pred: bool{1,}, then: common{1,}).

// Class is a set of argument types, or a relation to other arguments.
type Class uint8

// Classes other than plain type sets.
const (
	ClassTypes Class = iota // exactly the types listed
	ClassCommon
	ClassCommonOrd
	ClassCommonDyn
	ClassArg0
	ClassArg1
	ClassTabular
	ClassAny
)

// Mode restricts what kind of expression an argument may be.
type Mode uint8

// Argument modes.
const (
	ModeAny Mode = iota
	ModeConst
	ModeLit
	ModeLitNotEmpty
	ModeCol
	ModeStarOnly
	ModeStarAllowed
	ModeAgg
)

// Param is one parameter of a signature.
type Param struct {
	Name     string
	Word     string // the class as written
	Class    Class
	Types    TypeSet
	Declared types.Type // set when the class is one plain type: arguments convert to it
	Mode     Mode
	Min, Max int // repetitions; an optional parameter has Min 0
	Values   []string
}

// Returns is the result rule of a signature.
type Returns uint8

// Result rules.
const (
	RetType Returns = iota
	RetArg          // type of argument Index
	RetArgList
	RetPromoted // of argument Index: int becomes long
	RetLiteral  // the type named by the literal argument Index
	RetLiteralN // … by the last argument that is a type literal
	RetCommon
	RetWidest
	RetCustom
	RetTable
)

// Signature is a parsed overload.
type Signature struct {
	Params  []Param
	Returns Returns
	Index   int
	Type    types.Type // of RetType
}

// TypeSet is a set of scalar types.
type TypeSet uint32

// Has reports membership. Unknown is in every set.
func (s TypeSet) Has(t types.Type) bool { return t == types.Unknown || s&(1<<t) != 0 }

func setOf(ts ...types.Type) TypeSet {
	var s TypeSet
	for _, t := range ts {
		s |= 1 << t
	}
	return s
}

func classSet(word string) (TypeSet, Class, bool) {
	all := setOf(types.Scalars()...)
	num := setOf(types.Int, types.Long, types.Real, types.Decimal)
	switch word {
	case "scalar":
		return all, ClassTypes, true
	case "number":
		return num, ClassTypes, true
	case "integer":
		return setOf(types.Int, types.Long), ClassTypes, true
	case "summable":
		return num | setOf(types.Timespan, types.Datetime), ClassTypes, true
	case "orderable":
		return all &^ setOf(types.Dynamic), ClassTypes, true
	case "notdynamic":
		return all &^ setOf(types.Dynamic), ClassTypes, true
	case "notbool":
		return all &^ setOf(types.Bool), ClassTypes, true
	case "notrealbool":
		return all &^ setOf(types.Real, types.Bool), ClassTypes, true
	case "numberbool":
		return num | setOf(types.Bool), ClassTypes, true
	case "array", "bag":
		return setOf(types.Dynamic), ClassTypes, true
	case "stringdyn", "stringarr":
		return setOf(types.String, types.Dynamic), ClassTypes, true
	case "intarr":
		return setOf(types.Int, types.Long, types.Dynamic), ClassTypes, true
	case "common":
		return all, ClassCommon, true
	case "commonord":
		return all &^ setOf(types.Dynamic), ClassCommonOrd, true
	case "commondyn":
		return all, ClassCommonDyn, true
	case "arg0":
		return all, ClassArg0, true
	case "arg1":
		return all, ClassArg1, true
	case "tabular":
		return 0, ClassTabular, true
	case "any":
		return all, ClassAny, true
	case "type": // typeof(…), which arrives as the type's name
		return setOf(types.String), ClassTypes, true
	}
	return 0, 0, false
}

// ParseSignature reads one overload in the notation above.
func ParseSignature(decl string) (*Signature, error) {
	end := closing(decl)
	if !strings.HasPrefix(decl, "(") || end < 0 || !strings.HasPrefix(strings.TrimSpace(decl[end+1:]), ":") {
		return nil, fmt.Errorf("signature %q: want (parameters): result", decl)
	}
	s := &Signature{}
	if inner := strings.TrimSpace(decl[1:end]); inner != "" {
		for _, part := range splitParams(inner) {
			p, err := parseParam(strings.TrimSpace(part))
			if err != nil {
				return nil, fmt.Errorf("signature %q: %w", decl, err)
			}
			s.Params = append(s.Params, p)
		}
	}
	ret := strings.TrimSpace(strings.TrimSpace(decl[end+1:])[1:])
	if err := s.parseResult(ret); err != nil {
		return nil, fmt.Errorf("signature %q: %w", decl, err)
	}
	return s, nil
}

// closing finds the parenthesis that closes the first one, or -1.
func closing(s string) int {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// splitParams splits at commas outside {m,n}.
func splitParams(s string) []string {
	var parts []string
	depth, from := 0, 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '{':
			depth++
		case '}':
			depth--
		case ',':
			if depth == 0 {
				parts = append(parts, s[from:i])
				from = i + 1
			}
		}
	}
	return append(parts, s[from:])
}

var modes = map[string]Mode{
	"const": ModeConst, "lit": ModeLit, "litnotempty": ModeLitNotEmpty, "col": ModeCol,
	"star": ModeStarOnly, "star?": ModeStarAllowed, "agg": ModeAgg,
}

func parseParam(text string) (Param, error) {
	name, rest, ok := strings.Cut(text, ":")
	if !ok {
		return Param{}, fmt.Errorf("parameter %q has no class", text)
	}
	p := Param{Name: strings.TrimSpace(name), Min: 1, Max: 1}
	if strings.HasSuffix(p.Name, "?") {
		p.Name, p.Min = strings.TrimSuffix(p.Name, "?"), 0
	}
	rest = strings.TrimSpace(rest)
	if word, values, ok := strings.Cut(rest, "="); ok {
		p.Values = strings.Split(strings.TrimSpace(values), "/")
		rest = strings.TrimSpace(word)
	}
	if word, tail, ok := strings.Cut(rest, " "); ok {
		m, known := modes[word]
		if !known {
			return Param{}, fmt.Errorf("parameter %q: unknown mode %q", text, word)
		}
		p.Mode, rest = m, strings.TrimSpace(tail)
	}
	if strings.HasSuffix(rest, "...") {
		rest, p.Max = strings.TrimSuffix(rest, "..."), 1<<15
	} else if class, rep, ok := strings.Cut(rest, "{"); ok {
		lo, hi, _ := strings.Cut(strings.TrimSuffix(rep, "}"), ",")
		rest = class
		var err error
		if p.Min, err = strconv.Atoi(strings.TrimSpace(lo)); err != nil {
			return Param{}, fmt.Errorf("parameter %q: bad repetition", text)
		}
		if p.Max = 1 << 15; strings.TrimSpace(hi) != "" {
			if p.Max, err = strconv.Atoi(strings.TrimSpace(hi)); err != nil {
				return Param{}, fmt.Errorf("parameter %q: bad repetition", text)
			}
		}
	}
	p.Word = rest
	words := strings.Split(rest, "|")
	for _, w := range words {
		if t, ok := types.ByName(w); ok {
			p.Types |= 1 << t
			if len(words) == 1 {
				p.Declared = t
			}
			continue
		}
		set, class, ok := classSet(w)
		if !ok {
			return Param{}, fmt.Errorf("parameter %q: unknown class %q", text, w)
		}
		p.Types |= set
		p.Class = class
	}
	return p, nil
}

func (s *Signature) parseResult(ret string) error {
	if t, ok := types.ByName(ret); ok {
		s.Type = t
		return nil
	}
	if strings.HasPrefix(ret, "list(") {
		t, ok := types.ByName(strings.TrimSuffix(ret[5:], ")"))
		if ok {
			s.Type = t.List()
			return nil
		}
	}
	switch ret {
	case "arg0", "arg1":
		s.Returns, s.Index = RetArg, int(ret[3]-'0')
	case "arg0[]":
		s.Returns = RetArgList
	case "promote0":
		s.Returns = RetPromoted
	case "lit0", "lit1":
		s.Returns, s.Index = RetLiteral, int(ret[3]-'0')
	case "litN":
		s.Returns = RetLiteralN
	case "common":
		s.Returns = RetCommon
	case "widest":
		s.Returns = RetWidest
	case "custom":
		s.Returns = RetCustom
	case "table":
		s.Returns = RetTable
	default:
		return fmt.Errorf("unknown result %q", ret)
	}
	return nil
}
