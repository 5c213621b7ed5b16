package syntax

import "github.com/harrier-hunting/harrier/internal/types"

// expr writes an expression after a blank.
func (w *printer) expr(x Expr) *printer {
	w.space()
	w.operand(x, 0)
	return w
}

// exprs writes a list after a blank.
func (w *printer) exprs(list []Expr) *printer {
	for i, x := range list {
		if i > 0 {
			w.str(",")
		}
		w.expr(x)
	}
	return w
}

// args writes a list inside brackets.
func (w *printer) args(list []Expr) *printer {
	w.nesting++
	for i, x := range list {
		if i > 0 {
			w.str(", ")
		}
		w.operand(x, 0)
	}
	w.nesting--
	return w
}

// levelOf tells how tightly the outermost operator of x binds.
func levelOf(x Expr) uint8 {
	switch x := x.(type) {
	case *Binary:
		return binaryLevel(x.Op)
	case *In, *Between:
		return levelEquality
	case *Unary:
		return levelUnary
	case *NamedExpr, *Pipe, *Ordered:
		return 0
	}
	return levelUnary + 1
}

func binaryLevel(op string) uint8 {
	switch op {
	case "or":
		return levelOr
	case "and":
		return levelAnd
	case "==", "!=":
		return levelEquality
	case "<", "<=", ">", ">=":
		return levelRelation
	case "+", "-":
		return levelSum
	case "*", "/", "%":
		return levelProduct
	}
	return levelString
}

// operand writes x where an operator of at least level min must stand, in
// parentheses if x binds less tightly. Parsed trees have Paren nodes and need
// none.
func (w *printer) operand(x Expr, min uint8) {
	if levelOf(x) < min {
		w.str("(")
		w.nesting++
		w.bare(x)
		w.nesting--
		w.str(")")
		return
	}
	w.bare(x)
}

func (w *printer) bare(x Expr) {
	switch x := x.(type) {
	case *Literal:
		w.literal(x)
	case *NameRef:
		if x.Wildcard && x.Quoted {
			w.str("[").str(x.Name).str("]")
		} else if x.Wildcard {
			w.str(x.Name)
		} else {
			w.ident(x.Name, x.Quoted, asName|asColumn)
		}
	case *Star:
		w.str("*")
	case *Paren:
		w.str("(").nested(x.X).str(")")
	case *Unary:
		w.str(x.Op)
		w.operand(x.X, levelUnary+1)
	case *Binary:
		w.binary(x)
	case *In:
		w.operand(x.X, levelEquality+1)
		w.word(x.Op).str(" (").args(x.List).str(")")
	case *Between:
		w.operand(x.X, levelEquality+1)
		if x.Not {
			w.str(" !between (")
		} else {
			w.str(" between (")
		}
		w.nested(x.Lo).str(" ..").nested(x.Hi).str(")")
	case *Call:
		w.call(x)
	case *Path, *Index:
		w.path(x)
	case *NamedExpr:
		w.named(x)
	case *Ordered:
		w.operand(x.X, 0)
		if x.Order != "" {
			w.word(x.Order)
		}
		if x.Nulls != "" {
			w.word("nulls").word(x.Nulls)
		}
	case *Pipe:
		w.pipe(x)
	case *TypeExpr:
		w.typeOf(x)
	default:
		w.source(x)
	}
}

// binary writes a chain of operators. The left operands are gathered first: a
// chain of many thousand "or" is a tree as deep as it is long.
func (w *printer) binary(x *Binary) {
	level := binaryLevel(x.Op)
	chain := []*Binary{x}
	for level != levelEquality && level != levelRelation && level != levelString {
		left, ok := chain[len(chain)-1].X.(*Binary)
		if !ok || binaryLevel(left.Op) != level {
			break
		}
		chain = append(chain, left)
	}
	first := level
	if level == levelEquality || level == levelRelation || level == levelString {
		first = level + 1
	}
	w.operand(chain[len(chain)-1].X, first)
	for i := len(chain) - 1; i >= 0; i-- {
		w.word(infixText(chain[i].Op)).space()
		w.operand(chain[i].Y, level+1)
	}
}

func (w *printer) call(c *Call) {
	w.nameText(c.Name)
	w.params(c.Params)
	w.str("(").args(c.Args).str(")")
}

// path writes members and elements, the innermost first.
func (w *printer) path(x Expr) {
	var chain []Expr
	for {
		var inner Expr
		switch n := x.(type) {
		case *Path:
			inner = n.X
		case *Index:
			inner = n.X
		}
		if inner == nil {
			break
		}
		chain = append(chain, x)
		x = inner
	}
	if lit, ok := x.(*Literal); ok && lit.Value.Type != types.String {
		w.str("(").nested(x).str(")") // 1.e5 would be a real
	} else {
		w.operand(x, levelUnary+1)
	}
	for i := len(chain) - 1; i >= 0; i-- {
		switch n := chain[i].(type) {
		case *Path:
			w.str(".").tight(n.Member)
		case *Index:
			w.str("[").nested(n.I).str("]")
		}
	}
}

func (w *printer) named(x *NamedExpr) {
	if x.Tuple {
		w.str("(")
		for i, n := range x.Names {
			if i > 0 {
				w.str(",")
			}
			w.name(n)
		}
		w.str(")")
	} else if len(x.Names) > 0 {
		w.nameText(x.Names[0])
	}
	w.str(" = ")
	w.operand(x.X, 1)
}

// pipe writes one stage a line, or on one line inside brackets.
func (w *printer) pipe(x *Pipe) {
	if x.Source != nil {
		w.operand(x.Source, 1)
	}
	for i, op := range x.Ops {
		if i > 0 || x.Source != nil {
			if w.nesting == 0 {
				w.str("\n| ")
			} else {
				w.str(" | ")
			}
		}
		op.print(w)
	}
}

func (w *printer) typeOf(x *TypeExpr) {
	w.str("typeof")
	switch {
	case x.Columns == nil && !x.Star && x.TypeName != "":
		w.str("(").str(x.TypeName)
	case x.Columns == nil && !x.Star && x.Type != types.Unknown:
		w.str("(").str(x.Type.String())
	default:
		w.columns(x.Columns, x.Star)
		return
	}
	w.str(")")
}
