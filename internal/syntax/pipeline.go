package syntax

import "github.com/harrier-hunting/harrier/internal/diag"

// pipeline parses "source | operator | …" up to the end of the window, or
// returns nil when nothing starts here. Each stage is parsed in a window of
// its own, so a mistake in one does not hide those of the next.
//
// contextual pipelines are the subqueries of fork, facet, partition and
// mv-apply: they start with an operator that works on the outer rows.
func (p *parser) pipeline(contextual bool) Expr {
	if !p.enter() {
		return p.bad()
	}
	defer p.leave()
	start := p.here()
	outer := p.end
	p.end = p.next(tBar, p.pos)
	var source Expr
	var ops []Operator
	switch {
	case contextual:
		ops = append(ops, p.operator(start))
	case p.startsOperator():
		op := p.operator(start)
		p.mustBeFirst(op)
		ops = append(ops, op)
	default:
		source = p.tableOrScalar()
		if source == nil {
			if op := p.wordOperator(); op != nil {
				p.mustBeFirst(op)
				ops = append(ops, op)
			}
		}
	}
	if source == nil && ops == nil {
		if p.end == outer { // no pipe: nothing at all stands here
			p.end = outer
			return nil
		}
		source = p.noSource(start)
	}
	for p.endStage() && p.end < outer {
		p.pos = p.end + 1
		p.end = outer
		p.end = p.next(tBar, p.pos)
		ops = append(ops, p.operator(p.here()))
	}
	p.end = outer
	if source != nil && ops == nil {
		return source
	}
	return &Pipe{At: p.since(start), Source: source, Ops: ops}
}

// noSource reports that nothing stands before the first pipe.
func (p *parser) noSource(start int) Expr {
	if p.closer == "" && (p.pos == 0 || p.toks[p.pos-1].kind == tSemicolon) {
		t := &p.toks[p.pos]
		p.incomplete(diag.Span{Start: int(t.start), End: int(t.end)})
	} else {
		p.missing("expression")
	}
	return badAt(start)
}

// endStage reports and skips what a stage left over. It returns false when
// the rest is better read as the next statement, whose ";" was forgotten.
func (p *parser) endStage() bool {
	if p.pos >= p.end {
		return true
	}
	p.leftover()
	if p.closer == "" && p.startsStatement() {
		return false
	}
	p.pos = p.end
	return true
}

// leftover reports tokens that no rule of this window could take.
func (p *parser) leftover() {
	switch k := p.at(); {
	case p.closer != "":
		p.expected(p.closer)
	case operatorRule(k) != nil && !p.startsStatement():
		p.report(diag.Syntax, "KS005", p.span(), "Expected: ;", "put a | before the operator '"+p.text(0)+"'")
	case p.startsElement() || k == tMinus || k == tPlus || p.startsStatement():
		p.expected(";")
	default:
		p.incomplete(p.span())
	}
}

func (p *parser) incomplete(at diag.Span) {
	p.report(diag.Syntax, "KS198", at, "The incomplete fragment is unexpected.", "")
}

// mustBeFirst refuses operators that need rows from a pipe before them.
func (p *parser) mustBeFirst(op Operator) {
	switch op.(type) {
	case *EvaluateOp, *FindOp, *MacroExpandOp, *PrintOp, *RangeOp, *SearchOp, *UnionOp, *BadOp:
		return
	}
	at := diag.Span{Start: op.Span().Start, End: op.Span().Start + len(op.Keyword())}
	p.report(diag.Semantic, "KS174", at, "The operator cannot be the first operator in a query.", "start with a table")
}

// tableOrScalar parses the source of a pipeline: any expression, or one of
// the sources that only stand here.
func (p *parser) tableOrScalar() Expr {
	if p.at() == kwInlineExternalTable && p.startsInlineTable() {
		return p.inlineExternalTable()
	}
	return p.expr()
}

// operator parses the operator that must come next. What is none becomes a
// BadOp that covers its window; start is where it is when nothing is there.
func (p *parser) operator(start int) Operator {
	if op := p.wordOperator(); op != nil {
		return op
	}
	p.noOperator()
	p.pos = p.end
	op := &BadOp{Text: diag.Span{Start: start, End: max(start, p.lastEnd())}}
	op.Pos = op.Text
	return op
}

// wordOperator parses an operator if its keyword comes next, or returns nil.
func (p *parser) wordOperator() Operator {
	k := p.at()
	parse := operatorRule(k)
	if parse == nil || k == kwCount && p.peek(1) == tOpenParen || k == kwRange && p.peek(1) == tOpenParen {
		return nil
	}
	start := p.here()
	head := Op{Word: p.text(0)}
	p.pos++
	op := parse(p, head)
	op.head().At = p.since(start)
	return op
}

// operatorRule is the table of operators: the rule that parses what follows
// the keyword, or nil when the keyword starts no operator.
func operatorRule(k kind) func(*parser, Op) Operator {
	switch k {
	case kwAs:
		return parseAs
	case kwAssertSchema:
		return parseAssertSchema
	case kwConsume:
		return parseConsume
	case kwCount:
		return parseCount
	case kwDistinct:
		return parseDistinct
	case kwEvaluate:
		return parseEvaluate
	case kwExtend:
		return parseExtend
	case kwFacet:
		return parseFacet
	case kwFilter, kwWhere:
		return parseWhere
	case kwFind:
		return parseFind
	case kwFork:
		return parseFork
	case kwGetSchema:
		return parseGetSchema
	case kwGraphMarkComponents:
		return parseGraphMarkComponents
	case kwGraphMatch:
		return parseGraphMatch
	case kwGraphShortestPaths:
		return parseGraphShortestPaths
	case kwGraphToTable:
		return parseGraphToTable
	case kwGraphWhereNodes, kwGraphWhereEdges:
		return parseGraphWhere
	case kwInvoke:
		return parseInvoke
	case kwJoin:
		return parseJoin
	case kwLookup:
		return parseLookup
	case kwMacroExpand:
		return parseMacroExpand
	case kwMakeGraph:
		return parseMakeGraph
	case kwMakeSeries:
		return parseMakeSeries
	case kwMvApply, kwMvApplyOld:
		return parseMvApply
	case kwMvExpand, kwMvExpandOld:
		return parseMvExpand
	case kwParse, kwParseWhere:
		return parseParse
	case kwParseKv:
		return parseParseKv
	case kwPartition:
		return parsePartition
	case kwPrint:
		return parsePrint
	case kwProject:
		return parseProject
	case kwProjectAway:
		return parseProjectAway
	case kwProjectByNames:
		return parseProjectByNames
	case kwProjectKeep:
		return parseProjectKeep
	case kwProjectRename:
		return parseProjectRename
	case kwProjectReorder:
		return parseProjectReorder
	case kwRange:
		return parseRange
	case kwReduce:
		return parseReduce
	case kwRender:
		return parseRender
	case kwSample:
		return parseSample
	case kwSampleDistinct:
		return parseSampleDistinct
	case kwScan:
		return parseScan
	case kwSearch:
		return parseSearch
	case kwSerialize:
		return parseSerialize
	case kwSort, kwOrder:
		return parseSort
	case kwSummarize:
		return parseSummarize
	case kwTake, kwLimit:
		return parseTake
	case kwTop:
		return parseTop
	case kwTopHitters:
		return parseTopHitters
	case kwTopNested:
		return parseTopNested
	case kwUnion:
		return parseUnion
	case kwExecuteAndCache, kwPartitionBy:
		return parseInternal
	}
	return nil
}

// parseInternal refuses operators that only Kusto's own planner writes.
func parseInternal(p *parser, op Op) Operator {
	end := p.lastEnd()
	p.unsupported(diag.Span{Start: end - len(op.Word), End: end}, "'"+op.Word+"'")
	p.pos = p.end
	return &BadOp{Op: op, Text: diag.Span{Start: end - len(op.Word), End: p.lastEnd()}}
}

// startsOperator decides whether the pipeline begins with an operator rather
// than with an expression: many of the keywords are also names of columns and
// tables. At the start only a word that cannot be a name is surely an
// operator; for the others the next token decides.
func (p *parser) startsOperator() bool {
	k := p.at()
	if operatorRule(k) == nil {
		return false
	}
	switch k {
	case kwEvaluate:
		_, n := p.paramName(paramForm{bare: true}, 1)
		return p.nameLen(1, false) > 0 || n > 0
	case kwFacet:
		return p.peek(1) == kwBy
	case kwPartition, kwReduce:
		_, n := p.paramName(paramForm{bare: true}, 1)
		return p.peek(1) == kwBy || n > 0
	case kwRange:
		n := p.nameLen(1, false)
		return n > 0 && p.peek(1+n) == kwFrom
	case kwRender:
		return p.peek(1) == tIdent || p.peek(1).isKeyword()
	}
	return !k.has(asName)
}
