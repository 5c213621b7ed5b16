package fn

import (
	"github.com/harrier-hunting/harrier/internal/sqlx"
	"github.com/harrier-hunting/harrier/internal/types"
)

// noGuid is what extent_id gives for a row that no data shard holds.
const noGuid = "00000000-0000-0000-0000-000000000000"

// extentRows ask for the data shard ("extent") that a row is stored in. There
// are none here: the answer is the one their pages give for such rows.
var extentRows = []Spec{
	extentIDRow("extent_id", ""),
	extentIDRow("extentid", "extent_id"),
	{
		Name: "extent_tags", Ref: "extent-tags-function",
		Doc:      "The tags of the data shard that holds the row. Data is not kept in shards here: always empty.",
		Sigs:     []Sig{{Decl: "(): dynamic"}},
		Eval:     noTags,
		DuckDB:   SQL{Build: constantSQL(types.Null(types.Dynamic))},
		Examples: []Example{{`extent_tags()`, `dynamic(null)`}, {`extent_tags() has "drop-by:x"`, `false`}},
	},
}

func extentIDRow(name, obsolete string) Spec {
	return Spec{
		Name: name, Obsolete: obsolete, Hidden: obsolete != "", Ref: "extent-id-function", Nulls: NeverNull,
		Doc:      "The id of the data shard that holds the row. Data is not kept in shards here: always the empty guid.",
		Sigs:     []Sig{{Decl: "(): guid"}},
		Eval:     noExtent,
		DuckDB:   SQL{Build: constantSQL(types.Value{Type: types.Guid, S: noGuid})},
		Examples: []Example{{name + `()`, `guid(00000000-0000-0000-0000-000000000000)`}},
	}
}

func noExtent(c *Call) {
	for i := range c.N {
		c.Out.Strings[i] = noGuid
	}
}

func noTags(c *Call) {
	for i := range c.N {
		c.Out.SetNull(i)
	}
}

// constantSQL is a function without arguments as its value.
func constantSQL(v types.Value) func(*Builder) (sqlx.Expr, bool) {
	return func(b *Builder) (sqlx.Expr, bool) { return b.Dialect.Literal(v), true }
}
