package fn

import (
	"strings"

	"github.com/harrier-hunting/harrier/internal/regex"
)

// infixRegexRows match texts against patterns.
var infixRegexRows = []Spec{
	{
		Name: "matches regex", Kind: Infix, Ref: "matches-regex-operator",
		Doc:   "The text holds a match of the regular expression.",
		Sigs:  []Sig{{Decl: "(text: stringdyn, regex: stringdyn): bool"}},
		Nulls: NeverNull, Eval: matchesEval,
		Examples: []Example{
			{`"Fabrikam" matches regex "b.*k"`, `true`},
			{`"Fabrikam" matches regex "B.*K"`, `false`},
			{`"a1b2" matches regex @"(?i)[A-Z]\d$"`, `true`},
		},
	},
	likeRow("like", "The text fits a pattern in which % stands for any text and _ for any character.", false, false,
		Example{`"Fabrikam" like "fab%m"`, `true`}, Example{`"Fabrikam" like "fab"`, `false`}),
	likeRow("!like", "Negation of like.", false, true,
		Example{`"Fabrikam" notlike "fab%"`, `false`}, Example{`"Fabrikam" notlike "_"`, `true`}),
	likeRow("like_cs", "Like with case.", true, false,
		Example{`"Fabrikam" likecs "Fab%"`, `true`}, Example{`"Fabrikam" likecs "fab%"`, `false`}),
	likeRow("!like_cs", "Negation of likecs.", true, true,
		Example{`"Fabrikam" notlikecs "Fab%"`, `false`}, Example{`"Fabrikam" notlikecs "fab%"`, `true`}),
}

// likeRow is a row by the parser's name of the operator, which is spelled
// like, notlike, likecs or notlikecs in a query.
func likeRow(name, doc string, cs, not bool, examples ...Example) Spec {
	return Spec{
		Name: name, Kind: Infix, Hidden: true, Doc: doc, Ref: "datatypes-string-operators", Examples: examples,
		Sigs:  []Sig{{Decl: "(text: stringdyn, pattern: stringdyn): bool"}},
		Nulls: NeverNull, Eval: likeEval(cs, not),
	}
}

func matchesEval(c *Call) {
	text, regexes := c.text(0), c.text(1)
	var p pattern
	for i := range c.N {
		re := p.get(c, regexes.at(i))
		if re == nil {
			return
		}
		c.Out.Bools[i] = re.Match(text.at(i))
	}
}

func likeEval(cs, not bool) Eval {
	return func(c *Call) {
		text, patterns := c.text(0), c.text(1)
		var re *regex.Regexp
		last := ""
		for i := range c.N {
			if p := patterns.at(i); re == nil || p != last {
				if re, c.Err = regex.Compile(likeRegex(p, cs)); c.Err != nil {
					return
				}
				last = p
			}
			c.Out.Bools[i] = re.Match(text.at(i)) != not
		}
	}
}

// likeRegex says a pattern of like as a regular expression.
func likeRegex(p string, cs bool) string {
	var b strings.Builder
	b.WriteString("(?s")
	if !cs {
		b.WriteByte('i')
	}
	b.WriteString(")^")
	for _, r := range p {
		switch r {
		case '%':
			b.WriteString(".*")
		case '_':
			b.WriteByte('.')
		default:
			b.WriteString(regex.Quote(string(r)))
		}
	}
	b.WriteByte('$')
	return b.String()
}
