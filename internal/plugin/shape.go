package plugin

// shapeRows are plugins that change the shape of a table.
var shapeRows = []Spec{bagUnpack, pivot, narrow, schemaMerge, identity, preview, rowsNear, estimateRows, dcountIntersect}

var bagUnpack = Spec{
	Name: "bag_unpack", Ref: "bag-unpack-plugin",
	Doc:  "A column for every member of the bags in a column.",
	Sigs: []string{"(column: col dynamic, OutputColumnPrefix?: const string, columnsConflict?: const string=error/replace_source/keep_source, ignoredProperties?: const array): table"},
	Examples: []Example{
		{`datatable(d:dynamic)[dynamic({"Name":"John","Age":20}), dynamic({"Name":"Dave","Height":170})] | evaluate bag_unpack(d)`,
			`[20,null,"John"]
[null,170,"Dave"]`},
		{`datatable(Name:string, d:dynamic)["x",dynamic({"Name":"John","Age":20})] | evaluate bag_unpack(d, columnsConflict='keep_source')`,
			`["x",20]`},
		{`datatable(k:long, d:dynamic)[1,dynamic({"a":"1","b":2})] | evaluate bag_unpack(d) : (*, a:long, c:string)`,
			`[1,1,""]`},
	},
}

var pivot = Spec{
	Name: "pivot", Ref: "pivot-plugin",
	Doc:  "A column for every value of a column, with an aggregate of the rows that have it.",
	Sigs: []string{"(pivotColumn: col notdynamic, aggregateFunction?: agg scalar, columnName: col scalar{0,}): table"},
	Examples: []Example{
		{`datatable(State:string, Event:string)["TX","Hail","IA","Hail","TX","Flood","TX","Hail"] | evaluate pivot(State)`,
			`["Hail",2,1]
["Flood",1,0]`},
		{`datatable(k:string, p:string, v:long)["a","x",1,"a","y",2,"b","x",4,"a","x",8] | evaluate pivot(p, max(v), k)`,
			`["a",8,2]
["b",4,null]`},
	},
}

var identity = Spec{
	Name: "identity", Ref: "evaluate-operator",
	Doc:      "The rows as they are.",
	Sigs:     []string{"(): table"},
	Examples: []Example{{`print a = 1 | evaluate identity()`, `[1]`}},
}

var preview = Spec{
	Name: "preview", Ref: "preview-plugin",
	Doc:      "The first rows. (The second table of the reference, the number of rows, is not sent.)",
	Sigs:     []string{"(NumberOfRows: const integer): table"},
	Examples: []Example{{`range x from 1 to 9 step 1 | evaluate preview(2)`, "[1]\n[2]"}},
}

var rowsNear = Spec{
	Name: "rows_near", Ref: "rows-near-plugin",
	Doc:  "Rows for which a condition is true, with their neighbours.",
	Sigs: []string{"(Condition: bool, NumRows: const integer, NumRowsAfter?: const integer): table"},
	Examples: []Example{
		{`range x from 1 to 9 step 1 | evaluate rows_near(x == 5 or x == 9, 1)`, "[4]\n[5]\n[6]\n[8]\n[9]"},
		{`range x from 1 to 9 step 1 | evaluate rows_near(x == 5, 0, 2)`, "[5]\n[6]\n[7]"},
	},
}

var estimateRows = Spec{
	Name: "estimate_rows_count", Ref: "evaluate-operator",
	Doc:      "The number of rows: counted, not estimated.",
	Sigs:     []string{"(): table"},
	Examples: []Example{{`range x from 1 to 9 step 1 | evaluate estimate_rows_count()`, `[9]`}},
}

var dcountIntersect = Spec{
	Name: "dcount_intersect", Ref: "dcount-intersect-plugin",
	Doc:  "Distinct values that the first, the first two, the first three … count sketches share.",
	Sigs: []string{"(hll: array{2,16}): table"},
	Examples: []Example{{
		`range x from 1 to 100 step 1
| summarize a = hll(iff(x % 2 == 0, x, 0), 2), b = hll(iff(x % 3 == 0, x, 0), 2), c = hll(iff(x % 5 == 0, x, 0), 2)
| evaluate dcount_intersect(a, b, c) | project s0 - 1, s1 - 1, s2 - 1`, `[50,16,3]`,
	}},
}
