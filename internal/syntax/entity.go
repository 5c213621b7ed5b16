package syntax

// Entities are what union, find and restrict read: names, name patterns and
// paths such as cluster("c").database("d").Dev*.

// simplePath parses a.b['c'] without calls.
func (p *parser) simplePath() Expr {
	start := p.here()
	x := p.pathName()
	if x == nil {
		return nil
	}
	return p.steps(start, x, (*parser).pathName)
}

// pathName parses a name or [a*] as a part of a path.
func (p *parser) pathName() Expr {
	if x := p.bracketedWildcard(); x != nil {
		return x
	}
	return p.columnName()
}

// entity parses a name, a pattern, or a path whose last part can be a
// pattern.
func (p *parser) entity() Expr {
	start := p.here()
	if x := p.wildcard(); x != nil {
		return x
	}
	x := p.member()
	if x == nil {
		return nil
	}
	return p.steps(start, x, func(p *parser) Expr {
		if m := p.wildcard(); m != nil {
			return m
		}
		return p.member()
	})
}
