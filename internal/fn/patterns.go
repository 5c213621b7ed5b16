package fn

import "github.com/harrier-hunting/harrier/internal/regex"

// pattern keeps the last compiled pattern of an Eval call: it is nearly always
// the same in all rows.
type pattern struct {
	text string
	re   *regex.Regexp
}

// get compiles text. A pattern that cannot be compiled fails the query.
func (p *pattern) get(c *Call, text string) *regex.Regexp {
	if p.re != nil && p.text == text {
		return p.re
	}
	re, err := regex.Compile(text)
	if err != nil {
		c.Err = err
		return nil
	}
	p.text, p.re = text, re
	return re
}
