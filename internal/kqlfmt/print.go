package kqlfmt

import (
	"strings"
	"unicode/utf8"
)

// printer writes a layout.
type printer struct {
	*file
	buf   []byte
	col   int
	start bool // at the start of a line
	// pending: a line ends before what comes next; keep allows one empty line.
	pending, keep bool
	tab           int // columns to indent the next line with
}

func (p *printer) parts(list []part, flat bool, tab int) {
	for _, x := range list {
		switch x := x.(type) {
		case tok:
			p.token(int(x), tab)
		case brk:
			if !flat {
				p.newline(tab, false)
			}
		case nl:
			p.newline(tab, x.keep)
		case fill:
			if !flat && p.col+p.widthOf(x.from, x.to) > maxWidth {
				p.newline(tab, false)
			}
		case inner:
			p.parts(x.parts, flat, tab+indent)
		case *group:
			p.parts(x.parts, !x.broken && (flat || p.fits(x)), tab)
		}
	}
}

// fits reports whether the group and the closing punctuation behind it fit on
// the rest of the line.
func (p *printer) fits(g *group) bool {
	end := g.to
	for end < len(p.toks)-1 && strings.Contains(")]},;", p.word(end)) && !p.spaced(end) {
		end++
	}
	col := p.col
	if p.pending || p.start {
		col = p.tab
	}
	return col+p.widthOf(g.from, end) <= maxWidth
}

func (p *printer) widthOf(from, to int) int { return p.width[to] - p.width[from] }

func (p *printer) newline(tab int, keep bool) {
	p.pending, p.keep, p.tab = true, keep, tab
}

// token writes the comments before a token, the token, and the comments that
// follow it in its line.
func (p *printer) token(i, tab int) {
	t := &p.toks[i]
	keep := p.keep || i == 0 || i == len(p.toks)-1
	for _, c := range t.Comments {
		if !c.OwnLine {
			continue // written behind the token before
		}
		own := tab
		if i < len(p.toks)-1 && strings.Contains(")]}", p.word(i)) {
			own += indent
		}
		p.newline(own, false)
		p.line(keep && c.Blank)
		p.write(trimmed(p.text[c.Span.Start:c.Span.End]))
		p.newline(tab, false)
	}
	if i == len(p.toks)-1 {
		return
	}
	if p.pending {
		p.line(keep && t.Blank)
	} else if !p.start && i > 0 && p.spaced(i) {
		p.write(" ")
	}
	p.keep = false
	p.write(p.word(i))
	for _, c := range p.toks[i+1].Comments {
		if !c.OwnLine {
			p.write(" " + trimmed(p.text[c.Span.Start:c.Span.End]))
			p.newline(tab, false)
		}
	}
}

// line ends the line and indents the next one.
func (p *printer) line(blank bool) {
	p.pending = false
	if len(p.buf) == 0 {
		return
	}
	if !p.start {
		p.buf = append(p.buf, '\n')
	}
	if blank {
		p.buf = append(p.buf, '\n')
	}
	p.col, p.start = 0, true
	p.write(strings.Repeat(" ", p.tab))
	p.start = true
}

func (p *printer) write(s string) {
	p.buf = append(p.buf, s...)
	if n := strings.LastIndexByte(s, '\n'); n >= 0 {
		p.col, s = 0, s[n+1:]
	}
	p.col += utf8.RuneCountInString(s)
	p.start = false
}
