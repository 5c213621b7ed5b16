package syntax

import "slices"

// Operator parameters: name=value pairs between an operator's keyword and its
// operands. Kusto accepts every parameter it knows at every operator; which
// make sense where is the binder's concern.

// paramForm says which parameters may come.
type paramForm struct {
	// own are names that are parameters only here (flags of parse).
	own []string
	// only: no other names than own.
	only bool
	// values are keywords that are the value of a parameter here.
	values []kind
	// bare operators take a parameter's name even when no "=" follows, and
	// then report the missing "=".
	bare bool
}

// isKnownParam reports the parameters accepted at every operator.
func isKnownParam(name string) bool {
	switch name {
	case "kind", "isfuzzy", "__isFuzzy", "withsource", "with_source", "with_itemindex", "with_match_id",
		"with_step_name", "bagexpansion", "bin_legacy", "decodeblocks", "expandoutput", "cycles", "force_remote",
		"hint.concurrency", "hint.distribution", "hint.materialized", "hint.num_partitions", "hint.pass_filters",
		"hint.pass_filters_column", "hint.progressive_top", "hint.remote", "hint.shufflekey", "hint.spread",
		"hint.strategy", "__crossCluster", "__crossDB", "__id", "__noWithSource", "__packedColumn",
		"__sourceColumnIndex":
		return true
	}
	return false
}

// paramName measures a parameter's name n tokens ahead: its tokens, or 0.
func (p *parser) paramName(form paramForm, n int) (string, int) {
	k := p.peek(n)
	if k != tIdent && !k.isKeyword() {
		return "", 0
	}
	length := 1
	name := p.text(n)
	if name == "hint" && p.peek(n+1) == tDot && p.glued(n+1) && p.peek(n+2) == tIdent && p.glued(n+2) {
		length = 3
		name = p.src[p.toks[p.pos+n].start:p.toks[p.pos+n+2].end]
	}
	if !slices.Contains(form.own, name) && (form.only || !isKnownParam(name)) {
		return "", 0
	}
	if !form.bare && p.peek(n+length) != tEqual {
		return "", 0
	}
	return name, length
}

// params parses parameters that blanks separate.
func (p *parser) params(form paramForm) []Param {
	var out []Param
	for {
		x, ok := p.param(form)
		if !ok {
			return out
		}
		out = append(out, x)
	}
}

func (p *parser) param(form paramForm) (Param, bool) {
	name, n := p.paramName(form, 0)
	if n == 0 {
		return Param{}, false
	}
	start := p.here()
	p.pos += n
	p.need(tEqual, "=")
	x := Param{Name: name, Value: p.paramValue(form.values...)}
	x.At = p.since(start)
	return x, true
}

// commaParams parses parameters that commas separate, as in with (…).
func (p *parser) commaParams(form paramForm, value func(*parser, string) Expr) []Param {
	return list(p, listForm{optional: true}, "parameter", func(p *parser) (Param, bool) {
		name, n := p.paramName(form, 0)
		if n == 0 {
			return Param{}, false
		}
		start := p.here()
		p.pos += n
		p.need(tEqual, "=")
		x := Param{Name: name, Value: value(p, name)}
		x.At = p.since(start)
		return x, true
	})
}

// paramValue parses a constant, a word or a name; words are the keywords that
// can stand here.
func (p *parser) paramValue(words ...kind) Expr {
	if x := p.signedLiteral(); x != nil {
		return x
	}
	if slices.Contains(words, p.at()) {
		start := p.here()
		word := p.text(0)
		p.pos++
		return &NameRef{At: p.since(start), Name: word}
	}
	if x := p.nameRef(); x != nil {
		return x
	}
	p.missing("value")
	return p.bad()
}
