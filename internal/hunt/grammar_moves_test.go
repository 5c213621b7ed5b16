package hunt

import (
	"fmt"
	"slices"
	"strings"

	"github.com/harrier-hunting/harrier/internal/plan"
	"github.com/harrier-hunting/harrier/internal/types"
)

// effect is what an operator does to the order of rows and to the column that
// tells them apart.
type effect uint8

const (
	keeps   effect = iota // order and unique column
	spreads               // order only: a row may become several
	blends                // neither
	sorts                 // makes an order that is one
	chooses               // depends on the order: one answer only if rows have one; keeps both
	guesses               // has no one answer
	ends                  // nothing can follow
)

// move is a way to write an operator, see fill.
type move struct {
	form string
	does effect
}

const anyJoin = "{inner|innerunique|leftouter|rightouter|fullouter|leftsemi|leftanti|rightsemi|rightanti}"
const sureJoin = "{inner|leftouter|rightouter|fullouter|leftsemi|leftanti|rightsemi|rightanti}"

// moves by operator. {a|b} is one of them.
var moves = map[string][]move{
	"where":           {{"where %b", keeps}, {"where isnotnull($c) or %b", keeps}, {"where not(%b)", keeps}, {"where * has 'a'", keeps}},
	"extend":          {{"extend #z = %e", keeps}, {"extend #z = %l, #z = %x", keeps}, {"extend $c = %x", keeps}, {"extend %e", keeps}, {"extend #z = %y", keeps}, {"extend #z = %1", keeps}},
	"project":         {{"project $c, $a, #z = %e", blends}, {"project u9 = $c, $?, #z = %l", keeps}, {"project %e, $a", blends}, {"project-away $c", blends}, {"project-keep $?, $c, $d", keeps}, {"project-rename #z = $a", blends}, {"project-reorder $c, *", keeps}, {"project-reorder * asc", keeps}, {"project-away z*", keeps}, {"project-by-names '$?', 'z*', 'k', 'x*'", keeps}},
	"summarize":       {{"summarize c = count(), m = max($c), dcount($c) by $c", blends}, {"summarize s = array_sort_asc(make_set($c)), sum($l) by $c, #z = bin($n, 10)", blends}, {"summarize arg_max($?, *) by $c", blends}, {"summarize arg_min($?, $a, $a)", blends}, {"summarize by $c, $c", blends}, {"summarize countif(%b), max(%l), min(%x)", blends}, {"summarize percentile($l, 50), percentiles($i, 5, 95) by $c", blends}, {"summarize count() by %e", blends}, {"summarize make_list($a), take_any($c), arg_max($c, *) by $c", guesses}, {"summarize sumif($l, %b), dcountif($c, %b), countif($b) by $c", blends}, {"summarize c = count() * 2 + max(%l), a = iff(count() > 1, 'x', min($x)) by $b", blends}, {"summarize stdev($l), variance($i), avg(Calm)", blends}, {"summarize take_any(*), make_bag($d), buildschema($d) by $c", guesses}, {"summarize hll($c), binary_all_or($l), make_list_if($a, %b), tdigest($n)", guesses}, {"summarize l = make_list(%l), make_list_with_nulls($a)", chooses}},
	"distinct":        {{"distinct $c, $c", blends}, {"distinct *", blends}, {"distinct %e", blends}},
	"sort":            {{"sort by $? {asc|desc}", sorts}, {"sort by $c {asc|desc} nulls {first|last}, $?", sorts}, {"order by %e, $? asc", sorts}, {"sort by $c", guesses}},
	"top":             {{"top 10 by $? {asc|desc}", sorts}, {"top #N by $c", guesses}, {"take #N", chooses}, {"limit 20", chooses}, {"sample 5", guesses}, {"sample-distinct 3 of $c", guesses}},
	"serialize":       {{"serialize", guesses}, {"sort by $? asc | serialize #z = row_number(), #z = prev($a), #z = next($c, 2), #z = row_cumsum($l)", sorts}, {"serialize #z = row_number(#N), #z = prev($a, 1)", chooses}, {"serialize #z = row_rank_dense($c), #z = row_cumsum($l, $c != prev($c)), #z = row_window_session($t, 1h, 5m)", chooses}, {"where prev($c) == $c", chooses}},
	"join":            {{"join kind=" + sureJoin + " (@L) on $left.$c == $right.n", blends}, {"join kind=" + sureJoin + " (@L) on $left.$x == $right.k, $left.$l == $right.n", blends}, {"join kind=" + anyJoin + " (@T) on $left.$n == $right.n", guesses}, {"join kind=" + sureJoin + " (Args | where Id < 20 | project G, l0, y0) on $left.$n == $right.G", blends}, {"join kind=" + sureJoin + " (Empty | project Id, q = x0) on $left.$l == $right.Id", blends}, {"as J#N | join kind=" + sureJoin + " (J#N | summarize c = count() by $?) on $?", blends}, {"lookup kind={leftouter|inner} (@L) on $left.$l == $right.n", blends}, {"lookup (Args | summarize lk = max(Calm) by G) on $left.$n == $right.G", blends}},
	"union":           {{"union (@T)", blends}, {"union kind={inner|outer} (Few | where n > 2), (Empty | project Id, k = x0)", blends}, {"union withsource=#z Few, (Args | where Id < 3)", blends}, {"as U#N | union (U#N | where %b)", blends}, {"as U#N | union U#N, (U#N | count)", blends}, {"union isfuzzy=true Nowhere, (@T)", blends}},
	"mv-expand":       {{"mv-expand $d", spreads}, {"mv-expand with_itemindex=#z e = $d to typeof(string) limit 3", spreads}, {"mv-expand $d, $d to typeof(long)", spreads}, {"mv-expand kind=array $d", spreads}, {"mv-expand bagexpansion={bag|array} e = $d to typeof({real|datetime|dynamic|guid|bool})", spreads}, {"mv-expand e = pack_array($l, $l) to typeof(long), g = %y", spreads}, {"mvexpand #z = %y limit 2", spreads}, {"mv-expand range(1, #N) to typeof(int)", spreads}},
	"mv-apply":        {{"mv-apply e = $d to typeof(long) on (where e > 1 | summarize c = count(), s = sum(e))", blends}, {"mv-apply $d on (take 1)", spreads}, {"mv-apply with_itemindex=i e = %y to typeof(string) on (@S)", guesses}, {"mv-apply e = pack_array($l, 2) to typeof(long) on (top 1 by e asc | project e, $c)", spreads}, {"mv-apply e = $d, g = $d to typeof(real) limit 2 on (extend z = strcat(e, $c) | project-away e)", guesses}, {"mv-apply e = $d on (mv-apply w = e on (summarize count()))", guesses}},
	"partition":       {{"partition by $c (@S)", guesses}, {"partition hint.strategy=native by $x (summarize c = count(), m = max($c))", blends}, {"partition by $l (where %b | summarize c = count() by $c)", blends}, {"partition hint.strategy=shuffle by $c (where %b)", blends}, {"partition by $x { Few | where k == $x | count }", guesses}, {"partition hint.strategy=native by $c (sort by $? asc | take 2 | extend #z = row_number())", blends}},
	"parse":           {{"parse $x with * 'a' #z:long 'b' *", keeps}, {"parse kind=regex $x with #z:string '[0-9]+' *", keeps}, {"parse kind=relaxed $x with 'a' #z:real *", keeps}, {"parse-where $x with * '=' #z:string", keeps}, {"parse-where kind=regex flags=i %x with 'a.' #z", keeps}},
	"parse-kv":        {{"parse-kv $x as (a:string, b:string) with (pair_delimiter=';', kv_delimiter='=')", keeps}, {"parse-kv $x as (#z:long, e:dynamic) with (pair_delimiter=' ', kv_delimiter=':', greedy=true)", keeps}, {"parse-kv $x as (a:string) with (regex='([a-z])=([a-z]*)')", keeps}},
	"scan":            {{"sort by $? asc | scan declare (q:long=0) with (step s: true => q = $l + s.q;)", sorts}, {"sort by $? asc | scan with_match_id=mid with (step s1: %b; step s2 output={all|last|none}: $l > s1.$l; step s3: %b;)", guesses}, {"scan order by $? asc partition by $c declare (q:real) with (step a: %b => q = $n; step b: isnotnull(a.q) => q = a.q;)", guesses}},
	"make-series":     {{"make-series #z = count(), sum($l) default=0 on $t step 1h by $c", guesses}, {"make-series count(), avg($n) default=0 on at from ago(2d) to now() step 6h", blends}, {"make-series max($l) on $l from 0 to 100 step 7 by $c", blends}, {"make-series kind=nonempty s = sum($l), dcount($c) on $i from 0 to 10 step 3", blends}, {"make-series count() on $n in range(0, 50, 10) by $b", guesses}, {"make-series m = countif(%b) on $l step 1000 by #z = tostring($c)", guesses}},
	"top-nested":      {{"top-nested 2 of $c by count(), top-nested 1 of $c with others='rest' by max($l)", guesses}, {"top-nested of $c by count(), top-nested of $c by sum($l) asc", blends}, {"top-nested 3 of $x with others='o' by sum($l)", guesses}},
	"top-hitters":     {{"top-hitters 3 of $c", guesses}, {"top-hitters 2 of %x by $l", guesses}},
	"search":          {{"search 'a'", keeps}, {"search $x:'a' or 'b*'", keeps}, {"search kind=case_sensitive 'A' and not('b')", keeps}, {"search * and %b", keeps}},
	"evaluate":        {{"evaluate bag_unpack($d)", spreads}, {"evaluate bag_unpack($d, 'p_', columnsConflict='{keep_source|replace_source}')", spreads}, {"evaluate bag_unpack($d) : (*, x:long)", spreads}, {"where isnotempty($x) | project a = $x, b = $c, c = $l | evaluate pivot(a, count())", blends}, {"extend p = strcat('p', $b) | evaluate pivot(p, max($a), $c)", blends}, {"evaluate pivot($b, sum($l), $c)", blends}, {"evaluate pivot(k, max($l), $c) : (*, a:long)", blends}, {"evaluate narrow()", guesses}, {"getschema | evaluate schema_merge()", guesses}, {"evaluate rows_near(%b, 1)", guesses}, {"evaluate preview(3)", guesses}, {"evaluate ipv4_lookup((Few | project ip, who = k), $x, ip)", guesses}, {"evaluate basket(0.2)", blends}, {"project $c, $c, $b, $l | evaluate autocluster()", blends}, {"evaluate diffpatterns($b, 'true', 'false')", blends}, {"evaluate sequence_detect($t, 1h, 2h, s1 = %b, s2 = %b, $c)", guesses}, {"evaluate rolling_percentile($n, 50, $l, 5, 3)", guesses}, {"evaluate activity_counts_metrics($c, $t, ago(2d), now(), 6h)", blends}, {"evaluate session_count($c, $l, 0, 100, 10, 20)", blends}, {"evaluate sliding_window_counts($c, $t, ago(2d), now(), 12h, 6h)", blends}, {"summarize h = hll($c), g = hll($c) | evaluate dcount_intersect(h, g)", guesses}, {"evaluate funnel_sequence($c, $t, ago(2d), now(), 1h, 1h, $x, dynamic(['a','b']))", blends}, {"evaluate identity()", keeps}},
	"graph":           {{"make-graph $x --> $x with_node_id=nid | graph-match (a)-[e]->(b) where a.nid != 'x' project a.nid, n = e.$c, b.nid", blends}, {"project k = $x, j = $c, n = $l | take 30 | make-graph k --> j with_node_id=nid | graph-match cycles={none|all|unique_edges} (a)-[e*1..2]->(b) where b.nid != '' project p = array_length(e), b.nid, map(e, n), map(inner_nodes(e), nid)", guesses}, {"make-graph $x --> $x with Few on k | graph-to-table nodes", guesses}, {"make-graph $l --> $l with_node_id=nid | graph-mark-components kind={weak|strong} | graph-to-table nodes", guesses}, {"make-graph $c --> $c with_node_id=nid | graph-to-table edges", blends}, {"where $x in ('a','b','c') | take 20 | make-graph $x --> $x with_node_id=nid | graph-shortest-paths output={all|any} (a)-[e*1..3]->(b) where a.nid == 'a' project b.nid, array_length(e)", guesses}},
	"small":           {{"count", blends}, {"getschema", blends}, {"as Q#N", keeps}, {"consume", ends}, {"render {table|timechart|piechart}", ends}, {"invoke pass_()", keeps}, {"invoke first_(#N)", chooses}, {"invoke add_z_()", keeps}},
	"fork":            {{"fork (where %b | project $c) (count)", ends}, {"fork A = (summarize count() by $c) (count)", ends}, {"facet by $c, $c with (where %b | count)", ends}, {"facet by $c", ends}},
	"series":          {{"extend #z = series_{stats_dynamic|fft|fit_line_dynamic|outliers|fill_linear|fill_forward|iir_x|decompose|periods_detect}(%y)", keeps}, {"extend series_stats($d)", keeps}, {"extend (#z, q) = series_fit_line($d)", keeps}, {"extend #z = series_{add|multiply|equals|less|pearson_correlation|dot_product}(%y, %y)", keeps}, {"extend series_decompose_anomalies($d)", keeps}},
	"let":             nil,
	"serialize chain": {{"sort by $? desc | extend #z = prev($l) | where %b | extend #z = next($x) | take 7 | extend #z = row_number()", sorts}, {"sort by $? asc | mv-expand $d | extend #z = prev($c)", sorts}, {"sort by $? asc | parse $x with * 'a' #z 'b' * | project $c, $a, #z | summarize l = make_list($c)", sorts}},
}

var moveNames = func() (names []string) {
	for k := range moves {
		names = append(names, k)
	}
	slices.Sort(names)
	return names
}()

// choose resolves {a|b}.
func (p *pipe) choose(form string) string {
	for {
		from := strings.IndexByte(form, '{')
		to := from + strings.IndexByte(form[from+1:], '}') + 1
		if from < 0 || to <= from || !strings.Contains(form[from:to], "|") || strings.ContainsAny(form[from:to], " $") {
			return form
		}
		form = form[:from] + pick(p.r, strings.Split(form[from+1:to], "|")) + form[to+1:]
	}
}

// step adds an operator; false when nothing fits.
func (p *pipe) step() bool {
	name := pick(p.r, moveNames)
	if name == "let" {
		p.name()
		return true
	}
	m := pick(p.r, moves[name])
	switch {
	case p.strict && (m.does == guesses || m.does == chooses && !p.sorted), m.does == ends && p.depth > 0:
		return false
	}
	form := p.choose(m.form)
	n := fmt.Sprint(p.r.IntN(1000))
	form = strings.NewReplacer("J#N", "J"+n, "U#N", "U"+n, "Q#N", "Q"+n, "$left", "$$left", "$right", "$$right").Replace(form)
	form = strings.NewReplacer("$$left", "\x01", "$$right", "\x02").Replace(form)
	text := p.fill(form, pick(p.r, types.Scalars()), 2)
	text = strings.NewReplacer("\x01", "$left", "\x02", "$right").Replace(text)
	if text == "" || len(text) > 3000 {
		return false
	}
	cols, err := p.columns(p.prelude() + p.body() + "\n| " + text)
	if err != nil {
		if strings.HasPrefix(err.Error(), "probe:") {
			p.broken = append(p.broken, p.prelude()+p.body()+"\n| "+text+"\n"+causes(err))
		}
		p.reasons[m.form] = err.Error() + ": " + text
		return false
	}
	p.used[name]++
	p.forms[m.form]++
	p.steps, p.cols = append(p.steps, text), cols
	p.after(m.does, text)
	return true
}

// after follows the order and the unique column.
func (p *pipe) after(does effect, text string) {
	has := slices.ContainsFunc(p.cols, func(c plan.Column) bool { return c.Name == p.unique && c.Type == types.Long })
	switch {
	case does == sorts && !strings.Contains(text, "mv-expand"), does == keeps, does == chooses:
		p.sorted = p.sorted || does == sorts
	case does == spreads, does == sorts:
		p.sorted, has = p.sorted || does == sorts, false
	default:
		p.sorted, has = false, false
	}
	if !has || strings.Contains(text, p.unique+" =") || strings.Contains(text, "summarize") {
		p.unique = ""
	}
	p.closed = does == ends
}

// name makes what there is so far a let statement and goes on from it.
func (p *pipe) name() {
	if p.depth > 0 || p.closed || len(p.steps) == 0 || len(*p.lets) > 4 {
		return
	}
	l := letTable{name: fmt.Sprintf("L%d_", len(*p.lets)), text: p.body(), cols: p.cols, unique: p.unique}
	*p.lets = append(*p.lets, l)
	p.src, p.steps = l.name, nil
	// A let is read as a table: whether it keeps an order is not asked.
	p.sorted = false
}

// table draws another table with some operators.
func (p *pipe) table() *pipe {
	if p.depth > 2 {
		return nil
	}
	q := &pipe{args: p.args, grown: p.grown, strict: p.strict, depth: p.depth + 1}
	q.start()
	for range p.r.IntN(3) {
		q.step()
	}
	if q.closed {
		return nil
	}
	return q
}

// start draws a source.
func (p *pipe) start() {
	sources := []string{"Args", "Few", "Few", "Empty", "DeviceProcessEvents", "DeviceLogonEvents", "DeviceInfo", "CloudAppEvents", "range Id from 1 to 9 step 1", "print Id = 1, k = 'a', d = dynamic([1,{'x':2}])",
		"datatable(Id:long, k:string, n:long, d:dynamic)[1, 'a', 3, dynamic({'x':1}), 2, '', long(null), dynamic(null), 3, 'b', 1, dynamic([1,'a'])]", "union Few, (Args | where Id < 5)", "(Few | where n > 1)",
		"search in (Few, DeviceInfo) 'a'", "find in (Few, DeviceInfo) where 'a'", "find in (Few, Args) where Id == 3 project k, x0, pack(*)", "union withsource=src Few, Empty", "DeviceNetworkEvents", "table('Few')",
		"range t from ago(1d) to now() step 6h", "ids_(5)"}
	if p.depth > 0 {
		sources = append([]string{"Few", "Few", "(Args | where Id < 25)"}, sources[7:]...)
	}
	p.src = pick(p.r, sources)
	for _, l := range *p.lets {
		if p.r.IntN(3) == 0 {
			p.src, p.unique = l.name, l.unique
		}
	}
	switch p.src {
	case "Args", "Few", "Empty", "(Few | where n > 1)", "range Id from 1 to 9 step 1", "print Id = 1, k = 'a', d = dynamic([1,{'x':2}])", "table('Few')", "(Args | where Id < 25)", "ids_(5)":
		p.unique = "Id"
	}
	if strings.HasPrefix(p.src, "datatable") {
		p.unique = "Id"
	}
	cols, err := p.columns(p.prelude() + p.src)
	if err == nil {
		p.cols = cols
	}
}
