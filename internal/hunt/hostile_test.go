package hunt

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/harrier-hunting/harrier/internal/engine"
)

// series joins n texts made of their numbers.
func series(n int, sep, format string) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = format
		if strings.Contains(format, "%") {
			parts[i] = strings.ReplaceAll(format, "%d", fmt.Sprint(i))
		}
	}
	return strings.Join(parts, sep)
}

func nested(n int, open, middle, close string) string {
	return strings.Repeat(open, n) + middle + strings.Repeat(close, n)
}

// hostile are queries of sizes that nobody means.
func hostile() map[string]string {
	q := map[string]string{}
	for _, n := range []int{1000, 30_000} {
		q[fmt.Sprint("long in list ", n)] = "DeviceInfo | where DeviceName in (" + series(n, ", ", "'host%d'") + ")"
		q[fmt.Sprint("long in~ list ", n)] = "DeviceInfo | where DeviceName in~ (" + series(n, ", ", "'host%d'") + ")"
		q[fmt.Sprint("long number list ", n)] = "range x from 1 to 5 step 1 | where x in (" + series(n, ", ", "%d") + ")"
		q[fmt.Sprint("long has_any ", n)] = "DeviceInfo | where DeviceName has_any (" + series(n, ", ", "'host%d'") + ")"
		q[fmt.Sprint("long dynamic ", n)] = "print d = dynamic([" + series(n, ",", "%d") + "]) | mv-expand d | count"
		q[fmt.Sprint("long pack_array ", n)] = "range x from 1 to 3 step 1 | extend d = pack_array(" + series(n, ",", "x + %d") + ") | project array_length(d)"
		q[fmt.Sprint("long case ", n)] = "range x from 1 to 3 step 1 | extend d = case(" + series(n, ",", "x == %d, 'v%d'") + ", '')"
		q[fmt.Sprint("long strcat ", n)] = "range x from 1 to 3 step 1 | extend d = strcat(" + series(n, ",", "x") + ")"
		q[fmt.Sprint("long or ", n)] = "DeviceInfo | where " + series(n, " or ", "DeviceName == 'h%d'")
		q[fmt.Sprint("long and ", n)] = "DeviceInfo | where " + series(n, " and ", "DeviceName != 'h%d'")
		q[fmt.Sprint("long or of terms ", n)] = "DeviceInfo | where " + series(n, " or ", "DeviceName has 'h%d'")
		q[fmt.Sprint("long sum ", n)] = "range x from 1 to 3 step 1 | extend y = " + series(n, " + ", "x")
		q[fmt.Sprint("columns ", n)] = "print " + series(n, ", ", "a%d = %d") + " | project-away a1*"
		q[fmt.Sprint("extends ", n)] = "print a = 1 " + series(n, "", "| extend a = a + 1")
		q[fmt.Sprint("doubling extends ", n)] = "range a from 1 to 2 step 1 " + series(n, "", "| extend a = a + a")
		q[fmt.Sprint("wheres ", n)] = "range x from 1 to 3 step 1 " + series(n, "", "| where x != 2%d")
		q[fmt.Sprint("serialized ", n)] = "range x from 1 to 3 step 1 | serialize " + series(n, "", "| extend r%d = row_number()")
		q[fmt.Sprint("sorts ", n)] = "DeviceInfo " + series(n, "", "| sort by DeviceName asc")
		q[fmt.Sprint("summarizes ", n)] = "DeviceInfo " + series(n, "", "| summarize by DeviceName")
		q[fmt.Sprint("counts ", n)] = "DeviceInfo | summarize " + series(n, ", ", "c%d = countif(DeviceName == 'h%d')")
		q[fmt.Sprint("unions ", n)] = "union " + series(n, ", ", "(print a = %d)") + " | count"
		q[fmt.Sprint("union of columns ", n)] = "union " + series(min(n, 10_000), ", ", "(print a%d = %d)") + " | count"
		q[fmt.Sprint("union of tables ", n)] = "union " + series(n, ", ", "DeviceInfo") + " | count"
		q[fmt.Sprint("lets ", n)] = series(n, "", "let a%d = %d;") + " print a99"
		q[fmt.Sprint("chained lets ", n)] = "let a = 1;" + "let f0 = (x:long) { x + 1 };" + chainLets(n) + fmt.Sprintf("print f%d(1)", n-1)
		q[fmt.Sprint("joins ", n)] = "DeviceInfo " + series(n, "", "| join kind=leftsemi DeviceInfo on DeviceId")
		q[fmt.Sprint("lookups ", n)] = "print k = 1 " + series(n, "", "| lookup (print k = 1, v%d = %d) on k")
		q[fmt.Sprint("mv-expands ", n)] = "print d = dynamic([1]) " + series(n, "", "| mv-expand d")
		q[fmt.Sprint("toscalars ", n)] = "print " + series(n, ", ", "toscalar(DeviceInfo | count)")
		q[fmt.Sprint("in tables ", n)] = "DeviceInfo " + series(n, "", "| where DeviceName in ((DeviceInfo | project DeviceName))")
		q[fmt.Sprint("parses ", n)] = "DeviceInfo " + series(n, "", "| parse DeviceName with a%d '-' *")
		q[fmt.Sprint("one parse ", n)] = "DeviceInfo | parse DeviceName with " + series(n, "", "a%d '-' ") + "*"
		q[fmt.Sprint("datatable ", n)] = "datatable(x:long)[" + series(n, ",", "%d") + "] | count"
		q[fmt.Sprint("nested brackets ", n)] = "print " + nested(n, "(", "1", ")")
		q[fmt.Sprint("nested calls ", n)] = "print x = 'a' | extend y = " + nested(n, "tolower(", "x", ")")
		q[fmt.Sprint("nested tables ", n)] = nested(n, "(", "print 1", " | where true)")
		q[fmt.Sprint("nested toscalar ", n)] = "print " + nested(n, "toscalar(print ", "1", ")")
		q[fmt.Sprint("nested not ", n)] = "print x = true | extend y = " + nested(n, "not(", "x", ")")
		q[fmt.Sprint("nested dynamic ", n)] = "print d = dynamic(" + nested(n, "[", "1", "]") + ")"
		q[fmt.Sprint("minus signs ", n)] = "print x = 1 | extend y = " + strings.Repeat("- ", n) + "x"
		q[fmt.Sprint("path ", n)] = "print d = dynamic({}) | extend y = d" + strings.Repeat(".a", n)
		q[fmt.Sprint("text ", n)] = "print strlen('" + strings.Repeat("a", n*16) + "')"
		q[fmt.Sprint("comment ", n)] = "print 1 // " + strings.Repeat("a", n*16)
		q[fmt.Sprint("regex ", n)] = "DeviceInfo | where DeviceName matches regex '" + strings.Repeat("(a|b)*", n) + "'"
		q[fmt.Sprint("regex repeats ", n)] = "DeviceInfo | where DeviceName matches regex '" + strings.Repeat("(a{1,1000})", min(n, 100)) + "'"
		q[fmt.Sprint("pivot ", n)] = fmt.Sprintf("range x from 1 to %d step 1 | extend k = strcat('k', x) | evaluate pivot(k) | count", n)
		q[fmt.Sprint("bag_unpack ", n)] = fmt.Sprintf("range x from 1 to %d step 1 | extend d = bag_pack(strcat('k', x), x) | project d | evaluate bag_unpack(d) | count", n)
		q[fmt.Sprint("steps of scan ", n)] = "range x from 1 to 9 step 1 | scan with (" + series(n, " ", "step s%d: x > %d;") + ")"
		q[fmt.Sprint("graph edges ", n)] = "print a = 'x', b = 'x' | make-graph a --> b with_node_id=n | graph-match (n0)" + series(n, "", "-[e%d]->(m%d)") + " project n0.n"
		q[fmt.Sprint("union of unions ", n)] = "let a = print 1;" + doubling(min(n, 60)) + fmt.Sprintf("f%d | count", min(n, 60)-1)
		q[fmt.Sprint("functions ", n)] = series(n, "", "let f%d = (x:long) { x };") + "print f1(f2(f3(1)))"
		q[fmt.Sprint("percentiles ", n)] = "range x from 1 to 9 step 1 | summarize percentiles(x, " + series(n, ", ", "5") + ")"
		q[fmt.Sprint("names ", n)] = "print " + strings.Repeat("a", n) + " = 1"
		q[fmt.Sprint("partitions ", n)] = fmt.Sprintf("range x from 1 to %d step 1 | partition by x (count)", n)
		q[fmt.Sprint("top-nested ", n)] = "DeviceInfo | top-nested 1 of DeviceName by count()" + series(n, "", ", top-nested 1 of DeviceId by count()")
		q[fmt.Sprint("prev ", n)] = "range x from 1 to 9 step 1 | serialize | extend y = " + series(n, " + ", "prev(x, %d)")
		q[fmt.Sprint("replace ", n)] = "print x = 'a' | extend y = " + nested(n, "replace_string(", "x", ", 'a', 'aa')")
		q[fmt.Sprint("mv-apply ", n)] = "print d = dynamic([1]) | mv-apply d on (" + series(n, " | ", "where true") + ")"
	}
	for name, text := range map[string]string{
		"huge range":             "range x from 1 to 9223372036854775807 step 1 | count",
		"huge range kept":        "range x from 1 to 1000000000000 step 1 | summarize by x",
		"huge range of times":    "range t from datetime(0001-01-01) to datetime(9999-12-31) step 1tick | count",
		"a range of nothing":     "range x from 1 to 5 step 0",
		"huge array":             "print array_length(range(1, 1000000000000))",
		"arrays of arrays":       "range x from 1 to 100000 step 1 | extend a = range(1, 1000) | extend b = pack_array(a, a, a, a) | summarize make_list(b)",
		"huge repeat":            "print array_length(repeat(1, 9223372036854775807))",
		"huge strrep":            "print strlen(strrep('aaaaaaaaaa', 1024, 'x'))",
		"growing strings":        "print x = strrep('a', 1000)" + series(30, "", "| extend x = strcat(x, x)") + " | project strlen(x)",
		"growing string of rows": "range i from 1 to 100000 step 1 | extend x = strcat('text', i)" + series(30, "", "| extend x = strcat(x, '-', x)") + " | project strlen(x)",
		"growing delimited":      "range i from 1 to 100000 step 1 | extend x = strcat('text', i)" + series(30, "", "| extend x = strcat_delim(x, x, x)") + " | project strlen(x)",
		"growing replaced":       "range i from 1 to 100000 step 1 | extend x = strcat('text', i)" + series(30, "", "| extend x = replace_string(x, 't', x)") + " | project strlen(x)",
		"growing encoded":        "range i from 1 to 100000 step 1 | extend x = strcat('text', i)" + series(30, "", "| extend x = base64_encode_tostring(x)") + " | project strlen(x)",
		"growing repeated":       "range i from 1 to 100000 step 1 | extend x = strcat('text', i)" + series(30, "", "| extend x = strrep(x, 100)") + " | project strlen(x)",
		"growing regex":          "range i from 1 to 100000 step 1 | extend x = strcat('text', i)" + series(30, "", "| extend x = replace_regex(x, '(.*)', @'\\1\\1')") + " | project strlen(x)",
		"growing groups":         "range i from 1 to 100000 step 1 | extend x = strcat('text', i)" + series(9, "", "| summarize x = strcat_array(make_list(strcat(x, x)), '') by i") + " | project strlen(x)",
		"growing arrays":         "print x = range(1, 1000)" + series(30, "", "| extend x = array_concat(x, x)") + " | project array_length(x)",
		"growing rows":           "print d = range(1, 1000)" + series(8, "", "| mv-expand d%d = d") + " | count",
		"growing join":           "range x from 1 to 100000 step 1 | extend k = 1 | join kind=inner (range y from 1 to 100000 step 1 | extend k = 1) on k | count",
		"growing join kept":      "range x from 1 to 100000 step 1 | extend k = 1 | join kind=inner (range y from 1 to 100000 step 1 | extend k = 1) on k | summarize by x, y",
		"self join":              "let T = range x from 1 to 3000 step 1 | extend k = 1; T | join kind=inner T on k | join kind=inner T on k | count",
		"huge make-series":       "print t = datetime(2020-01-01), v = 1 | make-series count() on t from datetime(0001-01-01) to datetime(9999-01-01) step 1s",
		"many series":            "range k from 1 to 100000 step 1 | extend t = datetime(2020-01-01) | make-series count() on t from datetime(2020-01-01) to datetime(2020-02-01) step 1m by k",
		"series of all times":    "DeviceInfo | make-series count() on Timestamp step 1tick",
		"wide series":            "datatable(x:long)[0, 9223372036854775807] | make-series count() on x step 1",
		"big step":               "datatable(x:long)[-9223372036854775807, 9223372036854775807] | make-series count() on x step 9223372036854775807",
		"graph explosion":        "range a from 1 to 60 step 1 | extend k = 1 | join kind=inner (range b from 1 to 60 step 1 | extend k = 1) on k | make-graph a --> b with_node_id=n | graph-match (x)-[e*1..12]->(y) project x.n, y.n",
		"graph of cycles":        "range a from 1 to 12 step 1 | extend k = 1 | join kind=inner (range b from 1 to 12 step 1 | extend k = 1) on k | make-graph a --> b with_node_id=n | graph-match cycles=all (x)-[e*1..20]->(y) where x.n == 1 and y.n == 99 project x.n",
		"graph of stars":         "range a from 1 to 3000 step 1 | extend b = 0 | make-graph a --> b with_node_id=n | graph-match (x)-->(y)<--(z)-->(w)<--(v) project x.n, z.n",
		"shortest paths":         "range a from 1 to 200 step 1 | extend k = 1 | join kind=inner (range b from 1 to 200 step 1 | extend k = 1) on k | make-graph a --> b with_node_id=n | graph-shortest-paths output=all (x)-[e*1..10]->(y) project x.n, y.n, map(e, a)",
		"large graph":            "range a from 1 to 2000000 step 1 | extend b = a + 1 | make-graph a --> b with_node_id=n | graph-mark-components | graph-to-table nodes | count",
		"scan of many":           "range x from 1 to 3000000 step 1 | serialize | scan declare (n:long=0) with (step s: true => n = s.n + x;) | count",
		"scan with many states":  "range x from 1 to 300000 step 1 | serialize | scan with_match_id=m with (step a: x % 2 == 0; step b: x % 3 == 0; step c: x % 5 == 0;) | count",
		"prev far":               "range x from 1 to 100000 step 1 | serialize | extend y = prev(x, 9223372036854775807), z = next(x, 1000000)",
		"basket of everything":   "range x from 1 to 100000 step 1 | extend a = x % 7, b = x % 11, c = x % 13, d = x % 17, e = x % 19, f = x % 23 | evaluate basket(0.015)",
		"autocluster of many":    "range x from 1 to 200000 step 1 | extend a = tostring(x), b = tostring(x % 1000), c = x % 10 | evaluate autocluster()",
		"diff of many":           "range x from 1 to 200000 step 1 | extend a = tostring(x), b = tostring(x % 1000), c = x % 2 | evaluate diffpatterns(c, '0', '1')",
		"sequences":              "range x from 1 to 200000 step 1 | extend t = datetime(2020-01-01) + x * 1s, k = 1 | evaluate sequence_detect(t, 100d, 100d, a = (x % 2 == 0), b = (x % 3 == 0), k)",
		"windows of windows":     "range x from 1 to 5000 step 1 | extend t = datetime(2020-01-01) + x * 1h | evaluate sliding_window_counts(x, t, datetime(0001-01-01), datetime(9999-01-01), 300d, 1s)",
		"metrics of ages":        "range x from 1 to 5000 step 1 | extend t = datetime(2020-01-01) + x * 1h | evaluate activity_counts_metrics(x, t, datetime(0001-01-01), datetime(9999-01-01), 1s)",
		"rolling":                "range x from 1 to 100000 step 1 | evaluate rolling_percentile(x, 50, x, 1, 100000)",
		"many make_list":         "range x from 1 to 3000000 step 1 | summarize l = make_list(x), s = make_set(strcat('abcdefghijklmnop', x)) | project array_length(l), array_length(s)",
		"lists of lists":         "range x from 1 to 1000000 step 1 | summarize l = make_list(pack('a', x, 'b', pack_array(x, x, x))) | project strlen(tostring(l))",
		"all to all bag":         "range x from 1 to 300000 step 1 | summarize b = make_bag(bag_pack(strcat('k', x), x)) | project array_length(bag_keys(b))",
		"dcount of all":          "range x from 1 to 5000000 step 1 | summarize dcount(x), count_distinct(x), hll(x), percentile(x, 50)",
		"bad regex":              "DeviceInfo | where DeviceName matches regex '" + strings.Repeat("(", 5000) + "a'",
		"regex of all":           "range x from 1 to 2000 step 1 | extend s = strrep('a', 1000) | where s matches regex '(a*)*(a*)*(a*)*b'",
		"regex counts":           "print extract_all('((a{0,500}){0,500})', strrep('a', 500))",
		"replace grows":          "print x = strrep('a', 1000) | extend x = replace_regex(x, '', strrep('b', 1000)) | extend x = replace_regex(x, '', strrep('b', 1000)) | project strlen(x)",
		"mutual recursion":       "let a = () { union b, b }; let b = () { union a, a }; a",
		"wild unions":            "union (union *), (union *), (union *), (union *), (union *), (union *) | count",
		"search in searches":     "search 'a' | search 'b' | search 'c' | search 'd' | count",
		"let of all":             "let T = union *; union T, T, T, T, T, T, T, T | count",
		"deep let of all":        "let T = union *; let U = union T, T, T, T; let V = union U, U, U, U; union V, V, V, V | count",
		"nested series":          "print s = series_fir(range(1, 100000), range(1, 10000))",
		"decompose":              "print s = series_decompose(range(1, 200000))",
		"periods":                "print s = series_periods_detect(range(1, 100000), 0.0, 50000.0, 1000)",
		"fft":                    "print s = series_fft(range(1, 300000))",
		"sort of arrays":         "print x = array_sort_asc(range(1, 1000000)) | project array_length(x)",
		"sets of arrays":         "print x = set_union(range(1, 300000), range(200000, 500000)) | project array_length(x)",
		"tiny geo cells":         `print array_length(geo_polygon_to_s2cells(dynamic({"type":"Polygon","coordinates":[[[-170,-80],[170,-80],[170,80],[-170,80],[-170,-80]]]}), 20))`,
		"tiny h3 cells":          `print array_length(geo_polygon_to_h3cells(dynamic({"type":"Polygon","coordinates":[[[-170,-80],[170,-80],[170,80],[-170,80],[-170,-80]]]}), 12))`,
		"densify":                `print strlen(tostring(geo_line_densify(dynamic({"type":"LineString","coordinates":[[0,0],[179,0]]}), 0.1)))`,
		"format":                 "print format_datetime(now(), strrep('yyyy', 1000))",
		"all columns joined":     "DeviceInfo | join kind=fullouter (DeviceInfo) on DeviceId | join kind=fullouter (DeviceInfo) on DeviceId | join kind=fullouter (DeviceInfo) on DeviceId | count",
	} {
		q[name] = text
	}
	return q
}

// chainLets are functions of which each calls the last.
func chainLets(n int) string {
	var b strings.Builder
	for i := 1; i < n; i++ {
		fmt.Fprintf(&b, "let f%d = (x:long) { f%d(x) + 1 };", i, i-1)
	}
	return b.String()
}

// doubling are functions of which each reads the last twice.
func doubling(n int) string {
	var b strings.Builder
	b.WriteString("let f0 = () { union DeviceInfo, a };")
	for i := 1; i < n; i++ {
		fmt.Fprintf(&b, "let f%d = () { union f%d, f%d };", i, i-1, i-1)
	}
	return b.String()
}

// What compiling may take, whatever the text; what running may after its
// deadline.
const (
	compileTime   = 3 * time.Second
	compileMemory = 1 << 30
	runTime       = time.Second
	stopTime      = 4 * time.Second
)

// TestHostileSizes: sizes that nobody means are refused clearly, or stopped,
// or answered; they cost little to look at.
func TestHostileSizes(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute")
	}
	env, store := testEnv(t), fixtureStore(t)
	scope := testScope(env)
	scope.MaxRows = 1000
	outcomes, high := map[string]int{}, peak()
	queries := hostile()
	for _, name := range slices.Sorted(maps.Keys(queries)) {
		text := queries[name]
		t.Run(name, func(t *testing.T) {
			var took time.Duration
			var err error
			for range 3 { // the machine may be busy: the best of three counts
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				at := time.Now()
				_, err = Compile(text, env, scope, store)
				took = time.Since(at)
				runtime.ReadMemStats(&after)
				if after.TotalAlloc-before.TotalAlloc > compileMemory {
					t.Errorf("%d bytes of text: compiling takes %d MB (%v)", len(text), (after.TotalAlloc-before.TotalAlloc)>>20, firstLine(err))
				}
				if took <= compileTime {
					break
				}
			}
			if took > compileTime {
				t.Errorf("%d bytes of text: compiling takes %v (%v)", len(text), took, firstLine(err))
			}
			for range 3 {
				ctx, cancel := context.WithTimeout(context.Background(), runTime)
				at := time.Now()
				var c Compiled
				if c, err = Prepare(ctx, text, env, scope, store); err == nil {
					err = runThrough(ctx, store, c, scope.MaxRows)
				}
				took = time.Since(at)
				cancel()
				if took <= compileTime+runTime+stopTime {
					break
				}
			}
			if took > compileTime+runTime+stopTime {
				t.Errorf("takes %v to stop (%v)", took, firstLine(err))
			}
			var refused *QueryError
			kind := "ran"
			switch {
			case err == nil:
			case errors.As(err, &refused):
				kind = "refused"
				if w := internals(refused.First().Message+refused.First().Hint, text); w != "" {
					t.Errorf("says %q: %s", w, firstLine(err))
				}
			case engine.KindOf(err) == engine.Internal:
				t.Errorf("%s", clipped(causes(err)))
			default:
				kind = engine.KindOf(err).String()
			}
			outcomes[kind]++
			if p := peak(); p > high+512 {
				t.Logf("the process held %d MB", p)
				high = p
			}
			t.Logf("%v %s: %s", took.Round(time.Millisecond), kind, firstLine(err))
		})
	}
	t.Log(outcomes)
}

func firstLine(err error) string {
	if err == nil {
		return ""
	}
	text, _, _ := strings.Cut(err.Error(), "\n")
	return clipped(text)
}

// peak is the most memory the process held so far, in MB; 0 where nobody tells.
func peak() int {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	kb, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		return 0
	}
	return kb >> 10
}
