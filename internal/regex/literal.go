package regex

import (
	"regexp/syntax"

	"github.com/harrier-hunting/harrier/internal/terms"
)

// needle returns a search for a literal without which no text of ASCII can
// match, and whether that literal is all there is to match.
func needle(tree *syntax.Regexp) (f *terms.Finder, all bool) {
	lit := required(tree)
	if lit == nil || len(lit.Rune) < 2 {
		return nil, false
	}
	mode := terms.Mode(0)
	if lit.Flags&syntax.FoldCase != 0 {
		mode = terms.FoldCase
	}
	return terms.NewFinder(string(lit.Rune), mode), lit == tree
}

// required finds the longest literal that is part of every match.
func required(re *syntax.Regexp) *syntax.Regexp {
	switch re.Op {
	case syntax.OpLiteral:
		return re
	case syntax.OpCapture, syntax.OpPlus:
		return required(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return required(re.Sub[0])
		}
	case syntax.OpConcat:
		var best *syntax.Regexp
		for _, sub := range re.Sub {
			if lit := required(sub); lit != nil && (best == nil || len(lit.Rune) > len(best.Rune)) {
				best = lit
			}
		}
		return best
	}
	return nil
}
