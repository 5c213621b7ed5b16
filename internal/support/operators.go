package support

import (
	"slices"
	"strings"
)

// element is a part of the language that an example query stands for.
type element struct {
	kind, name, page, doc string
	aliases               []string
	example               string
}

// addExamples compiles the example of every element.
func (m *Matrix) addExamples(p prober) error {
	for _, e := range elements() {
		state, reason, err := p.compile(e.example)
		if err != nil {
			return err
		}
		r := Row{Name: e.name, Kind: e.kind, Aliases: e.aliases, Doc: e.doc, DuckDB: state, Reason: reason, Examples: []Example{{KQL: e.example}}, Source: e.page}
		if e.kind == kindOperator && r.Source == "" {
			r.Source = e.name + "-operator"
		}
		r.Precision = precisionOf(e.kind, e.name)
		m.Rows = append(m.Rows, r)
	}
	return nil
}

func elements() []element {
	var out []element
	for _, list := range [][]element{operators(), graphOperators(), statements(), joinKinds()} {
		out = append(out, list...)
	}
	order := []string{kindOperator, kindStatement, kindJoin}
	slices.SortStableFunc(out, func(a, b element) int {
		if d := slices.Index(order, a.kind) - slices.Index(order, b.kind); d != 0 || a.kind != kindOperator {
			return d
		}
		return strings.Compare(a.name, b.name)
	})
	return out
}

func op(name, doc, example string, aliases ...string) element {
	return element{kind: kindOperator, name: name, doc: doc, example: example, aliases: aliases}
}

// operators are the tabular operators of Kusto's reference, but for graphs.
func operators() []element {
	return []element{
		op("as", "Names the rows so far.", `DeviceProcessEvents | where FileName =~ "cmd.exe" | as Shells | join kind=inner (Shells | distinct DeviceId) on DeviceId`),
		op("consume", "Reads all rows and answers with none.", `DeviceEvents | consume`),
		op("count", "Number of rows.", `DeviceEvents | count`),
		op("datatable", "A table written in the query.", `datatable (name: string, port: int) ["ssh", 22, "rdp", 3389]`),
		op("distinct", "One of each row.", `DeviceProcessEvents | distinct DeviceName, FileName`),
		op("evaluate", "Calls a plugin.", `DeviceInfo | project DeviceId, d = parse_json(LoggedOnUsers) | evaluate bag_unpack(d)`),
		op("extend", "Adds computed columns.", `DeviceProcessEvents | extend Folder = parse_path(FolderPath).DirectoryPath`),
		op("externaldata", "A table in files of allowed hosts.", `externaldata (ip: string) ["https://example.org/ips.txt"] with (format="txt") | where isnotempty(ip)`),
		op("facet", "A table of counts for each column.", `DeviceEvents | facet by ActionType, DeviceName`),
		op("find", "Rows of several tables that fulfil a condition.", `find in (DeviceFileEvents, DeviceProcessEvents) where FileName =~ "a.exe" project DeviceName, FileName`),
		op("fork", "Several answers from one input.", `DeviceEvents | fork (count) (summarize count() by ActionType)`),
		op("getschema", "Names and types of the columns.", `DeviceEvents | getschema`),
		element{kind: kindOperator, name: "inline_external_table", page: "inline-external-table-operator", doc: "An external table defined in the query: files named one by one, of allowed hosts.",
			example: `inline_external_table (a: string) kind=storage dataformat=csv ("https://example.org/a.csv")`},
		op("invoke", "Passes the rows to a function.", `let Recent = (T: (Timestamp: datetime)) { T | where Timestamp > ago(1d) }; DeviceEvents | invoke Recent()`),
		op("join", "Pairs rows with equal keys.", `DeviceProcessEvents | join kind=inner DeviceNetworkEvents on DeviceId`),
		op("lookup", "Adds columns of another table by key.", `DeviceEvents | lookup kind=leftouter (DeviceInfo | distinct DeviceId, OSPlatform) on DeviceId`),
		op("macro-expand", "Runs a subquery over each member of an entity group.", `macro-expand entity_group [database("Harrier")] as X (X.DeviceEvents | count)`),
		op("make-series", "Aggregates onto a regular axis, as arrays.", `DeviceEvents | make-series n = count() default=0 on Timestamp from ago(7d) to now() step 1d by DeviceName`),
		op("mv-apply", "Runs a subquery over the items of an array.", `DeviceInfo | mv-apply u = parse_json(LoggedOnUsers) on (where u.UserName =~ "alice")`, "mvapply"),
		op("mv-expand", "A row for each item of an array.", `DeviceInfo | mv-expand u = parse_json(LoggedOnUsers)`, "mvexpand"),
		op("parse", "Takes a text apart by a pattern.", `DeviceEvents | parse AdditionalFields with * "Path=" path: string ";" *`),
		op("parse-kv", "Columns out of a text of keys and values.", `DeviceEvents | parse-kv AdditionalFields as (Path: string, Size: long) with (pair_delimiter=";", kv_delimiter="=")`),
		op("parse-where", "parse that keeps only the rows that match.", `DeviceEvents | parse-where AdditionalFields with * "Path=" path: string ";" *`),
		op("partition", "Runs a subquery for each value of a column.", `DeviceEvents | partition hint.strategy=native by DeviceName (top 3 by Timestamp)`),
		op("print", "One row of computed values.", `print day = startofday(now())`),
		op("project", "Chooses and computes columns.", `DeviceEvents | project Timestamp, DeviceName`),
		op("project-away", "Leaves columns out.", `DeviceEvents | project-away Initiating*`),
		op("project-by-names", "Columns by names that are computed.", `DeviceEvents | project-by-names dynamic(["DeviceName", "ActionType"])`),
		op("project-keep", "Keeps columns in their order.", `DeviceEvents | project-keep Device*, Timestamp`),
		op("project-rename", "Renames columns.", `DeviceEvents | project-rename Host = DeviceName`),
		op("project-reorder", "Puts columns first.", `DeviceEvents | project-reorder DeviceName, Timestamp`),
		op("range", "A column of values at equal distances.", `range day from ago(7d) to now() step 1d`),
		op("reduce", "Groups texts that are alike.", `DeviceEvents | reduce by ActionType`),
		op("render", "Says how the answer is to be drawn.", `DeviceEvents | summarize count() by bin(Timestamp, 1h) | render timechart`),
		op("sample", "So many rows by chance.", `DeviceEvents | sample 10`),
		op("sample-distinct", "So many distinct values.", `DeviceEvents | sample-distinct 10 of DeviceName`),
		op("scan", "Matches steps in rows in their order.", `DeviceEvents | sort by Timestamp asc | scan declare (n: long = 0) with (step s: true => n = s.n + 1;)`),
		op("search", "Rows with a text in any column.", `search in (DeviceEvents, DeviceFileEvents) "mimikatz"`),
		op("serialize", "Fixes the order of rows for window functions.", `DeviceEvents | serialize n = row_number()`),
		op("sort", "Orders rows.", `DeviceEvents | sort by Timestamp desc`, "order"),
		op("summarize", "Aggregates by groups.", `DeviceEvents | summarize count(), dcount(DeviceId) by ActionType`),
		op("take", "Any so many rows.", `DeviceEvents | take 10`, "limit"),
		op("top", "The first rows of an order.", `DeviceEvents | top 10 by Timestamp desc`),
		op("top-hitters", "The values that come up most often.", `DeviceEvents | top-hitters 3 of ActionType`),
		op("top-nested", "The best of the best, level by level.", `DeviceEvents | top-nested 3 of DeviceName by count(), top-nested 1 of ActionType by count()`),
		op("union", "Rows of several tables.", `union withsource=Source DeviceEvents, DeviceFileEvents`),
		op("where", "Keeps rows that fulfil a condition.", `DeviceEvents | where DeviceName has "srv" and Timestamp > ago(1d)`, "filter"),
	}
}

const aGraph = `let Nodes = datatable (id: string) ["a", "b", "c"]; let Edges = datatable (s: string, t: string) ["a", "b", "b", "c"]; Edges | make-graph s --> t with Nodes on id | `

func graphOperators() []element {
	return []element{
		op("graph-mark-components", "Labels the connected parts of a graph.", aGraph+`graph-mark-components kind=weak | graph-to-table nodes`),
		op("graph-match", "Finds patterns in a graph.", aGraph+`graph-match (x)-[e]->(y) where x.id == "a" project from = x.id, to = y.id`),
		op("graph-shortest-paths", "Finds shortest paths in a graph.", aGraph+`graph-shortest-paths (x)-[e*1..5]->(y) where x.id == "a" and y.id == "c" project y.id`),
		op("graph-to-table", "Nodes and edges of a graph as tables.", aGraph+`graph-to-table nodes`),
		op("make-graph", "A graph of a table of edges.", aGraph+`graph-to-table edges`),
	}
}

func statements() []element {
	s := func(name, page, doc, example string) element {
		return element{kind: kindStatement, name: name, page: page, doc: doc, example: example}
	}
	return []element{
		s("alias", "alias-statement", "Another name for a database.", `alias database Mine = database("Harrier"); database("Mine").DeviceEvents | count`),
		s("declare pattern", "pattern-statement", "Views chosen by a value.", `declare pattern App = (name: string)[scope: string] { ("a").["b"] = { DeviceEvents | count }; }; App("a").b`),
		s("declare query_parameters", "query-parameters-statement", "Parameters of the query.", `declare query_parameters (host: string = "srv"); DeviceEvents | where DeviceName has host`),
		s("let", "let-statement", "Names a value, a table or a function.", `let Shells = DeviceProcessEvents | where FileName =~ "cmd.exe"; Shells | count`),
		s("restrict", "restrict-statement", "Limits what the rest of the query may read.", `restrict access to (DeviceEvents); DeviceEvents | count`),
		s("set", "set-statement", "Sets an option.", `set notruncation; DeviceEvents | count`),
		s("tabular expression", "tabular-expression-statements", "The query itself.", `DeviceEvents | count`),
		s("batches", "batches", "Several queries in one request.", `DeviceEvents | count; DeviceFileEvents | count`),
	}
}

func joinKinds() []element {
	var out []element
	for _, kind := range []string{"innerunique", "inner", "leftouter", "rightouter", "fullouter", "leftsemi", "rightsemi", "leftanti", "rightanti"} {
		out = append(out, element{kind: kindJoin, name: kind, page: "join-" + kind, doc: "join kind=" + kind + ".",
			example: `DeviceProcessEvents | join kind=` + kind + ` (DeviceNetworkEvents | where RemotePort == 443) on DeviceId`})
	}
	return out
}

// forms are functions that are no rows of the function table, because their
// arguments are no values: the binder knows them by name.
func forms() []element {
	f := func(name, doc, example string, aliases ...string) element {
		return element{name: name, page: strings.ReplaceAll(name, "_", "-") + "-function", doc: doc, example: example, aliases: aliases}
	}
	const path = aGraph + `graph-match (x)-[e*1..2]->(y) `
	return []element{
		f("around", "Whether a value lies close to another.", `DeviceEvents | where around(Timestamp, ago(1d), 1h)`),
		f("assert", "Fails the query with a message unless a condition holds.", `print x = assert(1 < 2, "never")`),
		f("bag_pack_columns", "A bag of some columns of the row.", `DeviceEvents | project b = bag_pack_columns(DeviceName, ActionType)`),
		f("bin_auto", "bin with a size that is set once.", `set query_bin_auto_size = 1h; DeviceEvents | summarize count() by bin_auto(Timestamp)`),
		f("column_ifexists", "A column, or a default where there is none.", `DeviceEvents | project x = column_ifexists("Nothing", "")`, "columnifexists"),
		f("column_names_of", "The names of a table's columns.", `print names = column_names_of(DeviceEvents)`),
		f("current_cluster_endpoint", "The address of this service.", `print x = current_cluster_endpoint()`),
		f("current_database", "The name of the database.", `print x = current_database()`),
		f("current_principal", "Who asks.", `print x = current_principal()`),
		f("current_principal_details", "Who asks, in detail.", `print x = current_principal_details()`),
		f("current_principal_is_member_of", "Whether who asks is one of these.", `print x = current_principal_is_member_of("aaduser=a@example.org")`),
		f("estimate_data_size", "About how many bytes some columns take.", `DeviceEvents | summarize sum(estimate_data_size(DeviceName))`),
		{name: "iscolumnexists", page: "column-ifexists-function", doc: "Whether the table has a column.", example: `DeviceEvents | project x = iscolumnexists("DeviceName")`},
		f("materialize", "A table that is computed once.", `let T = materialize(DeviceEvents | where Timestamp > ago(1d)); T | count`),
		f("pack_all", "A bag of all columns of the row.", `DeviceEvents | project b = pack_all()`),
		f("table", "A table by its name.", `table("DeviceEvents") | count`),
		f("database", "A database by its name; there is one.", `database("Harrier").DeviceEvents | count`),
		f("cluster", "A cluster by its name.", `cluster("example.org").database("Harrier").DeviceEvents | count`),
		f("toscalar", "The first value of a table.", `print n = toscalar(DeviceEvents | count)`),
		{name: "all", page: "all-graph-function", doc: "Whether all edges of a path fulfil a condition.", example: path + `where all(e, s != "z") project x.id`},
		{name: "any", page: "any-graph-function", doc: "Whether some edge of a path fulfils a condition.", example: path + `where any(e, s == "a") project x.id`},
		{name: "map", page: "map-graph-function", doc: "A value for each edge of a path.", example: path + `project m = map(e, s)`},
		{name: "inner_nodes", page: "inner-nodes-graph-function", doc: "The nodes within a path.", example: path + `project m = map(inner_nodes(e), id)`},
		{name: "labels", page: "labels-graph-function", doc: "The labels of a node or edge.", example: aGraph + `graph-match (x)-[e]->(y) project l = labels(x)`},
		{name: "node_id", page: "node-id", doc: "The id of a node.", example: aGraph + `graph-match (x)-[e]->(y) project i = node_id(x)`},
		{name: "node_degree_in", page: "node-degree-in", doc: "Number of edges to a node.", example: aGraph + `graph-match (x)-[e]->(y) project i = node_degree_in(x)`},
		{name: "node_degree_out", page: "node-degree-out", doc: "Number of edges from a node.", example: aGraph + `graph-match (x)-[e]->(y) project i = node_degree_out(x)`},
	}
}
