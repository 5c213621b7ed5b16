package plugin

var rollingPercentile = Spec{
	Name: "rolling_percentile", Ref: "rolling-percentile-plugin",
	Doc:  "A percentile of the values of the last bins, for every bin.",
	Sigs: []string{"(ValueColumn: col summable, Percentile: const number, IndexColumn: col summable, BinSize: const scalar, BinsPerWindow: const integer, Dimension: col notdynamic{0,}): table"},
	Examples: []Example{{
		`range x from 1 to 9 step 1 | evaluate rolling_percentile(x, 50, x, 3, 2)`,
		`[0,1]
[3,3]
[6,5]
[9,7]`,
	}},
}
