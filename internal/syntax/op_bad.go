package syntax

import "github.com/harrier-hunting/harrier/internal/diag"

// BadOp stands for an operator that could not be parsed; a diagnostic says
// why and the operators after it are parsed all the same.
type BadOp struct {
	Op
	Text diag.Span
}

// noOperator says that an operator must come next, and which one was perhaps
// meant.
func (p *parser) noOperator() {
	hint := "after | comes an operator such as where, extend, summarize or take"
	if p.at() == tIdent {
		if word := nearestOperator(p.text(0)); word != "" {
			hint = "did you mean '" + word + "'?"
		}
	}
	p.report(diag.Syntax, "KS176", p.span(), "Query operator expected.", hint)
}

// nearestOperator finds the operator that at most two changed letters turn
// word into, or "".
func nearestOperator(word string) string {
	best, limit := "", min(2, len(word)/3)
	for _, k := range keywords() {
		if operatorRule(k.kind) == nil || k.text[0] == '_' {
			continue
		}
		if d := distance(word, k.text, limit); d <= limit {
			best, limit = k.text, d-1
		}
	}
	return best
}

// distance is the number of letters to insert, delete or replace between a
// and b; what exceeds limit is only known to do so.
func distance(a, b string, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}

func (o *BadOp) print(w *printer) { w.word("<not an operator>") }
