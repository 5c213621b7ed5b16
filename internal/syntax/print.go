package syntax

// Print returns the canonical KQL text of a node. Parsing that text gives the
// same tree again apart from places, original spellings and comments, so
// printing it once more changes nothing. A tree with Bad or BadOp nodes
// prints as text that does not parse.
func Print(n Node) string {
	w := &printer{}
	switch n := n.(type) {
	case *Query:
		w.query(n)
	case Statement:
		w.statement(n)
	case Operator:
		n.print(w)
	case Expr:
		w.expr(n)
	}
	return string(w.buf)
}

// printer collects text. Its methods return it, so calls can be chained; word
// and expr set a blank before what they write where one is needed.
type printer struct {
	buf []byte
	// nesting counts enclosing brackets: pipelines inside them print on one
	// line.
	nesting int
}

// str writes text as it is.
func (w *printer) str(s string) *printer {
	w.buf = append(w.buf, s...)
	return w
}

// space writes a blank unless the text starts or the last character already
// separates.
func (w *printer) space() *printer {
	if n := len(w.buf); n > 0 {
		switch w.buf[n-1] {
		case ' ', '\n', '(', '[':
			return w
		}
		w.buf = append(w.buf, ' ')
	}
	return w
}

// word writes a keyword after a blank.
func (w *printer) word(s string) *printer { return w.space().str(s) }

// start writes an operator's keyword and its parameters.
func (w *printer) start(word string, params []Param) *printer { return w.word(word).params(params) }

func (w *printer) params(params []Param) *printer {
	for _, p := range params {
		w.param(p.Name, p.Value)
	}
	return w
}

// param writes name=value. A word is written as it was: keywords that no
// expression could name can be values (kind=regex).
func (w *printer) param(name string, value Expr) *printer {
	w.word(name).str("=")
	if ref, ok := value.(*NameRef); ok && !ref.Quoted {
		return w.str(ref.Name)
	}
	return w.tight(value)
}

func (w *printer) commaParams(params []Param) *printer {
	for i, p := range params {
		if i > 0 {
			w.str(",")
		}
		w.param(p.Name, p.Value)
	}
	return w
}

// with writes "with (name=value, …)".
func (w *printer) with(params []Param) *printer {
	if len(params) == 0 {
		return w
	}
	return w.word("with (").commaParams(params).str(")")
}

// clause writes "keyword expression" if there is an expression.
func (w *printer) clause(word string, x Expr) *printer {
	if x != nil {
		w.word(word).expr(x)
	}
	return w
}

// group writes "(expression)" with a blank before it.
func (w *printer) group(x Expr) *printer {
	return w.word("(").nested(x).str(")")
}

// nested writes an expression inside brackets.
func (w *printer) nested(x Expr) *printer {
	w.nesting++
	w.expr(x)
	w.nesting--
	return w
}

// tight writes an expression without a blank before it.
func (w *printer) tight(x Expr) *printer {
	w.operand(x, 0)
	return w
}

// name writes a name after a blank.
func (w *printer) name(n Name) *printer { return w.space().nameText(n) }

func (w *printer) nameText(n Name) *printer {
	return w.ident(n.Text, n.Quoted, asName|asDeclared|asColumn)
}

// ident writes a name, in brackets if it must be. A keyword with one of the
// traits that was written without brackets can do without again.
func (w *printer) ident(name string, quoted bool, bare traits) *printer {
	if quoted {
		bare = 0
	}
	if isPlainName(name, bare) {
		return w.str(name)
	}
	return w.str("[").quote(name).str("]")
}

func isPlainName(name string, bare traits) bool {
	if name == "" {
		return false
	}
	switch name {
	case "hint", "matches": // would join the word after them to a keyword
		return false
	case "true", "True", "TRUE", "false", "False", "FALSE":
		return false
	}
	n := 0
	if isNameStart(name[0]) {
		n = 1
	}
	n += nameLen(name[n:])
	if n != len(name) || isDigit(name[0]) && (timespanLen(name) > 0 || realLen(name) > 0 || isLong(name)) {
		return false
	}
	k, _ := lexicon.find(name, n)
	return k == tEOF || k.has(bare)
}

// quote writes a string literal.
func (w *printer) quote(s string) *printer {
	const hex = "0123456789ABCDEF"
	w.buf = append(w.buf, '"')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			w.buf = append(w.buf, '\\', c)
		case c == '\n':
			w.buf = append(w.buf, '\\', 'n')
		case c == '\r':
			w.buf = append(w.buf, '\\', 'r')
		case c == '\t':
			w.buf = append(w.buf, '\\', 't')
		case c < ' ' || c == 0x7F:
			w.buf = append(w.buf, '\\', 'x', hex[c>>4], hex[c&15])
		default:
			w.buf = append(w.buf, c)
		}
	}
	w.buf = append(w.buf, '"')
	return w
}

// column writes "name:type".
func (w *printer) column(c ColumnDecl) *printer {
	w.name(c.Name)
	if c.TypeName != "" {
		w.str(":").str(c.TypeName)
	}
	return w
}

// schema writes "(a:type, …)" after a blank.
func (w *printer) schema(columns []ColumnDecl, star bool) *printer {
	return w.space().columns(columns, star)
}

func (w *printer) columns(columns []ColumnDecl, star bool) *printer {
	w.str("(")
	if star {
		w.str("*")
	}
	for i, c := range columns {
		if i > 0 || star {
			w.str(",")
		}
		w.column(c)
	}
	return w.str(")")
}
