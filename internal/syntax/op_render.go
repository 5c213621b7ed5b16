package syntax

// RenderOp: render chart with (k = v). Props also hold the old form
// "render timechart title='x'" and "by a, b"; lists of columns are a NameList.
type RenderOp struct {
	Op
	Chart Name
	Props []Param
	// Old counts the leading Props that were written without with (…).
	Old int
}

func parseRender(p *parser, op Op) Operator {
	o := &RenderOp{Op: op, Chart: p.chartName()}
	for {
		prop, ok := p.oldRenderProp()
		if !ok {
			break
		}
		o.Props = append(o.Props, prop)
	}
	o.Old = len(o.Props)
	if !p.take(kwWith) {
		return o
	}
	if p.at() != tOpenParen {
		p.expected("(")
		return o
	}
	w := p.open()
	p.take(tComma)
	o.Props = append(o.Props, p.commaParams(paramForm{only: true, bare: true, own: renderProps()}, (*parser).renderValue)...)
	p.close(w)
	return o
}

// renderProps are the properties that with (…) knows.
func renderProps() []string {
	return []string{"kind", "title", "accumulate", "xcolumn", "ycolumns", "anomalycolumns", "series", "xtitle",
		"ytitle", "xaxis", "yaxis", "legend", "ysplit", "ymin", "ymax", "xmin", "xmax"}
}

// chartName parses the chart: one of Kusto's or any other identifier.
func (p *parser) chartName() Name {
	start := p.here()
	if p.at() == tEOF || p.at() != tIdent && !isChart(p.text(0)) {
		p.expected("the name of a chart, such as timechart")
		return Name{At: p.since(p.lastEnd())}
	}
	name := Name{Text: p.text(0)}
	p.pos++
	name.At = p.since(start)
	return name
}

func isChart(name string) bool {
	switch name {
	case "table", "list", "barchart", "piechart", "ladderchart", "timechart", "linechart", "anomalychart",
		"pivotchart", "areachart", "stackedareachart", "scatterchart", "timepivot", "columnchart", "timeline",
		"3Dchart", "card", "treemap", "plotly", "graph", "sankey":
		return true
	}
	return false
}

// oldRenderProp parses one property of the form before with (…): kind=stacked,
// title="x", accumulate=true, with "x", by a, b.
func (p *parser) oldRenderProp() (Param, bool) {
	start := p.here()
	name := ""
	switch k := p.at(); {
	case k == kwWith && p.peek(1) != tOpenParen, k == kwBy:
		name = p.text(0)
		p.pos++
	case (k == kwKind || k == kwTitle || k == kwAccumulate) && p.peek(1) == tEqual:
		name = p.text(0)
		p.pos += 2
	default:
		return Param{}, false
	}
	x := Param{Name: name}
	switch name {
	case "by":
		x.Value = p.renderColumns(func(n int) bool {
			switch p.peek(n) {
			case kwKind, kwTitle, kwAccumulate, kwWith, kwBy:
				return true
			}
			return false
		})
	default:
		x.Value = p.renderValue(name)
	}
	x.At = p.since(start)
	return x, true
}

// renderValue parses the value of a property.
func (p *parser) renderValue(name string) Expr {
	switch name {
	case "title", "xtitle", "ytitle":
		if x := p.path(); x != nil {
			return x
		}
		p.missing("value")
		return p.bad()
	case "ycolumns", "anomalycolumns", "series":
		return p.renderColumns(func(n int) bool {
			if p.peek(n) == tComma {
				n++
			}
			_, length := p.paramName(paramForm{own: renderProps(), bare: true}, n)
			return length > 0 && (p.peek(n+length) == tEqual || n > 0)
		})
	}
	return p.paramValue()
}

// renderColumns parses names separated by commas; stop tells whether what
// stands n tokens ahead belongs to the next property.
func (p *parser) renderColumns(stop func(n int) bool) Expr {
	start := p.here()
	l := &NameList{}
	for {
		name, ok := p.declaredName()
		if !ok {
			p.missing("name")
			break
		}
		l.Names = append(l.Names, name)
		if p.at() != tComma || stop(0) {
			break
		}
		p.pos++
	}
	l.At = p.since(start)
	return l
}

func (o *RenderOp) print(w *printer) {
	w.start("render", o.Params).word(o.Chart.Text)
	for _, prop := range o.Props[:o.Old] {
		switch prop.Name {
		case "by", "with":
			w.word(prop.Name).space().tight(prop.Value)
		default:
			w.param(prop.Name, prop.Value)
		}
	}
	w.with(o.Props[o.Old:])
}
